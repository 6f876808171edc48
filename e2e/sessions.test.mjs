import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answered,
  connect,
  ledger,
  newEmail,
  newPassword,
  refused,
  refusedLocally,
  server,
  trustedToken,
  unknown,
  wrongSecret,
} from "./support.mjs";

const client = connect();
const sessions = ledger("sessions", client.sessions, {
  exchangeAccessToken: { never: "succeeds", because: "connected apps, which make such tokens, come later" },
});

/** Someone who signed in with a password; `roles` are theirs from the start. */
async function signedIn(roles) {
  const email = newEmail();
  const password = newPassword();
  const made = await client.passwords.create({ email, password, session_duration_minutes: 60 });
  if (roles) {
    await client.users.update({ user_id: made.user_id, roles });
    return client.passwords.authenticate({ email, password, session_duration_minutes: 60 });
  }
  return made;
}

test("get lists the sessions of a user who signed in", async () => {
  const { user_id, session } = await signedIn();
  const { sessions: listed } = answered(await sessions.get({ user_id }));
  assert.equal(listed.length, 1);
  assert.equal(listed[0].session_id, session.session_id);
  assert.equal(listed[0].user_id, user_id);
  assert.equal(listed[0].authentication_factors[0].type, "password");
});

test("get refuses a malformed and an unknown user, and a wrong secret", async () => {
  await refused(sessions.get({ user_id: "no such form!" }), 400, "invalid_user_id");
  await refused(sessions.get({ user_id: unknown("user") }), 404, "user_not_found");
  await refused(connect(wrongSecret(server.consumer)).sessions.get({ user_id: unknown("user") }), 401, "unauthorized_credentials");
});

test("a B2B project may not call consumer sessions", async () => {
  await refused(connect(server.b2b).sessions.get({ user_id: unknown("user") }), 400, "invalid_consumer_endpoint");
});

test("authenticate takes the token, extends the session and merges custom claims", async () => {
  const { session_token, session } = await signedIn();
  const answer = answered(
    await sessions.authenticate({ session_token, session_duration_minutes: 120, session_custom_claims: { plan: "pro", theme: null } }),
  );
  assert.equal(answer.session_token, session_token);
  assert.equal(answer.session.session_id, session.session_id);
  assert.ok(Date.parse(answer.session.expires_at) > Date.parse(session.expires_at));
  assert.deepEqual(answer.session.custom_claims, { plan: "pro" });
  assert.equal(answer.user.user_id, session.user_id);
});

test("authenticate refuses tokens that are malformed, unknown, or two at once", async () => {
  const { session_token, session_jwt } = await signedIn();
  await refused(sessions.authenticate({ session_token: "INVALID" }), 400, "invalid_session_token");
  await refused(sessions.authenticate({ session_token: "A".repeat(44) }), 404, "session_not_found");
  await refused(sessions.authenticate({ session_token, session_jwt }), 400, "too_many_session_arguments");
  await refused(sessions.authenticate({}), 400, "no_session_arguments");
  await refused(sessions.authenticate({ session_token, session_duration_minutes: 4 }), 400, "invalid_session_duration_minutes");
});

test("authenticate checks a permission on the server", async () => {
  const { session_token } = await signedIn(["editor"]);
  const authorization_check = { resource_id: "documents", action: "write" };
  const { verdict } = answered(await sessions.authenticate({ session_token, authorization_check }));
  assert.deepEqual(verdict, { authorized: true, granting_roles: ["editor"] });
  await refused(
    sessions.authenticate({ session_token, authorization_check: { ...authorization_check, action: "shred" } }),
    403,
    "consumer_session_authorization_error",
  );
});

test("a revoked session is refused", async () => {
  const { session_token, session } = await signedIn();
  answered(await sessions.revoke({ session_token }));
  await refused(sessions.authenticate({ session_token }), 404, "session_not_found");
  assert.deepEqual((await sessions.get({ user_id: session.user_id })).sessions, []);
  answered(await sessions.revoke({ session_id: session.session_id }));
  await refused(sessions.revoke({ session_id: unknown("session") }), 404, "session_not_found");
  await refused(sessions.revoke({}), 400, "no_session_revoke_arguments");
});

test("getJWKS gives keys that verify, and none for an unknown project", async () => {
  const { keys } = answered(await sessions.getJWKS({ project_id: server.consumer.project_id }));
  assert.ok(keys.length > 0);
  for (const key of keys) {
    assert.equal(key.use, "sig");
    assert.ok(key.key_ops.includes("verify"));
  }
  await refused(sessions.getJWKS({ project_id: unknown("project") }), 404, "project_not_found");
});

