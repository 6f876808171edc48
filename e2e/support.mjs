// What every file here shares: the server under test, clients of the official SDK, and a ledger of the methods that
// were called, so that none of an area can be forgotten.
//
// SELVAGE_E2E names a JSON file that says where the server is and how to call it; the JUnit test NodeSdkTest writes it.

import assert from "node:assert/strict";
import { createSign, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after } from "node:test";
import stytch from "stytch";

assert.ok(process.env.SELVAGE_E2E, "SELVAGE_E2E must name the file that describes the server; see NodeSdkTest");

export const server = JSON.parse(readFileSync(process.env.SELVAGE_E2E, "utf8"));

/** A client of the SDK. Plain http goes through `env`, because `custom_base_url` takes https only. */
export function connect(credentials = server.consumer, Client = stytch.Client) {
  const where = server.base_url.startsWith("https://") ? { custom_base_url: server.base_url } : { env: server.base_url };
  return new Client({ project_id: credentials.project_id, secret: credentials.secret, ...where });
}

/** A client for a project of the other kind. */
export function connectB2B(credentials = server.b2b) {
  return connect(credentials, stytch.B2BClient);
}

/** Credentials of the same project with a wrong secret. */
export function wrongSecret({ project_id }) {
  return { project_id, secret: "secret-test-00000000-0000-4000-8000-000000000000" };
}

/**
 * An area of a client whose calls go into a ledger. When the tests of the file are over, every method that the SDK has
 * in the area must have succeeded once and been refused once, but for those in `exceptions`:
 * `{"method": {never: "succeeds" | "is refused", because: "…"}}`. Areas below it belong to it, but for those `elsewhere`,
 * which have a ledger of their own.
 */
export function ledger(name, area, exceptions = {}, elsewhere = []) {
  const seen = new Map();
  after(() => {
    const missing = [];
    for (const [method, outcomes] of seen) {
      const never = exceptions[method]?.never;
      for (const outcome of ["succeeds", "is refused"]) {
        if (outcomes.has(outcome) && never === outcome) {
          missing.push(`${name}.${method} ${outcome}: its exception is out of date`);
        } else if (!outcomes.has(outcome) && never !== outcome) {
          missing.push(`${name}.${method} never ${outcome}`);
        }
      }
    }
    for (const method of Object.keys(exceptions)) {
      assert.ok(seen.has(method), `${name}.${method} is no method of the SDK`);
    }
    assert.deepEqual(missing, []);
  });
  // The same area of another client can be entered into the same ledger.
  return Object.assign(record(area, "", seen, elsewhere), { of: (other) => record(other, "", seen, elsewhere) });
}

function record(area, prefix, seen, elsewhere) {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(area)).filter((key) => key !== "constructor");
  const recorded = {};
  for (const method of methods) {
    const path = prefix + method;
    const outcomes = seen.get(path) ?? new Set();
    seen.set(path, outcomes);
    recorded[method] = (...args) => {
      const result = area[method](...args);
      if (!(result instanceof Promise)) {
        outcomes.add("succeeds").add("is refused"); // An iterator over another method's calls.
        return result;
      }
      return result.then(
        (value) => {
          outcomes.add("succeeds");
          return value;
        },
        (error) => {
          outcomes.add("is refused");
          throw error;
        },
      );
    };
  }
  for (const [key, value] of Object.entries(area)) {
    // What makes calls is an area; other values are settings and caches.
    if (value?.fetchConfig && !elsewhere.includes(key)) {
      recorded[key] = record(value, `${prefix}${key}.`, seen, []);
    }
  }
  return recorded;
}

/** Passes when the server refuses the call in exactly this way, and the SDK turns that into its StytchError. */
export async function refused(call, status, type) {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof stytch.StytchError, String(error));
    assert.equal(error.error_type, type, error.message);
    assert.equal(error.status_code, status);
    assert.match(error.request_id, /^request-id-test-[0-9a-f-]{36}$/);
    assert.ok(error.error_message.length > 0);
    assert.match(error.error_url, /^https:\/\//);
    return true;
  });
}

/** Passes when the SDK itself refuses, without the server: a bad or old JWT, a missing permission. */
export async function refusedLocally(call, code) {
  await assert.rejects(call, (error) => {
    assert.equal(error.code, code, error.message);
    return true;
  });
}

/** Passes for an answer of the server. */
export function answered(answer) {
  assert.equal(answer.status_code, 200);
  assert.match(answer.request_id, /^request-id-test-[0-9a-f-]{36}$/);
  return answer;
}

/** An email address that no other test uses. */
export function newEmail() {
  return `e2e-${randomUUID()}@example.com`;
}

/** A phone number that hardly another test uses. */
export function newPhone() {
  return `+1202555${String(Math.floor(Math.random() * 10_000)).padStart(4, "0")}`;
}

/** A password that no list holds. */
export function newPassword() {
  return `correct horse ${randomUUID()}`;
}

/** An id of this kind that nothing has. */
export function unknown(prefix) {
  return `${prefix}-test-${randomUUID()}`;
}

/**
 * The newest message that the developer inbox of a project holds for an address or a phone number; it is there when the
 * call that sends it returns.
 */
export async function message(to, { project_id } = server.consumer) {
  const query = new URLSearchParams({ project_id, to });
  const response = await fetch(`${server.base_url}/_selvage/v1/messages?${query}`, {
    headers: { Authorization: `Bearer ${server.admin_token}` },
  });
  assert.equal(response.status, 200);
  const { messages } = await response.json();
  assert.ok(messages.length > 0, `no message to ${to}`);
  return messages[0];
}

/** A token of the issuer that both projects trust for `sessions.attest`. */
export function trustedToken(claims) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { iss: server.attest.issuer, aud: server.attest.audience, iat: now, exp: now + 60, jti: randomUUID(), ...claims };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(payload)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(server.attest.private_key).toString("base64url")}`;
}
