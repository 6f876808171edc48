package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.consumer.api.magiclinks.MagicLinks;
import com.stytch.java.consumer.models.magiclinks.AuthenticateRequest;
import com.stytch.java.consumer.models.magiclinks.CreateRequest;
import com.stytch.java.consumer.models.magiclinksemail.InviteRequest;
import com.stytch.java.consumer.models.magiclinksemail.LoginOrCreateRequest;
import com.stytch.java.consumer.models.magiclinksemail.RevokeInviteRequest;
import com.stytch.java.consumer.models.magiclinksemail.SendRequest;
import com.stytch.java.consumer.models.sessions.AuthenticationFactorDeliveryMethod;
import com.stytch.java.consumer.models.users.GetRequest;
import org.junit.jupiter.api.Test;

/// `magic_links` of the Java SDK.
class JavaSdkMagicLinksTest extends JavaSdkConsumerTest {

    private static final int MINUTES = 60;

    private MagicLinks magicLinks;

    @Override
    void areas() {
        magicLinks = ledger.area("magicLinks", MagicLinks.class, client.getMagicLinks());
    }

    private String userWith(String email) {
        return ok(client.getUsers().createCompletable(new com.stytch.java.consumer.models.users.CreateRequest(email)))
                .getUserId();
    }

    private String tokenSentTo(String email) throws Exception {
        return message(email).path("token").stringValue();
    }

    @Test
    void anEmbeddableLinkSignsInOnce() {
        String userId = userWith(newEmail());
        String token =
                ok(magicLinks.createCompletable(new CreateRequest(userId))).getToken();
        var answer = ok(magicLinks.authenticateCompletable(new AuthenticateRequest(token, null, null, null, MINUTES)));
        assertThat(answer.getUserId()).isEqualTo(userId);
        assertThat(answer.getSession().getAuthenticationFactors().getFirst().getDeliveryMethod())
                .isEqualTo(AuthenticationFactorDeliveryMethod.EMBEDDED);
        refused(magicLinks.authenticateCompletable(new AuthenticateRequest(token)), 401, "unable_to_auth_magic_link");
        refused(
                magicLinks.authenticateCompletable(new AuthenticateRequest("A".repeat(44))),
                404,
                "magic_link_not_found");
        refused(magicLinks.createCompletable(new CreateRequest(unknown("user"))), 404, "user_not_found");
    }

    @Test
    void loginOrCreateMakesAUserWhoseMailSignsIn() throws Exception {
        String email = newEmail();
        var made = ok(magicLinks.getEmail().loginOrCreateCompletable(new LoginOrCreateRequest(email)));
        assertThat(made.getUserCreated()).isTrue();
        var answer = ok(magicLinks.authenticateCompletable(
                new AuthenticateRequest(tokenSentTo(email), null, null, null, MINUTES)));
        assertThat(answer.getMethodId()).isEqualTo(made.getEmailId());
        assertThat(answer.getUser().getEmails().getFirst().getVerified()).isTrue();
        assertThat(answer.getSession()
                        .getAuthenticationFactors()
                        .getFirst()
                        .getEmailFactor()
                        .getEmailAddress())
                .isEqualTo(email);
        refused(
                magicLinks.getEmail().loginOrCreateCompletable(new LoginOrCreateRequest("no address")),
                400,
                "invalid_email");
    }

    @Test
    void sendReachesAUserWhoIsThere() throws Exception {
        String email = newEmail();
        String userId = userWith(email);
        assertThat(ok(magicLinks.getEmail().sendCompletable(new SendRequest(email)))
                        .getUserId())
                .isEqualTo(userId);
        ok(magicLinks.authenticateCompletable(new AuthenticateRequest(tokenSentTo(email))));
        refused(magicLinks.getEmail().sendCompletable(new SendRequest(newEmail())), 404, "email_not_found");
    }

    @Test
    void inviteMakesAPendingUserAndRevokeInviteTakesItBack() throws Exception {
        String email = newEmail();
        String userId = ok(magicLinks.getEmail().inviteCompletable(new InviteRequest(email)))
                .getUserId();
        assertThat(ok(client.getUsers().getCompletable(new GetRequest(userId))).getStatus())
                .isEqualTo("pending");
        String token = tokenSentTo(email);
        ok(magicLinks.getEmail().revokeInviteCompletable(new RevokeInviteRequest(email)));
        refused(magicLinks.authenticateCompletable(new AuthenticateRequest(token)), 401, "unable_to_auth_magic_link");
        refused(
                magicLinks.getEmail().revokeInviteCompletable(new RevokeInviteRequest(newEmail())),
                404,
                "email_not_found");
        String taken = newEmail();
        userWith(taken);
        refused(magicLinks.getEmail().inviteCompletable(new InviteRequest(taken)), 400, "duplicate_email");
    }
}
