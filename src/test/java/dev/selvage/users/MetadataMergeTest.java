package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class MetadataMergeTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Property
    void eachKeyIsThatOfTheUpdateOrElseOfBefore(
            @ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        ObjectNode merged = Metadata.merge(before, update);
        Set<String> keys = new HashSet<>(before.propertyNames());
        keys.addAll(update.propertyNames());
        for (String key : keys) {
            JsonNode expected = update.has(key) ? update.get(key) : before.get(key);
            if (expected.isNull()) {
                assertThat(merged.has(key)).isFalse();
            } else {
                assertThat(merged.get(key)).as("whole, not merged deeper").isEqualTo(expected);
            }
        }
        assertThat(keys).containsAll(merged.propertyNames());
    }

    @Property
    void whatWasStoredIsNotTouched(@ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        ObjectNode copy = before.deepCopy();
        ObjectNode given = update.deepCopy();
        Metadata.merge(before, update);
        assertThat(before).isEqualTo(copy);
        assertThat(update).isEqualTo(given);
    }

    @Property
    void theSameUpdateTwiceIsTheSameAsOnce(@ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        ObjectNode once = Metadata.merge(before, update);
        assertThat(Metadata.merge(once, update)).isEqualTo(once);
    }

    @Property
    void noUpdateChangesNothing(@ForAll("stored") ObjectNode before) {
        assertThat(Metadata.merge(before, null)).isEqualTo(before);
        assertThat(Metadata.merge(before, NODES.nullNode())).isEqualTo(before);
        assertThat(Metadata.merge(before, Json.object())).isEqualTo(before);
    }

    @Property
    void theResultIsWithinTheLimitsOrRefused(@ForAll("large") ObjectNode before, @ForAll("large") ObjectNode update) {
        ObjectNode whole = before.deepCopy();
        update.properties().forEach(member -> whole.set(member.getKey(), member.getValue()));
        boolean tooMany = whole.size() > Metadata.KEYS_MAX;
        if (tooMany || Json.bytes(whole).length > Metadata.BYTES_MAX) {
            assertThatThrownBy(() -> Metadata.merge(before, update))
                    .isInstanceOfSatisfying(ApiError.class, refused -> assertThat(refused.type())
                            .isEqualTo(
                                    tooMany ? RequestErrors.METADATA_TOO_MANY_KEYS : RequestErrors.METADATA_TOO_LARGE));
        } else {
            assertThat(Metadata.merge(before, update)).isEqualTo(whole);
        }
    }

    @Provide
    Arbitrary<ObjectNode> stored() {
        return objects(Arbitraries.of("a", "b", "c", "d"), values(), 4);
    }

    @Provide
    Arbitrary<ObjectNode> updates() {
        return objects(
                Arbitraries.of("a", "b", "c", "d", "e", ""),
                Arbitraries.oneOf(values(), Arbitraries.create(NODES::nullNode)),
                6);
    }

    @Provide
    Arbitrary<ObjectNode> large() {
        Arbitrary<JsonNode> texts =
                Arbitraries.strings().withChars("xä€").ofMaxLength(400).map(NODES::stringNode);
        return objects(Arbitraries.integers().between(0, 30).map(i -> "k" + i), texts, 20);
    }

    private static Arbitrary<ObjectNode> objects(
            Arbitrary<String> keys, Arbitrary<? extends JsonNode> values, int sizeMax) {
        return Arbitraries.maps(keys, values).ofMaxSize(sizeMax).map(members -> {
            ObjectNode object = Json.object();
            members.forEach(object::set);
            return object;
        });
    }

    private static Arbitrary<JsonNode> values() {
        Arbitrary<JsonNode> scalars = Arbitraries.oneOf(
                Arbitraries.integers().map(NODES::numberNode),
                Arbitraries.strings().alpha().ofMaxLength(5).map(NODES::stringNode),
                Arbitraries.of(true, false).map(NODES::booleanNode));
        return Arbitraries.oneOf(
                scalars,
                scalars.list().ofMaxSize(2).map(list -> NODES.arrayNode().addAll(list)),
                objects(Arbitraries.of("a", "x"), scalars, 2).map(object -> object));
    }
}
