package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TextLanguageTest {

    @ParameterizedTest
    @EnumSource(TextLanguage.class)
    void everyLanguageNamesProjectCodeAndTime(TextLanguage language) {
        assertThat(language.passcode("Acme", "471183", 7))
                .contains("Acme", "471183", "7")
                .doesNotContain("{{", "%");
        assertThat(language.passcode("Acme", "471183", 1)).contains("1 ").doesNotContain("{{", "%");
    }

    @Test
    void noTwoLanguagesSayTheSame() {
        Set<String> texts = new HashSet<>();
        for (TextLanguage language : TextLanguage.values()) {
            texts.add(language.passcode("Acme", "471183", 2));
        }
        assertThat(texts).hasSize(TextLanguage.values().length);
    }

    @Test
    void theMinutesAgreeWithTheirNumber() {
        assertThat(TextLanguage.EN.passcode("Acme", "471183", 1))
                .isEqualTo("Your Acme verification code is 471183. It expires in 1 minute.");
        assertThat(TextLanguage.EN.passcode("Acme", "471183", 2))
                .isEqualTo("Your Acme verification code is 471183. It expires in 2 minutes.");
        assertThat(TextLanguage.IT.passcode("Acme", "471183", 1)).endsWith("1 minuto.");
        assertThat(TextLanguage.IT.passcode("Acme", "471183", 5)).endsWith("5 minuti.");
    }

    @Test
    void aProjectsNameIsNotReadForPlaceholders() {
        assertThat(TextLanguage.EN.passcode("{{code}} $1", "471183", 2))
                .isEqualTo("Your {{code}} $1 verification code is 471183. It expires in 2 minutes.");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'', EN",
                "en, EN",
                "pt-br, PT_BR",
                "ptbr, PT_BR",
                "pt-BR, PT_BR",
                "de-DE, DE",
                "deDE, DE",
                "de-de, DE",
                "zh-Hans, ZH",
                "zhHans, ZH",
                "ca-ES, CA",
                "caES, CA",
                "cs, CS"
            })
    void aLocaleOfTheWireNamesItsLanguage(String locale, TextLanguage language) {
        assertThat(TextLanguage.of(locale)).isEqualTo(language);
    }

    @Test
    void everyLocaleOfTheContractIsKnown() throws IOException {
        JsonNode contract = Json.mapperInstance()
                .readTree(Files.readString(Path.of("src", "test", "resources", "contract", "openapi-b2b.json")));
        JsonNode locales = contract.path("components")
                .path("schemas")
                .path("B2BOTPSmsSendRequest")
                .path("properties")
                .path("locale")
                .path("enum");
        assertThat(locales).hasSizeGreaterThan(16);
        Set<TextLanguage> named = new HashSet<>();
        for (JsonNode locale : locales) {
            named.add(TextLanguage.of(locale.asString("")));
        }
        assertThat(named).containsExactlyInAnyOrder(TextLanguage.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "d-e", "pt", "xx", " en", "e-n", "-"})
    void anyOtherLocaleNamesNone(String locale) {
        assertThatThrownBy(() -> TextLanguage.of(locale))
                .isInstanceOfSatisfying(
                        ApiError.class, refused -> assertThat(refused.type()).isEqualTo(RequestErrors.INVALID_LOCALE));
    }
}
