package dev.selvage.organizations;

import dev.selvage.base.Domains;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.RbacErrors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks the email domains in the settings of an organization. Domains at which anyone can get an address are
/// refused in the lists of allowed and claimed domains, because they would open the organization to everyone.
public final class EmailDomains {

    /// The maximum length of one list. The contract defines no bound.
    static final int DOMAINS_MAX = 100;

    private static final int CHARACTERS_MAX = 253;
    private static final Pattern DOMAIN =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])");

    private static final Set<String> COMMON = Set.of(
            "aol.com",
            "att.net",
            "comcast.net",
            "fastmail.com",
            "free.fr",
            "gmail.com",
            "gmx.at",
            "gmx.ch",
            "gmx.com",
            "gmx.de",
            "gmx.net",
            "googlemail.com",
            "hey.com",
            "hotmail.co.uk",
            "hotmail.com",
            "hotmail.de",
            "hotmail.es",
            "hotmail.fr",
            "hotmail.it",
            "icloud.com",
            "laposte.net",
            "libero.it",
            "live.co.uk",
            "live.com",
            "live.fr",
            "mac.com",
            "mail.com",
            "mail.ru",
            "me.com",
            "msn.com",
            "naver.com",
            "orange.fr",
            "outlook.com",
            "outlook.de",
            "outlook.fr",
            "pm.me",
            "proton.me",
            "protonmail.com",
            "qq.com",
            "rediffmail.com",
            "rocketmail.com",
            "sbcglobal.net",
            "sfr.fr",
            "t-online.de",
            "tutanota.com",
            "uol.com.br",
            "verizon.net",
            "wanadoo.fr",
            "web.de",
            "yahoo.ca",
            "yahoo.co.in",
            "yahoo.co.jp",
            "yahoo.co.uk",
            "yahoo.com",
            "yahoo.com.br",
            "yahoo.de",
            "yahoo.es",
            "yahoo.fr",
            "yahoo.it",
            "yandex.com",
            "yandex.ru",
            "ymail.com",
            "zoho.com",
            "zohomail.com",
            "126.com",
            "163.com");

    private static final Set<String> DISPOSABLE = Set.of(
            "10minutemail.com",
            "dispostable.com",
            "fakeinbox.com",
            "getnada.com",
            "guerrillamail.com",
            "guerrillamail.net",
            "guerrillamail.org",
            "maildrop.cc",
            "mailinator.com",
            "mailnesia.com",
            "mintemail.com",
            "mohmal.com",
            "sharklasers.com",
            "temp-mail.org",
            "tempmail.com",
            "throwawaymail.com",
            "trashmail.com",
            "yopmail.com");

    private EmailDomains() {}

    /// Whether unrelated people have addresses of the domain.
    static boolean isAnyones(String domain) {
        return COMMON.contains(domain) || DISPOSABLE.contains(domain) || domain.endsWith(".edu");
    }

    /// Checks the domains whose users may be invited or join without an invite.
    ///
    /// @throws ApiError `organization_settings_invalid_domain`, `…_duplicate_domain`, `…_domain_too_common`,
    ///                  `…_disposable_domain`; `bad_request` for more than [#DOMAINS_MAX]
    static List<String> allowed(List<String> given) {
        List<String> domains = list(
                given,
                "email_allowed_domains",
                OrganizationErrors.ORGANIZATION_SETTINGS_INVALID_DOMAIN,
                OrganizationErrors.ORGANIZATION_SETTINGS_DUPLICATE_DOMAIN,
                OrganizationErrors.ORGANIZATION_SETTINGS_DOMAIN_TOO_COMMON);
        Check.that(
                domains.stream().noneMatch(DISPOSABLE::contains),
                OrganizationErrors.ORGANIZATION_SETTINGS_DISPOSABLE_DOMAIN);
        return domains;
    }

    /// Checks the domains that an organization claims: their users may join only organizations that claim
    /// them.
    ///
    /// @throws ApiError `organization_settings_invalid_claimed_domain`, `…_duplicate_claimed_domain`,
    ///                  `…_claimed_domain_too_common`, `…_disposable_domain`; `bad_request` for more than
    ///                  [#DOMAINS_MAX]
    static List<String> claimed(List<String> given) {
        List<String> domains = list(
                given,
                "claimed_email_domains",
                OrganizationErrors.ORGANIZATION_SETTINGS_INVALID_CLAIMED_DOMAIN,
                OrganizationErrors.ORGANIZATION_SETTINGS_DUPLICATE_CLAIMED_DOMAIN,
                OrganizationErrors.ORGANIZATION_SETTINGS_CLAIMED_DOMAIN_TOO_COMMON);
        Check.that(
                domains.stream().noneMatch(DISPOSABLE::contains),
                OrganizationErrors.ORGANIZATION_SETTINGS_DISPOSABLE_DOMAIN);
        return domains;
    }

    /// Checks the domain of an implicit role. Disposable domains are accepted.
    ///
    /// @throws ApiError `rbac_invalid_domain`, `rbac_domain_too_common`
    static String ofRole(String given) {
        return one(given, RbacErrors.RBAC_INVALID_DOMAIN, RbacErrors.RBAC_DOMAIN_TOO_COMMON);
    }

    private static List<String> list(
            List<String> given, String field, ErrorType invalid, ErrorType duplicate, ErrorType common) {
        if (given.size() > DOMAINS_MAX) {
            throw ApiError.badField(field, "may not have more than " + DOMAINS_MAX + " members");
        }
        List<String> domains =
                given.stream().map(domain -> one(domain, invalid, common)).toList();
        Check.that(new HashSet<>(domains).size() == domains.size(), duplicate);
        return domains;
    }

    private static String one(String given, ErrorType invalid, ErrorType common) {
        String domain = given == null ? "" : Domains.orLower(given.strip());
        Check.that(
                !Texts.isLonger(domain, CHARACTERS_MAX)
                        && DOMAIN.matcher(domain).matches(),
                invalid);
        Check.that(!COMMON.contains(domain), common);
        return domain;
    }
}
