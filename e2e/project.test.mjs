import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, connect, ledger, newEmail, refused, server, wrongSecret } from "./support.mjs";

const client = connect();
const stranger = connect(wrongSecret(server.consumer));
const debug = ledger("debug", client.debug);
const project = ledger("project", client.project);
const rbac = ledger("rbac", client.rbac);

test("debug.whoami names the project, also to a B2B client", async () => {
  const answer = answered(await debug.whoami());
  assert.equal(answer.project_id, server.consumer.project_id);
  assert.ok(answer.name.length > 0);
  const b2b = answered(await connect(server.b2b).debug.whoami());
  assert.equal(b2b.project_id, server.b2b.project_id);
  await refused(debug.of(stranger.debug).whoami(), 401, "unauthorized_credentials");
});

test("project.metrics counts users", async () => {
  const users = async () => {
    const answer = answered(await project.metrics());
    assert.equal(answer.project_id, server.consumer.project_id);
    return answer.metrics.find((metric) => metric.metric_type === "USER_COUNT").count;
  };
  const before = await users();
  await client.users.create({ email: newEmail() });
  // Other files make users at the same time.
  assert.ok((await users()) > before);
  await refused(project.of(stranger.project).metrics(), 401, "unauthorized_credentials");
});

test("rbac.policy gives the project's roles and resources", async () => {
  const { policy } = answered(await rbac.policy());
  const editor = policy.roles.find((role) => role.role_id === "editor");
  assert.deepEqual(editor.permissions, [{ resource_id: "documents", actions: ["read", "write"] }]);
  assert.ok(policy.resources.some((resource) => resource.resource_id === "documents"));
  assert.ok(policy.roles.some((role) => role.role_id === "stytch_user"));
  assert.ok(Array.isArray(policy.scopes));
  await refused(rbac.of(stranger.rbac).policy(), 401, "unauthorized_credentials");
});
