import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { requestTagKeys } from "../condition-context.ts";
import { newRole } from "../new-entities.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import type { Role } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import { authorizedRole, callersAccount, deleteConflict, refuseTakenName } from "./entities.ts";
import { addTags, tagsXml } from "./entity-tags.ts";
import { page } from "./page.ts";
import { checkTrustPolicy } from "./trust-policy.ts";
import { refusePermissionsBoundary } from "./unsupported.ts";

const defaultMaxSessionDuration = 3600;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html says what each of these does. */
export const roleOperations: Readonly<Record<string, Operation>> = {
  CreateRole: createRole,
  GetRole: getRole,
  ListRoles: listRoles,
  UpdateRole: updateRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
  TagRole: tagRole,
};

function createRole(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    RoleName: limits.roleName,
    AssumeRolePolicyDocument: limits.policyDocument,
    Path: optional(limits.path),
    Description: optional(limits.description),
    MaxSessionDuration: optional(limits.maxSessionDuration),
    Tags: limits.tags,
  });
  refusePermissionsBoundary(call);
  const account = callersAccount(call);
  const role = newRole({
    accountId: account.id,
    roleName: input.RoleName,
    path: input.Path ?? "/",
    createdAt: call.now,
    trustPolicy: input.AssumeRolePolicyDocument,
    description: input.Description,
    maxSessionDuration: input.MaxSessionDuration ?? defaultMaxSessionDuration,
    tags: addTags({}, input.Tags, "Role"),
  });
  authorize(call, "iam:CreateRole", role.arn, requestTagKeys(input.Tags));
  if (input.Tags.length > 0) authorize(call, "iam:TagRole", role.arn, requestTagKeys(input.Tags));
  refuseTakenName("Role", role.roleName, account.roles);
  checkTrustPolicy(role.trustPolicy, call.state);
  account.roles[role.roleName] = role;
  return { Role: { ...roleXml(role), Tags: tagsXml(role.tags) } };
}

function getRole(call: Call): XmlObject {
  const { RoleName } = readInput(call.request.params, { RoleName: limits.roleName });
  const role = authorizedRole(call, "iam:GetRole", RoleName);
  return { Role: { ...roleXml(role), Tags: tagsXml(role.tags) } };
}

/** AWS leaves the tags out of a list. */
function listRoles(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    PathPrefix: optional(limits.pathPrefix),
    Marker: optional(limits.marker),
    MaxItems: optional(limits.maxItems),
  });
  const account = callersAccount(call);
  const { PathPrefix = "/" } = input;
  authorize(call, "iam:ListRoles", `arn:aws:iam::${account.id}:role${PathPrefix}`);
  const roles = Object.values(account.roles)
    .filter(({ path }) => path.startsWith(PathPrefix))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const { items, paging } = page(roles, input);
  return { Roles: { member: items.map(roleXml) }, ...paging };
}

/** Without MaxSessionDuration it becomes one hour again, as AWS documents. */
function updateRole(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    RoleName: limits.roleName,
    Description: optional(limits.description),
    MaxSessionDuration: optional(limits.maxSessionDuration),
  });
  const role = authorizedRole(call, "iam:UpdateRole", input.RoleName);
  role.description = input.Description ?? role.description;
  role.maxSessionDuration = input.MaxSessionDuration ?? defaultMaxSessionDuration;
  return {};
}

function updateAssumeRolePolicy(call: Call): undefined {
  const input = readInput(call.request.params, {
    RoleName: limits.roleName,
    PolicyDocument: limits.policyDocument,
  });
  const role = authorizedRole(call, "iam:UpdateAssumeRolePolicy", input.RoleName);
  checkTrustPolicy(input.PolicyDocument, call.state);
  role.trustPolicy = input.PolicyDocument;
}

function deleteRole(call: Call): undefined {
  const { RoleName } = readInput(call.request.params, { RoleName: limits.roleName });
  const role = authorizedRole(call, "iam:DeleteRole", RoleName);
  if (role.attachedPolicies.length > 0) throw deleteConflict("detach all policies");
  if (Object.keys(role.inlinePolicies).length > 0) throw deleteConflict("delete policies");
  delete callersAccount(call).roles[RoleName];
}

function tagRole(call: Call): undefined {
  const { RoleName, Tags } = readInput(call.request.params, { RoleName: limits.roleName, Tags: limits.tags });
  const role = authorizedRole(call, "iam:TagRole", RoleName, requestTagKeys(Tags));
  role.tags = addTags(role.tags, Tags, "Role");
}

function roleXml(role: Role): XmlObject {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    CreateDate: isoSeconds(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
  };
}
