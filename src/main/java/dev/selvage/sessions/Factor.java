package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One proof of identity in a session (`semantics.md` 9).
///
/// @param kind                the kind of proof
/// @param detail              the ids, addresses and numbers that were proven, by field name; the kind defines
///         the fields
/// @param createdAt           when it was first proven in this session, in milliseconds
/// @param lastAuthenticatedAt when it was last proven, in milliseconds; the wire's `updated_at` has the same
///         value
public record Factor(Kind kind, Map<String, String> detail, long createdAt, long lastAuthenticatedAt) {

    /// The most bytes of JSON that the factors of a session take in a JWT. About twelve factors fit, or a few
    /// with the longest addresses.
    public static final int BYTES_MAX = 4096;
    private static final int FITTING = 4;
    private static final String EMAIL_ID = "email_id";
    private static final String EMAIL_ADDRESS = "email_address";

    /// The kinds of proof with their properties. Kinds with equal `type` and `delivery_method` in a row differ
    /// in their fields; the kind with more fields comes first.
    public enum Kind {
        /// A link sent by email.
        EMAIL_MAGIC_LINK(
                "magic_link",
                "email",
                Detail.of("email_factor", EMAIL_ID, EMAIL_ADDRESS),
                new Step.Primary(AuthMethod.MAGIC_LINK)),
        /// A link that the application delivers, in consumer projects. It proves no address.
        EMBEDDABLE_MAGIC_LINK(
                "magic_link",
                "embedded",
                Detail.of("embeddable_magic_link_factor", "embedded_id"),
                new Step.Primary(AuthMethod.MAGIC_LINK)),
        /// A code sent by email, in B2B projects.
        EMAIL_OTP(
                "email_otp",
                "email",
                Detail.of("email_factor", EMAIL_ID, EMAIL_ADDRESS),
                new Step.Primary(AuthMethod.EMAIL_OTP)),
        /// The first password of an address, set by an email. It proves the address as well.
        FIRST_ADDRESS_PASSWORD(
                "password", "knowledge", Detail.stored(EMAIL_ADDRESS, "mailed"), new Step.Primary(AuthMethod.PASSWORD)),
        /// The password of an address. It is valid in every organization.
        ADDRESS_PASSWORD("password", "knowledge", Detail.stored(EMAIL_ADDRESS), new Step.Primary(AuthMethod.PASSWORD)),
        /// The password of a user or of one member.
        PASSWORD("password", "knowledge", Detail.stored(), new Step.Primary(AuthMethod.PASSWORD)),
        /// A code sent by SMS.
        SMS_OTP("otp", "sms", Detail.of("phone_number_factor", "phone_id", "phone_number"), new Step.Secondary()),
        /// A code of an authenticator app.
        TOTP("totp", "authenticator_app", Detail.of("authenticator_app_factor", "totp_id"), new Step.Secondary()),
        /// A recovery code, which replaces a code of an authenticator app.
        RECOVERY_CODE(
                "recovery_codes",
                "recovery_code",
                Detail.of("recovery_code_factor", "totp_recovery_code_id"),
                new Step.Secondary()),
        /// A session of an external service (`sessions.migrate`).
        IMPORTED("imported", "imported_auth0", Detail.stored(), new Step.Both()),
        /// A token of a trusted issuer (`sessions.attest`).
        TRUSTED_AUTH_TOKEN(
                "trusted_auth_token",
                "trusted_token_exchange",
                Detail.ofProof("trusted_auth_token_factor", "token_id"),
                new Step.Both());

        private static final List<Kind> ALL = List.of(values());

        private final String type;
        private final String deliveryMethod;
        private final Detail detail;
        private final Step step;

        /// @param type           the wire's `type`
        /// @param deliveryMethod the wire's `delivery_method`
        Kind(String type, String deliveryMethod, Detail detail, Step step) {
            this.type = type;
            this.deliveryMethod = deliveryMethod;
            this.detail = detail;
            this.step = step;
        }

