package dev.selvage.users;

import dev.selvage.App;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.projects.Project;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A user with one of each registration that no call can make yet.
public final class Registrations {

    private static final ClockAndRandom WORLD = ClockAndRandom.real();

    private Registrations() {}

    /// Stores them; the ids by the names that the calls which delete them use.
    public static Map<String, String> seed(App app, Project project) {
        User user = app.users()
                .create(
                        project,
                        new Users.NewUser(
                                new EmailAddress("registered@example.com"),
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of(),
                                false));
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put("user_id", user.id());
        ids.put("totp_id", add(app, project, user, FactorKind.TOTP, Ids.TOTP));
        ids.put("webauthn_registration_id", add(app, project, user, FactorKind.WEBAUTHN, Ids.WEBAUTHN));
        ids.put("biometric_registration_id", add(app, project, user, FactorKind.BIOMETRIC, Ids.BIOMETRIC));
        ids.put("crypto_wallet_id", add(app, project, user, FactorKind.CRYPTO_WALLET, Ids.CRYPTO_WALLET));
        ids.put("oauth_user_registration_id", add(app, project, user, FactorKind.OAUTH, Ids.OAUTH_USER));
        return ids;
    }

    private static String add(App app, Project project, User user, FactorKind kind, Ids ids) {
        String id = ids.next(WORLD, project.environment());
        new UserStore(app.database(), app.subjects())
                .insertFactor(
                        project.id(),
                        user.id(),
                        new UserFactor(id, kind, id, true, Json.object(), WORLD.millis(), null));
        return id;
    }
}
