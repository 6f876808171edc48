package dev.selvage.projects;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes a value of [Settings], and which values of its type are valid. The attributes have the names and
/// the meaning of JSON Schema. A field is optional unless it is `required`.
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Schema {

    /// A pattern of texts that are not blank.
    String NOT_BLANK = "[\\s\\S]*\\S[\\s\\S]*";

    /// A loose pattern of email addresses.
    String EMAIL = "[^\\s@<>\",;:]+@[^\\s@<>\",;:]+";

    /// The meaning of the value, in whole sentences.
    String description();

    /// Whether the field must be present.
    boolean required() default false;

    /// The smallest number.
    int minimum() default Integer.MIN_VALUE;

    /// The largest number.
    int maximum() default Integer.MAX_VALUE;

    /// The most characters (code points) of a text.
    int maxLength() default Integer.MAX_VALUE;

    /// The most elements of a list.
    int maxItems() default Integer.MAX_VALUE;

    /// A regular expression, of the syntax that Java and ECMAScript share, for the whole text. Empty: any text.
    String pattern() default "";

    /// The fault of a text that does not match the pattern, as in [Problem#problem].
    String patternMessage() default "";

    /// The permitted texts, or the permitted keys of a map. Empty: any.
    String[] allowedValues() default {};

    /// The required keys of a map.
    String[] requiredKeys() default {};
}
