package dev.selvage.sessions;

/// The statements of `sessions.get`. This class is in the package of the program to reach package-private
/// names.
public final class ProgramStatements {

    /// The sessions of a user. The parameters are `projectId`, `shardKey`, `userId` and `now`.
    public static final String OF_USER = UserSessionStore.OF_ID;
    /// The sessions of a member. The parameters are `projectId`, `organizationKey`, `shardKey`, `memberId` and
    /// `now`.
    public static final String OF_MEMBER = MemberSessionStore.OF_MEMBER;

    private ProgramStatements() {}
}
