package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A proof that a session rests on (`semantics.md` 9).
///
/// @param type                `magic_link`, `password`, …
/// @param deliveryMethod      `email`, `knowledge`, …
/// @param createdAt           when it was first proven in this session, in milliseconds
/// @param lastAuthenticatedAt when it was last proven
/// @param updatedAt           as `lastAuthenticatedAt`
/// @param detailName the wire's name of the sub-object, such as `email_factor`; empty when there is none
/// @param detail              its members; the first one tells two factors of one method apart
public record Factor(
        String type,
        String deliveryMethod,
        long createdAt,
        long lastAuthenticatedAt,
        long updatedAt,
        String detailName,
        LinkedHashMap<String, String> detail) {

    /// What the factors of a session may take in a JWT, in bytes of JSON: a dozen, and a few of the longest
    /// addresses.
    public static final int BYTES_MAX = 4096;
    private static final int FITTING = 4;

    /// Marks a factor without a sub-object that rests on a mail. Not on the wire.
    private static final String MAILED = "mailed";

    /// A link sent by email.
    public static Factor emailMagicLink(String emailId, String email, long now) {
        return of("magic_link", "email", now, "email_factor", "email_id", emailId, "email_address", email);
    }

    /// A link that the application delivered itself; it proves no address.
    public static Factor embeddableMagicLink(String embeddedId, long now) {
        return of("magic_link", "embedded", now, "embeddable_magic_link_factor", "embedded_id", embeddedId);
    }

    public static Factor password(long now) {
        return of("password", "knowledge", now, "");
    }

    /// The password of an address, which is good in every organization.
    public static Factor passwordOf(String email, long now) {
        return of("password", "knowledge", now, "", "email_address", email);
    }

    /// The first password of an address, set by a mail: it proves the address as well.
    public static Factor firstPasswordOf(String email, long now) {
        return of("password", "knowledge", now, "", "email_address", email, MAILED, "true");
    }

    /// A code sent by email, in B2B projects.
    public static Factor emailOtp(String emailId, String email, long now) {
        return of("email_otp", "email", now, "email_factor", "email_id", emailId, "email_address", email);
    }

    /// A code sent by SMS.
    public static Factor smsOtp(String phoneId, String number, long now) {
        return of("otp", "sms", now, "phone_number_factor", "phone_id", phoneId, "phone_number", number);
    }

    /// A code of an authenticator app.
    public static Factor totp(String totpId, long now) {
        return of("totp", "authenticator_app", now, "authenticator_app_factor", "totp_id", totpId);
    }

    /// A recovery code, in the place of one of an authenticator app.
    public static Factor recoveryCode(String recoveryCodeId, long now) {
        return of(
                "recovery_codes",
                "recovery_code",
                now,
                "recovery_code_factor",
                "totp_recovery_code_id",
                recoveryCodeId);
    }

    /// A session of an external service (`sessions.migrate`).
    public static Factor imported(long now) {
        return of("imported", "imported_auth0", now, "");
    }

    /// A token of a trusted issuer (`sessions.attest`).
    public static Factor trustedAuthToken(String tokenId, long now) {
        return of(
                "trusted_auth_token", "trusted_token_exchange", now, "trusted_auth_token_factor", "token_id", tokenId);
    }

    /// Reads a list as [Json#write] writes it. By hand: each call that reads a session does it, and what the
    /// mapper does for a record takes several times as long.
    public static List<Factor> list(String json) {
        try (JsonParser tokens = Json.tokens(json)) {
            List<Factor> factors = new ArrayList<>();
            tokens.nextToken();
            while (tokens.nextToken() == JsonToken.START_OBJECT) {
                factors.add(one(tokens));
            }
            return factors;
        }
    }

    private static Factor one(JsonParser tokens) {
        String type = "";
        String deliveryMethod = "";
        long createdAt = 0;
        long lastAuthenticatedAt = 0;
        long updatedAt = 0;
        String detailName = "";
        LinkedHashMap<String, String> detail = new LinkedHashMap<>();
        for (String name = tokens.nextName(); name != null; name = tokens.nextName()) {
            tokens.nextToken();
            switch (name) {
                case "type" -> type = tokens.getString();
                case "delivery_method" -> deliveryMethod = tokens.getString();
                case "created_at" -> createdAt = tokens.getLongValue();
                case "last_authenticated_at" -> lastAuthenticatedAt = tokens.getLongValue();
                case "updated_at" -> updatedAt = tokens.getLongValue();
                case "detail_name" -> detailName = tokens.getString();
                case "detail" -> {
                    for (String member = tokens.nextName(); member != null; member = tokens.nextName()) {
                        detail.put(member, tokens.nextStringValue());
                    }
                }
                default -> tokens.skipChildren();
            }
        }
        return new Factor(type, deliveryMethod, createdAt, lastAuthenticatedAt, updatedAt, detailName, detail);
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
                                factor.type,
                                factor.deliveryMethod,
                                merged.get(known).createdAt,
                                factor.lastAuthenticatedAt,
                                factor.updatedAt,
                                factor.detailName,
                                factor.detail));
            }
        }
        return bounded(merged);
    }

    /// The factors that fit into a JWT, [#BYTES_MAX]. Of the kind of which there are most the one goes that was
    /// proven longest ago, so that a session that goes on for years keeps one of each kind.
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
            Map<String, Long> counts =
                    kept.stream().collect(Collectors.groupingBy(Factor::kind, Collectors.counting()));
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

    private String kind() {
        return type + ' ' + deliveryMethod;
    }

    /// In a JWT, with the comma behind it.
    private int bytes() {
        return Json.bytes(claim()).length + 1;
    }

    /// As it stands in a JWT.
    Map<String, Object> claim() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type);
        members.put("delivery_method", deliveryMethod);
        members.put("last_authenticated_at", Times.rfc3339(lastAuthenticatedAt));
        members.putAll(detailMembers());
        return members;
    }

    /// Whether it is one that members give besides another (`open-questions.md` 48).
    public boolean secondary() {
        return switch (type) {
            case "totp", "recovery_codes" -> true;
            case "otp" -> deliveryMethod.equals("sms") || deliveryMethod.equals("whatsapp");
            default -> false;
        };
    }

    /// Whether it proves that its holder receives mail at [#emailAddress] (`open-questions.md` 29).
    public boolean provesEmail() {
        return (detailName.equals("email_factor") || detail.containsKey(MAILED))
                && !emailAddress().isEmpty();
    }

    /// Whether it is a password, be it a member's or that of an address.
    public boolean isPassword() {
        return type.equals("password");
    }

    /// Whether it counts for every member who has an address: a proof of the address, or its password.
    public boolean travelsWith(String address) {
        return emailAddress().equals(address) && (provesEmail() || isPassword());
    }

    /// Whether it proves that its holder receives mail at this address.
    public boolean provesEmail(String address) {
        return provesEmail() && emailAddress().equals(address);
    }

    /// The address that it is about; empty when it is about none.
    public String emailAddress() {
        return detail.getOrDefault("email_address", "");
    }

    /// The same proof of an address as that of another holder: of the member in another organization who has
    /// it.
    public Factor forEmail(String emailId) {
        if (detailName.isEmpty()) {
            return this;
        }
        LinkedHashMap<String, String> members = new LinkedHashMap<>(detail);
        members.put("email_id", emailId);
        return new Factor(type, deliveryMethod, createdAt, lastAuthenticatedAt, updatedAt, detailName, members);
    }

    private boolean sameAs(Factor other) {
        return type.equals(other.type)
                && deliveryMethod.equals(other.deliveryMethod)
                && identity().equals(other.identity());
    }

    /// What was proven. A trusted token's id names the proof, so the next token proves the same again.
    private String identity() {
        return type.equals("trusted_auth_token") || detail.isEmpty()
                ? ""
                : detail.firstEntry().getValue();
    }

    private static Factor of(String type, String deliveryMethod, long now, String detailName, String... members) {
        LinkedHashMap<String, String> detail = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            detail.put(members[i], members[i + 1]);
        }
        return new Factor(type, deliveryMethod, now, now, now, detailName, detail);
    }

    /// The detail under its wire name, as it stands in bodies and JWTs.
    public Map<String, Object> detailMembers() {
        return detailName.isEmpty() ? Map.of() : Map.of(detailName, detail);
    }
}
