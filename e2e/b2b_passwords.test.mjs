import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connectB2B, ledger, message, newEmail, newPassword, refused, server } from "./support.mjs";
import { as, client, newMember, newOrganization, signIn } from "./b2b_support.mjs";

const passwords = ledger("passwords", client.passwords);
// In this project a password belongs to an address and is good in all organizations.
const everywhere = connectB2B(server.cross_organization);
const ofAddresses = passwords.of(everywhere.passwords);

/** A member with a password and a session, in a new organization unless one is named. */
async function someone(organization = undefined) {
  const { organization_id } = organization ?? (await newOrganization());
  const password = newPassword();
  const { session_token, member } = await signIn({ organization_id });
  const set = await client.passwords.sessions.reset({ organization_id, session_token, password });
  return { organization_id, email_address: member.email_address, password, session_token, member: set.member };
}

/** An address with a password, a member of an organization of the project whose passwords belong to addresses. */
async function someAddress() {
  const { organization } = await everywhere.organizations.create({ organization_name: "Everywhere" });
  const { organization_id } = organization;
  const email_address = newEmail();
  const { member_id } = await everywhere.organizations.members.create({ organization_id, email_address });
  const password = newPassword();
  await everywhere.passwords.discovery.email.resetStart({ email_address });
  const { token } = await message(email_address, server.cross_organization);
  await everywhere.passwords.discovery.email.reset({ password_reset_token: token, password });
  return { organization_id, member_id, email_address, password };
}

test("authenticate signs in, and refuses a wrong password, an unknown member and one without password", async () => {
  const { organization_id, email_address, password, member } = await someone();
  const answer = answered(await passwords.authenticate({ organization_id, email_address, password, session_duration_minutes: 60 }));
  assert.equal(answer.member_id, member.member_id);
  assert.equal(answer.member_authenticated, true);
  assert.equal(answer.member_session.authentication_factors[0].type, "password");
  await refused(passwords.authenticate({ organization_id, email_address, password: newPassword() }), 401, "unauthorized_credentials");
  await refused(passwords.authenticate({ organization_id, email_address: newEmail(), password }), 404, "member_not_found");
  const { email_address: without } = await newMember({ organization_id });
  await refused(passwords.authenticate({ organization_id, email_address: without, password }), 404, "member_password_not_found");
});

test("a password is good in its own organization alone", async () => {
  const { email_address, password } = await someone();
  const { organization_id } = await newMember(await newOrganization(), { email_address });
  await refused(passwords.authenticate({ organization_id, email_address, password }), 404, "member_password_not_found");
});

test("strengthCheck judges without storing, and needs a password", async () => {
  const weak = answered(await passwords.strengthCheck({ password: "password" }));
  assert.equal(weak.valid_password, false);
  assert.equal(weak.strength_policy, "zxcvbn");
  assert.ok(weak.zxcvbn_feedback.suggestions.length > 0);
  assert.equal((await passwords.strengthCheck({ password: newPassword() })).valid_password, true);
  await refused(passwords.strengthCheck({}), 400, "bad_request");
});

test("migrate takes a hash over, with the member", async () => {
  const { organization_id } = await newOrganization();
  const email_address = newEmail();
  // bcrypt of "U*U*U", from the test vectors of crypt_blowfish.
  const hash = "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a";
  const made = answered(await passwords.migrate({ organization_id, email_address, hash, hash_type: "bcrypt", name: "Ada" }));
  assert.equal(made.member_created, true);
  assert.equal(made.member.name, "Ada");
  assert.equal(made.member.email_address_verified, true);
  answered(await passwords.authenticate({ organization_id, email_address, password: "U*U*U" }));
  await refused(passwords.migrate({ organization_id, email_address, hash, hash_type: "bcrypt" }), 400, "password_already_exists");
  await refused(
    passwords.migrate({ organization_id, email_address: newEmail(), hash: "no hash", hash_type: "bcrypt" }),
    400,
    "invalid_bcrypt_hash",
  );
});

