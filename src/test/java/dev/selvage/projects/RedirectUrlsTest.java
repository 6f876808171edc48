package dev.selvage.projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.error.MagicLinkErrors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectUrlsTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.com/authenticate,     https://example.com/authenticate",
        "https://example.com/authenticate,     https://EXAMPLE.com/authenticate",
        "https://example.com/authenticate,     https://www.example.com/authenticate",
        "https://www.example.com/authenticate, https://example.com/authenticate",
        "https://example.com/authenticate,     https://example.com:443/authenticate",
        "http://localhost:3000/authenticate,   http://localhost:3000/authenticate",
        "https://example.com/a?b=c&d=e,        https://example.com/a?b=c&d=e",
        "https://example.com/#/login,          https://example.com/#/login",
        "slack://auth/callback,                slack://auth/callback",
        "https://*.example.com/a,              https://preview-7.example.com/a",
        "https://app-*-team.example.com/a,     https://app-x9-team.example.com/a",
        "http://localhost:*/a,                 http://localhost:5173/a",
        "https://example.com/tenants/*/login,  https://example.com/tenants/acme/login",
        "https://[::1]:8443/a,                 https://[::1]:8443/a",
        "https://example.com,                  https://example.com/",
        "http://localhost:3000/,               HTTP://LocalHost:3000",
        "https://example.com/?a=b,             https://example.com?a=b",
        "https://example.com/a%2fb?c=%c3%bc,   https://example.com/a%2Fb?c=%C3%BC"
    })
    void aUrlThatIsNamedMatches(String named, String given) {
        assertThat(RedirectUrls.matches(named, given, true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/authenticate,    http://example.com/authenticate",
        "https://example.com/authenticate,    https://example.com/Authenticate",
        "https://example.com/authenticate,    https://example.com/authenticate/",
        "https://example.com/authenticate,    https://example.com/authenticate/more",
        "https://example.com/authenticate,    https://example.com/authenticate?next=1",
        "https://example.com/authenticate,    https://example.com/authenticate#x",
        "https://example.com/authenticate,    https://example.com:8443/authenticate",
        "https://example.com/authenticate,    https://example.com.evil.test/authenticate",
        "https://example.com/authenticate,    https://evil.test/https://example.com/authenticate",
        "https://example.com/a?b=c&d=e,       https://example.com/a?d=e&b=c",
        "https://*.example.com/a,             https://example.com/a",
        "https://*.example.com/a,             https://one.two.example.com/a",
        "https://*.example.com/a,             https://evil.test/.example.com/a",
        "https://example.com/*/login,         https://example.com/a/b/login",
        "https://example.com/app/*,           https://example.com/app/..",
        "slack://auth,                        slack://auth/",
        "https://example.com/a%2fb,           https://example.com/a/b",
        "https://example.com/app/*,           https://example.com/app/%2e%2e",
        "https://example.com/app/*,           https://example.com/app/",
        "http://localhost:*/a,                http://localhost:x/a"
    })
    void anyOtherUrlDoesNotMatch(String named, String given) {
        assertThat(RedirectUrls.matches(named, given, true)).isFalse();
    }

    @Test
    void aWildcardIsACharacterLikeAnyOtherInLiveProjects() {
        assertThat(RedirectUrls.matches("https://*.example.com/a", "https://one.example.com/a", false))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript://example.com/%0aalert(1)",
                "data:text/html,hi",
                "data://text/html,hi",
                "vbscript://x/y",
                "file:///etc/passwd",
                "mailto:a@example.com",
                "//example.com/a",
                "/a",
                "example.com",
                "https://",
                "https:///a",
                "https://a@example.com/",
                "https://example.com\\@evil.test/",
                "https://exa mple.com/",
                "https://example.com/\nx",
                "https://example.com/\u00e9",
                "https://example.com/%zz",
                "https://example.com:x/"
            })
    void whatIsNoUrlOrRunsInTheBrowserIsRefused(String given) {
        assertThatThrownBy(() -> RedirectUrls.check(given, MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL))
                .hasMessage(MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL.message());
    }

    @Test
    void nothingGivenAndLongUrlsHaveTheirPlace() {
        assertThatCode(() -> RedirectUrls.check(null, MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL))
                .doesNotThrowAnyException();
        assertThatCode(() -> RedirectUrls.check("", MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> RedirectUrls.check(
                        "https://example.com/" + "a".repeat(2048), MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL))
                .hasMessage(MagicLinkErrors.INVALID_LOGIN_MAGIC_LINK_URL.message());
    }
}
