package dev.selvage.users;

/// The statement of `users.get`. In the program's package, because only there it can be named.
public final class ProgramUserStatements {

    /// Parameters are `projectId`, `shardKey`, `userId` and `now`.
    public static final String OF_ID = UserStore.OF_ID;

    private ProgramUserStatements() {}
}
