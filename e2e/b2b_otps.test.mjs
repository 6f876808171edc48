import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { answered, ledger, message, newEmail, newPhone, refused, server, unknown } from "./support.mjs";
import { client, newMember, newOrganization, signIn } from "./b2b_support.mjs";

const otps = ledger("otps", client.otps);

/** The code in the newest mail or text message. */
async function codeTo(address) {
  return (await message(address, server.b2b)).code;
}

function other(code) {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

test("a code by email signs in once", async () => {
  const { organization_id, member_id, email_address } = await newMember(await newOrganization());
  const sent = answered(await otps.email.loginOrSignup({ organization_id, email_address }));
  assert.deepEqual([sent.member_id, sent.member_created], [member_id, false]);
  const code = await codeTo(email_address);
  assert.match(code, /^[0-9]{6}$/);
  await refused(otps.email.authenticate({ organization_id, email_address, code: other(code) }), 404, "otp_code_not_found");
  const answer = answered(await otps.email.authenticate({ organization_id, email_address, code, session_duration_minutes: 60 }));
  assert.equal(answer.member_id, member_id);
  assert.equal(answer.member_authenticated, true);
  const [factor] = answer.member_session.authentication_factors;
  assert.deepEqual([factor.type, factor.delivery_method, factor.email_factor.email_address], ["email_otp", "email", email_address]);
  assert.equal(factor.email_factor.email_id, answer.method_id);
  await refused(otps.email.authenticate({ organization_id, email_address, code }), 401, "unable_to_auth_otp_code");
});

test("a code is good in the organization that it was sent for alone", async () => {
  const member = await newMember(await newOrganization());
  const { email_address } = member;
  const twin = await newMember(await newOrganization(), { email_address });
  await otps.email.loginOrSignup({ organization_id: member.organization_id, email_address });
  const code = await codeTo(email_address);
  await refused(otps.email.authenticate({ organization_id: twin.organization_id, email_address, code }), 404, "otp_code_not_found");
  await refused(otps.email.discovery.authenticate({ email_address, code }), 404, "otp_code_not_found");
});

test("loginOrSignup makes a pending member where the organization takes the domain in", async () => {
  const domain = `${randomUUID()}.example`;
  const { organization_id } = await newOrganization({ email_jit_provisioning: "RESTRICTED", email_allowed_domains: [domain] });
  const email_address = `ada@${domain}`;
  const made = answered(await otps.email.loginOrSignup({ organization_id, email_address }));
  assert.deepEqual([made.member_created, made.member.status], [true, "pending"]);
  const answer = answered(await otps.email.authenticate({ organization_id, email_address, code: await codeTo(email_address) }));
  assert.equal(answer.member.status, "active");
  await refused(otps.email.loginOrSignup({ organization_id, email_address: newEmail() }), 400, "invalid_email_for_jit_provisioning");
});

test("discovery proves an address by a code, in no organization", async () => {
  const organization = await newOrganization();
  const { email_address } = await newMember(organization);
  answered(await otps.email.discovery.send({ email_address }));
  const code = await codeTo(email_address);
  const answer = answered(await otps.email.discovery.authenticate({ email_address, code }));
  assert.equal(answer.intermediate_session_token.length, 44);
  assert.deepEqual(
    answer.discovered_organizations.map((found) => found.organization.organization_id),
    [organization.organization_id],
  );
  await refused(otps.email.discovery.authenticate({ email_address, code }), 401, "unable_to_auth_otp_code");
  await refused(otps.email.discovery.send({ email_address: "no address" }), 400, "invalid_email");
});

test("a code by SMS completes a sign-in and links the number", async () => {
  const organization = await newOrganization({ mfa_policy: "REQUIRED_FOR_ALL" });
  const { organization_id } = organization;
  const { member_id, intermediate_session_token } = await signIn(organization);
  const who = { organization_id, member_id };
  const mfa_phone_number = newPhone();
  const sent = answered(await otps.sms.send({ ...who, mfa_phone_number, intermediate_session_token }));
  assert.equal(sent.member.mfa_phone_number, mfa_phone_number);
  assert.equal(sent.member.mfa_phone_number_verified, false);
  const code = await codeTo(mfa_phone_number);
  await refused(otps.sms.authenticate({ ...who, intermediate_session_token, code: other(code) }), 404, "otp_code_not_found");
  await refused(otps.sms.authenticate({ ...who, code }), 400, "no_session_arguments");
  const answer = answered(await otps.sms.authenticate({ ...who, intermediate_session_token, code }));
  assert.equal(answer.member.mfa_phone_number_verified, true);
  assert.deepEqual(
    answer.member_session.authentication_factors.map((factor) => [factor.type, factor.delivery_method]),
    [
      ["magic_link", "email"],
      ["otp", "sms"],
    ],
  );
  assert.equal(answer.member_session.authentication_factors[1].phone_number_factor.phone_number, mfa_phone_number);
});

test("at the next sign-in the code is sent by itself", async () => {
  const organization = await newOrganization({ mfa_policy: "REQUIRED_FOR_ALL" });
  const { organization_id } = organization;
  const { member_id, member, intermediate_session_token } = await signIn(organization);
  const who = { organization_id, member_id };
  const mfa_phone_number = newPhone();
  await otps.sms.send({ ...who, mfa_phone_number, intermediate_session_token });
  await otps.sms.authenticate({ ...who, intermediate_session_token, code: await codeTo(mfa_phone_number) });
  const again = await signIn(organization, member);
  assert.deepEqual(again.mfa_required, {
    member_options: { mfa_phone_number, totp_registration_id: "" },
    secondary_auth_initiated: "sms_otp",
  });
  const code = await codeTo(mfa_phone_number);
  answered(await otps.sms.authenticate({ ...who, intermediate_session_token: again.intermediate_session_token, code }));
});

test("send needs a number, and a member of the organization", async () => {
  const { organization_id, member_id } = await newMember(await newOrganization());
  await refused(otps.sms.send({ organization_id, member_id }), 404, "member_phone_number_not_found");
  await refused(otps.sms.send({ organization_id, member_id: unknown("member"), mfa_phone_number: newPhone() }), 404, "member_not_found");
});
