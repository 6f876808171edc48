package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FactorTest {

    /// Rows as the store holds them, one of each kind: what is written must not change, or an earlier session
    /// cannot be read.
    private static final String ROWS = """
            [\
            {"type":"magic_link","delivery_method":"email","created_at":1,\
            "last_authenticated_at":1,"detail":{"email_id":"one","email_address":"two"}},\
            {"type":"magic_link","delivery_method":"embedded","created_at":1,\
            "last_authenticated_at":1,"detail":{"embedded_id":"one"}},\
            {"type":"email_otp","delivery_method":"email","created_at":1,\
            "last_authenticated_at":1,"detail":{"email_id":"one","email_address":"two"}},\
            {"type":"password","delivery_method":"knowledge","created_at":1,\
            "last_authenticated_at":1,"detail":{"email_address":"one","mailed":"true"}},\
            {"type":"password","delivery_method":"knowledge","created_at":1,\
            "last_authenticated_at":1,"detail":{"email_address":"one"}},\
            {"type":"password","delivery_method":"knowledge","created_at":1,\
            "last_authenticated_at":1,"detail":{}},\
            {"type":"otp","delivery_method":"sms","created_at":1,\
            "last_authenticated_at":1,"detail":{"phone_id":"one","phone_number":"two"}},\
            {"type":"totp","delivery_method":"authenticator_app","created_at":1,\
            "last_authenticated_at":1,"detail":{"totp_id":"one"}},\
            {"type":"recovery_codes","delivery_method":"recovery_code","created_at":1,\
            "last_authenticated_at":1,"detail":{"totp_recovery_code_id":"one"}},\
            {"type":"imported","delivery_method":"imported_auth0","created_at":1,\
            "last_authenticated_at":1,"detail":{}},\
            {"type":"trusted_auth_token","delivery_method":"trusted_token_exchange","created_at":1,\
            "last_authenticated_at":1,"detail":{"token_id":"one"}}]""";

    /// One factor of each kind, in the order of the kinds.
    private static List<Factor> each(String one, String two, long created) {
        return List.of(
                Factor.emailMagicLink(one, two, created),
                Factor.embeddableMagicLink(one, created),
                Factor.emailOtp(one, two, created),
                Factor.firstPasswordOf(one, created),
                Factor.passwordOf(one, created),
                Factor.password(created),
                Factor.smsOtp(one, two, created),
                Factor.totp(one, created),
                Factor.recoveryCode(one, created),
                Factor.imported(created),
                Factor.trustedAuthToken(one, created));
    }

    @Provide
    Arbitrary<List<Factor>> factors() {
        return Combinators.combine(
                        Arbitraries.strings(), Arbitraries.strings(), Arbitraries.longs(), Arbitraries.longs())
                .flatAs((one, two, created, last) -> Arbitraries.of(each(one, two, created).stream()
                        .map(factor -> new Factor(factor.kind(), factor.detail(), created, last))
                        .toList()))
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 200)
    void aListIsReadAsItWasWritten(@ForAll("factors") List<Factor> factors) {
        assertThat(Factor.list(Factor.json(factors))).isEqualTo(factors);
    }

    @Example
    void rowsKeepTheirForm() {
        List<Factor> factors = each("one", "two", 1);
        assertThat(factors).extracting(Factor::kind).containsExactly(Factor.Kind.values());
        assertThat(Factor.json(factors)).isEqualTo(ROWS);
        assertThat(Factor.list(ROWS)).isEqualTo(factors);
    }

    @Example
    void whatANewerProgramAddedIsPassedOver() {
        assertThat(
                        Factor.list(
                                "[{\"new\":{\"a\":[1,{}]},\"type\":\"password\",\"newer\":null,\"delivery_method\":\"knowledge\"},"
                                        + "{\"type\":\"password\",\"delivery_method\":\"telepathy\",\"detail\":{\"mind\":\"m\"}}]"))
                .extracting(Factor::kind)
                .containsExactly(Factor.Kind.PASSWORD);
    }
}
