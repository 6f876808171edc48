package dev.selvage.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.error.ErrorType;
import dev.selvage.error.Setting;
import dev.selvage.support.ErrorTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The catalogue of refusals follows the contract's `errors.json`, and `docs/errors.md` lists it.
class ErrorsPageTest {

    private static final Map<String, Integer> CONTRACT = contract();

    @ParameterizedTest
    @MethodSource("dev.selvage.support.ErrorTypes#all")
    void theContractKnowsTheTypeWithThisStatus(ErrorType type) {
        assertThat(CONTRACT).containsEntry(type.wireValue(), type.status());
    }

    @ParameterizedTest
    @MethodSource("dev.selvage.support.ErrorTypes#all")
    void theMessageFitsIntoALineOfTheTable(ErrorType type) {
        assertThat(type.message()).isNotBlank().doesNotContain("|", "\n");
    }

    @Test
    void thePageListsTheCatalogue() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error type that this server returns, generated from the code and compared with it by a test (`bin/dev
                schema` writes the page again). Types and statuses are those of the contract. The table has the usual message:
                some calls add to it, and `error_details` may name the field. The enum is in the package `error`.

                ```json
                {"status_code": 404, "request_id": "request-id-test-…", "error_type": "user_not_found",
                 "error_message": "User could not be found.", "error_url": "https://stytch.com/docs/api/errors/404"}
                ```

                """);
        page.append("| status | error_type | error_message | enum |\n| --- | --- | --- | --- |\n");
        ErrorTypes.all()
                .sorted(Comparator.comparing(ErrorType::status).thenComparing(ErrorType::wireValue))
                .forEach(type -> page.append("| ")
                        .append(type.status())
                        .append(" | `")
                        .append(type.wireValue())
                        .append("` | ")
                        .append(type.message())
                        .append(" | `")
                        .append(type.getClass().getSimpleName())
                        .append("` |\n"));
        page.append("""

                ## Errors that a setting causes

                Their `error_details` have the fields `setting` and `changed_by` (where the setting is changed). They also have `given` (the
                value in the request), `allowed`, and `for` (the use of a URL), if the setting has such a value and the caller may know it.
                The message contains the same, except for types whose message the contract fixes or that end users see. Limits of targets
                (`too_many_requests`) name their setting too.

                | error_type | setting | changed by | in the message |
                | --- | --- | --- | --- |
                """);
        ErrorTypes.all().sorted(Comparator.comparing(ErrorType::wireValue)).forEach(type -> Setting.of(type)
                .ifPresent(setting -> page.append("| `")
                        .append(type.wireValue())
                        .append("` | `")
                        .append(setting.path())
                        .append("` | `")
                        .append(setting.where())
                        .append("` | ")
                        .append(setting.inMessage() ? "yes" : "no")
                        .append(" |\n")));
        GeneratedPage.reads("errors.md", page.toString());
    }

    private static Map<String, Integer> contract() {
        try (InputStream stream = ErrorsPageTest.class.getResourceAsStream("/contract/errors.json")) {
            Map<String, Integer> statuses = new TreeMap<>();
            for (JsonNode error : Json.mapperInstance().readTree(stream.readAllBytes())) {
                statuses.put(
                        error.path("error_type").asString(""),
                        error.path("status").asInt(0));
            }
            return statuses;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
