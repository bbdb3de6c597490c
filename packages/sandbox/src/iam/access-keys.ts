import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { newSecretAccessKey, uniqueId } from "../identifiers.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import type { AccessKey } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorizedUser, callersUserName, limitExceeded, noSuchEntity } from "./entities.ts";

const maxKeysPerUser = 2;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html */
export const accessKeyOperations: Readonly<Record<string, Operation>> = {
  CreateAccessKey: createAccessKey,
  DeleteAccessKey: deleteAccessKey,
};

export function accessKeysOf({ state, principal }: Call, userName: string): AccessKey[] {
  return Object.values(state.accessKeys).filter(
    (key) => key.accountId === principal.accountId && key.userName === userName,
  );
}

function createAccessKey(call: Call): XmlObject {
  const input = readInput(call.request.params, { UserName: optional(limits.userName) });
  const { userName } = authorizedUser(call, "iam:CreateAccessKey", input.UserName ?? callersUserName(call));
  if (accessKeysOf(call, userName).length >= maxKeysPerUser) {
    throw limitExceeded("AccessKeysPerUser", maxKeysPerUser);
  }
  const key: AccessKey = {
    accessKeyId: uniqueId("AKIA"),
    secretAccessKey: newSecretAccessKey(),
    accountId: call.principal.accountId,
    userName,
    createdAt: call.now,
  };
  call.state.accessKeys[key.accessKeyId] = key;
  return {
    AccessKey: {
      UserName: userName,
      AccessKeyId: key.accessKeyId,
      Status: "Active",
      SecretAccessKey: key.secretAccessKey,
      CreateDate: isoSeconds(key.createdAt),
    },
  };
}

function deleteAccessKey(call: Call): undefined {
  const input = readInput(call.request.params, {
    UserName: optional(limits.userName),
    AccessKeyId: limits.accessKeyId,
  });
  const { userName } = authorizedUser(call, "iam:DeleteAccessKey", input.UserName ?? callersUserName(call));
  if (!accessKeysOf(call, userName).some(({ accessKeyId }) => accessKeyId === input.AccessKeyId)) {
    throw noSuchEntity(`The Access Key with id ${input.AccessKeyId} cannot be found.`);
  }
  delete call.state.accessKeys[input.AccessKeyId];
}
