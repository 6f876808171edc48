import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, ledger, message, newEmail, newPassword, newPhone, refused, server, unknown } from "./support.mjs";
import { as, client, newMember, newOrganization, signIn, signInAdmin, totpCode } from "./b2b_support.mjs";

const LATER = "connected apps and registrations with identity providers come later";
const members = ledger("organizations.members", client.organizations.members, {
  getConnectedApps: { never: "succeeds", because: LATER },
  "connectedApps.revoke": { never: "succeeds", because: LATER },
  oidcProviders: { never: "succeeds", because: LATER },
  "oauthProviders.google": { never: "succeeds", because: LATER },
  "oauthProviders.microsoft": { never: "succeeds", because: LATER },
  "oauthProviders.slack": { never: "succeeds", because: LATER },
  "oauthProviders.hubspot": { never: "succeeds", because: LATER },
  "oauthProviders.github": { never: "succeeds", because: LATER },
});

/** The path of a member. */
function whose({ organization_id, member_id }) {
  return { organization_id, member_id };
}

test("create makes a member with all that the call names", async () => {
  const { organization_id } = await newOrganization();
  const email_address = newEmail();
  const mfa_phone_number = newPhone();
  const { member_id, member, organization } = answered(
    await members.create({
      organization_id,
      email_address,
      name: "Ada Lovelace",
      trusted_metadata: { plan: "pro" },
      untrusted_metadata: { theme: "dark" },
      is_breakglass: true,
      mfa_phone_number,
      mfa_enrolled: true,
      roles: ["editor"],
      external_id: "ada",
    }),
  );
  assert.match(member_id, /^member-test-/);
  assert.equal(organization.organization_id, organization_id);
  assert.equal(member.status, "active");
  assert.equal(member.email_address, email_address);
  assert.equal(member.email_address_verified, false);
  assert.equal(member.name, "Ada Lovelace");
  assert.deepEqual(member.trusted_metadata, { plan: "pro" });
  assert.deepEqual(member.untrusted_metadata, { theme: "dark" });
  assert.equal(member.is_breakglass, true);
  assert.equal(member.mfa_phone_number, mfa_phone_number);
  assert.equal(member.mfa_enrolled, true);
  assert.deepEqual(member.roles.map((role) => role.role_id).sort(), ["editor", "stytch_member"]);
  assert.equal(member.external_id, "ada");
  await refused(members.create({ organization_id, email_address }), 400, "duplicate_member_email");
});

test("an address is one member in each organization", async () => {
  const member = await newMember(await newOrganization());
  const twin = await newMember(await newOrganization(), { email_address: member.email_address });
  assert.notEqual(twin.member_id, member.member_id);
});

test("get finds by id, external id and address, in the member's own organization alone", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member_id, email_address } = await newMember(organization, { external_id: "ada" });
  for (const key of [{ member_id }, { member_id: "ada" }, { email_address }]) {
    assert.equal(answered(await members.get({ organization_id, ...key })).member_id, member_id);
  }
  const other = await newOrganization();
  await refused(members.get({ organization_id: other.organization_id, member_id }), 404, "member_not_found");
  await refused(members.get({ organization_id: other.organization_id, email_address }), 404, "member_not_found");
  await refused(members.get({ organization_id }), 400, "invalid_member_get_fields");
});

test("dangerouslyGet needs no organization, and finds deleted members when asked", async () => {
  const member = await newMember(await newOrganization());
  const { member_id } = member;
  assert.equal(answered(await members.dangerouslyGet({ member_id })).member.organization_id, member.organization_id);
  await members.delete(whose(member));
  await refused(members.dangerouslyGet({ member_id }), 404, "member_not_found");
  assert.equal(answered(await members.dangerouslyGet({ member_id, include_deleted: true })).member.status, "deleted");
});

test("search finds within the organizations that it names", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const made = [await newMember(organization), await newMember(organization), await newMember(organization)];
  await newMember(await newOrganization(), { email_address: made[0].email_address });
  const found = [];
  let cursor = "";
  do {
    const page = answered(await members.search({ organization_ids: [organization_id], limit: 2, cursor }));
    assert.equal(page.results_metadata.total, 3);
    assert.equal(page.organizations[organization_id].organization_id, organization_id);
    found.push(...page.members.map((member) => member.member_id));
    cursor = page.results_metadata.next_cursor;
  } while (cursor);
  assert.deepEqual(found.sort(), made.map((member) => member.member_id).sort());
  const byEmail = { operator: "AND", operands: [{ filter_name: "member_emails", filter_value: [made[0].email_address] }] };
  const { members: one } = await members.search({ organization_ids: [organization_id], query: byEmail });
  assert.deepEqual(one.map((member) => member.member_id), [made[0].member_id]);
  await refused(members.search({ organization_ids: [] }), 400, "member_search_organization_ids_empty");
});

test("a member may search its own organization when its roles say so", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const [admin, peer] = [await signInAdmin(organization), await signIn(organization)];
  assert.equal(answered(await members.search({ organization_ids: [organization_id] }, as(admin))).members.length, 2);
  await refused(members.search({ organization_ids: [organization_id] }, as(peer)), 403, "session_authorization_error");
  const other = await newOrganization();
  await refused(
    members.search({ organization_ids: [organization_id, other.organization_id] }, as(admin)),
    403,
    "session_authorization_tenancy_error",
  );
});