        /// The steps of a member's sign-in that a factor of this kind completes.
        public Step step() {
            return step;
        }

        /// Whether a factor of this kind proves that the subject receives mail at its address
        /// (`open-questions.md` 29).
        public boolean provesEmail() {
            return switch (this) {
                case EMAIL_MAGIC_LINK, EMAIL_OTP, FIRST_ADDRESS_PASSWORD -> true;
                case EMBEDDABLE_MAGIC_LINK,
                        ADDRESS_PASSWORD,
                        PASSWORD,
                        SMS_OTP,
                        TOTP,
                        RECOVERY_CODE,
                        IMPORTED,
                        TRUSTED_AUTH_TOKEN -> false;
            };
        }

        /// Whether a session in which this kind was proven recently allows a user to set a new password.
        public boolean allowsPasswordReset() {
            return switch (this) {
                case EMAIL_MAGIC_LINK, EMAIL_OTP, FIRST_ADDRESS_PASSWORD, ADDRESS_PASSWORD, PASSWORD -> true;
                case EMBEDDABLE_MAGIC_LINK, SMS_OTP, TOTP, RECOVERY_CODE, IMPORTED, TRUSTED_AUTH_TOKEN -> false;
            };
        }

        /// The kind of a factor in a row; null for a kind that only a newer release knows.
        private static @Nullable Kind of(String type, String deliveryMethod, Map<String, String> detail) {
            for (Kind kind : ALL) {
                if (kind.deliveryMethod.equals(deliveryMethod)
                        && kind.type.equals(type)
                        && detail.keySet().containsAll(kind.detail.fields)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// The steps of a member's sign-in that a factor completes.
    public sealed interface Step {

        /// The first step, if the organization allows the method.
        record Primary(AuthMethod method) implements Step {}

        /// The second step (MFA).
        record Secondary() implements Step {}

        /// Both steps: an external service vouches for the member (`semantics.md` 6).
        record Both() implements Step {}
    }

    /// The fields of a factor besides its times.
    ///
    /// @param name       the wire's name of the sub-object, such as `email_factor`; empty if the fields are
    ///         only stored
    /// @param identifies whether the first field distinguishes two factors with the same `type` and
    ///         `delivery_method`
    /// @param fields     the names of the fields
    private record Detail(String name, boolean identifies, List<String> fields) {

        static Detail of(String name, String... fields) {
            return new Detail(name, true, List.of(fields));
        }

        /// For a kind whose first field identifies the proof itself, so that a later proof updates the same
        /// factor.
        static Detail ofProof(String name, String... fields) {
            return new Detail(name, false, List.of(fields));
        }

        /// The fields are stored but not sent on the wire.
        static Detail stored(String... fields) {
            return new Detail("", true, List.of(fields));
        }
    }

    /// A factor as JSON in a row.
    private record Row(
            String type, String deliveryMethod, long createdAt, long lastAuthenticatedAt, Map<String, String> detail) {}

    /// A [Kind#EMAIL_MAGIC_LINK] that was proven now, in milliseconds.
    public static Factor emailMagicLink(String emailId, String email, long now) {
        return of(Kind.EMAIL_MAGIC_LINK, now, emailId, email);
    }

    /// A [Kind#EMBEDDABLE_MAGIC_LINK] that was proven now, in milliseconds.
    public static Factor embeddableMagicLink(String embeddedId, long now) {
        return of(Kind.EMBEDDABLE_MAGIC_LINK, now, embeddedId);
    }

    /// A [Kind#PASSWORD] that was proven now, in milliseconds.
    public static Factor password(long now) {
        return of(Kind.PASSWORD, now);
    }

    /// A [Kind#ADDRESS_PASSWORD] that was proven now, in milliseconds.
    public static Factor passwordOf(String email, long now) {
        return of(Kind.ADDRESS_PASSWORD, now, email);
    }

    /// A [Kind#FIRST_ADDRESS_PASSWORD] that was proven now, in milliseconds.
    public static Factor firstPasswordOf(String email, long now) {
        return of(Kind.FIRST_ADDRESS_PASSWORD, now, email, "true");
    }

    /// A [Kind#EMAIL_OTP] that was proven now, in milliseconds.
    public static Factor emailOtp(String emailId, String email, long now) {
        return of(Kind.EMAIL_OTP, now, emailId, email);
    }

    /// A [Kind#SMS_OTP] that was proven now, in milliseconds.
    public static Factor smsOtp(String phoneId, String number, long now) {
        return of(Kind.SMS_OTP, now, phoneId, number);
    }

    /// A [Kind#TOTP] that was proven now, in milliseconds.
    public static Factor totp(String totpId, long now) {
        return of(Kind.TOTP, now, totpId);
    }

    /// A [Kind#RECOVERY_CODE] that was proven now, in milliseconds.
    public static Factor recoveryCode(String recoveryCodeId, long now) {
        return of(Kind.RECOVERY_CODE, now, recoveryCodeId);
    }

    /// A [Kind#IMPORTED] that was proven now, in milliseconds.
    public static Factor imported(long now) {
        return of(Kind.IMPORTED, now);
    }

    /// A [Kind#TRUSTED_AUTH_TOKEN] that was proven now, in milliseconds.
    public static Factor trustedAuthToken(String tokenId, long now) {
        return of(Kind.TRUSTED_AUTH_TOKEN, now, tokenId);
    }

    private static Factor of(Kind kind, long now, String... values) {
        Map<String, String> detail = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            detail.put(kind.detail.fields.get(i), values[i]);
        }
        return new Factor(kind, detail, now, now);
    }

    /// Returns the JSON of a list for the store; [#list] reads it.
    public static String json(List<Factor> factors) {
        return Json.write(factors.stream().map(Factor::row).toList());
    }

    private Row row() {
        return new Row(type(), deliveryMethod(), createdAt, lastAuthenticatedAt, detail);
    }

    /// Reads the JSON that [#json] writes. It uses the streaming parser, because each call that reads a session
    /// runs it and data binding takes several times as long. A factor of a kind that only a newer release knows
    /// is left out; a session can have one during an upgrade.
    public static List<Factor> list(String json) {
        try (JsonParser tokens = Json.trustedParser(json)) {
            List<Factor> factors = new ArrayList<>();
            tokens.nextToken();
            while (tokens.nextToken() == JsonToken.START_OBJECT) {
                Factor factor = one(tokens);
                if (factor != null) {
                    factors.add(factor);
                }
            }
            return factors;
        }
    }

    /// Null for one that only a newer program knows.
    private static @Nullable Factor one(JsonParser tokens) {
        String type = "";
        String deliveryMethod = "";
        long createdAt = 0;
        long lastAuthenticatedAt = 0;
        Map<String, String> detail = new LinkedHashMap<>();
        for (String name = tokens.nextName(); name != null; name = tokens.nextName()) {
            tokens.nextToken();
            switch (name) {
                case "type" -> type = tokens.getString();
                case "delivery_method" -> deliveryMethod = tokens.getString();
                case "created_at" -> createdAt = tokens.getLongValue();
                case "last_authenticated_at" -> lastAuthenticatedAt = tokens.getLongValue();
                case "detail" -> {
                    for (String field = tokens.nextName(); field != null; field = tokens.nextName()) {
                        detail.put(field, tokens.nextStringValue());
                    }
                }
                default -> tokens.skipChildren();
            }
        }
        Kind kind = Kind.of(type, deliveryMethod, detail);
        return kind == null ? null : new Factor(kind, detail, createdAt, lastAuthenticatedAt);
    }

    /// Returns `before` with the factors of `proven` added. If the same factor was proven before, only its
    /// times and detail are updated (`open-questions.md` 19). The result is bounded by [#BYTES_MAX].
    public static List<Factor> merge(List<Factor> before, List<Factor> proven) {
        List<Factor> merged = new ArrayList<>(before);
        for (Factor factor : proven) {
            int known = 0;
            while (known < merged.size() && !merged.get(known).sameAs(factor)) {
                known++;
            }
            if (known == merged.size()) {
                merged.add(factor);
            } else {
                merged.set(
                        known,
                        new Factor(
                                factor.kind, factor.detail, merged.get(known).createdAt, factor.lastAuthenticatedAt));
            }
        }
        return bounded(merged);
    }

    /// Returns the factors that fit into a JWT, at most [#BYTES_MAX] bytes. Of the most frequent kind, the
    /// factor that was proven longest ago is left out first, so that a session that lasts for years keeps one
    /// factor of each kind.
    static List<Factor> bounded(List<Factor> factors) {
        // This many factors always fit, and most sessions have no more.
        if (factors.size() <= FITTING) {
            return factors;
        }
        int bytes = 0;
        for (Factor factor : factors) {
            bytes += factor.bytes();
        }
        if (bytes <= BYTES_MAX) {
            return factors;
        }
        List<Factor> kept = new ArrayList<>(factors);
        while (bytes > BYTES_MAX && kept.size() > 1) {
            Map<Kind, Long> counts = kept.stream().collect(Collectors.groupingBy(Factor::kind, Collectors.counting()));
            long most = Collections.max(counts.values());
            Factor oldest = kept.stream()
                    .filter(factor -> counts.getOrDefault(factor.kind(), 0L) == most)
                    .min(Comparator.comparingLong(Factor::lastAuthenticatedAt))
                    .orElseThrow();
            kept.remove(oldest);
            bytes -= oldest.bytes();
        }
        return kept;
    }

    /// The bytes in a JWT, with the comma that follows.
    private int bytes() {
        return Json.bytes(claim()).length + 1;
    }

    /// The JSON of the factor in a JWT.
    Map<String, Object> claim() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", type());
        fields.put("delivery_method", deliveryMethod());
        fields.put("last_authenticated_at", Times.rfc3339(lastAuthenticatedAt));
        fields.putAll(detailFields());
        return fields;
    }

    /// The wire's `type`.
    public String type() {
        return kind.type;
    }

    /// The wire's `delivery_method`.
    public String deliveryMethod() {
        return kind.deliveryMethod;
    }

    /// The detail under its wire name, for bodies and JWTs.
    public Map<String, Object> detailFields() {
        return kind.detail.name.isEmpty() ? Map.of() : Map.of(kind.detail.name, detail);
    }

    /// Whether a member proves it as second factor (`open-questions.md` 48).
    public boolean secondary() {
        return kind.step instanceof Step.Secondary;
    }

    /// Whether it is a password, of a user, a member or an address.
    public boolean isPassword() {
        return kind.step instanceof Step.Primary(AuthMethod method) && method == AuthMethod.PASSWORD;
    }

    /// Whether it is valid for every member with this address: a proof of the address, or the address's
    /// password.
    public boolean transfersWith(String address) {
        return address.equals(detail.get(EMAIL_ADDRESS)) && (kind.provesEmail() || isPassword());
    }

    /// Whether it proves that its subject receives mail at this address.
    public boolean provesEmail(String address) {
        return kind.provesEmail() && address.equals(detail.get(EMAIL_ADDRESS));
    }

    /// Returns the same proof for the member with this address in another organization.
    ///
    /// @param emailId the id of the address of that member
    public Factor forEmail(String emailId) {
        if (!detail.containsKey(EMAIL_ID)) {
            return this;
        }
        Map<String, String> fields = new LinkedHashMap<>(detail);
        fields.put(EMAIL_ID, emailId);
        return new Factor(kind, fields, createdAt, lastAuthenticatedAt);
    }

    private boolean sameAs(Factor other) {
        return type().equals(other.type())
                && deliveryMethod().equals(other.deliveryMethod())
                && identity().equals(other.identity());
    }

    /// The value that distinguishes factors with the same `type` and `delivery_method`.
    private String identity() {
        return kind.detail.identifies && !kind.detail.fields.isEmpty()
                ? detail.getOrDefault(kind.detail.fields.getFirst(), "")
                : "";
    }
}
