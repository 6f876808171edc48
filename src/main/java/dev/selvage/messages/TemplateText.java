package dev.selvage.messages;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.projects.Settings.Mail.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/// The texts of a template in one language.
///
/// @param language also selects the texts around them
record TemplateText(Fields fields, Language language) {

    /// The texts themselves.
    ///
    /// @param button empty for templates with a code
    record Fields(String subject, String heading, String body, String button, String footer) {}

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z]+)}}");

    /// The built-in texts by template id and locale. The resource has the format of a project's settings, so
    /// that operators can copy from it.
    private static final Map<String, Map<String, Text>> BUILT_IN =
            Json.read(resource("/mail/texts.json"), new TypeReference<Map<String, Map<String, Text>>>() {});

    private static final Text NOTHING = new Text(null, null, null, null, null);

    /// Selects the texts of an email. A project's own texts come first, in the requested language or else in
    /// English. Fields that the project does not set come from the built-in texts in the same language.
    ///
    /// @throws ApiError `email_template_not_found` if the id is neither one of the project nor that of the kind
    static TemplateText of(
            Map<String, Map<String, Text>> own, Template template, @Nullable String templateId, Language requested) {
        String id = templateId == null || templateId.isEmpty() ? template.id() : templateId;
        if (!own.containsKey(id) && !id.equals(template.id())) {
            throw ApiError.bySetting(
                    RequestErrors.EMAIL_TEMPLATE_NOT_FOUND,
                    id,
                    Stream.concat(
                                    Stream.of(template.id()),
                                    own.keySet().stream().sorted())
                            .distinct()
                            .toList());
        }
        Map<String, Text> texts = own.getOrDefault(id, Map.of());
        Text text = texts.get(requested.locale());
        if (text != null) {
            return overlay(text, template, requested);
        }
        Text english = texts.get(Language.EN.locale());
        return english != null ? overlay(english, template, Language.EN) : overlay(NOTHING, template, requested);
    }

    private static TemplateText overlay(Text own, Template template, Language language) {
        Text base = Objects.requireNonNull(
                Objects.requireNonNull(BUILT_IN.get(template.id())).get(language.locale()));
        return new TemplateText(
                new Fields(
                        or(own.subject(), base.subject()),
                        or(own.heading(), base.heading()),
                        or(own.body(), base.body()),
                        or(own.button(), base.button()),
                        or(own.footer(), base.footer())),
                language);
    }

    private static String or(@Nullable String own, @Nullable String base) {
        return own != null ? own : Objects.requireNonNullElse(base, "");
    }

    /// Replaces placeholders by values in one pass. Placeholders in values are not replaced.
    static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    static String resource(String name) {
        try (InputStream stream = TemplateText.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
