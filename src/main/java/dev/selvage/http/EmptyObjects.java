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
    /// @param inner the record of the object; null if its fields are not known
    private record Member(
            String name, boolean list, @Nullable Class<?> inner) {}

    private static final ClassValue<List<Member>> MEMBERS = new ClassValue<>() {
        @Override
        protected List<Member> computeValue(Class<?> type) {
            List<Member> members = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                    members.addAll(get(component.getType()));
                } else {
                    boolean list = Collection.class.isAssignableFrom(component.getType());
                    Class<?> held = list ? elements(component.getGenericType()) : component.getType();
                    if (held.isRecord() || JsonNode.class.isAssignableFrom(held) || Map.class.isAssignableFrom(held)) {
                        members.add(new Member(Binder.wireName(component), list, held.isRecord() ? held : null));
                    }
                }
            }
            return List.copyOf(members);
        }
    };

    private EmptyObjects() {}

    /// Replaces empty arrays by objects where `type` has objects.
    static void mend(ObjectNode object, Class<?> type) {
        for (Member member : MEMBERS.get(type)) {
            JsonNode value = object.get(member.name);
            if (member.list && value instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, mended(array.get(i), member.inner));
                }
            } else if (!member.list && value != null) {
                object.set(member.name, mended(value, member.inner));
            }
        }
    }

    private static JsonNode mended(JsonNode value, @Nullable Class<?> inner) {
        if (value instanceof ArrayNode array && array.isEmpty()) {
            return Json.object();
        }
        if (inner != null && value instanceof ObjectNode object) {
            mend(object, inner);
        }
        return value;
    }

    private static Class<?> elements(Type collection) {
        return collection instanceof ParameterizedType of && of.getActualTypeArguments()[0] instanceof Class<?> type
                ? type
                : Object.class;
    }
}
