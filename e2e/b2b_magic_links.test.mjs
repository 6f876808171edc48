import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { test } from "node:test";
import { answered, ledger, message, newEmail, refused, server, unknown } from "./support.mjs";
import { as, client, newMember, newOrganization, signIn, signInAdmin } from "./b2b_support.mjs";

const magicLinks = ledger("magicLinks", client.magicLinks);

/** The token in the newest mail to an address. */
async function tokenTo(email_address) {
  return (await message(email_address, server.b2b)).token;
}

test("loginOrSignup makes a pending member whose mail leads to the redirect URL and signs in", async () => {
  const domain = `${randomUUID()}.example`;
  const { organization_id } = await newOrganization({ email_jit_provisioning: "RESTRICTED", email_allowed_domains: [domain] });
  const email_address = `ada@${domain}`;
  const made = answered(await magicLinks.email.loginOrSignup({ organization_id, email_address }));
  assert.equal(made.member_created, true);
  assert.equal(made.member.status, "pending");
  const { link, token } = await message(email_address, server.b2b);
  const redirect = await fetch(link, { redirect: "manual" });
  assert.equal(redirect.status, 302);
  const target = new URL(redirect.headers.get("location"));
  assert.equal(target.searchParams.get("stytch_token_type"), "multi_tenant_magic_links");
  assert.equal(target.searchParams.get("token"), token);
  const answer = answered(await magicLinks.authenticate({ magic_links_token: token, session_duration_minutes: 60 }));
  assert.equal(answer.member_id, made.member_id);
  assert.equal(answer.member.status, "active");
  assert.equal(answer.member.email_address_verified, true);
  assert.equal(answer.member_authenticated, true);
  assert.equal(answer.reset_sessions, false);
  assert.equal(answer.member_session.authentication_factors[0].email_factor.email_address, email_address);
});

test("loginOrSignup lets in whom the organization allows", async () => {
  const { organization_id } = await newOrganization();
  await refused(magicLinks.email.loginOrSignup({ organization_id, email_address: newEmail() }), 400, "email_jit_provisioning_not_allowed");
  const restricted = await newOrganization({ email_jit_provisioning: "RESTRICTED", email_allowed_domains: [`${randomUUID()}.example`] });
  await refused(
    magicLinks.email.loginOrSignup({ organization_id: restricted.organization_id, email_address: newEmail() }),
    400,
    "invalid_email_for_jit_provisioning",
  );
  await refused(magicLinks.email.loginOrSignup({ organization_id, email_address: "no address" }), 400, "invalid_email");
  await refused(
    magicLinks.email.loginOrSignup({ organization_id: unknown("organization"), email_address: newEmail() }),
    404,
    "organization_not_found",
  );
});

test("a link signs in once, with a proof key", async () => {
  const organization = await newOrganization();
  const { email_address, organization_id } = await newMember(organization);
  const pkce_code_verifier = randomBytes(48).toString("base64url");
  const pkce_code_challenge = createHash("sha256").update(pkce_code_verifier).digest("base64url");
  await magicLinks.email.loginOrSignup({ organization_id, email_address, pkce_code_challenge });
  const magic_links_token = await tokenTo(email_address);
  await refused(magicLinks.authenticate({ magic_links_token }), 400, "pkce_expected_code_verifier");
  answered(await magicLinks.authenticate({ magic_links_token, pkce_code_verifier }));
  await refused(magicLinks.authenticate({ magic_links_token, pkce_code_verifier }), 401, "unable_to_auth_magic_link");
  await refused(magicLinks.authenticate({ magic_links_token: "A".repeat(44) }), 404, "magic_link_not_found");
});

test("an organization that wants a second factor gives no session for a link alone", async () => {
  const organization = await newOrganization({ mfa_policy: "REQUIRED_FOR_ALL" });
  const answer = answered(await signIn(organization));
  assert.equal(answer.member_authenticated, false);
  assert.deepEqual([answer.session_token, answer.session_jwt, answer.member_session], ["", "", null]);
  assert.equal(answer.intermediate_session_token.length, 44);
  assert.deepEqual(answer.mfa_required, { member_options: null, secondary_auth_initiated: null });
});

test("an organization that lets nobody in by link names the ways that it wants", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const email_address = newEmail();
  await magicLinks.email.invite({ organization_id, email_address });
  await client.organizations.update({ organization_id, auth_methods: "RESTRICTED", allowed_auth_methods: ["email_otp"] });
  const answer = answered(await magicLinks.authenticate({ magic_links_token: await tokenTo(email_address) }));
  assert.equal(answer.member_authenticated, false);
  assert.deepEqual(answer.primary_required.allowed_auth_methods, ["email_otp"]);
});

test("invite makes an invited member whose link signs in", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const email_address = newEmail();
  const { member_id, member } = answered(
    await magicLinks.email.invite({ organization_id, email_address, name: "Ada Lovelace", roles: ["editor"] }),
  );
  assert.equal(member.status, "invited");
  assert.equal(member.name, "Ada Lovelace");
  const answer = answered(await magicLinks.authenticate({ magic_links_token: await tokenTo(email_address) }));
  assert.equal(answer.member_id, member_id);
  assert.equal(answer.member.status, "active");
  assert.ok(answer.member_session.roles.includes("editor"));
  await refused(magicLinks.email.invite({ organization_id, email_address }), 400, "duplicate_member_email");
});

test("a member may invite only with the right to make members", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const [admin, peer] = [await signInAdmin(organization), await signIn(organization)];
  answered(await magicLinks.email.invite({ organization_id, email_address: newEmail() }, as(admin)));
  await refused(magicLinks.email.invite({ organization_id, email_address: newEmail() }, as(peer)), 403, "session_authorization_error");
  const other = await newOrganization();
  await refused(
    magicLinks.email.invite({ organization_id: other.organization_id, email_address: newEmail() }, as(admin)),
    403,
    "session_authorization_tenancy_error",
  );
});

test("deleting an invited member takes the invite back", async () => {
  const { organization_id } = await newOrganization();
  const email_address = newEmail();
  const { member_id } = await magicLinks.email.invite({ organization_id, email_address });
  const magic_links_token = await tokenTo(email_address);
  await client.organizations.members.delete({ organization_id, member_id });
  await refused(magicLinks.authenticate({ magic_links_token }), 401, "unable_to_auth_magic_link");
});

test("discovery proves an address in no organization", async () => {
  const organization = await newOrganization();
  const { email_address } = await newMember(organization);
  answered(await magicLinks.email.discovery.send({ email_address }));
  const discovery_magic_links_token = await tokenTo(email_address);
  await refused(magicLinks.authenticate({ magic_links_token: discovery_magic_links_token }), 404, "magic_link_not_found");
  const answer = answered(await magicLinks.discovery.authenticate({ discovery_magic_links_token }));
  assert.equal(answer.email_address, email_address);
  assert.equal(answer.intermediate_session_token.length, 44);
  assert.deepEqual(
    answer.discovered_organizations.map((found) => [found.organization.organization_id, found.membership.type]),
    [[organization.organization_id, "active_member"]],
  );
  await refused(magicLinks.discovery.authenticate({ discovery_magic_links_token }), 401, "unable_to_auth_magic_link");
  await refused(magicLinks.discovery.authenticate({ discovery_magic_links_token: "A".repeat(44) }), 404, "magic_link_not_found");
  await refused(magicLinks.email.discovery.send({ email_address: "no address" }), 400, "invalid_email");
});
