import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connect, connectB2B, ledger, newEmail, refused, refusedLocally, server, trustedToken, unknown, wrongSecret } from "./support.mjs";
import { as, client, newMember, newOrganization, signIn, signInAdmin } from "./b2b_support.mjs";

const sessions = ledger("sessions", client.sessions, {
  exchangeAccessToken: { never: "succeeds", because: "connected apps, which make such tokens, come later" },
});

/** Who signed in to a new organization, with a role of the project. */
async function editor() {
  const organization = await newOrganization();
  return signIn(organization, await newMember(organization, { roles: ["editor"] }));
}

async function signedIn() {
  return signIn(await newOrganization());
}

function documents(organization_id, action = "write") {
  return { organization_id, resource_id: "documents", action };
}

test("get lists the sessions of a member, by every key of member and organization", async () => {
  const organization = await newOrganization({ organization_external_id: `ext|${crypto.randomUUID()}` });
  const member = await newMember(organization, { external_id: "ada" });
  const { member_session } = await signIn(organization, member);
  for (const organization_id of [organization.organization_id, organization.organization_slug, organization.organization_external_id]) {
    for (const member_id of [member.member_id, "ada"]) {
      const { member_sessions } = answered(await sessions.get({ organization_id, member_id }));
      assert.deepEqual(member_sessions.map((session) => session.member_session_id), [member_session.member_session_id]);
      assert.equal(member_sessions[0].organization_slug, organization.organization_slug);
      assert.equal(member_sessions[0].authentication_factors[0].type, "magic_link");
    }
  }
});

test("get finds nobody through another organization", async () => {
  const { member_id, organization } = await signedIn();
  const other = await newOrganization();
  await refused(sessions.get({ organization_id: other.organization_id, member_id }), 404, "member_not_found");
  await refused(sessions.get({ organization_id: unknown("organization"), member_id }), 404, "organization_not_found");
  await refused(sessions.get({ organization_id: organization.organization_id, member_id: unknown("member") }), 404, "member_not_found");
  const stranger = connectB2B(wrongSecret(server.b2b));
  await refused(stranger.sessions.get({ organization_id: organization.organization_id, member_id }), 401, "unauthorized_credentials");
});

test("a consumer project may not call sessions of members", async () => {
  const consumer = connectB2B(server.consumer);
  await refused(consumer.sessions.get({ organization_id: unknown("organization"), member_id: unknown("member") }), 400, "invalid_b2b_endpoint");
});

test("authenticate takes the token, extends the session and merges custom claims", async () => {
  const { session_token, member_session, member_id, organization } = await signedIn();
  const answer = answered(
    await sessions.authenticate({ session_token, session_duration_minutes: 120, session_custom_claims: { plan: "pro", theme: null } }),
  );
  assert.equal(answer.session_token, session_token);
  assert.equal(answer.member_session.member_session_id, member_session.member_session_id);
  assert.ok(Date.parse(answer.member_session.expires_at) > Date.parse(member_session.expires_at));
  assert.deepEqual(answer.member_session.custom_claims, { plan: "pro" });
  assert.equal(answer.member.member_id, member_id);
  assert.equal(answer.organization.organization_id, organization.organization_id);
  assert.equal(answer.verdict, undefined);
});

test("authenticate refuses tokens that are malformed, unknown, or two at once", async () => {
  const { session_token, session_jwt } = await signedIn();
  await refused(sessions.authenticate({ session_token: "INVALID" }), 400, "invalid_session_token");
  await refused(sessions.authenticate({ session_token: "A".repeat(44) }), 404, "session_not_found");
  await refused(sessions.authenticate({ session_token, session_jwt }), 400, "too_many_session_arguments");
  await refused(sessions.authenticate({}), 400, "no_session_arguments");
});

test("authenticate checks on the server, the organization before the permission", async () => {
  const { session_token, organization } = await editor();
  const { organization_id } = organization;
  const { verdict } = answered(await sessions.authenticate({ session_token, authorization_check: documents(organization_id) }));
  assert.deepEqual(verdict, { authorized: true, granting_roles: ["editor"] });
  await refused(
    sessions.authenticate({ session_token, authorization_check: documents(organization_id, "shred") }),
    403,
    "session_authorization_error",
  );
  const other = await newOrganization();
  await refused(
    sessions.authenticate({ session_token, authorization_check: documents(other.organization_id, "shred") }),
    403,
    "session_authorization_tenancy_error",
  );
});

