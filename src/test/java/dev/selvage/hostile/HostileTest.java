package dev.selvage.hostile;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client;
import dev.selvage.support.Contract;
import dev.selvage.support.WireTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A test that sends what no good client sends to every operation of the contract.
abstract class HostileTest extends WireTest {

    final String authorization(Contract.Operation operation, Client b2b) {
        Client caller = operation.product().equals("b2b") ? b2b : client;
        return "Authorization: " + Client.basic(caller.projectId(), caller.secret()) + "\r\n";
    }

    /// Those of the contract that the server has.
    final List<Contract.Operation> operations() {
        Set<String> routes = app.app().routes().stream()
                .map(route -> form(route.method(), route.path()))
                .collect(Collectors.toSet());
        return Contract.all().stream()
                .filter(operation -> routes.contains(form(operation.method(), operation.path())))
                .toList();
    }

    private static String form(String method, String path) {
        return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }

    final Map<String, String> known(Client b2b) {
        String user =
                client.post("/v1/users", "{'email':'ada@example.com'}").ok().text("user_id");
        String organization = b2b.post("/v1/b2b/organizations", "{'organization_name':'Example'}")
                .ok()
                .text("organization.organization_id");
        String member = app.app()
                .members()
                .create(
                        b2b.project(),
                        app.app().organizations().get(b2b.project(), organization),
                        NewMember.withEmail(new EmailAddress("ada@example.com"), Member.Status.ACTIVE))
                .member()
                .id();
        return Map.ofEntries(
                Map.entry("user_id", user),
                Map.entry("organization_id", organization),
                Map.entry("member_id", member),
                Map.entry("email", "ada@example.com"),
                Map.entry("email_address", "bob@example.com"),
                Map.entry("phone_number", "+15005550006"),
                Map.entry("password", "correct horse battery staple"),
                Map.entry("code", "000000"),
                Map.entry("token", "x".repeat(44)),
                Map.entry("session_token", "x".repeat(44)),
                Map.entry("project_id", client.projectId()),
                Map.entry("locale", "en"));
    }
}
