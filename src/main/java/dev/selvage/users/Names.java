package dev.selvage.users;

import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.RequestErrors;
import dev.selvage.search.Like;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Checks, changes and folds names of people.
public final class Names {

    /// The longest part of a name, and the longest name in one piece. The contract defines no bound.
    public static final int PART_CHARACTERS_MAX = 128;

    private Names() {}

    /// A change of a name, part by part: null keeps the part, an empty text removes it. The Python SDK sends
    /// null for every part that its caller did not set, and the Go SDK omits empty parts (`sdk-facts.md` 2).
    public record Parts(
            @Nullable String firstName,
            @Nullable String middleName,
            @Nullable String lastName) {

        /// The name of these parts; a part that is null is empty.
        public User.Name whole() {
            return new User.Name(
                    Objects.requireNonNullElse(firstName, ""),
                    Objects.requireNonNullElse(middleName, ""),
                    Objects.requireNonNullElse(lastName, ""));
        }

        User.Name over(User.Name before) {
            return check(new User.Name(
                    firstName == null ? before.firstName() : firstName,
                    middleName == null ? before.middleName() : middleName,
                    lastName == null ? before.lastName() : lastName));
        }
    }

    /// Checks a name and returns it unchanged.
    ///
    /// @throws ApiError `forbidden_character_zero_width_space`; `bad_request` for a part that is too long or
    ///                  contains a control character
    public static User.Name check(User.Name name) {
        check(name.firstName(), "name.first_name");
        check(name.middleName(), "name.middle_name");
        check(name.lastName(), "name.last_name");
        return name;
    }

    /// Checks a name in one piece and returns it; empty for null.
    ///
    /// @throws ApiError as [#check(User.Name)]
    public static String full(@Nullable String name) {
        String given = name == null ? "" : name;
        check(given, "name");
        return given;
    }

    /// The form in which names are searched, folded by [Like#fold]. A user with a middle name is found with
    /// and without it, so the text then has two lines: one with the middle name, one without.
    static String searchable(User.Name name) {
        String full = Like.fold(name.full());
        return name.middleName().isEmpty()
                ? full
                : full + "\n" + Like.fold(new User.Name(name.firstName(), "", name.lastName()).full());
    }

    private static void check(String part, String field) {
        Check.that(
                part.indexOf('\u200B') < 0 && part.indexOf('\uFEFF') < 0,
                RequestErrors.FORBIDDEN_CHARACTER_ZERO_WIDTH_SPACE);
        if (Texts.isLonger(part, PART_CHARACTERS_MAX)) {
            throw ApiError.badField(field, "may not have more than " + PART_CHARACTERS_MAX + " characters");
        }
        if (part.chars().anyMatch(Character::isISOControl)) {
            throw ApiError.badField(field, "may not hold control characters");
        }
    }
}
