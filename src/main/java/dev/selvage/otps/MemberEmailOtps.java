package dev.selvage.otps;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.codes.Code;
import dev.selvage.codes.Codes;
import dev.selvage.codes.EmailCodeLifetime;
import dev.selvage.codes.Passcode;
import dev.selvage.codes.Target;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.discovery.Discovery;
import dev.selvage.discovery.DiscoveryStarted;
import dev.selvage.error.ApiError;
import dev.selvage.error.OtpErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.members.Member;
import dev.selvage.members.MemberEmails;
import dev.selvage.members.Members;
import dev.selvage.messages.Language;
import dev.selvage.messages.Message;
import dev.selvage.messages.Outbox;
import dev.selvage.messages.Template;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.signin.MemberSignIn;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.MemberSignUps;
import dev.selvage.signin.Proof;
import dev.selvage.signin.Proven;
import dev.selvage.subjects.SubjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One-time passcodes by email, for members, future members and discovery. A code proves the address. A new
/// code replaces the older one of the same member, or of the same address in discovery.
public final class MemberEmailOtps {

    private final Codes codes;
    private final MemberSignUps signUps;
    private final MemberSignIn signIn;
    private final Discovery discovery;
    private final SubjectStore subjects;
    private final Members members;
    private final MemberEmails emails;
    private final MemberAddresses addresses;
    private final Organizations organizations;
    private final Outbox outbox;
    private final TargetLimits limits;
    private final Database database;
    private final ClockAndRandom clock;

    public MemberEmailOtps(
            Codes codes,
            MemberSignUps signUps,
            MemberSignIn signIn,
            Discovery discovery,
            SubjectStore subjects,
            Members members,
            MemberEmails emails,
            MemberAddresses addresses,
            Organizations organizations,
            Outbox outbox,
            TargetLimits limits,
            Database database,
            ClockAndRandom clock) {
        this.codes = codes;
        this.signUps = signUps;
        this.signIn = signIn;
        this.discovery = discovery;
        this.subjects = subjects;
        this.members = members;
        this.emails = emails;
        this.addresses = addresses;
        this.organizations = organizations;
        this.outbox = outbox;
        this.limits = limits;
        this.database = database;
        this.clock = clock;
    }

    /// The parameters of an email with a code.
    ///
    /// @param templateId null or empty for the default template
    /// @param minutes    lifetime of the code
    public record CodeEmail(@Nullable String templateId, int minutes, Language language) {

        /// The parameters of a request, in which each can be absent.
        public static CodeEmail of(
                @Nullable String templateId, @Nullable EmailCodeLifetime lifetime, @Nullable Language language) {
            return new CodeEmail(
                    templateId, EmailCodeLifetime.minutesOrDefault(lifetime), Language.orEnglish(language));
        }
    }

    /// The result of a sign-in.
    ///
    /// @param methodId id of the email address
    public record Authenticated(String methodId, MemberSignInOutcome outcome) {}

    /// Sends a code to a member of an organization. An address without a member becomes a pending member, if
    /// the organization allows it. Active members get the login template, others the signup template.
    ///
    /// @throws ApiError those of [MemberSignUps#findOrCreate], `email_template_not_found`, `too_many_requests`
    public MemberSignUps.Enrollment loginOrSignup(
            Project project, String organizationKey, EmailAddress email, CodeEmail toLogin, CodeEmail toSignup) {
        signUps.findApplicant(project, organizationKey, email, AuthMethod.EMAIL_OTP);
        limits.check(project, TargetLimits.EMAIL_SEND, email.value());
        return signUps.findOrCreate(project, organizationKey, email, AuthMethod.EMAIL_OTP, enrollment -> {
            Member member = enrollment.membership().member();
            put(
                    project,
                    Target.email(email, member.id()),
                    member.email().id(),
                    enrollment.isLogin() ? Template.ONE_TIME_PASSCODE : Template.ONE_TIME_PASSCODE_SIGNUP,
                    enrollment.isLogin() ? toLogin : toSignup);
            return enrollment;
        });
    }

