package dev.selvage.totps;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/// Calls about TOTPs and recovery codes, with an organization and a member of it.
abstract class TotpWireTest extends MemberWireTest {

    static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    String organizationId;
    Membership ann;

    @BeforeEach
    void makeMember() {
        organizationId = organization("");
        ann = member(organizationId, "ann@example.com");
    }

    Answer create(Membership membership, Object... besides) {
        return client.post("/v1/b2b/totp", about(membership, besides));
    }

    Answer authenticate(Membership membership, Object... besides) {
        return client.post("/v1/b2b/totp/authenticate", about(membership, besides));
    }

    Answer migrate(Membership membership, Object... besides) {
        return client.post("/v1/b2b/totp/migrate", about(membership, besides));
    }

    Answer recover(Membership membership, Object... besides) {
        return client.post("/v1/b2b/recovery_codes/recover", about(membership, besides));
    }

    Answer rotate(Membership membership) {
        return client.post("/v1/b2b/recovery_codes/rotate", about(membership));
    }

    Answer codesOf(Membership membership) {
        return client.get("/v1/b2b/recovery_codes/" + membership.organization().id() + "/"
                + membership.member().id());
    }

    Answer delete(Membership membership) {
        return client.delete(
                "/v1/b2b/organizations/" + membership.organization().id() + "/members/"
                        + membership.member().id() + "/totp");
    }

    /// An active TOTP of which no code was used; answers the recovery codes.
    List<String> migrated(Membership membership) {
        return strings(
                migrate(membership, "secret", SECRET, "recovery_codes", List.of())
                        .ok(),
                "recovery_codes");
    }

    /// The code that an app with [#SECRET] shows so many steps from now.
    String code(int steps) {
        return code(SECRET, steps);
    }

    String code(String secret, int steps) {
        return TotpCodes.of(TotpSecret.parse(secret), app.clock().millis() / 30_000 + steps);
    }

    /// Six digits that no step around now has.
    String wrongCode() {
        int wrong = 0;
        while (TotpCodes.step(
                        TotpSecret.parse(SECRET),
                        "%06d".formatted(wrong),
                        app.clock().millis())
                .isPresent()) {
            wrong++;
        }
        return "%06d".formatted(wrong);
    }

    /// After it all codes are new.
    void nextCodes() {
        app.clock().advance(Duration.ofSeconds(90));
    }

    void setPhone(Membership membership, boolean verified) {
        app.app()
                .members()
                .change(
                        client.project(),
                        membership.member().id(),
                        member -> member.withPhone(new Member.Phone(
                                "phone-number-test-00000000-0000-4000-8000-000000000001", "+14155550100", verified)));
    }

    static List<String> strings(Answer answer, String path) {
        return answer.at(path).valueStream().map(value -> value.stringValue()).toList();
    }
}
