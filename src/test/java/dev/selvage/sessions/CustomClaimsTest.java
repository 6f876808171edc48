package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The laws of the merge of custom claims: `semantics.md` 3.7, `open-questions.md` 7.
class CustomClaimsTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Property
    void anEmptyUpdateChangesNothing(@ForAll("stored") ObjectNode before) {
        assertThat(CustomClaims.merge(before, Json.object())).isEqualTo(before);
    }

    @Property
    void theSameUpdateTwiceIsTheSameAsOnce(@ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        ObjectNode once = CustomClaims.merge(before, update);
        assertThat(CustomClaims.merge(once, update)).isEqualTo(once);
    }

    @Property
    void neitherSideIsChanged(@ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        String beforeText = before.toString();
        String updateText = update.toString();
        CustomClaims.merge(before, update).put("a", "changed");
        assertThat(before).hasToString(beforeText);
        assertThat(update).hasToString(updateText);
    }

    @Property
    void eachMemberFollowsFromItsOwnTwoSides(
            @ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        assertMerged(before, update, CustomClaims.merge(before, update));
    }

    @Property
    void keysKeepTheirPlacesAndNewOnesStandBehind(
            @ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode update) {
        List<String> expected = new ArrayList<>();
        before.propertyNames().stream()
                .filter(key -> !update.path(key).isNull())
                .forEach(expected::add);
        update.propertyNames().stream()
                .filter(key -> !before.has(key) && !update.get(key).isNull())
                .forEach(expected::add);
        assertThat(CustomClaims.merge(before, update).propertyNames()).containsExactlyElementsOf(expected);
    }

    @Property
    void updatesOfDifferentKeysMayComeInAnyOrder(
            @ForAll("stored") ObjectNode before, @ForAll("updates") ObjectNode one, @ForAll("updates") ObjectNode two) {
        ObjectNode others = two.deepCopy().remove(one.propertyNames());
        assertThat(CustomClaims.merge(CustomClaims.merge(before, one), others))
                .isEqualTo(CustomClaims.merge(CustomClaims.merge(before, others), one));
    }

    /// The rule, member by member.
    private static void assertMerged(ObjectNode before, ObjectNode update, ObjectNode merged) {
        merged.propertyNames()
                .forEach(key -> assertThat(before.has(key) || update.has(key)).isTrue());
        before.properties().stream()
                .filter(claim -> !update.has(claim.getKey()))
                .forEach(claim -> assertThat(merged.get(claim.getKey())).isEqualTo(claim.getValue()));
        update.properties().forEach(claim -> {
            JsonNode after = merged.get(claim.getKey());
            if (claim.getValue().isNull()) {
                assertThat(after).isNull();
            } else if (claim.getValue() instanceof ObjectNode nested) {
                ObjectNode nestedBefore =
                        before.get(claim.getKey()) instanceof ObjectNode object ? object : Json.object();
                assertMerged(nestedBefore, nested, (ObjectNode) after);
            } else {
                assertThat(after).isEqualTo(claim.getValue());
            }
        });
    }

    @Provide
    Arbitrary<ObjectNode> updates() {
        return object(3, true);
    }

    /// What the store can hold: the result of a merge, so without null members.
    @Provide
    Arbitrary<ObjectNode> stored() {
        return object(3, false);
    }

    private static Arbitrary<ObjectNode> object(int depth, boolean nulls) {
        return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d", ""), value(depth, nulls))
                .ofMaxSize(4)
                .map(members -> {
                    ObjectNode object = Json.object();
                    members.forEach(object::set);
                    return object;
                });
    }

    private static Arbitrary<JsonNode> value(int depth, boolean nulls) {
        List<Arbitrary<JsonNode>> kinds = new ArrayList<>(List.of(
                Arbitraries.integers().map(NODES::numberNode),
                Arbitraries.strings().ofMaxLength(4).alpha().map(NODES::stringNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.integers().list().ofMaxSize(3).map(items -> {
                    var array = NODES.arrayNode();
                    items.forEach(array::add);
                    return array;
                })));
        if (nulls) {
            kinds.add(Arbitraries.just(NODES.nullNode()));
        }
        if (depth > 0) {
            kinds.add(object(depth - 1, nulls).map(object -> object));
        }
        return Arbitraries.oneOf(kinds);
    }
}
