package dev.selvage.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/discovery/organizations`.
class ListOrganizationsTest extends DiscoveryWireTest {

    @Test
    void anIntermediateSessionListsMembershipsAndWhatCanBeJoinedAndIsNotUsedUp() {
        String own = organization("");
        Membership ann = member(own, ANN);
        String open = organization(OPEN);
        member(open, "bob@example.com");
        String token = proven(ANN);
        for (int call = 0; call < 2; call++) {
            Answer answer = list(token).ok();
            assertThat(answer.text("email_address")).isEqualTo(ANN);
            assertThat(answer.at("organization_id_hint").isNull()).isTrue();
            assertThat(answer.at("discovered_organizations")).hasSize(2);
            assertThat(answer.text("discovered_organizations.0.organization.organization_id"))
                    .isEqualTo(own);
            assertThat(answer.text("discovered_organizations.0.membership.type"))
                    .isEqualTo("active_member");
            assertThat(answer.at("discovered_organizations.0.membership.details")
                            .isNull())
                    .isTrue();
            assertThat(answer.text("discovered_organizations.0.membership.member.member_id"))
                    .isEqualTo(ann.member().id());
            assertThat(answer.at("discovered_organizations.0.member_authenticated")
                            .booleanValue())
                    .isTrue();
            assertThat(answer.at("discovered_organizations.0.primary_required").isNull())
                    .isTrue();
            assertThat(answer.at("discovered_organizations.0.mfa_required").isNull())
                    .isTrue();
            assertThat(answer.text("discovered_organizations.1.membership.type"))
                    .isEqualTo("eligible_to_join_by_email_domain");
            assertThat(answer.text("discovered_organizations.1.membership.details.domain"))
                    .isEqualTo("example.com");
            assertThat(answer.at("discovered_organizations.1.membership.member").isNull())
                    .isTrue();
        }
        exchange(token, own).ok();
    }

    @Test
    void aSessionListsOnlyMembershipsByTokenAndByJwt() {
        String own = organization("");
        Membership ann = member(own, ANN);
        app.clock().advance(Duration.ofSeconds(1));
        member(organization(""), ANN, Member.Status.INVITED);
        member(organization(OPEN), "bob@example.com");
        Sessions.Issued<MemberSession> issued = session(ann);
        for (String argument :
                new String[] {"'session_token':'" + issued.token() + "'", "'session_jwt':'" + issued.jwt() + "'"}) {
            Answer answer = client.post(LIST, "{" + argument + "}").ok();
            assertThat(answer.text("email_address")).isEqualTo(ANN);
            assertThat(answer.at("organization_id_hint").isNull()).isTrue();
            assertThat(answer.at("discovered_organizations")).hasSize(2);
            assertThat(answer.text("discovered_organizations.0.membership.type"))
                    .isEqualTo("active_member");
            assertThat(answer.text("discovered_organizations.1.membership.type"))
                    .isEqualTo("invited_member");
            assertThat(answer.at("discovered_organizations.1.member_authenticated")
                            .booleanValue())
                    .isTrue();
        }
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void ofProofsThatAreNoneOfTheAddressOnlyTheOwnOrganizationIsListedAlsoWhenTheAddressIsVerified() {
        String mine = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ann = member(mine, ANN);
        member(organization(""), ANN);
        member(organization(OPEN), "bob@example.com");
        Factor[] proofs = {
            Factor.password(1),
            Factor.totp("totp-test-1", 1),
            Factor.imported(1),
            Factor.trustedAuthToken("token", 1),
            Factor.emailMagicLink("email-test-1", "ann@other.example", 1)
        };
        Answer bySession = client.post(
                        LIST, "{'session_token':'" + session(ann, proofs).token() + "'}")
                .ok();
        Answer byIntermediate = list(intermediate(ann, proofs)).ok();
        for (Answer answer : new Answer[] {bySession, byIntermediate}) {
            assertThat(answer.at("discovered_organizations")).hasSize(1);
            assertThat(answer.text("discovered_organizations.0.organization.organization_id"))
                    .isEqualTo(mine);
        }
        assertThat(bySession
                        .at("discovered_organizations.0.member_authenticated")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void whoIsGivenTheAddressOfAnotherLearnsNothingOfThatPerson() {
        String mine = organization("");
        Membership member = member(mine, "mallory@example.com");
        String session = session(member).token();
        member(organization(""), ANN);
        client.put(
                        "/v1/b2b/organizations/" + mine + "/members/"
                                + member.member().id(),
                        "{'email_address':'" + ANN + "'}")
                .ok();
        client.post(LIST, "{'session_token':'" + session + "'}").refused(404, "session_not_found");
        app.app().members().verifyEmail(client.project(), member.member().id());
        client.post(LIST, "{'session_token':'" + session + "'}").refused(404, "session_not_found");
        Answer another = client.post(
                        LIST,
                        "{'session_token':'"
                                + session(member, Factor.emailMagicLink("email-test-1", "mallory@example.com", 1))
                                        .token()
                                + "'}")
                .ok();
        assertThat(another.at("discovered_organizations")).hasSize(1);
    }

    @Test
    void whoseAddressNobodyVerifiedLearnsNothingOfItsHoldersOrganizations() {
        String mine = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership impostor = member(mine, ANN, Member.Status.ACTIVE);
        member(organization(""), ANN);
        member(organization(OPEN), "bob@example.com");
        Answer bySession = client.post(
                        LIST,
                        "{'session_token':'"
                                + session(impostor, Factor.password(1)).token() + "'}")
                .ok();
        Answer byIntermediate = list(intermediate(impostor, Factor.password(1))).ok();
        for (Answer answer : new Answer[] {bySession, byIntermediate}) {
            assertThat(answer.at("discovered_organizations")).hasSize(1);
            assertThat(answer.text("discovered_organizations.0.organization.organization_id"))
                    .isEqualTo(mine);
        }
        app.app().members().change(client.project(), impostor.member().id(), member -> member.withMfa(true, null));
        assertThat(list(intermediate(impostor, link(ANN))).ok().at("discovered_organizations"))
                .hasSize(3);
    }

    @Test
    void theOrganizationInWhichASignInBeganIsHinted() {
        String own = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ann = member(own, ANN);
        Answer answer = list(intermediate(ann, link(ANN))).ok();
        assertThat(answer.text("organization_id_hint")).isEqualTo(own);
        assertThat(answer.at("discovered_organizations.0.mfa_required.secondary_auth_initiated")
                        .isNull())
                .isTrue();
        assertThat(answer.at("discovered_organizations.0.member_authenticated").booleanValue())
                .isFalse();
    }

    @Test
    void nobodyIsListedWithoutOneOrganization() {
        assertThat(list(proven(ANN)).ok().at("discovered_organizations").isEmpty())
                .isTrue();
    }

    @Test
    void exactlyOneTokenIsNeeded() {
        String token = proven(ANN);
        Sessions.Issued<MemberSession> issued = session(member(organization(""), ANN));
        client.post(LIST, "{}").refused(400, "no_session_arguments");
        client.post(LIST, "{'intermediate_session_token':'','session_token':''}")
                .refused(400, "no_session_arguments");
        client.post(LIST, "{'intermediate_session_token':'" + token + "','session_token':'" + issued.token() + "'}")
                .refused(400, "too_many_session_arguments");
        client.post(LIST, "{'session_token':'" + issued.token() + "','session_jwt':'" + issued.jwt() + "'}")
                .refused(400, "too_many_session_arguments");
        client.post(LIST, "{'intermediate_session_token':'" + token + "','session_jwt':'" + issued.jwt() + "'}")
                .refused(400, "too_many_session_arguments");
    }

    @Test
    void whatIsMalformedUnknownOrOverIsRefused() {
        String token = proven(ANN);
        Sessions.Issued<MemberSession> issued = session(member(organization(""), ANN));
        list("short").refused(400, "invalid_session_token");
        list("A".repeat(44)).refused(404, "intermediate_session_not_found");
        // A session is no intermediate session, and the reverse.
        list(issued.token()).refused(404, "intermediate_session_not_found");
        client.post(LIST, "{'session_token':'" + token + "'}").refused(404, "session_not_found");
        client.post(LIST, "{'session_token':'short'}").refused(400, "invalid_session_token");
        client.post(LIST, "{'session_jwt':'a.b.c'}").refused(400, "unable_to_parse_session_jwt");
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + token + "'}")
                .refused(404, "session_not_found");
        app.clock().advance(Duration.ofMinutes(10).minusMillis(1));
        list(token).ok();
        app.clock().advance(Duration.ofMillis(1));
        list(token).refused(404, "intermediate_session_not_found");
        app.clock().advance(Duration.ofHours(1));
        client.post(LIST, "{'session_token':'" + issued.token() + "'}").refused(404, "session_not_found");
    }

    @Test
    void tokensOfAnotherProjectAreUnknown() {
        String token = proven(ANN);
        Sessions.Issued<MemberSession> issued = session(member(organization(""), ANN));
        Client here = client;
        client = app.b2b();
        list(token).refused(404, "intermediate_session_not_found");
        client.post(LIST, "{'session_token':'" + issued.token() + "'}").refused(404, "session_not_found");
        client.post(LIST, "{'session_jwt':'" + issued.jwt() + "'}").refused(400, "unable_to_parse_session_jwt");
        client = here;
        list(token).ok();
        app.consumer()
                .post(LIST, "{'intermediate_session_token':'" + token + "'}")
                .refused(400, "invalid_b2b_endpoint");
    }
}
