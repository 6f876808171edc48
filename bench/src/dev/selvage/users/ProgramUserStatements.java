package dev.selvage.users;

/// The statement of `users.get`. This class is in the package of the program to reach a package-private name.
public final class ProgramUserStatements {

    /// The parameters are `projectId`, `shardKey`, `userId` and `now`.
    public static final String OF_ID = UserStore.OF_ID;

    private ProgramUserStatements() {}
}
