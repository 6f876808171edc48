package dev.selvage.error;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The contract of a method about null, for NullAway.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
@interface Contract {

    /// The result by arguments, such as `null -> false`, or `false, _ -> fail` for an exception.
    String value();
}
