import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { answered, ledger, message, newEmail, refused, server, unknown } from "./support.mjs";
import { client, newMember, newName, newOrganization, signIn } from "./b2b_support.mjs";

const discovery = ledger("discovery", client.discovery);

/** Proves an address in no organization; answers the intermediate session. */
async function proven(email_address = newEmail()) {
  await client.magicLinks.email.discovery.send({ email_address });
  const { token } = await message(email_address, server.b2b);
  return client.magicLinks.discovery.authenticate({ discovery_magic_links_token: token });
}

test("list says where an intermediate session leads, and uses nothing up", async () => {
  const domain = `${randomUUID()}.example`;
  const open = await newOrganization({ email_jit_provisioning: "RESTRICTED", email_allowed_domains: [domain] });
  await signIn(open, await newMember(open, { email_address: `ada@${domain}` }));
  const own = await newOrganization();
  const email_address = `grace@${domain}`;
  await newMember(own, { email_address });
  const { intermediate_session_token } = await proven(email_address);
  for (let i = 0; i < 2; i++) {
    const answer = answered(await discovery.organizations.list({ intermediate_session_token }));
    assert.equal(answer.email_address, email_address);
    assert.deepEqual(
      answer.discovered_organizations.map((found) => [found.organization.organization_id, found.membership.type]),
      [
        [own.organization_id, "active_member"],
        [open.organization_id, "eligible_to_join_by_email_domain"],
      ],
    );
  }
  await refused(discovery.organizations.list({ intermediate_session_token: "A".repeat(44) }), 404, "intermediate_session_not_found");
  await refused(discovery.organizations.list({}), 400, "no_session_arguments");
});

test("list takes a session as well", async () => {
  const organization = await newOrganization();
  const { session_token } = await signIn(organization);
  const { discovered_organizations } = answered(await discovery.organizations.list({ session_token }));
  assert.deepEqual(
    discovered_organizations.map((found) => [found.organization.organization_id, found.member_authenticated]),
    [[organization.organization_id, true]],
  );
});

test("create makes an organization whose admin is its creator", async () => {
  const { intermediate_session_token, email_address } = await proven();
  const organization_name = newName();
  const { organization_slug } = await newOrganization();
  await refused(
    discovery.organizations.create({ intermediate_session_token, organization_name, organization_slug }),
    400,
    "organization_slug_already_used",
  );
  const answer = answered(
    await discovery.organizations.create({ intermediate_session_token, organization_name, session_duration_minutes: 60 }),
  );
  assert.equal(answer.organization.organization_name, organization_name);
  assert.equal(answer.member.email_address, email_address);
  assert.equal(answer.member.is_admin, true);
  assert.deepEqual(answer.member_session.roles.sort(), ["stytch_admin", "stytch_member"]);
  await refused(discovery.organizations.create({ intermediate_session_token }), 404, "intermediate_session_not_found");
});

test("create asks for a second factor where the new organization wants one", async () => {
  const { intermediate_session_token } = await proven();
  const answer = answered(await discovery.organizations.create({ intermediate_session_token, mfa_policy: "REQUIRED_FOR_ALL" }));
  assert.equal(answer.member_authenticated, false);
  assert.deepEqual([answer.session_token, answer.member_session], ["", null]);
  assert.equal(answer.intermediate_session_token, intermediate_session_token);
  assert.notEqual(answer.mfa_required, null);
});

test("exchange goes over into an organization, once", async () => {
  const organization = await newOrganization();
  const { organization_id } = organization;
  const { member_id, email_address } = await newMember(organization, { create_member_as_pending: true });
  const { intermediate_session_token } = await proven(email_address);
  const other = await newOrganization();
  await refused(
    discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id: other.organization_id }),
    400,
    "email_jit_provisioning_not_allowed",
  );
  await refused(
    discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id: unknown("organization") }),
    404,
    "organization_not_found",
  );
  const answer = answered(await discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id }));
  assert.equal(answer.member_id, member_id);
  assert.equal(answer.member.status, "active");
  assert.equal(answer.member_session.organization_id, organization_id);
  await refused(
    discovery.intermediateSessions.exchange({ intermediate_session_token, organization_id }),
    404,
    "intermediate_session_not_found",
  );
});
