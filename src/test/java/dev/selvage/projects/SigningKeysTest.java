package dev.selvage.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.MasterKeys;
import dev.selvage.db.Database;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {

    private final TestClock clock = new TestClock();
    private final ClockAndRandom clockAndRandom = new ClockAndRandom(clock, new SecureRandom());
    private final Vault vault = new Vault(MasterKeys.of(new byte[MasterKeys.KEY_BYTES]));

    @OnBothEngines
    void aNextKeyIsPublishedBeforeItSignsAndTheOldOneLongAfter(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            Projects projects = new Projects(database, clockAndRandom);
            SigningKeys keys = new SigningKeys(database, vault, clockAndRandom);
            Project project =
                    projects.create("p", Vertical.CONSUMER, Environment.TEST).project();

            SigningKey first = keys.current(project);
            assertThat(keys.published(project)).extracting(SigningKey::kid).containsExactly(first.kid());

            SigningKey second = keys.rotate(project);
            assertThat(keys.rotate(project).kid())
                    .as("a waiting key is not replaced")
                    .isEqualTo(second.kid());
            assertThat(keys.published(project)).extracting(SigningKey::kid).containsExactly(first.kid(), second.kid());
            clock.advance(Duration.ofMillis(SigningKeys.PUBLISHED_BEFORE_MILLIS - 1));
            assertThat(keys.current(project).kid()).isEqualTo(first.kid());
            clock.advance(Duration.ofMillis(1));
            assertThat(keys.current(project).kid()).isEqualTo(second.kid());

            clock.advance(Duration.ofMillis(SigningKeys.PUBLISHED_AFTER_MILLIS - 1));
            assertThat(keys.published(project)).hasSize(2);
            clock.advance(Duration.ofMillis(1));
            assertThat(keys.published(project)).extracting(SigningKey::kid).containsExactly(second.kid());
            assertThat(keys.verifying(project, first.kid()))
                    .as("no longer shown, but it still verifies")
                    .isPresent();

            clock.advance(Duration.ofMillis(SigningKeys.VERIFIES_AFTER_MILLIS));
            assertThat(keys.sweep()).isOne();
            assertThat(new SigningKeys(database, vault, clockAndRandom).verifying(project, first.kid()))
                    .isEmpty();
            assertThat(keys.current(project).kid()).isEqualTo(second.kid());
        }
    }

    @OnBothEngines
    void aKeyThatHasSignedForSixMonthsIsReplacedOnce(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            Projects projects = new Projects(database, clockAndRandom);
            SigningKeys keys = new SigningKeys(database, vault, clockAndRandom);
            Project project =
                    projects.create("p", Vertical.CONSUMER, Environment.TEST).project();
            keys.current(project);
            assertThat(keys.rotateDue(projects)).isZero();
            clock.advance(Duration.ofMillis(SigningKeys.ROTATES_AFTER_MILLIS + 1));
            assertThat(keys.rotateDue(projects)).isOne();
            assertThat(keys.rotateDue(projects)).isZero();
            assertThat(keys.published(project)).hasSize(2);
        }
    }

    @OnBothEngines
    void aPrivateKeyIsNotStoredInTheClear(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            Projects projects = new Projects(database, clockAndRandom);
            Project project =
                    projects.create("p", Vertical.CONSUMER, Environment.TEST).project();
            SigningKey key = new SigningKeys(database, vault, clockAndRandom).current(project);
            String stored = database.read("SELECT public_jwk || private_jwk AS jwks FROM signing_keys")
                    .first(row -> row.text("jwks"))
                    .orElseThrow();
            assertThat(stored)
                    .contains(key.jwk().getModulus().toString())
                    .doesNotContain(key.jwk().getPrivateExponent().toString());
        }
    }
}
