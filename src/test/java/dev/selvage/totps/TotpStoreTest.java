package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vault;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/// TOTPs and recovery codes over a store of their own, with two subjects and no server.
@OnBothEngines
abstract class TotpStoreTest {

    static final String ONE = "one";
    static final String OTHER = "other";
    static final Runnable ANYONE = () -> {};

    @Parameter
    Engine engine;

    @TempDir
    Path directory;

    final TestClock clock = new TestClock();
    Database database;
    Projects projects;
    Project project;
    RecoveryCodes recoveryCodes;
    Totps totps;

    @BeforeEach
    void open() {
        ClockAndRandom clockAndRandom = new ClockAndRandom(clock, new SecureRandom());
        database = Database.open(engine.newStore(directory));
        projects = new Projects(database, clockAndRandom);
        project = project();
        MasterKeys keys = MasterKeys.of(new byte[MasterKeys.KEY_BYTES]);
        Vault vault = new Vault(keys);
        recoveryCodes = new RecoveryCodes(keys, vault, database, clockAndRandom);
        totps = new Totps(recoveryCodes, vault, database, clockAndRandom);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /// A new project with both subjects.
    Project project() {
        Project made = projects.create("Acme", Vertical.B2B, Environment.TEST).project();
        for (String subject : new String[] {ONE, OTHER}) {
            database.write("""
                            INSERT INTO subjects (project_id, shard_key, subject_id, failed_attempts)
                            VALUES (:projectId, :shardKey, :subject, 0)""")
                    .bind("projectId", made.id())
                    .bind("shardKey", ShardKey.of(subject))
                    .bind("subject", subject)
                    .update();
        }
        return made;
    }

    Totps.Created create(String subject) {
        return totps.create(project, subject, "a@example.com", 60, ANYONE);
    }

    /// A TOTP whose first code was authenticated three steps ago, so that no code around now is used.
    Totps.Created verified(String subject) {
        Totps.Created created = create(subject);
        totps.authenticate(project, subject, code(created, 0));
        clock.advance(java.time.Duration.ofSeconds(90));
        return created;
    }

    /// The code that the app shows so many steps from now.
    String code(Totps.Created created, int steps) {
        return TotpCodes.of(TotpSecret.parse(created.secret()), clock.millis() / 30_000 + steps);
    }

    /// Six digits that no step around now has.
    String wrongCode(Totps.Created created) {
        int code = 0;
        while (TotpCodes.step(TotpSecret.parse(created.secret()), "%06d".formatted(code), clock.millis())
                .isPresent()) {
            code++;
        }
        return "%06d".formatted(code);
    }

    long rows(String table) {
        return database.read("SELECT COUNT(*) FROM " + table).number();
    }

    /// `ok` or the refusal's type, for calls that race.
    static String outcome(Supplier<?> call) {
        try {
            call.get();
            return "ok";
        } catch (ApiError refused) {
            return refused.type().name();
        }
    }

    static void refused(ErrorType type, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, error -> assertThat(error.type())
                .isEqualTo(type));
    }
}
