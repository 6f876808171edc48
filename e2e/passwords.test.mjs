import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connect, ledger, message, newEmail, newPassword, refused } from "./support.mjs";

const client = connect();
const passwords = ledger("passwords", client.passwords);

/** Someone with a password and a session. */
async function someone() {
  const email = newEmail();
  const password = newPassword();
  return { email, password, ...(await client.passwords.create({ email, password, session_duration_minutes: 60 })) };
}

test("create makes a user, and a session when asked", async () => {
  const email = newEmail();
  const made = answered(await passwords.create({ email, password: newPassword(), session_duration_minutes: 60 }));
  assert.equal(made.user.emails[0].email, email);
  assert.equal(made.session.user_id, made.user_id);
  assert.equal(made.session_token.length, 44);
  const quiet = answered(await passwords.create({ email: newEmail(), password: newPassword() }));
  assert.deepEqual([quiet.session_token, quiet.session_jwt, quiet.session], ["", "", null]);
});

test("create refuses an email that is taken and a password that is weak", async () => {
  const { email } = await someone();
  await refused(passwords.create({ email, password: newPassword() }), 400, "duplicate_email");
  await refused(passwords.create({ email: newEmail(), password: "password" }), 400, "weak_password");
});

test("authenticate signs in, and refuses a wrong password and an unknown email", async () => {
  const { email, password, user_id } = await someone();
  const answer = answered(await passwords.authenticate({ email, password, session_duration_minutes: 60 }));
  assert.equal(answer.user_id, user_id);
  assert.equal(answer.session.authentication_factors[0].type, "password");
  await refused(passwords.authenticate({ email, password: newPassword() }), 401, "unauthorized_credentials");
  await refused(passwords.authenticate({ email: newEmail(), password }), 404, "email_not_found");
});

test("authenticate adds to a running session", async () => {
  const { email, password, session, session_token } = await someone();
  const answer = answered(await passwords.authenticate({ email, password, session_token }));
  assert.equal(answer.session.session_id, session.session_id);
  assert.equal(answer.session.authentication_factors.length, 1);
});

test("strengthCheck judges without storing, and needs a password", async () => {
  const weak = answered(await passwords.strengthCheck({ password: "password" }));
  assert.equal(weak.valid_password, false);
  assert.equal(weak.strength_policy, "zxcvbn");
  assert.ok(weak.feedback.suggestions.length > 0);
  assert.equal((await passwords.strengthCheck({ password: newPassword() })).valid_password, true);
  await refused(passwords.strengthCheck({}), 400, "bad_request");
});

test("migrate takes a hash over, which then signs in", async () => {
  const email = newEmail();
  // bcrypt of "U*U*U", from the test vectors of crypt_blowfish.
  const hash = "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a";
  const made = answered(await passwords.migrate({ email, hash, hash_type: "bcrypt" }));
  assert.equal(made.user_created, true);
  answered(await passwords.authenticate({ email, password: "U*U*U" }));
  await refused(passwords.migrate({ email: newEmail(), hash: "no hash", hash_type: "bcrypt" }), 400, "invalid_bcrypt_hash");
});

test("a reset by email: the mail's token sets a new password once and ends every session", async () => {
  const { email, session_token } = await someone();
  answered(await passwords.email.resetStart({ email }));
  const { token } = await message(email);
  const password = newPassword();
  const answer = answered(await passwords.email.reset({ token, password, session_duration_minutes: 60 }));
  assert.equal(answer.session.user_id, answer.user_id);
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(passwords.email.reset({ token, password }), 401, "unable_to_auth_password_reset_token");
  await refused(passwords.email.resetStart({ email: newEmail() }), 404, "email_not_found");
  answered(await passwords.authenticate({ email, password }));
});

test("a reset by the existing password ends every other session", async () => {
  const { email, password, session_token } = await someone();
  const new_password = newPassword();
  const request = { email, existing_password: password, new_password, session_duration_minutes: 60 };
  const answer = answered(await passwords.existingPassword.reset(request));
  assert.equal(answer.session.user_id, answer.user_id);
  await refused(client.sessions.authenticate({ session_token }), 404, "session_not_found");
  await refused(passwords.existingPassword.reset(request), 400, "password_does_not_match");
});

test("a reset by session keeps that session alone", async () => {
  const { email, password, session_token } = await someone();
  const other = await client.passwords.authenticate({ email, password, session_duration_minutes: 60 });
  const answer = answered(await passwords.sessions.reset({ session_token, password: newPassword() }));
  assert.equal(answer.session_token, session_token);
  await refused(client.sessions.authenticate({ session_token: other.session_token }), 404, "session_not_found");
  await refused(passwords.sessions.reset({ session_token: "A".repeat(44), password: newPassword() }), 404, "session_not_found");
});
