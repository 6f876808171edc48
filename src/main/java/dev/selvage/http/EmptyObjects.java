package dev.selvage.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Replaces an empty array by an empty object where a request record has an object. PHP has one type for both
/// and writes `[]` for an empty map (`sdk-facts.md` 2). Arrays inside values that the caller defines, such as
/// claims, stay arrays.
final class EmptyObjects {

    /// A field whose value is an object or a list of objects.
    ///
    /// @param record the record type of the object; null if its fields are not known
    private record ObjectField(
            String name, boolean list, @Nullable Class<?> record) {}

    private static final ClassValue<List<ObjectField>> OBJECT_FIELDS = new ClassValue<>() {
        @Override
        protected List<ObjectField> computeValue(Class<?> type) {
            List<ObjectField> fields = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                    fields.addAll(get(component.getType()));
                } else {
                    boolean list = Collection.class.isAssignableFrom(component.getType());
                    Class<?> valueType = list ? elements(component.getGenericType()) : component.getType();
                    if (valueType.isRecord()
                            || JsonNode.class.isAssignableFrom(valueType)
                            || Map.class.isAssignableFrom(valueType)) {
                        fields.add(new ObjectField(
                                Binder.wireName(component), list, valueType.isRecord() ? valueType : null));
                    }
                }
            }
            return List.copyOf(fields);
        }
    };

    private EmptyObjects() {}

    /// Replaces empty arrays by objects where `type` has objects.
    static void replace(ObjectNode object, Class<?> type) {
        for (ObjectField field : OBJECT_FIELDS.get(type)) {
            JsonNode value = object.get(field.name);
            if (field.list && value instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, replaced(array.get(i), field.record));
                }
            } else if (!field.list && value != null) {
                object.set(field.name, replaced(value, field.record));
            }
        }
    }

    private static JsonNode replaced(JsonNode value, @Nullable Class<?> record) {
        if (value instanceof ArrayNode array && array.isEmpty()) {
            return Json.object();
        }
        if (record != null && value instanceof ObjectNode object) {
            replace(object, record);
        }
        return value;
    }

    private static Class<?> elements(Type collection) {
        return collection instanceof ParameterizedType of && of.getActualTypeArguments()[0] instanceof Class<?> type
                ? type
                : Object.class;
    }
}
