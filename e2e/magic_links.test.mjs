import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { answered, connect, ledger, message, newEmail, refused, unknown } from "./support.mjs";

const client = connect();
const magicLinks = ledger("magicLinks", client.magicLinks);

test("an embeddable link signs in once", async () => {
  const { user_id } = await client.users.create({ email: newEmail() });
  const { token } = answered(await magicLinks.create({ user_id }));
  const answer = answered(await magicLinks.authenticate({ token, session_duration_minutes: 60 }));
  assert.equal(answer.user_id, user_id);
  assert.equal(answer.session.authentication_factors[0].delivery_method, "embedded");
  await refused(magicLinks.authenticate({ token }), 401, "unable_to_auth_magic_link");
  await refused(magicLinks.create({ user_id: unknown("user") }), 404, "user_not_found");
});

test("a token that was never issued is not found", async () => {
  await refused(magicLinks.authenticate({ token: "A".repeat(44) }), 404, "magic_link_not_found");
});

test("loginOrCreate makes a user whose mail leads to the redirect URL and signs in", async () => {
  const email = newEmail();
  const made = answered(await magicLinks.email.loginOrCreate({ email }));
  assert.equal(made.user_created, true);
  const { link, token } = await message(email);
  const redirect = await fetch(link, { redirect: "manual" });
  assert.equal(redirect.status, 302);
  const target = new URL(redirect.headers.get("location"));
  assert.equal(target.searchParams.get("stytch_token_type"), "magic_links");
  assert.equal(target.searchParams.get("token"), token);
  const answer = answered(await magicLinks.authenticate({ token, session_duration_minutes: 60 }));
  assert.equal(answer.user_id, made.user_id);
  assert.equal(answer.method_id, made.email_id);
  assert.equal(answer.user.emails[0].verified, true);
  assert.deepEqual(answer.session.authentication_factors[0].email_factor, { email_id: made.email_id, email_address: email });
  await refused(magicLinks.email.loginOrCreate({ email: "no address" }), 400, "invalid_email");
});

test("send reaches a user who is there, with a proof key", async () => {
  const email = newEmail();
  const { user_id } = await client.users.create({ email });
  const code_verifier = randomBytes(48).toString("base64url");
  const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
  assert.equal(answered(await magicLinks.email.send({ email, code_challenge })).user_id, user_id);
  const { token } = await message(email);
  answered(await magicLinks.authenticate({ token, code_verifier }));
  await refused(magicLinks.email.send({ email: newEmail() }), 404, "email_not_found");
  await refused(
    magicLinks.email.send({ email, login_magic_link_url: "https://elsewhere.example.com/" }),
    400,
    "no_match_for_provided_magic_link_url",
  );
});

test("invite makes a pending user, and revokeInvite takes it back", async () => {
  const email = newEmail();
  const { user_id } = answered(await magicLinks.email.invite({ email, name: { first_name: "Ada" } }));
  assert.equal((await client.users.get({ user_id })).status, "pending");
  const { token } = await message(email);
  answered(await magicLinks.email.revokeInvite({ email }));
  await refused(magicLinks.authenticate({ token }), 401, "unable_to_auth_magic_link");
  await refused(magicLinks.email.revokeInvite({ email: newEmail() }), 404, "email_not_found");
  const taken = newEmail();
  await client.users.create({ email: taken });
  await refused(magicLinks.email.invite({ email: taken }), 400, "duplicate_email");
});
