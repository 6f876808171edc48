package dev.selvage.support;

import dev.selvage.error.ErrorType;
import java.util.Arrays;
import java.util.stream.Stream;

/// All error types, from all enums that [ErrorType] permits.
public final class ErrorTypes {

    private ErrorTypes() {}

    public static Stream<ErrorType> all() {
        return enums().flatMap(type -> Arrays.stream(type.getEnumConstants())).map(ErrorType.class::cast);
    }

    public static Stream<Class<?>> enums() {
        return Arrays.stream(ErrorType.class.getPermittedSubclasses());
    }
}