test("update merges, and a member of another organization cannot be updated", async () => {
  const member = await newMember(await newOrganization(), { trusted_metadata: { a: 1, b: 2 } });
  const updated = answered(
    await members.update({ ...whose(member), name: "Grace", trusted_metadata: { a: null, c: 3 }, roles: ["editor"], external_id: "grace" }),
  );
  assert.equal(updated.member.name, "Grace");
  assert.deepEqual(updated.member.trusted_metadata, { b: 2, c: 3 });
  assert.ok(updated.member.roles.some((role) => role.role_id === "editor"));
  assert.equal(updated.member.external_id, "grace");
  const other = await newOrganization();
  await refused(members.update({ organization_id: other.organization_id, member_id: member.member_id, name: "Eve" }), 404, "member_not_found");
});

test("a member may change its own name, and the roles of nobody", async () => {
  const organization = await newOrganization();
  const [admin, me, peer] = [await signInAdmin(organization), await signIn(organization), await signIn(organization)];
  assert.equal(answered(await members.update({ ...whose(me.member), name: "Ada" }, as(me))).member.name, "Ada");
  await refused(members.update({ ...whose(peer.member), name: "Eve" }, as(me)), 403, "session_authorization_error");
  await refused(members.update({ ...whose(me.member), roles: ["stytch_admin"] }, as(me)), 403, "session_authorization_error");
  await refused(members.update({ ...whose(me.member), trusted_metadata: { plan: "pro" } }, as(admin)), 403, "session_authorization_error");
  answered(await members.update({ ...whose(me.member), roles: ["editor"] }, as(admin)));
  const stranger = await signInAdmin(await newOrganization());
  await refused(members.update({ ...whose(me.member), name: "Eve" }, as(stranger)), 403, "session_authorization_tenancy_error");
});

test("delete ends a member and the sessions, reactivate brings the member back without them", async () => {
  const organization = await newOrganization();
  const [admin, peer] = [await signInAdmin(organization), await signIn(organization)];
  const { member, session_token } = await signIn(organization);
  await refused(members.delete(whose(member), as(peer)), 403, "session_authorization_error");
  assert.equal(answered(await members.delete(whose(member), as(admin))).member_id, member.member_id);
  await refused(members.delete(whose(member)), 404, "member_not_found");
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(members.reactivate(whose(member), as(peer)), 403, "session_authorization_error");
  assert.equal(answered(await members.reactivate(whose(member), as(admin))).member.status, "active");
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(members.reactivate(whose(member)), 400, "no_deleted_member_found_for_reactivation");
});

test("startEmailUpdate changes the address when the new one is proven, and unlinkRetiredEmail frees the old one", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member } = await signIn(organization);
  const [before, after] = [member.email_address, newEmail()];
  const taken = await newMember(organization);
  await refused(members.startEmailUpdate({ ...whose(member), email_address: taken.email_address }), 400, "duplicate_member_email");
  answered(await members.startEmailUpdate({ ...whose(member), email_address: after }));
  assert.equal((await members.get(whose(member))).member.email_address, before);
  const { token } = await message(after, server.b2b);
  const { member: changed } = answered(await client.magicLinks.authenticate({ magic_links_token: token }));
  assert.equal(changed.email_address, after);
  assert.deepEqual(changed.retired_email_addresses.map((retired) => retired.email_address), [before]);
  await refused(members.create({ organization_id, email_address: before }), 400, "retired_member_email");
  const left = answered(await members.unlinkRetiredEmail({ ...whose(member), email_address: before }));
  assert.deepEqual(left.member.retired_email_addresses, []);
  await refused(members.unlinkRetiredEmail({ ...whose(member), email_address: before }), 404, "email_not_found");
  answered(await members.create({ organization_id, email_address: before }));
});

test("deleteExternalId frees the id", async () => {
  const member = await newMember(await newOrganization(), { external_id: "ada" });
  const { organization_id } = member;
  answered(await members.deleteExternalId({ organization_id, member_id: "ada" }));
  await refused(members.deleteExternalId({ organization_id, member_id: "ada" }), 404, "member_not_found");
});

test("deleteMFAPhoneNumber takes the number away", async () => {
  const member = await newMember(await newOrganization(), { mfa_phone_number: newPhone() });
  assert.equal(answered(await members.deleteMFAPhoneNumber(whose(member))).member.mfa_phone_number, "");
  await refused(members.deleteMFAPhoneNumber(whose(member)), 404, "member_phone_number_not_found");
});

test("deleteTOTP takes the authenticator app away", async () => {
  const organization = await newOrganization();
  const { member, session_token } = await signIn(organization);
  const { secret } = await client.totps.create(whose(member));
  await client.totps.authenticate({ ...whose(member), session_token, code: totpCode(secret) });
  assert.equal(answered(await members.deleteTOTP(whose(member), as({ session_token }))).member.totp_registration_id, "");
  await refused(members.deleteTOTP(whose(member)), 404, "totp_not_found");
});

test("deletePassword takes the password away", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member, session_token } = await signIn(organization);
  const { member: set } = await client.passwords.sessions.reset({ organization_id, session_token, password: newPassword() });
  const { member_password_id } = set;
  assert.match(member_password_id, /^member-password-test-/);
  const other = await newOrganization();
  await refused(members.deletePassword({ organization_id: other.organization_id, member_password_id }), 404, "member_password_not_found");
  assert.equal(answered(await members.deletePassword({ organization_id, member_password_id })).member.member_password_id, "");
  await refused(members.deletePassword({ organization_id, member_password_id }), 404, "member_password_not_found");
});

test("connected apps and identity providers come later", async () => {
  const who = whose(await newMember(await newOrganization()));
  await refused(members.getConnectedApps(who), 404, "route_not_found");
  await refused(members.connectedApps.revoke({ ...who, connected_app_id: unknown("connected-app") }), 404, "route_not_found");
  await refused(members.oidcProviders(who), 404, "route_not_found");
  for (const provider of ["google", "microsoft", "slack", "hubspot", "github"]) {
    await refused(members.oauthProviders[provider](who), 404, "route_not_found");
  }
});
