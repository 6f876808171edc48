package dev.selvage.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client.Answer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationSettingsWireTest extends OrganizationWireTest {

    private static final String ALL =
            "'organization_logo_url':'https://acme.example/logo.png','sso_jit_provisioning':'NOT_ALLOWED',"
                    + "'email_allowed_domains':['acme.example','acme.test'],'email_jit_provisioning':'RESTRICTED','email_invites':'RESTRICTED',"
                    + "'auth_methods':'RESTRICTED','allowed_auth_methods':['sso','magic_link','email_otp','password','google_oauth','microsoft_oauth',"
                    + "'slack_oauth','github_oauth','hubspot_oauth'],'mfa_policy':'REQUIRED_FOR_ALL',"
                    + "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'stytch_admin'}],"
                    + "'mfa_methods':'RESTRICTED','allowed_mfa_methods':['sms_otp','totp'],'oauth_tenant_jit_provisioning':'RESTRICTED',"
                    + "'allowed_oauth_tenants':{'slack':['T1','T2'],'github':['acme']},'claimed_email_domains':['acme.example'],"
                    + "'first_party_connected_apps_allowed_type':'RESTRICTED','third_party_connected_apps_allowed_type':'NOT_ALLOWED'";

    @Test
    void everySettingIsKeptAsItWasGiven() {
        String id = organization("Acme", ALL);
        var given = Json.object(("{" + ALL + "}").replace('\'', '"'));
        Answer got = b2b.get(PATH + "/" + id).ok();
        given.properties().forEach(member -> assertThat(got.at("organization." + member.getKey()))
                .as(member.getKey())
                .isEqualTo(member.getValue()));
        String plain = organization("Plain", "");
        given.properties().forEach(member -> assertThat(update(plain, ALL).ok().at("organization." + member.getKey()))
                .isEqualTo(member.getValue()));
    }

    @Test
    void nullAndEmptyTextKeepASettingAndAnEmptyListEmptiesIt() {
        String id = organization("Acme", ALL);
        var before = b2b.get(PATH + "/" + id).ok().at("organization");
        String nulls = Json.object(("{" + ALL + "}").replace('\'', '"')).propertyNames().stream()
                .map(name -> "'" + name + "':null")
                .collect(Collectors.joining(","));
        assertThat(update(id, nulls).ok().at("organization")).isEqualTo(before);
        assertThat(update(
                                id,
                                "'auth_methods':'','email_invites':'','mfa_policy':'','mfa_methods':'','sso_jit_provisioning':''")
                        .ok()
                        .at("organization"))
                .isEqualTo(before);
        Answer after = update(
                        id,
                        "'email_allowed_domains':[],'claimed_email_domains':[],'rbac_email_implicit_role_assignments':[],"
                                + "'auth_methods':'ALL_ALLOWED','allowed_auth_methods':[],'mfa_methods':'ALL_ALLOWED','allowed_mfa_methods':[],"
                                + "'oauth_tenant_jit_provisioning':'NOT_ALLOWED','allowed_oauth_tenants':{}")
                .ok();
        for (String list : Arrays.asList(
                "email_allowed_domains",
                "claimed_email_domains",
                "rbac_email_implicit_role_assignments",
                "allowed_auth_methods",
                "allowed_mfa_methods",
                "allowed_oauth_tenants")) {
            assertThat(after.at("organization." + list)).as(list).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'trusted_metadata':{}                              | ALL_ALLOWED",
                "'mfa_policy':'REQUIRED_FOR_ALL'                    | ALL_ALLOWED",
                "'auth_methods':null,'email_allowed_domains':null   | ALL_ALLOWED",
                "'sso_jit_provisioning':'ALL_ALLOWED'               | NOT_ALLOWED",
                "'email_allowed_domains':['acme.example']           | NOT_ALLOWED",
                "'email_jit_provisioning':'RESTRICTED'              | NOT_ALLOWED",
                "'auth_methods':'ALL_ALLOWED'                       | NOT_ALLOWED",
                "'auth_methods':'ALL_ALLOWED','email_invites':'RESTRICTED' | RESTRICTED"
            })
    void invitesAreOpenUnlessTheNewOrganizationDecidesHowPeopleComeIn(String members, String invites) {
        assertThat(create("Acme", members).ok().text("organization.email_invites"))
                .isEqualTo(invites);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'auth_methods':'RESTRICTED'                           | 400 | allowed_auth_methods_required_for_restricted",
                "'auth_methods':'RESTRICTED','allowed_auth_methods':[] | 400 | allowed_auth_methods_required_for_restricted",
                "'auth_methods':'NOT_ALLOWED'                          | 400 | invalid_organization_auth_method_settings",
                "'allowed_auth_methods':['sms']                        | 400 | invalid_organization_allowed_auth_methods",
                "'allowed_auth_methods':[null]                         | 400 | invalid_organization_allowed_auth_methods",
                "'mfa_methods':'RESTRICTED'                            | 400 | allowed_mfa_methods_required_for_restricted",
                "'mfa_methods':'NOT_ALLOWED'                           | 400 | invalid_organization_mfa_factor_setting",
                "'allowed_mfa_methods':['email_otp']                   | 400 | invalid_organization_allowed_mfa_methods",
                "'mfa_policy':'SOMETIMES'                              | 400 | invalid_organization_mfa_policy",
                "'sso_jit_provisioning':'all_allowed'                  | 400 | invalid_organization_auth_factor_setting",
                "'email_invites':'X'                                   | 400 | invalid_organization_auth_factor_setting",
                "'email_jit_provisioning':'ALL_ALLOWED'                | 400 | invalid_organization_auth_factor_setting_for_email_jit_provisioning",
                "'oauth_tenant_jit_provisioning':'ALL_ALLOWED'         | 400 | invalid_organization_auth_factor_setting_for_oauth_tenant_jit_provisioning",
                "'oauth_tenant_jit_provisioning':'RESTRICTED'          | 400 | invalid_restricted_oauth_tenants_setting",
                "'allowed_oauth_tenants':['a']                         | 400 | invalid_oauth_allowed_tenants_format",
                "'allowed_oauth_tenants':{'google':['a']}              | 400 | invalid_oauth_allowed_tenants_format",
                "'allowed_oauth_tenants':{'slack':'a'}                 | 400 | invalid_oauth_allowed_tenants_format",
                "'allowed_oauth_tenants':{'slack':['']}                | 400 | invalid_oauth_allowed_tenants_format",
                "'email_allowed_domains':['acme']                      | 400 | organization_settings_invalid_domain",
                "'email_allowed_domains':['a@acme.example']            | 400 | organization_settings_invalid_domain",
                "'email_allowed_domains':[null]                        | 400 | organization_settings_invalid_domain",
                "'email_allowed_domains':['acme.example','ACME.example'] | 400 | organization_settings_duplicate_domain",
                "'email_allowed_domains':['Gmail.com']                 | 400 | organization_settings_domain_too_common",
                "'email_allowed_domains':['mailinator.com']            | 400 | organization_settings_disposable_domain",
                "'email_allowed_domains':'acme.example'                | 400 | bad_request",
                "'claimed_email_domains':['acme']                      | 400 | organization_settings_invalid_claimed_domain",
                "'claimed_email_domains':['acme.example','acme.example'] | 400 | organization_settings_duplicate_claimed_domain",
                "'claimed_email_domains':['outlook.com']               | 400 | organization_settings_claimed_domain_too_common",
                "'claimed_email_domains':['yopmail.com']               | 400 | organization_settings_disposable_domain",
                "'rbac_email_implicit_role_assignments':[{'domain':'acme.example'}]               | 400 | invalid_rbac_role_assignment",
                "'rbac_email_implicit_role_assignments':[null]                                    | 400 | invalid_rbac_role_assignment",
                "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'x'}] | 400 | invalid_rbac_role_id",
                "'rbac_email_implicit_role_assignments':[{'domain':'acme','role_id':'stytch_admin'}]      | 400 | rbac_invalid_domain",
                "'rbac_email_implicit_role_assignments':[{'domain':'gmail.com','role_id':'stytch_admin'}] | 400 | rbac_domain_too_common",
                "'sso_default_connection_id':'saml-connection-test-1'             | 404 | sso_connection_not_found",
                "'sso_jit_provisioning_allowed_connections':['saml-connection-1'] | 400 | invalid_connection_for_jit_provisioning",
                "'first_party_connected_apps_allowed_type':'X'                    | 400 | bad_request",
                "'allowed_third_party_connected_apps':['x']                       | 400 | bad_request",
                "'allowed_first_party_connected_apps':['connected-app-test-00000000-0000-4000-8000-000000000000'] | 404 | connected_app_not_found"
            })
    void aSettingThatMakesNoSenseIsRefused(String members, int status, String errorType) {
        create("Acme", members).refused(status, errorType);
        String id = organization("Acme", "");
        update(id, members).refused(status, errorType);
        assertThat(b2b.get(PATH + "/" + id).ok().text("organization.email_invites"))
                .isEqualTo("ALL_ALLOWED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sso_jit_provisioning", "email_invites"})
    void oneWayInIsEnough(String way) {
        String closed = "'sso_jit_provisioning':'NOT_ALLOWED','email_invites':'NOT_ALLOWED'";
        create("Acme", closed).refused(400, "invalid_organization_auth_factor_setting");
        String id = organization("Acme", closed.replace("'" + way + "':'NOT_ALLOWED'", "'" + way + "':'RESTRICTED'"));
        update(id, "'" + way + "':'NOT_ALLOWED'").refused(400, "invalid_organization_auth_factor_setting");
        update(id, "'" + way + "':'NOT_ALLOWED','email_jit_provisioning':'RESTRICTED'")
                .ok();
    }

    @Test
    void theLastAllowedMethodStaysWhileMethodsAreRestricted() {
        String id = organization(
                "Acme",
                "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],"
                        + "'mfa_methods':'RESTRICTED','allowed_mfa_methods':['totp']");
        update(id, "'allowed_auth_methods':[]").refused(400, "allowed_auth_methods_required_for_restricted");
        update(id, "'allowed_mfa_methods':[]").refused(400, "allowed_mfa_methods_required_for_restricted");
    }

    @Test
    void listsAndTextsHaveBounds() {
        create("Acme", "'organization_logo_url':'" + "x".repeat(2049) + "'")
                .refused(400, "organization_logo_url_too_long");
        String domains = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> "'d" + i + ".example'")
                .collect(Collectors.joining(",", "[", "]"));
        create("Acme", "'email_allowed_domains':" + domains).refused(400, "bad_request");
        create("Acme", "'claimed_email_domains':" + domains).refused(400, "bad_request");
        String roles = IntStream.rangeClosed(0, 100)
                .mapToObj(i -> "{'domain':'d" + i + ".example','role_id':'stytch_admin'}")
                .collect(Collectors.joining(",", "[", "]"));
        create("Acme", "'rbac_email_implicit_role_assignments':" + roles).refused(400, "too_many_roles");
    }
}
