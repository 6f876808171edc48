package dev.selvage.tokenexchange;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.contacts.EmailAddress;
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

/// Signs in members by the tokens of external services (`semantics.md` 6). These members need no second factor,
/// so a sign-in always gives a session.
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

    /// Signs in by a token of an external service, whose userinfo endpoint returns the email address. The
    /// address must belong to a member; no member is created.
    ///
    /// @throws ApiError `migrate_from_external_email_does_not_exist`, those of [Organizations#get],
    ///         [Userinfo#email] and [MemberSignIn#signIn]
    public MemberSignInOutcome migrate(
            Project project, String organizationKey, String token, MemberSignInRequest request) {
        Organization organization = organizations.get(project, organizationKey);
        EmailAddress email = userinfo.email(project, token);
        return signIn.signIn(project, request, () -> {
                    Membership membership = members.findByEmail(project, organization, email)
                            .orElseThrow(() -> ApiError.of(TokenErrors.MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST));
                    addresses.prove(project, membership.member().id(), request.keptSessions());
                    return Proof.of(membership.member().id(), Factor.imported(clock.millis()));
                })
                .outcome();
    }

    /// Signs in by a JWT of an issuer that the project trusts. Creates the member if the profile allows it.
    ///
    /// @param organizationKey may be null or empty if the token contains the organization
    /// @throws ApiError `member_not_found`, `token_missing_organization_id_claim`,
    ///         `invalid_token_organization_id_claim`, `trusted_token_profile_incorrect_external_id_mapping`;
    ///         those of [Organizations#get], [TrustedTokens#verify], [TrustedTokens#use], [TrustedTokens#bind]
    ///         and [MemberSignIn#signIn]
    public MemberSignInOutcome attest(
            Project project, String profileId, String token, String organizationKey, MemberSignInRequest request) {
        TrustedTokens.AttestedIdentity attested = trustedTokens.verify(project, profileId, token);
        Organization organization = organization(project, organizationKey, attested);
        return TrustedTokens.signIn(() -> signIn.signIn(project, request, () -> {
                    trustedTokens.use(project, attested);
                    String memberId = findOrCreate(project, organization, attested)
                            .member()
                            .id();
                    trustedTokens.bind(project, attested, memberId);
                    addresses.prove(project, memberId, request.keptSessions());
                    return Proof.of(memberId, Factor.trustedAuthToken(attested.tokenId(), clock.millis()));
                })
                .outcome());
    }

    /// Returns the organization of the token, otherwise that of the request. A profile that creates members
    /// requires the former: the issuer decides who belongs to which organization, not the caller that forwards
    /// the token.
    ///
    /// @param requested the organization of the request; may be null or empty
    private Organization organization(Project project, String requested, TrustedTokens.AttestedIdentity attested) {
        boolean isRequested = Check.isGiven(requested);
        if (attested.organizationKey() == null) {
            Check.that(isRequested && !attested.mayCreate(), TokenErrors.TOKEN_MISSING_ORGANIZATION_ID_CLAIM);
            return organizations.get(project, requested);
        }
        Organization claimed = findClaimed(project, attested.organizationKey())
                .orElseThrow(() -> ApiError.of(TokenErrors.INVALID_TOKEN_ORGANIZATION_ID_CLAIM));
        Check.that(
                !isRequested || organizations.isNamed(project, claimed, requested),
                TokenErrors.INVALID_TOKEN_ORGANIZATION_ID_CLAIM);
        return claimed;
    }

    /// Finds an organization by id or external id. A slug is not accepted, because the admins of an
    /// organization can change it to the slug that the issuer means.
    private Optional<Organization> findClaimed(Project project, String key) {
        try {
            return organizations
                    .find(project, key)
                    .filter(found -> found.id().equals(key) || Objects.equals(found.externalId(), key));
        } catch (ApiError malformed) {
            return Optional.empty();
        }
    }

    private Membership findOrCreate(
            Project project, Organization organization, TrustedTokens.AttestedIdentity attested) {
        return members.findByEmail(project, organization, attested.email())
                .map(found -> withClaims(
                        project, members.getForUpdate(project, found.member().id()), attested))
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

    /// Returns the member with the external id and the roles of the token added. Nothing is removed.
    ///
    /// @param membership locked, so that concurrent tokens do not overwrite each other's changes
    private Membership withClaims(Project project, Membership membership, TrustedTokens.AttestedIdentity attested) {
        attested.checkExternalId(membership.member().externalId());
        return !attested.addsTo(membership.member().externalId(), membership.roleIds())
                ? membership
                : members.assign(project, membership.member().id(), attested.externalId(), attested.roleIds());
    }
}
