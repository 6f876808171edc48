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
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One proof of identity in a session (`semantics.md` 9).
///
/// @param kind                how it was proven
/// @param detail              what it was proven for, by the names of the fields; the kind says which
/// @param createdAt           when it was first proven in this session, in milliseconds
/// @param lastAuthenticatedAt when it was last proven, in milliseconds; the wire's `updated_at` is the same
public record Factor(Kind kind, Map<String, String> detail, long createdAt, long lastAuthenticatedAt) {

    /// What the factors of a session may take in a JWT, in bytes of JSON: a dozen, and a few of the longest
    /// addresses.
    public static final int BYTES_MAX = 4096;
    private static final int FITTING = 4;
    private static final String EMAIL_ID = "email_id";
    private static final String EMAIL_ADDRESS = "email_address";

    /// The kinds of proof, each with what is decided by it. Kinds that a row cannot tell apart by `type` and
    /// `delivery_method` differ in their fields; the one with more fields comes first.
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

        /// What a factor of this kind completes of the sign-in of a member.
        public Step step() {
            return step;
        }

        /// Whether it proves that its subject receives mail at the address (`open-questions.md` 29).
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

        /// Whether a user may set a new password by a session in which it was proven just now.
        public boolean allowsPasswordReset() {
            return switch (this) {
                case EMAIL_MAGIC_LINK, EMAIL_OTP, FIRST_ADDRESS_PASSWORD, ADDRESS_PASSWORD, PASSWORD -> true;
                case EMBEDDABLE_MAGIC_LINK, SMS_OTP, TOTP, RECOVERY_CODE, IMPORTED, TRUSTED_AUTH_TOKEN -> false;
            };
        }

        /// The kind of a factor in a row; null for one that only a newer program knows.
        private static Kind of(String type, String deliveryMethod, Map<String, String> detail) {
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

    /// What a factor completes of the sign-in of a member.
    public sealed interface Step {

        /// The first step, if the organization allows the method.
        record Primary(AuthMethod method) implements Step {}

        /// The second step (MFA).
        record Secondary() implements Step {}

        /// Both: another service answers for the member (`semantics.md` 6).
        record Both() implements Step {}
    }

    /// What a factor says besides its times.
    ///
    /// @param name the wire's name of the sub-object, such as `email_factor`; empty when only the row has it
    /// @param identifies whether the first field tells two factors of one method in a session apart
    /// @param fields     the names of the fields
    private record Detail(String name, boolean identifies, List<String> fields) {

        static Detail of(String name, String... fields) {
            return new Detail(name, true, List.of(fields));
        }

        /// Of a kind whose first field names the proof, so that the next proof is the same factor again.
        static Detail ofProof(String name, String... fields) {
            return new Detail(name, false, List.of(fields));
        }

        /// Not on the wire.
        static Detail stored(String... fields) {
            return new Detail("", true, List.of(fields));
        }
    }

    /// A factor in the store. [#list] reads the fields from which the others follow.
    private record Row(
            String type,
            String deliveryMethod,
            long createdAt,
            long lastAuthenticatedAt,
            long updatedAt,
            String detailName,
            Map<String, String> detail,
            boolean password) {}

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

    /// A list as a row of the store holds it; [#list] reads it.
    public static String json(List<Factor> factors) {
        return Json.write(factors.stream().map(Factor::row).toList());
    }

    private Row row() {
        return new Row(
                type(),
                deliveryMethod(),
                createdAt,
                lastAuthenticatedAt,
                lastAuthenticatedAt,
                kind.detail.name,
                detail,
                isPassword());
    }

    /// Reads a list as [#json] writes it. By hand: each call that reads a session does it, and the mapper
    /// takes several times as long for a record. A factor that only a newer program knows, which a session has
    /// during an upgrade, is left out: it counts for nothing here.
    public static List<Factor> list(String json) {
        try (JsonParser tokens = Json.tokens(json)) {
            List<Factor> factors = new ArrayList<>();
            tokens.nextToken();
            while (tokens.nextToken() == JsonToken.START_OBJECT) {
                Factor factor = one(tokens);
                if (factor.kind != null) {
                    factors.add(factor);
                }
            }
            return factors;
        }
    }

    private static Factor one(JsonParser tokens) {
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
        return new Factor(Kind.of(type, deliveryMethod, detail), detail, createdAt, lastAuthenticatedAt);
    }

    /// These factors with `proven` added, or, where the same was proven before, with its times moved
    /// (`open-questions.md` 19).
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

    /// The factors that fit into a JWT, [#BYTES_MAX]. Of the kind of which there are most, the one that was
    /// proven longest ago is left out, so that a session that lasts for years keeps one of each kind.
    static List<Factor> bounded(List<Factor> factors) {
        // So few fit, and most sessions have no more.
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
                    .filter(factor -> counts.get(factor.kind()) == most)
                    .min(Comparator.comparingLong(Factor::lastAuthenticatedAt))
                    .orElseThrow();
            kept.remove(oldest);
            bytes -= oldest.bytes();
        }
        return kept;
    }

    /// In a JWT, with the comma after it.
    private int bytes() {
        return Json.bytes(claim()).length + 1;
    }

    /// The factor in a JWT.
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

    /// Whether members give it besides another one (`open-questions.md` 48).
    public boolean secondary() {
        return kind.step instanceof Step.Secondary;
    }

    /// Whether it is a password, of a user, a member or an address.
    public boolean isPassword() {
        return kind.step instanceof Step.Primary(AuthMethod method) && method == AuthMethod.PASSWORD;
    }

    /// Whether it counts for every member with this address: a proof of the address, or its password.
    public boolean travelsWith(String address) {
        return address.equals(detail.get(EMAIL_ADDRESS)) && (kind.provesEmail() || isPassword());
    }

    /// Whether it proves that its subject receives mail at this address.
    public boolean provesEmail(String address) {
        return kind.provesEmail() && address.equals(detail.get(EMAIL_ADDRESS));
    }

    /// The same proof of an address for the member with this address in another organization.
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

    /// What was proven, within its type and delivery method.
    private String identity() {
        return kind.detail.identifies && !kind.detail.fields.isEmpty() ? detail.get(kind.detail.fields.getFirst()) : "";
    }
}