test("a session ends by its id, token or JWT, and all of a member by the member's id", async () => {
  const organization = await newOrganization();
  const member = await newMember(organization);
  const by = [
    ({ member_session }) => ({ member_session_id: member_session.member_session_id }),
    ({ session_token }) => ({ session_token }),
    ({ session_jwt }) => ({ session_jwt }),
    ({ member_id }) => ({ member_id }),
  ];
  for (const argument of by) {
    const one = await signIn(organization, member);
    const other = await signIn(organization, member);
    answered(await sessions.revoke(argument(one)));
    await refused(sessions.authenticate({ session_token: one.session_token }), 404, "session_not_found");
    const all = argument(one).member_id !== undefined;
    const { member_sessions } = await sessions.get({ organization_id: organization.organization_id, member_id: member.member_id });
    assert.equal(member_sessions.some((left) => left.member_session_id === other.member_session.member_session_id), !all);
  }
  await refused(sessions.revoke({ member_session_id: unknown("session") }), 404, "session_not_found");
  await refused(sessions.revoke({}), 400, "no_session_revoke_arguments");
});

test("a member may end the sessions of others only when its roles say so", async () => {
  const organization = await newOrganization();
  const [admin, victim, peer] = [await signInAdmin(organization), await signIn(organization), await signIn(organization)];
  const stranger = await signInAdmin(await newOrganization());
  const { member_id } = victim;
  await refused(sessions.revoke({ member_id }, as(peer)), 403, "session_authorization_error");
  await refused(sessions.revoke({ member_id }, as(stranger)), 403, "session_authorization_tenancy_error");
  answered(await sessions.authenticate({ session_token: victim.session_token }));
  answered(await sessions.revoke({ member_id }, as(admin)));
  await refused(sessions.authenticate({ session_token: victim.session_token }), 404, "session_not_found");
  answered(await sessions.revoke({ session_token: peer.session_token }, as(peer)));
});

test("exchange goes over to another organization of the same address", async () => {
  const [here, there] = [await newOrganization(), await newOrganization()];
  const { session_token, member } = await signIn(here);
  const { organization_id } = there;
  await refused(sessions.exchange({ session_token, organization_id }), 404, "member_not_found");
  const twin = await newMember(there, { email_address: member.email_address });
  const answer = answered(await sessions.exchange({ session_token, organization_id, session_duration_minutes: 30 }));
  assert.equal(answer.member_authenticated, true);
  assert.equal(answer.member_id, twin.member_id);
  assert.equal(answer.organization.organization_id, organization_id);
  assert.equal(answer.intermediate_session_token, "");
  assert.notEqual(answer.session_token, session_token);
  assert.equal(answer.member_session.authentication_factors[0].type, "magic_link");
  answered(await sessions.authenticate({ session_token }));
});

test("attest takes a token of a trusted issuer for the organization that it names, and refuses another", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member_id, email_address: email } = await newMember(organization);
  const { profile_id } = server.attest;
  const answer = answered(
    await sessions.attest({ profile_id, token: trustedToken({ email, organization: organization_id }), session_duration_minutes: 60 }),
  );
  assert.equal(answer.member_id, member_id);
  assert.equal(answer.member_session.authentication_factors[0].type, "trusted_auth_token");
  answered(await sessions.attest({ profile_id, organization_id, token: trustedToken({ email }) }));
  const other = await newOrganization();
  await refused(
    sessions.attest({ profile_id, organization_id: other.organization_id, token: trustedToken({ email, organization: organization_id }) }),
    400,
    "invalid_token_organization_id_claim",
  );
  await refused(
    sessions.attest({ profile_id, organization_id, token: trustedToken({ email, iss: "https://other.example.com" }) }),
    400,
    "jwt_invalid_issuer",
  );
});

test("migrate takes a session of the external service, for members alone", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member_id, email_address } = await newMember(organization);
  // The external service of the tests takes an email address for the token of its owner.
  const answer = answered(await sessions.migrate({ session_token: email_address, organization_id, session_duration_minutes: 60 }));
  assert.equal(answer.member_id, member_id);
  assert.equal(answer.member_session.authentication_factors[0].type, "imported");
  await refused(sessions.migrate({ session_token: newEmail(), organization_id }), 400, "migrate_from_external_email_does_not_exist");
});

