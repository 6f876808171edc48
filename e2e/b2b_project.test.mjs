import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connectB2B, ledger, refused, server, unknown, wrongSecret } from "./support.mjs";
import { client, newMember, newOrganization } from "./b2b_support.mjs";

const stranger = connectB2B(wrongSecret(server.b2b));
const debug = ledger("debug", client.debug);
const project = ledger("project", client.project);
const rbac = ledger("rbac", client.rbac);

// Areas of the client that no file here is about, by the reason.
const LATER = {
  connectedApp: "connected apps",
  fraud: "fraud",
  idp: "connected apps",
  impersonation: "impersonation",
  m2m: "m2m",
  oauth: "oauth",
  scim: "scim",
  sso: "sso",
};
const TESTED = ["debug", "discovery", "magicLinks", "organizations", "otps", "passwords", "project", "rbac", "recoveryCodes", "sessions", "totps"];

test("every area of the client is tested here or comes later", () => {
  const areas = Object.keys(client).filter((key) => client[key]?.fetchConfig);
  assert.deepEqual(areas.sort(), [...TESTED, ...Object.keys(LATER)].sort());
});

test("whoami names the project", async () => {
  assert.equal(answered(await debug.whoami()).project_id, server.b2b.project_id);
  await refused(debug.of(stranger.debug).whoami(), 401, "unauthorized_credentials");
});

test("metrics count organizations and members", async () => {
  const count = async (type) => {
    const { metrics } = answered(await project.metrics());
    return metrics.find((metric) => metric.metric_type === type).count;
  };
  const before = [await count("ORGANIZATION_COUNT"), await count("MEMBER_COUNT")];
  await newMember(await newOrganization());
  assert.ok((await count("ORGANIZATION_COUNT")) > before[0]);
  assert.ok((await count("MEMBER_COUNT")) > before[1]);
  await refused(project.of(stranger.project).metrics(), 401, "unauthorized_credentials");
});

test("policy gives the roles of every project beside this project's own", async () => {
  const { policy } = answered(await rbac.policy());
  assert.deepEqual(policy.roles.map((role) => role.role_id).sort(), ["editor", "stytch_admin", "stytch_member"]);
  assert.ok(policy.resources.some((resource) => resource.resource_id === "stytch.member"));
  assert.ok(Array.isArray(policy.scopes));
  await refused(rbac.of(stranger.rbac).policy(), 401, "unauthorized_credentials");
});

test("an organization has roles of its own, which no other has", async () => {
  const { organization_id } = await newOrganization();
  assert.deepEqual(answered(await rbac.organizations.getOrgPolicy({ organization_id })).org_policy, { roles: [] });
  const role = { role_id: "shredder", description: "Shreds", permissions: [{ resource_id: "documents", actions: ["shred"] }] };
  const { org_policy } = answered(await rbac.organizations.setOrgPolicy({ organization_id, org_policy: { roles: [role] } }));
  assert.deepEqual(org_policy, { roles: [role] });
  assert.deepEqual((await rbac.organizations.getOrgPolicy({ organization_id })).org_policy, { roles: [role] });
  const other = await newOrganization();
  assert.deepEqual((await rbac.organizations.getOrgPolicy({ organization_id: other.organization_id })).org_policy, { roles: [] });
});

test("an organization cannot redefine a role of the project, nor permit what there is not", async () => {
  const { organization_id } = await newOrganization();
  const set = (role) => rbac.organizations.setOrgPolicy({ organization_id, org_policy: { roles: [role] } });
  await refused(set({ role_id: "editor", description: "", permissions: [] }), 400, "rbac_role_duplicate");
  await refused(
    set({ role_id: "baker", description: "", permissions: [{ resource_id: "bread", actions: ["bake"] }] }),
    400,
    "invalid_rbac_custom_role",
  );
  await refused(rbac.organizations.getOrgPolicy({ organization_id: unknown("organization") }), 404, "organization_not_found");
});
