package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainsTest {

    @ParameterizedTest
    @CsvSource({
        "bücher.example,             xn--bcher-kva.example",
        "BÜCHER.Example,             xn--bcher-kva.example",
        "bu\u0308cher.example,       xn--bcher-kva.example",
        "xn--BCHER-kva.example,      xn--bcher-kva.example",
        "bücher。example,            xn--bcher-kva.example",
        "例え.テスト,                  xn--r8jz45g.xn--zckzah",
        "пример.рф,                  xn--e1afmkfd.xn--p1ai",
        "ｅｘａｍｐｌｅ.com,           example.com",
        "Example.COM,                example.com"
    })
    void aNameIsOneValueHoweverItIsWritten(String written, String kept) {
        assertThat(Domains.ascii(written.replace("\\u0308", "\u0308"))).contains(kept);
    }

    /// `faß.example` and `fass.example` are two names to browsers and registries, and one to the mapping of the
    /// JDK.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fa\u00DF.example",
                "\u03B2\u03CC\u03BB\u03BF\u03C2.example",
                "\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.example",
                "a\u200Db.example",
                "b\u00FC/cher.example",
                "b\u00FC*.example",
                "b\uFF0Fx.example",
                "a.\uFE12.example",
                "\uD800.example"
            })
    void whatCouldBeTwoNamesOrNoneIsRefused(String written) {
        assertThat(Domains.ascii(written)).isEmpty();
        assertThat(Domains.ascii("\u00FC".repeat(254))).isEmpty();
    }

    @Test
    void onlyTheHostOfAUrlAndTheDomainOfAnAddressAreMapped() {
        assertThat(Domains.inUrl("https://Bücher.example:8443/ü?x=ü#ü"))
                .isEqualTo("https://xn--bcher-kva.example:8443/ü?x=ü#ü");
        assertThat(Domains.inUrl("https://*.bücher.example")).isEqualTo("https://*.xn--bcher-kva.example");
        for (String url : new String[] {
            "https://Example.com/A", "https://a@bücher.example/", "/bücher.example", "https://fa\u00DF.example/", ""
        }) {
            assertThat(Domains.inUrl(url)).isEqualTo(url);
        }
        assertThat(Domains.inAddress("Ada@bücher.example")).isEqualTo("Ada@xn--bcher-kva.example");
        assertThat(Domains.inAddress("@")).isEqualTo("@");
    }
}
