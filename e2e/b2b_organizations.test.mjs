import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { answered, ledger, refused, unknown } from "./support.mjs";
import { as, client, newMember, newName, newOrganization, signIn, signInAdmin } from "./b2b_support.mjs";

const LATER = { never: "succeeds", because: "nobody can connect an app yet" };
const organizations = ledger("organizations", client.organizations, { connectedApps: LATER, getConnectedApp: LATER }, ["members"]);

test("create makes an organization with all that the call names", async () => {
  const organization_name = newName();
  const organization_slug = `slug-${randomUUID()}`;
  const organization_external_id = `ext|${randomUUID()}`;
  const { organization } = answered(
    await organizations.create({
      organization_name,
      organization_slug,
      organization_external_id,
      organization_logo_url: "https://example.com/logo.png",
      trusted_metadata: { plan: "pro" },
      email_allowed_domains: ["acme.example"],
      email_jit_provisioning: "RESTRICTED",
      email_invites: "ALL_ALLOWED",
      auth_methods: "RESTRICTED",
      allowed_auth_methods: ["magic_link", "password"],
      mfa_policy: "REQUIRED_FOR_ALL",
      mfa_methods: "RESTRICTED",
      allowed_mfa_methods: ["totp"],
      rbac_email_implicit_role_assignments: [{ domain: "acme.example", role_id: "editor" }],
    }),
  );
  assert.match(organization.organization_id, /^organization-test-/);
  assert.equal(organization.organization_name, organization_name);
  assert.equal(organization.organization_slug, organization_slug);
  assert.equal(organization.organization_external_id, organization_external_id);
  assert.deepEqual(organization.trusted_metadata, { plan: "pro" });
  assert.deepEqual(organization.email_allowed_domains, ["acme.example"]);
  assert.deepEqual(organization.allowed_auth_methods, ["magic_link", "password"]);
  assert.equal(organization.mfa_policy, "REQUIRED_FOR_ALL");
  assert.deepEqual(organization.allowed_mfa_methods, ["totp"]);
  assert.deepEqual(organization.rbac_email_implicit_role_assignments, [{ domain: "acme.example", role_id: "editor" }]);
});

test("create refuses a slug that is taken and a restriction to nothing", async () => {
  const { organization_slug } = await newOrganization();
  await refused(organizations.create({ organization_name: newName(), organization_slug }), 400, "organization_slug_already_used");
  await refused(organizations.create({ organization_name: "" }), 400, "organization_name_missing");
  await refused(
    organizations.create({ organization_name: newName(), auth_methods: "RESTRICTED", allowed_auth_methods: [] }),
    400,
    "allowed_auth_methods_required_for_restricted",
  );
});

test("get finds by id, slug and external id", async () => {
  const organization_external_id = `ext|${randomUUID()}`;
  const { organization_id, organization_slug } = await newOrganization({ organization_external_id });
  for (const key of [organization_id, organization_slug, organization_external_id]) {
    assert.equal(answered(await organizations.get({ organization_id: key })).organization.organization_id, organization_id);
  }
  await refused(organizations.get({ organization_id: unknown("organization") }), 404, "organization_not_found");
  await refused(organizations.get({ organization_id: "no such form!" }), 400, "invalid_organization_id");
});

test("update changes what it names and merges metadata", async () => {
  const { organization_id } = await newOrganization({ trusted_metadata: { a: 1, b: 2 } });
  const { organization } = answered(
    await organizations.update({ organization_id, mfa_policy: "REQUIRED_FOR_ALL", trusted_metadata: { a: null, c: 3 } }),
  );
  assert.equal(organization.mfa_policy, "REQUIRED_FOR_ALL");
  assert.deepEqual(organization.trusted_metadata, { b: 2, c: 3 });
  await refused(organizations.update({ organization_id: unknown("organization") }), 404, "organization_not_found");
});

test("a member's session may change what the member's roles permit, in its own organization alone", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const admin = await signInAdmin(organization);
  const member = await signIn(organization);
  const organization_name = newName();
  const renamed = answered(await organizations.update({ organization_id, organization_name }, as(admin)));
  assert.equal(renamed.organization.organization_name, organization_name);
  answered(await organizations.update({ organization_id, organization_name }, { authorization: { session_jwt: admin.session_jwt } }));
  await refused(organizations.update({ organization_id, organization_name }, as(member)), 403, "session_authorization_error");
  const other = await newOrganization();
  await refused(
    organizations.update({ organization_id: other.organization_id, organization_name }, as(admin)),
    403,
    "session_authorization_tenancy_error",
  );
  await refused(
    organizations.update({ organization_id, trusted_metadata: { plan: "free" } }, as(admin)),
    403,
    "session_authorization_error",
  );
  await refused(
    organizations.update({ organization_id, organization_name }, { authorization: { session_token: "A".repeat(44) } }),
    404,
    "session_not_found",
  );
});

test("delete ends the organization, its members and their sessions", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const admin = await signInAdmin(organization);
  await refused(organizations.delete({ organization_id }, as(await signIn(organization))), 403, "session_authorization_error");
  assert.equal(answered(await organizations.delete({ organization_id }, as(admin))).organization_id, organization_id);
  await refused(organizations.get({ organization_id }), 404, "organization_not_found");
  await refused(organizations.delete({ organization_id }), 404, "organization_not_found");
  await refused(client.sessions.authenticate({ session_token: admin.session_token }), 404, "session_not_found");
});

test("deleteExternalId frees the id", async () => {
  const organization_external_id = `ext|${randomUUID()}`;
  const { organization_id } = await newOrganization({ organization_external_id });
  const { organization } = answered(await organizations.deleteExternalId({ organization_id }));
  assert.equal(organization.organization_external_id, null);
  await refused(organizations.get({ organization_id: organization_external_id }), 404, "organization_not_found");
  await refused(organizations.deleteExternalId({ organization_id: unknown("organization") }), 404, "organization_not_found");
});

test("search finds by name and slug, page by page, and refuses what it does not know", async () => {
  const slugs = [];
  for (let i = 0; i < 3; i++) {
    slugs.push((await newOrganization()).organization_slug);
  }
  const query = { operator: "AND", operands: [{ filter_name: "organization_slugs", filter_value: slugs }] };
  const found = [];
  let cursor = "";
  do {
    const page = answered(await organizations.search({ query, limit: 2, cursor }));
    assert.equal(page.results_metadata.total, 3);
    found.push(...page.organizations.map((organization) => organization.organization_slug));
    cursor = page.results_metadata.next_cursor;
  } while (cursor);
  assert.deepEqual(found.sort(), slugs.sort());
  await refused(
    organizations.search({ query: { operator: "AND", operands: [{ filter_name: "shoe_size", filter_value: ["44"] }] } }),
    400,
    "organization_search_filter_name_not_recognized",
  );
});

test("metrics count the members of the organization", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  await newMember(organization);
  await newMember(await newOrganization());
  assert.equal(answered(await organizations.metrics({ organization_id })).member_count, 1);
  await refused(organizations.metrics({ organization_id: unknown("organization") }), 404, "organization_not_found");
});

test("connected apps come later", async () => {
  const { organization_id } = await newOrganization();
  await refused(organizations.connectedApps({ organization_id }), 404, "route_not_found");
  await refused(organizations.getConnectedApp({ organization_id, connected_app_id: unknown("connected-app") }), 404, "route_not_found");
});
