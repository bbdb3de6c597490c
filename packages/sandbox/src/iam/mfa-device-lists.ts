import type { Call, Operation } from "../call.ts";
import { isoSeconds } from "../clock.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { mfaDevicesOf } from "../mfa-device.ts";
import type { VirtualMfaDevice } from "../state.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import { authorizedUser, callersAccount, callersUserName } from "./entities.ts";
import { page } from "./page.ts";
import { userXml } from "./users.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html says what each of these does. */
export const mfaDeviceListOperations: Readonly<Record<string, Operation>> = {
  ListMFADevices: listMfaDevices,
  ListVirtualMFADevices: listVirtualMfaDevices,
};

function listMfaDevices(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    UserName: optional(limits.userName),
    Marker: optional(limits.marker),
    MaxItems: optional(limits.maxItems),
  });
  const { userName } = authorizedUser(call, "iam:ListMFADevices", input.UserName ?? callersUserName(call));
  const { items, paging } = page(mfaDevicesOf(call, userName), input);
  const member = items.map((device) => ({
    UserName: userName,
    SerialNumber: device.serialNumber,
    EnableDate: enableDate(device),
  }));
  return { MFADevices: { member }, ...paging };
}

/** AWS leaves the seed out of a list. */
function listVirtualMfaDevices(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    AssignmentStatus: optional(limits.mfaAssignmentStatus),
    Marker: optional(limits.marker),
    MaxItems: optional(limits.maxItems),
  });
  const { id: accountId, users } = callersAccount(call);
  authorize(call, "iam:ListVirtualMFADevices", `arn:aws:iam::${accountId}:mfa/`);
  const { AssignmentStatus: status = "Any" } = input;
  const devices = Object.values(call.state.mfaDevices).filter(
    (device) =>
      device.accountId === accountId &&
      (status === "Any" || (status === "Assigned") === (device.assignment !== undefined)),
  );
  const { items, paging } = page(devices, input);
  const member = items.map((device) => {
    const user = users[device.assignment?.userName ?? ""];
    return {
      SerialNumber: device.serialNumber,
      EnableDate: enableDate(device),
      User: user && userXml(user),
    };
  });
  return { VirtualMFADevices: { member }, ...paging };
}

function enableDate({ assignment }: VirtualMfaDevice): string | undefined {
  return assignment && isoSeconds(assignment.enabledAt);
}