test("a reset by email sets a first password, ends every session and starts one", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member, session_token } = await signIn(organization);
  const { email_address, member_id } = member;
  const started = answered(await passwords.email.resetStart({ organization_id, email_address }));
  assert.equal(started.member_id, member_id);
  const { token } = await message(email_address, server.b2b);
  const password = newPassword();
  await refused(passwords.email.reset({ password_reset_token: token, password: "password" }), 400, "weak_password");
  const answer = answered(await passwords.email.reset({ password_reset_token: token, password }));
  assert.equal(answer.member_email_id, started.member_email_id);
  assert.match(answer.member.member_password_id, /^member-password-test-/);
  assert.equal(answer.member_session.member_id, member_id);
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(passwords.email.reset({ password_reset_token: token, password }), 401, "unable_to_auth_password_reset_token");
  await refused(passwords.email.resetStart({ organization_id, email_address: newEmail() }), 404, "member_not_found");
  answered(await passwords.authenticate({ organization_id, email_address, password }));
});

test("a reset by the existing password ends every other session", async () => {
  const { organization_id, email_address, password, session_token } = await someone();
  const request = { organization_id, email_address, existing_password: password, new_password: newPassword() };
  const answer = answered(await passwords.existingPassword.reset(request));
  assert.equal(answer.member_session.authentication_factors[0].type, "password");
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(passwords.existingPassword.reset(request), 400, "password_does_not_match");
});

test("a reset by session keeps that session alone", async () => {
  const { organization_id, email_address, password, session_token } = await someone();
  const other = await client.passwords.authenticate({ organization_id, email_address, password });
  const answer = answered(await passwords.sessions.reset({ organization_id, session_token, password: newPassword() }));
  assert.equal(answer.session_token, session_token);
  await refused(client.sessions.authenticate({ session_token: other.session_token }), 404, "session_not_found");
  await refused(
    passwords.sessions.reset({ organization_id, session_token: "A".repeat(44), password: newPassword() }),
    404,
    "session_not_found",
  );
});

test("passwords of addresses are good for discovery, and only in projects that have them", async () => {
  const { organization_id, email_address, password } = await someAddress();
  const answer = answered(await ofAddresses.discovery.authenticate({ email_address, password }));
  assert.equal(answer.email_address, email_address);
  assert.deepEqual(
    answer.discovered_organizations.map((found) => found.organization.organization_id),
    [organization_id],
  );
  answered(await ofAddresses.authenticate({ organization_id, email_address, password }));
  await refused(ofAddresses.discovery.authenticate({ email_address, password: newPassword() }), 401, "unauthorized_credentials");
  await refused(passwords.discovery.authenticate({ email_address, password }), 400, "cross_org_passwords_not_enabled");
});

test("a discovery reset sets the password of an address and ends the sessions of all its members", async () => {
  const { organization_id, email_address, password } = await someAddress();
  const { session_token } = await everywhere.passwords.authenticate({ organization_id, email_address, password });
  answered(await ofAddresses.discovery.email.resetStart({ email_address }));
  const { token } = await message(email_address, server.cross_organization);
  const request = { password_reset_token: token, password: newPassword() };
  const answer = answered(await ofAddresses.discovery.email.reset(request));
  assert.equal(answer.intermediate_session_token.length, 44);
  await refused(everywhere.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(ofAddresses.discovery.email.reset(request), 401, "unable_to_auth_password_reset_token");
  await refused(passwords.discovery.email.resetStart({ email_address }), 400, "cross_org_passwords_not_enabled");
});

test("requireReset makes a password of an address useless, by whoever may", async () => {
  const { organization_id, member_id, email_address, password } = await someAddress();
  const peer = await (async () => {
    const email = newEmail();
    await everywhere.organizations.members.create({ organization_id, email_address: email });
    await everywhere.magicLinks.email.loginOrSignup({ organization_id, email_address: email });
    const { token } = await message(email, server.cross_organization);
    return everywhere.magicLinks.authenticate({ magic_links_token: token });
  })();
  await refused(ofAddresses.email.requireReset({ email_address, organization_id }, as(peer)), 403, "session_authorization_error");
  const answer = answered(await ofAddresses.email.requireReset({ email_address, organization_id }));
  assert.equal(answer.member_id, member_id);
  await refused(ofAddresses.authenticate({ organization_id, email_address, password }), 404, "member_password_not_found");
});
