// A whole story, as a product for teams lives it. One test: each chapter goes on from the one before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { message, newEmail, newPassword, newPhone, refused, server } from "./support.mjs";
import { as, client, newName, newOrganization, totpCode } from "./b2b_support.mjs";

/** What a reader of the newest mail or text message has in hand: `token` of a link, or `code`. */
async function inbox(to) {
  return message(to, server.b2b);
}

async function listed({ organization_id, member_id }) {
  return (await client.sessions.get({ organization_id, member_id })).member_sessions;
}

test("a founder signs up, a colleague joins, works in two organizations and leaves", async (t) => {
  const [founder, colleague] = [newEmail(), newEmail()];
  const password = newPassword();
  const phone = newPhone();
  let admin, acme, invited, session, enrolment;

  await t.test("the founder proves an address, finds no organization, and makes one", async () => {
    await client.magicLinks.email.discovery.send({ email_address: founder });
    const { token } = await inbox(founder);
    const found = await client.magicLinks.discovery.authenticate({ discovery_magic_links_token: token });
    assert.deepEqual(found.discovered_organizations, []);
    admin = await client.discovery.organizations.create({
      intermediate_session_token: found.intermediate_session_token,
      organization_name: newName(),
      session_duration_minutes: 60,
    });
    acme = admin.organization;
    assert.equal(admin.member_authenticated, true);
    assert.equal(admin.member.email_address, founder);
    assert.ok(admin.member_session.roles.includes("stytch_admin"));
  });

  await t.test("the founder makes a second factor the rule, with the own session", async () => {
    const { organization_id } = acme;
    const { organization } = await client.organizations.update({ organization_id, mfa_policy: "REQUIRED_FOR_ALL" }, as(admin));
    assert.equal(organization.mfa_policy, "REQUIRED_FOR_ALL");
  });

  await t.test("the founder invites a colleague, who is no admin", async () => {
    const { organization_id } = acme;
    const request = { organization_id, email_address: colleague, name: "Grace", roles: ["editor"] };
    invited = (await client.magicLinks.email.invite(request, as(admin))).member;
    assert.equal(invited.status, "invited");
    assert.equal(invited.is_admin, false);
    const { members } = await client.organizations.members.search({ organization_ids: [organization_id] }, as(admin));
    assert.deepEqual(members.map((member) => member.email_address).sort(), [founder, colleague].sort());
  });

  await t.test("the colleague accepts, and needs a second factor: an authenticator app", async () => {
    const { organization_id, member_id } = invited;
    const { token } = await inbox(colleague);
    const half = await client.magicLinks.authenticate({ magic_links_token: token });
    assert.equal(half.member_id, member_id);
    assert.equal(half.member.status, "active");
    assert.equal(half.member_authenticated, false);
    const { intermediate_session_token } = half;
    enrolment = await client.totps.create({ organization_id, member_id, intermediate_session_token });
    const code = totpCode(enrolment.secret);
    session = await client.totps.authenticate({ organization_id, member_id, intermediate_session_token, code });
    assert.equal(session.member.mfa_enrolled, true);
    assert.equal(session.member.default_mfa_method, "totp");
  });

  await t.test("the colleague sets a password", async () => {
    const { organization_id } = invited;
    const { session_token } = session;
    await client.passwords.sessions.reset({ organization_id, session_token, password });
  });

  await t.test("the colleague signs in again, by password and app", async () => {
    const { organization_id, member_id } = invited;
    const half = await client.passwords.authenticate({ organization_id, email_address: colleague, password });
    assert.deepEqual([half.member_authenticated, half.session_token], [false, ""]);
    assert.equal(half.mfa_required.member_options.totp_registration_id, enrolment.totp_registration_id);
    const { intermediate_session_token } = half;
    const code = totpCode(enrolment.secret, 1);
    const full = await client.totps.authenticate({ organization_id, member_id, intermediate_session_token, code });
    assert.deepEqual(full.member_session.authentication_factors.map((factor) => factor.type), ["password", "totp"]);
    assert.equal((await listed(invited)).length, 2);
  });

  await t.test("the product lets the colleague write documents, by the JWT alone, and nothing more", async () => {
    const { session_jwt } = await client.sessions.authenticate({ session_token: session.session_token });
    const check = (action) => ({ organization_id: acme.organization_id, resource_id: "documents", action });
    await client.sessions.authenticateJwtLocal({ session_jwt, authorization_check: check("write") });
    await assert.rejects(client.sessions.authenticateJwtLocal({ session_jwt, authorization_check: check("shred") }));
    const { organization_id, member_id } = admin.member;
    await refused(client.organizations.members.delete({ organization_id, member_id }, as(session)), 403, "session_authorization_error");
  });

  let elsewhere;
  await t.test("the colleague goes over to a second organization, which has an own second factor", async () => {
    const { organization_id } = await newOrganization({ mfa_policy: "REQUIRED_FOR_ALL", mfa_methods: "RESTRICTED", allowed_mfa_methods: ["sms_otp"] });
    const { member_id } = await client.organizations.members.create({ organization_id, email_address: colleague });
    const { session_token } = session;
    const { discovered_organizations } = await client.discovery.organizations.list({ session_token });
    assert.deepEqual(
      discovered_organizations.map((found) => found.organization.organization_id).sort(),
      [acme.organization_id, organization_id].sort(),
    );
    const half = await client.sessions.exchange({ session_token, organization_id });
    assert.equal(half.member_authenticated, false);
    const { intermediate_session_token } = half;
    await client.otps.sms.send({ organization_id, member_id, mfa_phone_number: phone, intermediate_session_token });
    const { code } = await inbox(phone);
    elsewhere = await client.otps.sms.authenticate({ organization_id, member_id, intermediate_session_token, code });
    assert.deepEqual(elsewhere.member_session.authentication_factors.map((factor) => factor.type), ["magic_link", "otp"]);
    assert.equal(elsewhere.member_session.organization_id, organization_id);
  });

  await t.test("the founder removes the colleague: every session there ends at once, and none elsewhere", async () => {
    const { organization_id, member_id } = invited;
    await client.organizations.members.delete({ organization_id, member_id }, as(admin));
    await refused(client.sessions.authenticate({ session_token: session.session_token }), 404, "session_not_found");
    await refused(
      client.sessions.authenticateJwt({ session_jwt: session.session_jwt, max_token_age_seconds: 0 }),
      404,
      "session_not_found",
    );
    await refused(client.sessions.get({ organization_id, member_id }), 404, "member_not_found");
    await refused(client.passwords.authenticate({ organization_id, email_address: colleague, password }), 404, "member_not_found");
    const { members } = await client.organizations.members.search({ organization_ids: [organization_id] }, as(admin));
    assert.deepEqual(members.map((member) => member.email_address), [founder]);
    const { member } = await client.sessions.authenticate({ session_token: elsewhere.session_token });
    assert.equal((await listed(member)).length, 1);
  });

  await t.test("the colleague comes back, to no session of before", async () => {
    const { organization_id, member_id } = invited;
    await client.organizations.members.reactivate({ organization_id, member_id }, as(admin));
    assert.deepEqual(await listed(invited), []);
  });
});