    /// Signs a member in with a code. A pending or invited member becomes active. Wrong codes count towards the
    /// member's lock.
    ///
    /// @param email the current address of the member, or
    ///              that of a pending change
    /// @throws ApiError those of [Organizations#get], `otp_code_not_found` also for an address without a
    ///                  member, `unable_to_auth_otp_code`, `too_many_requests`,
    ///                  `unable_to_verify_member_email_update`, those of [MemberSignIn#signIn]
    public Authenticated authenticate(
            Project project, String organizationKey, EmailAddress email, Passcode code, MemberSignInRequest request) {
        AddressOwner owner = owner(project, organizations.get(project, organizationKey), email)
                .orElseThrow(() -> codes.countUnknownAddress(project, email.value()));
        String memberId = owner.member.id();
        subjects.checkNotLocked(owner.member.failures().lock());
        Codes.CheckedCode checked = subjects.countFailures(
                project,
                memberId,
                OtpErrors.OTP_CODE_NOT_FOUND,
                () -> codes.check(project, Target.email(email, memberId), code));
        Proven<MemberSignInOutcome, String> signedIn = signIn.signIn(project, request, () -> {
            Code used = codes.use(project, checked);
            Member.Email proven = owner.updating
                    ? addresses.finishUpdate(project, memberId, used.methodId(), request.keptSessions())
                    : addresses.prove(
                            project,
                            memberId,
                            used.methodId(),
                            request.keptSessions(),
                            OtpErrors.UNABLE_TO_AUTH_OTP_CODE);
            return new Proof<>(
                    memberId, Factor.emailOtp(proven.id(), proven.address().value(), clock.millis()), proven.id());
        });
        return new Authenticated(signedIn.detail(), signedIn.outcome());
    }

    /// Sends a code to any address. Does not create a member.
    ///
    /// @throws ApiError `email_template_not_found`, `too_many_requests`
    public void sendDiscovery(Project project, EmailAddress email, CodeEmail mail) {
        limits.check(project, TargetLimits.EMAIL_SEND, email.value());
        database.transaction(() -> {
            put(
                    project,
                    Target.discovery(email),
                    Ids.EMAIL.next(clock, project.environment()),
                    Template.ONE_TIME_PASSCODE,
                    mail);
            return null;
        });
    }

    /// Starts an intermediate session with a code.
    ///
    /// @throws ApiError `otp_code_not_found`, `unable_to_auth_otp_code`, `too_many_requests`
    public DiscoveryStarted authenticateDiscovery(Project project, EmailAddress email, Passcode code) {
        Codes.CheckedCode checked = codes.check(project, Target.discovery(email), code);
        return database.transaction(() -> {
            Code used = codes.use(project, checked);
            return discovery.start(project, email, Factor.emailOtp(used.methodId(), email.value(), clock.millis()));
        });
    }

    /// Starts an intermediate session for the sandbox member's address, without a sent code.
    public DiscoveryStarted discoverAsSandbox(Project project) {
        return database.transaction(() -> discovery.start(
                project,
                new EmailAddress(SandboxSession.EMAIL),
                Factor.emailOtp(SandboxSession.EMAIL_ID, SandboxSession.EMAIL, clock.millis())));
    }

    private void put(Project project, Target target, String methodId, Template template, CodeEmail mail) {
        String code = codes.create(project, target, methodId, mail.minutes);
        outbox.enqueue(
                project, Message.code(target.address(), template, mail.templateId, mail.language, code, mail.minutes));
    }

    /// The member that proves an address.
    ///
    /// @param updating whether the address is that of a pending change
    private record AddressOwner(Member member, boolean updating) {}

    private Optional<AddressOwner> owner(Project project, Organization organization, EmailAddress email) {
        Optional<AddressOwner> current =
                members.findByEmail(project, organization, email).map(found -> new AddressOwner(found.member(), false));
        return current.or(() -> emails.findUpdate(project, organization, email)
                .flatMap(update -> members.find(project, update.memberId()))
                .map(found -> new AddressOwner(found.member(), true)));
    }
}
