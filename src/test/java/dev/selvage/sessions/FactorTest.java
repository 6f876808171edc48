package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import tools.jackson.core.type.TypeReference;

class FactorTest {

    @Property(tries = 200)
    void aListIsReadAsItWasWritten(@ForAll @Size(max = 4) List<String> texts, @ForAll long time) {
        List<Factor> factors = texts.stream()
                .map(text -> {
                    LinkedHashMap<String, String> detail = new LinkedHashMap<>();
                    texts.forEach(each -> detail.put(each, text));
                    return new Factor(text, "email", time, time - 1, -time, text, detail);
                })
                .toList();
        assertThat(Factor.list(Json.write(factors)))
                .isEqualTo(factors)
                .isEqualTo(Json.read(Json.write(factors), new TypeReference<List<Factor>>() {}));
    }

    @Example
    void whatANewerProgramAddedIsPassedOver() {
        assertThat(
                        Factor.list(
                                "[{\"new\":{\"a\":[1,{}]},\"type\":\"password\",\"newer\":null,\"delivery_method\":\"knowledge\"}]"))
                .singleElement()
                .extracting(Factor::type, Factor::deliveryMethod)
                .containsExactly("password", "knowledge");
    }
}