test("the SDK verifies a JWT by itself and rebuilds the session", async () => {
  const { session_token, user_id } = await signedIn();
  const { session, session_jwt } = await sessions.authenticate({ session_token, session_custom_claims: { plan: "pro" } });
  const local = await sessions.authenticateJwtLocal({ session_jwt });
  assert.equal(local.session_id, session.session_id);
  assert.equal(local.user_id, user_id);
  assert.deepEqual(local.custom_claims, session.custom_claims);
  assert.deepEqual(local.attributes, session.attributes);
  assert.deepEqual(local.roles, session.roles);
  assert.equal(Date.parse(local.started_at), Date.parse(session.started_at));
  assert.equal(Date.parse(local.expires_at), Date.parse(session.expires_at));
  assert.equal(local.authentication_factors[0].delivery_method, "knowledge");
});

test("the SDK refuses a JWT that is changed, old or expired", async () => {
  const { session_jwt } = await signedIn();
  const [header, payload, signature] = session_jwt.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: unknown("user") })).toString("base64url");
  const inAnHour = new Date(Date.now() + 3_600_000);
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt: `${header}.${forged}.${signature}` }), "jwt_invalid");
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt, current_date: inAnHour }), "jwt_invalid");
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt, max_token_age_seconds: 0 }), "jwt_too_old");
});

test("a fresh JWT needs no call, an old or expired one falls back to the server", async () => {
  const { session_jwt, user_id } = await signedIn();
  const local = await sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 300 });
  assert.equal(local.session_jwt, session_jwt);
  assert.equal(local.user, undefined);
  const old = answered(await sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
  assert.equal(old.user.user_id, user_id);
  const expired = answered(await sessions.authenticateJwt({ session_jwt, current_date: new Date(Date.now() + 3_600_000) }));
  assert.equal(expired.session.session_id, local.session.session_id);
});

test("a JWT outlives its session only where no server is asked", async () => {
  const { session_jwt } = await signedIn();
  answered(await sessions.revoke({ session_jwt }));
  assert.ok(await sessions.authenticateJwt({ session_jwt }));
  await refused(sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }), 404, "session_not_found");
  const broken = session_jwt.slice(0, -8) + "AAAAAAAA";
  await refused(sessions.authenticateJwt({ session_jwt: broken }), 400, "unable_to_parse_session_jwt");
});

test("the SDK checks permissions by itself with the project's policy", async () => {
  const { session_jwt } = await signedIn(["editor"]);
  const authorization_check = { resource_id: "documents", action: "write" };
  const local = await sessions.authenticateJwtLocal({ session_jwt, authorization_check });
  assert.ok(local.roles.includes("editor"));
  await refusedLocally(
    sessions.authenticateJwtLocal({ session_jwt, authorization_check: { ...authorization_check, action: "shred" } }),
    "invalid_permissions",
  );
});

test("attest takes a token of a trusted issuer and refuses another", async () => {
  const email = newEmail();
  const { user_id } = await client.users.create({ email });
  const profile_id = server.attest.profile_id;
  const answer = answered(await sessions.attest({ profile_id, token: trustedToken({ email }), session_duration_minutes: 60 }));
  assert.equal(answer.user_id, user_id);
  assert.equal(answer.session.authentication_factors[0].type, "trusted_auth_token");
  await refused(sessions.attest({ profile_id: "unknown", token: trustedToken({ email }) }), 404, "trusted_token_profile_not_found");
  await refused(
    sessions.attest({ profile_id, token: trustedToken({ email, iss: "https://other.example.com" }) }),
    400,
    "jwt_invalid_issuer",
  );
});

test("migrate takes a session of the external service, and refuses one that it does not know", async () => {
  const email = newEmail();
  const { user_id } = await client.users.create({ email });
  // The external service of the tests takes an email address for the token of its owner.
  const answer = answered(await sessions.migrate({ session_token: email, session_duration_minutes: 60 }));
  assert.equal(answer.user_id, user_id);
  assert.equal(answer.session.authentication_factors[0].type, "imported");
  await refused(sessions.migrate({ session_token: newEmail() }), 400, "migrate_from_external_email_does_not_exist");
});

test("exchangeAccessToken knows no token yet", async () => {
  await refused(
    sessions.exchangeAccessToken({ access_token: "unknown", session_duration_minutes: 60 }),
    404,
    "idp_access_token_not_found",
  );
});