test("exchangeAccessToken knows no token yet", async () => {
  await refused(sessions.exchangeAccessToken({ access_token: "unknown" }), 404, "idp_access_token_not_found");
});

test("getJWKS gives keys that verify, and none for an unknown project", async () => {
  const { keys } = answered(await sessions.getJWKS({ project_id: server.b2b.project_id }));
  assert.ok(keys.length > 0);
  for (const key of keys) {
    assert.equal(key.use, "sig");
    assert.ok(key.key_ops.includes("verify"));
  }
  await refused(sessions.getJWKS({ project_id: unknown("project") }), 404, "project_not_found");
});

test("the SDK verifies a JWT by itself and rebuilds the session", async () => {
  const { session_token, member_id } = await editor();
  const { member_session, session_jwt } = await sessions.authenticate({ session_token, session_custom_claims: { plan: "pro" } });
  const local = await sessions.authenticateJwtLocal({ session_jwt });
  assert.equal(local.member_session_id, member_session.member_session_id);
  assert.equal(local.member_id, member_id);
  assert.equal(local.organization_id, member_session.organization_id);
  assert.equal(local.organization_slug, member_session.organization_slug);
  assert.deepEqual(local.custom_claims, member_session.custom_claims);
  assert.deepEqual(local.roles, member_session.roles);
  for (const time of ["started_at", "last_accessed_at", "expires_at"]) {
    assert.equal(Date.parse(local[time]), Date.parse(member_session[time]));
  }
});

test("the SDK refuses a JWT that is changed, old, expired or of another project", async () => {
  const { session_jwt } = await signedIn();
  const [header, payload, signature] = session_jwt.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: unknown("member") })).toString("base64url");
  const inAnHour = new Date(Date.now() + 3_600_000);
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt: `${header}.${forged}.${signature}` }), "jwt_invalid");
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt, current_date: inAnHour }), "jwt_invalid");
  await refusedLocally(sessions.authenticateJwtLocal({ session_jwt, max_token_age_seconds: 0 }), "jwt_too_old");
  await refusedLocally(connect().sessions.authenticateJwtLocal({ session_jwt }), "jwt_invalid");
});

test("a fresh JWT needs no call, an old one falls back to the server", async () => {
  const { session_jwt, member_id } = await signedIn();
  const local = await sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 300 });
  assert.equal(local.session_jwt, session_jwt);
  assert.equal(local.member, undefined);
  const old = answered(await sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }));
  assert.equal(old.member.member_id, member_id);
  answered(await sessions.revoke({ session_jwt }));
  assert.ok(await sessions.authenticateJwt({ session_jwt }));
  await refused(sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 }), 404, "session_not_found");
});

test("the SDK checks permissions by itself with the project's policy, the organization first", async () => {
  const { session_jwt, organization } = await editor();
  const { organization_id } = organization;
  const check = (authorization_check) => sessions.authenticateJwtLocal({ session_jwt, authorization_check });
  assert.ok((await check(documents(organization_id))).roles.includes("editor"));
  await refusedLocally(check(documents(organization_id, "shred")), "invalid_permissions");
  await refusedLocally(check(documents(unknown("organization"))), "tenancy_mismatch");
});

test("a role of the organization grants there, and the same name grants nothing in another", async () => {
  const shredder = (actions) => ({ roles: [{ role_id: "shredder", description: "", permissions: [{ resource_id: "documents", actions }] }] });
  const members = [];
  for (const actions of [["shred"], ["read"]]) {
    const organization = await newOrganization();
    const { organization_id } = organization;
    await client.rbac.organizations.setOrgPolicy({ organization_id, org_policy: shredder(actions) });
    members.push(await signIn(organization, await newMember(organization, { roles: ["shredder"] })));
  }
  const [shreds, reads] = members;
  const check = ({ session_jwt, organization }) => ({ session_jwt, authorization_check: documents(organization.organization_id, "shred") });
  assert.ok((await sessions.authenticateJwtLocal(check(shreds))).roles.includes("shredder"));
  await refusedLocally(sessions.authenticateJwtLocal(check(reads)), "invalid_permissions");
  await refused(sessions.authenticateJwt(check(reads)), 403, "session_authorization_error");
  const { verdict } = await sessions.authenticate(check(shreds));
  assert.deepEqual(verdict.granting_roles, ["shredder"]);
});
