package dev.selvage.sessions;

/// The statements of `sessions.get`. In the program's package, because only there they can be named.
public final class ProgramStatements {

    /// Of a user; parameters are `projectId`, `shardKey`, `userId` and `now`.
    public static final String OF_USER = UserSessionStore.OF_ID;
    /// Of a member; parameters are `projectId`, `organizationKey`, `shardKey`, `memberId` and `now`.
    public static final String OF_MEMBER = MemberSessionStore.OF_MEMBER;

    private ProgramStatements() {}
}
