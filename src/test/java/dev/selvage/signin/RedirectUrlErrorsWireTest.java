package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.WireTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Refusals of a redirect URL name the use, and at most 10 of the allowed URLs.
class RedirectUrlErrorsWireTest extends WireTest {

    private static final String NAMED = "https://app.example.com/in";

    /// The project allows the URL, but for another use.
    @Test
    void theUseOfAUrlIsNamed() {
        urls(new RedirectUrl(NAMED, List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)));
        Answer answer = login(NAMED).refused(400, "no_match_for_provided_magic_link_url");
        assertThat(answer.text("error_details.for")).isEqualTo("SIGNUP");
        assertThat(answer.text("error_message")).contains("\"" + NAMED + "\"", "redirect_urls, for SIGNUP");
    }

    @Test
    void manyValuesAndLongOnesAreCut() {
        RedirectUrl[] urls = new RedirectUrl[12];
        Arrays.setAll(
                urls,
                i -> new RedirectUrl("https://app" + i + ".example.com/", List.of(RedirectType.values()), List.of()));
        urls(urls);
        Answer answer =
                login("https://example.com/" + "x".repeat(1000)).refused(400, "no_match_for_provided_magic_link_url");
        assertThat(answer.at("error_details.allowed")).hasSize(10);
        assertThat(answer.text("error_message"))
                .contains("\"https://app9.example.com/\" and 2 more.")
                .hasSizeLessThan(1000);
    }

    private Answer login(String url) {
        return client.post(
                "/v1/magic_links/email/login_or_create",
                Map.of("email", "ada@example.com", "login_magic_link_url", url, "signup_magic_link_url", url));
    }
}
