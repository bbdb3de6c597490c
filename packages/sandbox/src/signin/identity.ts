import type { Principal } from "../principal.ts";
import type { Role, SandboxState, Session, User } from "../state.ts";
import { issueCredentials } from "../sts/credentials.ts";
import type { SessionSettings } from "../call.ts";

/** Keys of a login live for 15 minutes at most. */
const keySeconds = 900;

/** The identity that a login session names, and its unique id; undefined where there is none. */
export function findIdentity(loginSession: string, state: SandboxState): { id: string } | undefined {
  const found = lookUp(loginSession, state);
  if (found === undefined) return undefined;
  return { id: found.kind === "user" ? found.user.userId : found.role.roleId };
}

/**
 * New keys of the identity that a login session names, not yet among the state's sessions, and the principal that they
 * are of.
 */
export function newKeys(
  loginSession: string,
  { state, settings, now }: { state: SandboxState; settings: SessionSettings; now: number },
): { session: Session; principal: Principal } | undefined {
  const found = lookUp(loginSession, state);
  if (found === undefined) return undefined;
  const credentials = { ...issueCredentials({ settings, now }, keySeconds), accountId: found.accountId };
  if (found.kind === "user") {
    const { accountId, user } = found;
    const { userName, userId } = user;
    const session = {
      kind: "user",
      ...credentials,
      userName,
      userId,
      mfaAuthenticatedAt: undefined,
      isLogin: true,
    } as const;
    return { session, principal: { kind: "user", accountId, user, session } };
  }
  const { accountId, role, sessionName } = found;
  const session: Session = {
    kind: "role",
    ...credentials,
    roleName: role.roleName,
    roleId: role.roleId,
    sessionName,
    policies: [],
    tags: {},
    transitiveTagKeys: [],
    sourceIdentity: undefined,
  };
  return { session, principal: { kind: "role", accountId, role, session } };
}

type Found =
  | { kind: "user"; accountId: string; user: User }
  | { kind: "role"; accountId: string; role: Role; sessionName: string };

function lookUp(loginSession: string, state: SandboxState): Found | undefined {
  const [, , , , accountId = "", resource = ""] = loginSession.split(":");
  const account = state.accounts[accountId];
  const [kind, ...names] = resource.split("/");
  if (kind === "user") {
    const user = account?.users[names.at(-1) ?? ""];
    return user?.arn === loginSession ? { kind, accountId, user } : undefined;
  }
  const [roleName = "", sessionName] = names;
  const role = account?.roles[roleName];
  if (kind !== "assumed-role" || role === undefined || sessionName === undefined) return undefined;
  return { kind: "role", accountId, role, sessionName };
}
