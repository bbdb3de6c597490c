import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { requestTagKeys } from "../condition-context.ts";
import { mfaDevicesOf } from "../mfa-device.ts";
import { newUser } from "../new-entities.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import type { User } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import {
  authorizedUser,
  callersAccount,
  callersUserName,
  deleteConflict,
  refuseTakenName,
} from "./entities.ts";
import { accessKeysOf } from "./access-keys.ts";
import { addTags, tagsXml } from "./entity-tags.ts";
import { refusePermissionsBoundary } from "./unsupported.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html says what each of these does. */
export const userOperations: Readonly<Record<string, Operation>> = {
  CreateUser: createUser,
  GetUser: getUser,
  DeleteUser: deleteUser,
  TagUser: tagUser,
};

function createUser(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    UserName: limits.newUserName,
    Path: optional(limits.path),
    Tags: limits.tags,
  });
  refusePermissionsBoundary(call);
  const account = callersAccount(call);
  const user = newUser({
    accountId: account.id,
    userName: input.UserName,
    path: input.Path ?? "/",
    createdAt: call.now,
    tags: addTags({}, input.Tags, "User"),
  });
  authorize(call, "iam:CreateUser", user.arn, requestTagKeys(input.Tags));
  if (input.Tags.length > 0) authorize(call, "iam:TagUser", user.arn, requestTagKeys(input.Tags));
  refuseTakenName("User", user.userName, account.users);
  account.users[user.userName] = user;
  return { User: userXml(user) };
}

function getUser(call: Call): XmlObject {
  const input = readInput(call.request.params, { UserName: optional(limits.userName) });
  return { User: userXml(authorizedUser(call, "iam:GetUser", input.UserName ?? callersUserName(call))) };
}

function deleteUser(call: Call): undefined {
  const { UserName } = readInput(call.request.params, { UserName: limits.userName });
  const user = authorizedUser(call, "iam:DeleteUser", UserName);
  if (user.attachedPolicies.length > 0) throw deleteConflict("detach all policies");
  if (Object.keys(user.inlinePolicies).length > 0) throw deleteConflict("delete policies");
  if (accessKeysOf(call, UserName).length > 0) throw deleteConflict("delete access keys");
  if (mfaDevicesOf(call, UserName).length > 0) throw deleteConflict("delete MFA device");
  delete callersAccount(call).users[UserName];
}

function tagUser(call: Call): undefined {
  const { UserName, Tags } = readInput(call.request.params, { UserName: limits.userName, Tags: limits.tags });
  const user = authorizedUser(call, "iam:TagUser", UserName, requestTagKeys(Tags));
  user.tags = addTags(user.tags, Tags, "User");
}

export function userXml(user: User): XmlObject {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: isoSeconds(user.createdAt),
    Tags: tagsXml(user.tags),
  };
}
