package dev.selvage;

import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.DebugApi;
import dev.selvage.backend.ErrorUrls;
import dev.selvage.backend.JsonWebKeySets;
import dev.selvage.backend.MagicLinksApi;
import dev.selvage.backend.PasswordsApi;
import dev.selvage.backend.ProjectsApi;
import dev.selvage.backend.PublicApi;
import dev.selvage.backend.RbacApi;
import dev.selvage.backend.SessionsApi;
import dev.selvage.backend.UsersApi;
import dev.selvage.backend.b2b.DiscoveryApi;
import dev.selvage.backend.b2b.MemberSessionGuard;
import dev.selvage.backend.b2b.MembersApi;
import dev.selvage.backend.b2b.OrganizationsApi;
import dev.selvage.backend.b2b.OtpsApi;
import dev.selvage.backend.b2b.RecoveryCodesApi;
import dev.selvage.backend.b2b.TotpApi;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.http.Route;
import dev.selvage.ops.Readiness;
import dev.selvage.pages.AdminToken;
import dev.selvage.pages.HealthPages;
import dev.selvage.pages.InboxPage;
import dev.selvage.pages.LinkPages;
import java.util.ArrayList;
import java.util.List;

/// The faces: the parts that speak HTTP, and the routes of each.
final class Faces {

    private final List<Route> routes = new ArrayList<>();

    /// Creates all faces.
    ///
    /// @param adminToken the authenticator of the developer inbox
    /// @param clock the clock for the expiry of listed sessions
    Faces(Engines engines, Readiness readiness, ErrorUrls errorUrls, AdminToken adminToken, ClockAndRandom clock) {
        BackendSurfaces on = BackendSurfaces.of(engines.projects, errorUrls);
        routes.addAll(new HealthPages(readiness).pages(on.pages()));
        routes.addAll(new LinkPages(engines.links, engines.projects).pages(on.pages()));
        routes.addAll(
                new InboxPage(engines.outbox, engines.projects).pages(on.pages().calledBy(adminToken)));
        JsonWebKeySets keySets = new JsonWebKeySets(engines.keys, engines.projects);
        addShared(engines, keySets, on);
        addConsumer(engines, keySets, on, clock);
        addB2b(engines, keySets, on, clock);
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    private void addShared(Engines engines, JsonWebKeySets keySets, BackendSurfaces on) {
        routes.addAll(new PublicApi(keySets).endpoints(on));
        routes.addAll(new DebugApi().endpoints(on));
        routes.addAll(new ProjectsApi(engines.users, engines.organizations, engines.members).endpoints(on));
    }

    private void addConsumer(Engines engines, JsonWebKeySets keySets, BackendSurfaces on, ClockAndRandom clock) {
        routes.addAll(new SessionsApi(engines.sessions, engines.userSessions, keySets, clock, engines.userTokenExchange)
                .endpoints(on));
        routes.addAll(new UsersApi(engines.users, engines.userSearch, engines.userAddresses).endpoints(on));
        routes.addAll(new PasswordsApi(
                        engines.passwords,
                        engines.storedPasswords,
                        engines.passwordResets,
                        engines.sessions,
                        engines.sandbox)
                .endpoints(on));
        routes.addAll(
                new MagicLinksApi(engines.magicLinks, engines.users, engines.sessions, engines.sandbox).endpoints(on));
        routes.addAll(new RbacApi().endpoints(on));
    }

    private void addB2b(Engines engines, JsonWebKeySets keySets, BackendSurfaces on, ClockAndRandom clock) {
        MemberSessionGuard memberSession = new MemberSessionGuard(engines.memberAuthorizer);
        routes.addAll(new dev.selvage.backend.b2b.SessionsApi(
                        keySets,
                        engines.memberSessions,
                        engines.memberSessionStore,
                        engines.members,
                        engines.organizations,
                        clock,
                        engines.memberTokenExchange,
                        engines.sessionExchange)
                .endpoints(on, memberSession));
        routes.addAll(new OrganizationsApi(engines.organizations, engines.organizationSearch, engines.members)
                .endpoints(on, memberSession));
        routes.addAll(new MembersApi(
                        engines.members,
                        engines.memberDeletion,
                        engines.memberEmails,
                        engines.memberAccounts,
                        engines.organizations,
                        engines.memberSearch)
                .endpoints(on, memberSession));
        routes.addAll(new dev.selvage.backend.b2b.RbacApi(engines.organizations).endpoints(on));
        routes.addAll(new DiscoveryApi(engines.discovery, engines.memberSessions).endpoints(on));
        routes.addAll(new dev.selvage.backend.b2b.PasswordsApi(
                        engines.memberPasswords,
                        engines.storedPasswords,
                        engines.memberPasswordResets,
                        engines.discoveryPasswords,
                        engines.memberSessions)
                .endpoints(on, memberSession));
        routes.addAll(new dev.selvage.backend.b2b.MagicLinksApi(
                        engines.memberMagicLinks, engines.memberSandbox, engines.memberSessions)
                .endpoints(on, memberSession));
        routes.addAll(new OtpsApi(
                        engines.memberEmailOtps,
                        engines.memberSandbox,
                        engines.memberSmsOtps,
                        engines.members,
                        engines.memberSessions)
                .endpoints(on));
        routes.addAll(new TotpApi(engines.members, engines.memberTotps, engines.memberSessions).endpoints(on));
        routes.addAll(new RecoveryCodesApi(
                        engines.recoveryCodes, engines.members, engines.memberTotps, engines.memberSessions)
                .endpoints(on));
    }
}
