package dev.selvage.projects;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a value of [Settings] means, and which values are valid, beyond its type. The attributes have the names
/// and the meaning of JSON Schema. A field is optional unless it is `required`.
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Schema {

    /// A pattern of texts that are not blank.
    String NOT_BLANK = "[\\s\\S]*\\S[\\s\\S]*";

    /// A pattern of email addresses, so loose that it refuses only what cannot be one.
    String EMAIL = "[^\\s@<>\",;:]+@[^\\s@<>\",;:]+";

    /// What the value means, in whole sentences.
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

    /// What a text that does not match the pattern must be, as in [Problem#problem].
    String otherwise() default "";

    /// The only texts, or the only keys of a map. Empty: any.
    String[] words() default {};

    /// Keys that a map must have.
    String[] requiredKeys() default {};
}
