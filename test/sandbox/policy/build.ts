import type { Caller, ConditionContext } from "../../../packages/sandbox/src/policy/context.ts";

/** The account of the role that is assumed, and the account of a partner. */
export const ownAccount = "111122223333";
export const partnerAccount = "444455556666";
export const roleArn = `arn:aws:iam::${ownAccount}:role/Deploy`;

export const alice = user(ownAccount, "alice");
export const mallory = user(ownAccount, "mallory");
export const bob = user(partnerAccount, "bob");
export const root: Caller = {
  kind: "root",
  accountId: ownAccount,
  arn: `arn:aws:iam::${ownAccount}:root`,
  principalTags: {},
};
/** A session of a role with a path in the role's own account, and one of a partner's role. */
export const builder = session(ownAccount, "ci/Builder", "build-7");
export const partnerSession = session(partnerAccount, "Auditor", "carol");
export const federatedUser: Caller = {
  kind: "federated-user",
  accountId: ownAccount,
  arn: `arn:aws:sts::${ownAccount}:federated-user/dave`,
  principalTags: {},
};
export const anonymous: Caller = { kind: "anonymous", accountId: "", arn: "", principalTags: {} };

export function user(accountId: string, name: string): Caller {
  return { kind: "user", accountId, arn: `arn:aws:iam::${accountId}:user/${name}`, principalTags: {} };
}

export function session(accountId: string, rolePath: string, sessionName: string): Caller {
  const roleName = rolePath.slice(rolePath.lastIndexOf("/") + 1);
  return {
    kind: "assumed-role",
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    roleArn: `arn:aws:iam::${accountId}:role/${rolePath}`,
    principalTags: {},
  };
}

export function service(name: string): Caller {
  return { kind: "service", accountId: "", arn: name, principalTags: {} };
}

export function federated(kind: "web-identity" | "saml", provider: string): Caller {
  return { kind, accountId: "", arn: provider, principalTags: {} };
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type StatementJson = Readonly<Record<string, Json>>;
export type ConditionJson = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export function aws(...arns: string[]): StatementJson {
  return { AWS: arns };
}

/** A statement of a trust policy that allows, or denies, sts:AssumeRole; `rest` adds elements or replaces them. */
export function allow(principal: Json, rest: StatementJson = {}): StatementJson {
  return { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...rest };
}

export function deny(principal: Json, rest: StatementJson = {}): StatementJson {
  return { Effect: "Deny", Principal: principal, Action: "sts:AssumeRole", ...rest };
}

/** A statement of an identity policy about sts:AssumeRole on every role. */
export function may(rest: StatementJson = {}): StatementJson {
  return { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*", ...rest };
}

export function mayNot(rest: StatementJson = {}): StatementJson {
  return { Effect: "Deny", Action: "sts:AssumeRole", Resource: "*", ...rest };
}

export function policy(...statements: StatementJson[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** As a server would build it: keys in lower case, each with its list of values. */
export function contextOf(keys: Readonly<Record<string, string | readonly string[]>>): ConditionContext {
  return new Map(
    Object.entries(keys).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === "string" ? [value] : value,
    ]),
  );
}
