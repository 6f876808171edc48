import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, ledger, refused, unknown } from "./support.mjs";
import { client, newMember, newOrganization, signIn, totpCode } from "./b2b_support.mjs";

const totps = ledger("totps", client.totps);
const recoveryCodes = ledger("recoveryCodes", client.recoveryCodes);

/** Whoever gave the first factor to an organization that wants a second. */
async function halfSignedIn() {
  const organization = await newOrganization({ mfa_policy: "REQUIRED_FOR_ALL" });
  const { organization_id } = organization;
  const { member_id, intermediate_session_token } = await signIn(organization);
  return { organization, who: { organization_id, member_id }, intermediate_session_token };
}

/** The same with an authenticator app, of which one code was used; they are signed in. */
async function enrolled() {
  const { organization, who, intermediate_session_token } = await halfSignedIn();
  const { secret, recovery_codes } = await client.totps.create({ ...who, intermediate_session_token });
  const { session_token, member } = await client.totps.authenticate({ ...who, intermediate_session_token, code: totpCode(secret) });
  return { organization, who, secret, recovery_codes, session_token, member };
}

test("create gives a secret, and its first code completes the sign-in", async () => {
  const { who, intermediate_session_token } = await halfSignedIn();
  const made = answered(await totps.create({ ...who, intermediate_session_token }));
  assert.match(made.secret, /^[A-Z2-7]{32}$/);
  assert.match(made.qr_code, /^data:image\/png;base64,/);
  assert.equal(made.recovery_codes.length, 10);
  assert.equal(made.member.totp_registration_id, "");
  const answer = answered(await totps.authenticate({ ...who, intermediate_session_token, code: totpCode(made.secret) }));
  assert.equal(answer.member.totp_registration_id, made.totp_registration_id);
  assert.equal(answer.member.mfa_enrolled, true);
  assert.equal(answer.member.default_mfa_method, "totp");
  assert.deepEqual(answer.member_session.authentication_factors.map((factor) => factor.type), ["magic_link", "totp"]);
  await refused(
    totps.authenticate({ ...who, intermediate_session_token, code: totpCode(made.secret, 1) }),
    404,
    "intermediate_session_not_found",
  );
});

test("create refuses a second app, and a member that the organization does not have", async () => {
  const { who } = await enrolled();
  await refused(totps.create(who), 400, "active_totp_exists");
  await refused(totps.create({ ...who, member_id: unknown("member") }), 404, "member_not_found");
});

test("authenticate refuses a wrong code, one that was used, and whoever has no session", async () => {
  const { who, secret, session_token } = await enrolled();
  const code = totpCode(secret, 1);
  const wrong = String((Number(code) + 500_000) % 1_000_000).padStart(6, "0");
  await refused(totps.authenticate({ ...who, session_token, code: wrong }), 401, "unable_to_authenticate_totp");
  await refused(totps.authenticate({ ...who, code }), 400, "no_session_arguments");
  answered(await totps.authenticate({ ...who, session_token, code }));
  await refused(totps.authenticate({ ...who, session_token, code }), 401, "totp_code_already_authenticated");
});

test("at the next sign-in the answer names the app", async () => {
  const { organization, secret, member } = await enrolled();
  const answer = answered(await signIn(organization, member));
  assert.equal(answer.member_authenticated, false);
  assert.equal(answer.mfa_required.member_options.totp_registration_id, member.totp_registration_id);
  const { organization_id, member_id } = member;
  const { intermediate_session_token } = answer;
  answered(await totps.authenticate({ organization_id, member_id, intermediate_session_token, code: totpCode(secret, 1) }));
});

test("migrate takes an app over with its recovery codes", async () => {
  const organization = await newOrganization();
  const member = await newMember(organization);
  const { organization_id, member_id } = member;
  const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
  const made = answered(await totps.migrate({ organization_id, member_id, secret, recovery_codes: ["aaaa-bbbb-cccc"] }));
  assert.deepEqual(made.recovery_codes, ["aaaa-bbbb-cccc"]);
  assert.equal(made.member.totp_registration_id, made.totp_registration_id);
  await refused(totps.migrate({ organization_id, member_id, secret, recovery_codes: [] }), 400, "active_totp_exists");
  const { session_token } = await signIn(organization, member);
  const answer = answered(await totps.authenticate({ organization_id, member_id, session_token, code: totpCode(secret) }));
  assert.equal(answer.session_token, session_token);
});

test("recover takes a code in the place of the app, once", async () => {
  const { organization, who, member, recovery_codes } = await enrolled();
  const [recovery_code] = recovery_codes;
  const { intermediate_session_token } = await signIn(organization, member);
  const answer = answered(await recoveryCodes.recover({ ...who, intermediate_session_token, recovery_code }));
  assert.equal(answer.recovery_codes_remaining, 9);
  assert.deepEqual(answer.member_session.authentication_factors.map((factor) => factor.type), ["magic_link", "recovery_codes"]);
  const { session_token } = answer;
  await refused(recoveryCodes.recover({ ...who, session_token, recovery_code }), 401, "unable_to_authenticate_recovery_code");
});

test("get lists the codes that are left, and rotate puts new ones in their place", async () => {
  const { who, recovery_codes } = await enrolled();
  assert.deepEqual(answered(await recoveryCodes.get(who)).recovery_codes, recovery_codes);
  const rotated = answered(await recoveryCodes.rotate(who)).recovery_codes;
  assert.equal(rotated.length, 10);
  assert.ok(rotated.every((code) => !recovery_codes.includes(code)));
  assert.deepEqual((await recoveryCodes.get(who)).recovery_codes, rotated);
});

test("there are no recovery codes without an app", async () => {
  const { organization_id, member_id } = await newMember(await newOrganization());
  await refused(recoveryCodes.get({ organization_id, member_id }), 404, "recovery_codes_not_found");
  await refused(recoveryCodes.rotate({ organization_id, member_id }), 400, "no_active_recovery_code_backed_factor");
});
