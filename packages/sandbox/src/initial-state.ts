import { newIdentityCenter } from "./identity-center/instance.ts";
import { newUser } from "./new-entities.ts";
import { awsManagedPolicies, type ManagedPolicy } from "./managed-policies.ts";
import { record } from "./record.ts";
import type { AdministratorKeys, SandboxState, User } from "./state.ts";

/** AWS's documented example keys. */
export const administrators: readonly [AdministratorKeys, AdministratorKeys] = [
  {
    id: "111122223333",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  {
    id: "444455556666",
    accessKeyId: "AKIAI44QH8DHBEXAMPLE",
    secretAccessKey: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
  },
];

export function createState(now: number): SandboxState {
  const state: SandboxState = {
    accounts: record(),
    accessKeys: record(),
    mfaDevices: record(),
    sessions: record(),
    managedPolicies: Object.assign(record<ManagedPolicy>(), awsManagedPolicies()),
    trustAnchors: record(),
    anywhereProfiles: record(),
    logins: record(),
    authorizationCodes: record(),
    usedProofs: record(),
    builtInIssuers: record(),
    identityCenter: newIdentityCenter(),
  };
  for (const { id, ...keys } of administrators) {
    const administrator = newUser({ accountId: id, userName: "Administrator", path: "/", createdAt: now });
    administrator.attachedPolicies.push("arn:aws:iam::aws:policy/AdministratorAccess");
    const users = Object.assign(record<User>(), { Administrator: administrator });
    state.accounts[id] = { id, users, roles: record(), samlProviders: record(), oidcProviders: record() };
    state.accessKeys[keys.accessKeyId] = {
      ...keys,
      accountId: id,
      userName: "Administrator",
      createdAt: now,
    };
  }
  return state;
}
