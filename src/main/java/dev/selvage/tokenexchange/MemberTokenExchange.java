package dev.selvage.tokenexchange;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.TokenErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.Proof;
import java.util.Objects;
import java.util.Optional;

/// Signs in members for whom another service vouches (`semantics.md` 6). They need no second factor, so that
/// there is always a session.
public final class MemberTokenExchange {

    private final MemberSignIn signIn;
    private final MemberAddresses addresses;
    private final Members members;
    private final Organizations organizations;
    private final Userinfo userinfo;
    private final TrustedTokens trustedTokens;
    private final ClockAndRandom clock;

    public MemberTokenExchange(
            MemberSignIn signIn,
            MemberAddresses addresses,
            Members members,
            Organizations organizations,
            Userinfo userinfo,
            TrustedTokens trustedTokens,
            ClockAndRandom clock) {
        this.signIn = signIn;
        this.addresses = addresses;
        this.members = members;
        this.organizations = organizations;
        this.userinfo = userinfo;
        this.trustedTokens = trustedTokens;
        this.clock = clock;
    }

    /// Signs in by a token of another service, whose userinfo endpoint names the address. Never makes a member:
    /// the address must belong to one.
    ///
    /// @throws ApiError `migrate_from_external_email_does_not_exist`, those of [Organizations#get],
    ///                  [Userinfo#email] and [MemberSignIn#signIn]
    public MemberSignInOutcome migrate(
            Project project, String organizationKey, String token, MemberSignInRequest request) {
        Organization organization = organizations.get(project, organizationKey);
        String email = userinfo.email(project, token);
        return signIn.signIn(project, request, () -> {
                    Membership known = members.findByEmail(project, organization, email)
                            .orElseThrow(() -> ApiError.of(TokenErrors.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
                    addresses.prove(project, known.member().id(), request.kept());
                    return Proof.of(known.member().id(), Factor.imported(clock.millis()));
                })
                .outcome();
    }

    /// Signs in by a JWT of an issuer that the project trusts. Makes the member where the profile allows it.
    ///
    /// @param organizationKey may be null when the token names the organization
    /// @throws ApiError `member_not_found`, `token_missing_organization_id_claim`,
    ///                  `invalid_token_organization_id_claim`, those of [TrustedTokens#verify],
    ///                  [TrustedTokens#use] and [TrustedTokens#bind],
    ///                  `trusted_token_profile_incorrect_external_id_mapping`, and those of
    ///                  [MemberSignIn#signIn]
    public MemberSignInOutcome attest(
            Project project, String profileId, String token, String organizationKey, MemberSignInRequest request) {
        TrustedTokens.Attested attested = trustedTokens.verify(project, profileId, token);
        Organization organization = organization(project, organizationKey, attested);
        return TrustedTokens.signIn(() -> signIn.signIn(project, request, () -> {
                    trustedTokens.use(project, attested);
                    String memberId =
                            member(project, organization, attested).member().id();
                    trustedTokens.bind(project, attested, memberId);
                    addresses.prove(project, memberId, request.kept());
                    return Proof.of(memberId, Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
                })
                .outcome());
    }

    /// The organization that the token names, otherwise that of the request. A profile that makes members needs
    /// the former: the issuer says who belongs to which organization, not whoever passes the token on.
    ///
    /// @param wanted in the request; may be absent
    private Organization organization(Project project, String wanted, TrustedTokens.Attested attested) {
        boolean given = Check.given(wanted) == 1;
        if (attested.organizationKey() == null) {
            Check.that(given && !attested.mayCreate(), TokenErrors.TOKEN_MISSING_ORGANIZATION_ID_CLAIM);
            return organizations.get(project, wanted);
        }
        Organization claimed = claimed(project, attested.organizationKey())
                .orElseThrow(() -> ApiError.of(TokenErrors.INVALID_TOKEN_ORGANIZATION_ID_CLAIM));
        Check.that(
                !given || organizations.isNamed(project, claimed, wanted),
                TokenErrors.INVALID_TOKEN_ORGANIZATION_ID_CLAIM);
        return claimed;
    }

    /// By id or external id. Not by slug: its own admins change that, and could take the one that the issuer
    /// means.
    private Optional<Organization> claimed(Project project, String key) {
        try {
            return organizations
                    .find(project, key)
                    .filter(found -> found.id().equals(key) || Objects.equals(found.externalId(), key));
        } catch (ApiError malformed) {
            return Optional.empty();
        }
    }

    private Membership member(Project project, Organization organization, TrustedTokens.Attested attested) {
        return members.findByEmail(project, organization, attested.email())
                .map(known ->
                        assigned(project, members.held(project, known.member().id()), attested))
                .orElseGet(() -> {
                    Check.that(attested.mayCreate(), MemberErrors.MEMBER_NOT_FOUND);
                    organizations.checkNotClaimed(project, organization, attested.email());
                    return members.create(
                            project,
                            organization,
                            new NewMember(
                                    attested.email(),
                                    Member.Status.ACTIVE,
                                    null,
                                    null,
                                    null,
                                    attested.externalId(),
                                    attested.roleIds(),
                                    null,
                                    null,
                                    null));
                });
    }

    /// The known member with the external id and the roles that the token names. None is taken away.
    ///
    /// @param known held: what another token gives at the same time must not be overwritten
    private Membership assigned(Project project, Membership known, TrustedTokens.Attested attested) {
        attested.checkSame(known.member().externalId());
        return !attested.givesMore(known.member().externalId(), known.roleIds())
                ? known
                : members.give(project, known.member().id(), attested.externalId(), attested.roleIds());
    }
}
