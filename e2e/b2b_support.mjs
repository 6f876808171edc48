// What the files about B2B projects share: a client, and the shortest ways to organizations, members and sessions.

import { createHmac, randomUUID } from "node:crypto";
import { connectB2B, message, newEmail, server } from "./support.mjs";

export const client = connectB2B();

/** A new organization; `settings` are members of the call that makes it. */
export async function newOrganization(settings = {}) {
  const { organization } = await client.organizations.create({ organization_name: newName(), ...settings });
  return organization;
}

export function newName() {
  return `Organization ${randomUUID()}`;
}

/** A new member of an organization, active, with an address that is not verified; `settings` are members of the call. */
export async function newMember({ organization_id }, settings = {}) {
  const { member } = await client.organizations.members.create({ organization_id, email_address: newEmail(), ...settings });
  return member;
}

/** Signs a member in by a magic link; a new member unless one is named. Answers what the sign-in answers. */
export async function signIn({ organization_id }, member = undefined) {
  const { email_address } = member ?? (await newMember({ organization_id }));
  await client.magicLinks.email.loginOrSignup({ organization_id, email_address });
  const { token } = await message(email_address, server.b2b);
  return client.magicLinks.authenticate({ magic_links_token: token, session_duration_minutes: 60 });
}

/** As `signIn`, with all rights in the organization. */
export async function signInAdmin(organization) {
  return signIn(organization, await newMember(organization, { roles: ["stytch_admin"] }));
}

/** What makes a call the member's own: the method options of the SDK. */
export function as({ session_token }) {
  return { authorization: { session_token } };
}

/** A code of an authenticator app (RFC 6238); `step` 1 is the next one, since each is good once. */
export function totpCode(secret, step = 0) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
