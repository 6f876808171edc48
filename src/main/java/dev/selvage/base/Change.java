package dev.selvage.base;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/// A member of an update: absent, null, or a value. The three mean different things and must not be confused.
///
/// @param <T> the type of the value
@JsonDeserialize(using = Change.Reader.class)
public sealed interface Change<T> {

    /// The member was absent: leave what is there.
    record Keep<T>() implements Change<T> { }

    /// The member was null: remove what is there.
    record Clear<T>() implements Change<T> { }

    /// The member has a value: put it there.
    record Put<T>(T value) implements Change<T> { }

    /// What is there after the change, when `before` was there.
    default T applyTo(T before) {
        return switch (this) {
            case Keep<T>() -> before;
            case Clear<T>() -> null;
            case Put<T>(T value) -> value;
        };
    }

    /// Jackson's view: an absent creator property is [Keep], null is [Clear].
    final class Reader extends ValueDeserializer<Change<?>> {

        private final JavaType type;

        /// Used by Jackson before the type of the value is known.
        public Reader() {
            this(null);
        }

        private Reader(JavaType type) {
            this.type = type;
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
            return new Reader(context.getContextualType().containedType(0));
        }

        @Override
        public Change<?> deserialize(JsonParser parser, DeserializationContext context) {
            return new Put<>(context.readValue(parser, type));
        }

        @Override
        public Change<?> getNullValue(DeserializationContext context) {
            return new Clear<>();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return new Keep<>();
        }
    }
}
