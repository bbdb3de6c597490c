import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../call.ts";
import type { ActionKeys } from "../condition-context.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { parseIdentityPolicy } from "../policy/document.ts";
import { parseSentPolicy } from "../policy-text.ts";
import type { PolicyHolder } from "../state.ts";
import { authorizedRole, authorizedUser, limitExceeded, noSuchEntity } from "./entities.ts";
import { page } from "./page.ts";

const maxAttached = 10;

/** What may hold policies, and how its calls name it. */
interface HolderKind {
  noun: "Role" | "User";
  /**
   * All inline policies together, without white space:
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  maxInlineCharacters: number;
  /** Reads the holder's name, authorizes the action on it and finds it. */
  authorized: (call: Call, action: string, actionKeys?: ActionKeys) => Holder;
}

interface Holder {
  name: string;
  policies: PolicyHolder;
}

const role: HolderKind = {
  noun: "Role",
  maxInlineCharacters: 10_240,
  authorized: (call, action, actionKeys) => {
    const { RoleName } = readInput(call.request.params, { RoleName: limits.roleName });
    return { name: RoleName, policies: authorizedRole(call, action, RoleName, actionKeys) };
  },
};

const user: HolderKind = {
  noun: "User",
  maxInlineCharacters: 2048,
  authorized: (call, action, actionKeys) => {
    const { UserName } = readInput(call.request.params, { UserName: limits.userName });
    return { name: UserName, policies: authorizedUser(call, action, UserName, actionKeys) };
  },
};

export const policyOperations: Readonly<Record<string, Operation>> = {
  ...operationsOf(role),
  ...operationsOf(user),
};

/** The inline and the attached policies of roles and of users work alike. */
function operationsOf(kind: HolderKind): Record<string, Operation> {
  const { noun } = kind;
  return {
    [`Put${noun}Policy`]: (call) => putPolicy(kind, call),
    [`Get${noun}Policy`]: (call) => getPolicy(kind, call),
    [`Delete${noun}Policy`]: (call) => deletePolicy(kind, call),
    [`Attach${noun}Policy`]: (call) => attachPolicy(kind, call),
    [`Detach${noun}Policy`]: (call) => detachPolicy(kind, call),
    [`ListAttached${noun}Policies`]: (call) => listAttachedPolicies(kind, call),
  };
}

function putPolicy({ noun, maxInlineCharacters, authorized }: HolderKind, call: Call): undefined {
  const { PolicyName, PolicyDocument } = readInput(call.request.params, {
    PolicyName: limits.policyName,
    PolicyDocument: limits.policyDocument,
  });
  const { name, policies } = authorized(call, `iam:Put${noun}Policy`);
  parseSentPolicy(parseIdentityPolicy, PolicyDocument);
  const texts = Object.values({ ...policies.inlinePolicies, [PolicyName]: PolicyDocument });
  if (texts.join("").replace(/\s/g, "").length > maxInlineCharacters) {
    throw new AwsError(
      "LimitExceeded",
      `Maximum policy size of ${maxInlineCharacters} bytes exceeded for ${noun.toLowerCase()} ${name}`,
      409,
    );
  }
  policies.inlinePolicies[PolicyName] = PolicyDocument;
}

function getPolicy({ noun, authorized }: HolderKind, call: Call): ReturnType<Operation> {
  const { PolicyName } = readInput(call.request.params, { PolicyName: limits.policyName });
  const { name, policies } = authorized(call, `iam:Get${noun}Policy`);
  const text = policies.inlinePolicies[PolicyName] ?? noInlinePolicy(noun, PolicyName);
  return { [`${noun}Name`]: name, PolicyName, PolicyDocument: encodeURIComponent(text) };
}

function deletePolicy({ noun, authorized }: HolderKind, call: Call): undefined {
  const { PolicyName } = readInput(call.request.params, { PolicyName: limits.policyName });
  const { policies } = authorized(call, `iam:Delete${noun}Policy`);
  if (policies.inlinePolicies[PolicyName] === undefined) noInlinePolicy(noun, PolicyName);
  delete policies.inlinePolicies[PolicyName];
}

/** Attaching what is attached already changes nothing, as in AWS. */
function attachPolicy({ noun, authorized }: HolderKind, call: Call): undefined {
  const { PolicyArn } = readInput(call.request.params, { PolicyArn: limits.arn });
  const { policies } = authorized(call, `iam:Attach${noun}Policy`, { "iam:PolicyARN": PolicyArn });
  if (call.state.managedPolicies[PolicyArn] === undefined) {
    throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`);
  }
  if (policies.attachedPolicies.includes(PolicyArn)) return;
  if (policies.attachedPolicies.length >= maxAttached) {
    throw limitExceeded(`PoliciesPer${noun}`, maxAttached);
  }
  policies.attachedPolicies.push(PolicyArn);
}

function detachPolicy({ noun, authorized }: HolderKind, call: Call): undefined {
  const { PolicyArn } = readInput(call.request.params, { PolicyArn: limits.arn });
  const { policies } = authorized(call, `iam:Detach${noun}Policy`, { "iam:PolicyARN": PolicyArn });
  if (!policies.attachedPolicies.includes(PolicyArn)) {
    throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
  }
  policies.attachedPolicies = policies.attachedPolicies.filter((arn) => arn !== PolicyArn);
}

function listAttachedPolicies({ noun, authorized }: HolderKind, call: Call): ReturnType<Operation> {
  const input = readInput(call.request.params, {
    PathPrefix: optional(limits.policyPathPrefix),
    Marker: optional(limits.marker),
    MaxItems: optional(limits.maxItems),
  });
  const { policies } = authorized(call, `iam:ListAttached${noun}Policies`);
  const { PathPrefix = "/" } = input;
  const attached = policies.attachedPolicies
    .filter((arn) => arn.slice(arn.indexOf("/")).startsWith(PathPrefix))
    .map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn }));
  const { items, paging } = page(attached, input);
  return { AttachedPolicies: { member: items }, ...paging };
}

function noInlinePolicy(noun: string, policyName: string): never {
  throw noSuchEntity(`The ${noun.toLowerCase()} policy with name ${policyName} cannot be found.`);
}
