import type { Operation, UnsignedOperation } from "../call.ts";
import { assumeRole } from "./assume-role.ts";
import { assumeRoleWithSaml } from "./assume-role-with-saml.ts";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";
import { getScopedCredentials } from "./get-scoped-credentials.ts";
import { getSessionToken } from "./get-session-token.ts";

export const stsOperations: Readonly<Record<string, Operation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  GetScopedCredentials: getScopedCredentials,
  GetSessionToken: getSessionToken,
};

/** What they carry proves who asks. */
export const unsignedStsOperations: Readonly<Record<string, UnsignedOperation>> = {
  AssumeRoleWithSAML: assumeRoleWithSaml,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
};
