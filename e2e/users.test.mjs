import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connect, ledger, newEmail, newPassword, newPhone, refused, server, unknown } from "./support.mjs";

const client = connect();
const users = ledger("users", client.users, {
  revoke: { never: "succeeds", because: "nobody can connect an app yet" },
});

test("create makes a user with all that the call names", async () => {
  const email = newEmail();
  const phone_number = newPhone();
  const external_id = `ext|${email.replace("@", ".")}`;
  const made = answered(
    await users.create({
      email,
      phone_number,
      external_id,
      name: { first_name: "Ada", last_name: "Lovelace" },
      trusted_metadata: { plan: "pro" },
      untrusted_metadata: { theme: "dark" },
      roles: ["editor"],
    }),
  );
  assert.equal(made.status, "active");
  assert.equal(made.user.emails[0].email_id, made.email_id);
  assert.equal(made.user.phone_numbers[0].phone_id, made.phone_id);
  assert.equal(made.user.name.first_name, "Ada");
  const found = answered(await users.get({ user_id: external_id }));
  assert.equal(found.user_id, made.user_id);
  assert.deepEqual(found.trusted_metadata, { plan: "pro" });
  assert.deepEqual(found.untrusted_metadata, { theme: "dark" });
  assert.ok(found.roles.includes("editor"));
  await refused(users.create({ email }), 400, "duplicate_email");
});

test("get refuses malformed and unknown ids", async () => {
  await refused(users.get({ user_id: "no such form!" }), 400, "invalid_user_id");
  await refused(users.get({ user_id: unknown("user") }), 404, "user_not_found");
});

test("an id with odd characters stays one segment of the path", async () => {
  await refused(users.get({ user_id: "a/b" }), 400, "invalid_user_id");
  await refused(users.get({ user_id: "a|b" }), 404, "user_not_found");
});

test("search finds by email and refuses what it does not know", async () => {
  const email = newEmail();
  const { user_id } = await users.create({ email });
  const answer = answered(
    await users.search({ query: { operator: "AND", operands: [{ filter_name: "email_address", filter_value: [email] }] } }),
  );
  assert.deepEqual(answer.results.map((user) => user.user_id), [user_id]);
  assert.equal(answer.results_metadata.total, 1);
  await refused(
    users.search({ query: { operator: "AND", operands: [{ filter_name: "shoe_size", filter_value: [email] }] } }),
    400,
    "user_search_filter_name_not_recognized",
  );
  await refused(users.search({ cursor: "no cursor" }), 400, "user_search_invalid_cursor");
});

test("searchAll walks every page", async () => {
  const made = [];
  for (let i = 0; i < 3; i++) {
    made.push((await users.create({ email: newEmail() })).user_id);
  }
  const found = [];
  const pages = users.searchAll({ limit: 1, query: { operator: "AND", operands: [{ filter_name: "user_id", filter_value: made }] } });
  for await (const page of pages) {
    found.push(...page.map((user) => user.user_id));
  }
  assert.deepEqual(found.sort(), made.sort());
});

test("update merges, and a user who is not there cannot be updated", async () => {
  const { user_id } = await users.create({ email: newEmail(), trusted_metadata: { a: 1, b: 2 } });
  const updated = answered(await users.update({ user_id, name: { first_name: "Grace" }, trusted_metadata: { a: null, c: 3 } }));
  assert.equal(updated.user.name.first_name, "Grace");
  assert.deepEqual(updated.user.trusted_metadata, { b: 2, c: 3 });
  await refused(users.update({ user_id: unknown("user"), name: { first_name: "Grace" } }), 404, "user_not_found");
});

test("exchangePrimaryFactor puts another factor in the place of the only one", async () => {
  const { user_id } = await users.create({ email: newEmail() });
  const email_address = newEmail();
  const { user } = answered(await users.exchangePrimaryFactor({ user_id, email_address }));
  assert.deepEqual(user.emails.map((email) => email.email), [email_address]);
  await refused(users.exchangePrimaryFactor({ user_id }), 400, "invalid_exchange_primary_factor_fields");
});

test("delete ends the user and their sessions", async () => {
  const made = await client.passwords.create({ email: newEmail(), password: newPassword(), session_duration_minutes: 60 });
  answered(await users.delete({ user_id: made.user_id }));
  await refused(users.get({ user_id: made.user_id }), 404, "user_not_found");
  await refused(users.delete({ user_id: made.user_id }), 404, "user_not_found");
  await refused(client.sessions.authenticate({ session_token: made.session_token }), 404, "session_not_found");
});

test("deleteEmail leaves a primary factor", async () => {
  const { email_id, phone_id } = await users.create({ email: newEmail(), phone_number: newPhone() });
  const { user } = answered(await users.deleteEmail({ email_id }));
  assert.deepEqual(user.emails, []);
  await refused(users.deleteEmail({ email_id }), 404, "email_not_found");
  await refused(users.deletePhoneNumber({ phone_id }), 400, "cannot_delete_last_primary_factor");
});

test("deletePhoneNumber leaves a primary factor", async () => {
  const { phone_id } = await users.create({ email: newEmail(), phone_number: newPhone() });
  const { user } = answered(await users.deletePhoneNumber({ phone_id }));
  assert.deepEqual(user.phone_numbers, []);
  await refused(users.deletePhoneNumber({ phone_id }), 404, "phone_number_not_found");
});

test("deletePassword takes the password away", async () => {
  const email = newEmail();
  const password = newPassword();
  const { user } = await client.passwords.create({ email, password });
  const answer = answered(await users.deletePassword({ password_id: user.password.password_id }));
  assert.equal(answer.user.password, null);
  await refused(users.deletePassword({ password_id: user.password.password_id }), 404, "password_not_found");
});

test("deleteExternalId frees the id", async () => {
  const external_id = `customer.${Date.now()}`;
  const { user_id } = await users.create({ email: newEmail(), external_id });
  answered(await users.deleteExternalId({ user_id }));
  await refused(users.get({ user_id: external_id }), 404, "user_not_found");
  await refused(users.deleteExternalId({ user_id: unknown("user") }), 404, "user_not_found");
});

// No call makes these registrations yet, so the server of the tests comes with a user who has one of each.
const REGISTRATIONS = [
  ["deleteTOTP", "totp_id", "totps", "totp_not_found"],
  ["deleteWebAuthnRegistration", "webauthn_registration_id", "webauthn_registrations", "webauthn_registration_not_found"],
  ["deleteBiometricRegistration", "biometric_registration_id", "biometric_registrations", "biometric_registration_not_found"],
  ["deleteCryptoWallet", "crypto_wallet_id", "crypto_wallets", "crypto_wallet_not_found"],
  ["deleteOAuthRegistration", "oauth_user_registration_id", "providers", "oauth_user_registration_not_found"],
];
for (const [method, id, list, notFound] of REGISTRATIONS) {
  test(`${method} takes the registration away, once`, async () => {
    const before = await users.get({ user_id: server.registered.user_id });
    assert.equal(before[list].length, 1);
    const { user } = answered(await users[method]({ [id]: server.registered[id] }));
    assert.deepEqual(user[list], []);
    await refused(users[method]({ [id]: server.registered[id] }), 404, notFound);
  });
}

test("connectedApps lists none, and revoke finds none", async () => {
  const { user_id } = await users.create({ email: newEmail() });
  assert.deepEqual(answered(await users.connectedApps({ user_id })).connected_apps, []);
  await refused(users.connectedApps({ user_id: unknown("user") }), 404, "user_not_found");
  await refused(users.revoke({ user_id, connected_app_id: unknown("connected-app") }), 404, "connected_app_not_found");
});
