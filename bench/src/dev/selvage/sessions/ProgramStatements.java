package dev.selvage.sessions;

import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.users.Subjects;
import dev.selvage.users.Users;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/// The statements of the program as it sends them, so that a loop over one is a loop over the same one. In the program's package,
/// because only there they can be called.
public final class ProgramStatements {

    private ProgramStatements() {
    }

    /// A statement for JDBC.
    ///
    /// @param parameters the name of each `?`, in their order
    public record Statement(String sql, List<String> parameters) { }

    /// What `sessions.get` of a user asks; parameters are `projectId`, `shardKey`, `userId` and `now`.
    public static Statement ofUser(Database database, String projectId, String userId, long now) {
        return sent(database, () -> new UserSessionStore(database).ofUser(projectId, userId, now).orElseThrow());
    }

    /// What `sessions.get` of a member asks; parameters are `projectId`, `organizationKey`, `shardKey`, `memberId` and
    /// `now`.
    public static Statement ofMember(Database database, String projectId, String organizationId, String memberId, long now) {
        return sent(database, () -> new MemberSessionStore(database).ofMember(projectId, organizationId, memberId, now).orElseThrow());
    }

    /// What `users.get` asks; parameters are `projectId`, `key` and `now`.
    public static Statement ofUserAlone(Database database, String projectId, String userId) {
        World world = World.real();
        Project project = new Projects(database, world).find(projectId).orElseThrow();
        Users users = new Users(new Subjects(database, world), database, world);
        return sent(database, () -> users.get(project, userId));
    }

    /// Watches one call in a transaction, whose connection the call then uses.
    private static Statement sent(Database database, Runnable call) {
        List<Statement> sent = new ArrayList<>();
        SqlLogger watch = new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                sent.add(new Statement(context.getParsedSql().getSql(), context.getParsedSql().getParameters().getParameterNames()));
            }
        };
        database.transaction(() -> {
            database.change(handle -> handle.getConfig(SqlStatements.class).setSqlLogger(watch));
            call.run();
            return null;
        });
        if (sent.size() != 1) {
            throw new IllegalStateException("The call sent " + sent.size() + " statements and not one");
        }
        return sent.getFirst();
    }
}
