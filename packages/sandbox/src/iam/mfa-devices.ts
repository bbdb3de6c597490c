import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../call.ts";
import { optional, readInput } from "../input.ts";
import * as limits from "../limits.ts";
import { mfaDevicesOf, takeConsecutiveCodes } from "../mfa-device.ts";
import type { VirtualMfaDevice } from "../state.ts";
import { newTotpSeed } from "../totp.ts";
import type { XmlObject } from "../xml.ts";
import { authorize } from "./authorize.ts";
import { authorizedUser, callersUserName, limitExceeded, noSuchEntity } from "./entities.ts";

const maxDevicesPerUser = 8;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable-overview.html */
export const mfaDeviceOperations: Readonly<Record<string, Operation>> = {
  CreateVirtualMFADevice: createVirtualMfaDevice,
  EnableMFADevice: enableMfaDevice,
  DeactivateMFADevice: deactivateMfaDevice,
  DeleteVirtualMFADevice: deleteVirtualMfaDevice,
};

/** The seed is a blob of the API: the base32 text, encoded once more. The answer has no QRCodePNG. */
function createVirtualMfaDevice(call: Call): XmlObject {
  const input = readInput(call.request.params, {
    VirtualMFADeviceName: limits.mfaDeviceName,
    Path: optional(limits.path),
  });
  const { accountId } = call.principal;
  const serialNumber = `arn:aws:iam::${accountId}:mfa${input.Path ?? "/"}${input.VirtualMFADeviceName}`;
  authorize(call, "iam:CreateVirtualMFADevice", serialNumber);
  if (call.state.mfaDevices[serialNumber] !== undefined) {
    throw entityAlreadyExists("MFADevice entity at the same path and name already exists.");
  }
  const seed = newTotpSeed();
  call.state.mfaDevices[serialNumber] = {
    serialNumber,
    accountId,
    seed,
    assignment: undefined,
    lastUsedStep: undefined,
  };
  return {
    VirtualMFADevice: {
      SerialNumber: serialNumber,
      Base32StringSeed: Buffer.from(seed).toString("base64"),
    },
  };
}

function enableMfaDevice(call: Call): undefined {
  const input = readInput(call.request.params, {
    UserName: limits.userName,
    SerialNumber: limits.mfaSerialNumber,
    AuthenticationCode1: limits.mfaTokenCode,
    AuthenticationCode2: limits.mfaTokenCode,
  });
  const { userName } = authorizedUser(call, "iam:EnableMFADevice", input.UserName);
  const device = accountsDevice(call, input.SerialNumber);
  if (device.assignment !== undefined) {
    throw entityAlreadyExists(`MFA device ${device.serialNumber} is already assigned to a user.`);
  }
  if (mfaDevicesOf(call, userName).length >= maxDevicesPerUser) {
    throw limitExceeded("MFADevicesPerUser", maxDevicesPerUser);
  }
  if (!takeConsecutiveCodes(device, input.AuthenticationCode1, input.AuthenticationCode2, call.now)) {
    throw new AwsError("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403);
  }
  device.assignment = { userName, enabledAt: call.now };
}

function deactivateMfaDevice(call: Call): undefined {
  const input = readInput(call.request.params, {
    UserName: optional(limits.userName),
    SerialNumber: limits.mfaSerialNumber,
  });
  const { userName } = authorizedUser(
    call,
    "iam:DeactivateMFADevice",
    input.UserName ?? callersUserName(call),
  );
  const device = accountsDevice(call, input.SerialNumber);
  if (device.assignment?.userName !== userName) {
    throw noSuchEntity(`MFA device ${device.serialNumber} is not enabled for user ${userName}.`);
  }
  device.assignment = undefined;
}

function deleteVirtualMfaDevice(call: Call): undefined {
  const { SerialNumber } = readInput(call.request.params, { SerialNumber: limits.mfaSerialNumber });
  authorize(call, "iam:DeleteVirtualMFADevice", SerialNumber);
  const device = accountsDevice(call, SerialNumber);
  if (device.assignment !== undefined) {
    throw new AwsError("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.", 409);
  }
  delete call.state.mfaDevices[SerialNumber];
}

function accountsDevice({ state, principal }: Call, serialNumber: string): VirtualMfaDevice {
  const device = state.mfaDevices[serialNumber];
  if (device?.accountId === principal.accountId) return device;
  throw noSuchEntity(`VirtualMFADevice with serial number ${serialNumber} doesn't exist.`);
}

function entityAlreadyExists(message: string): AwsError {
  return new AwsError("EntityAlreadyExists", message, 409);
}
