package dev.selvage.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Runs a test class or a test method once on each engine of the current [Lane]. A field with `@Parameter` or
/// the parameter of the method receives the [Engine].
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@ParameterizedTest
@ArgumentsSource(Lane.Engines.class)
@Tag(Lane.BOTH_ENGINES)
public @interface OnBothEngines {}
