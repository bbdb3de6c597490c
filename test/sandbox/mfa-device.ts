import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  type CreateVirtualMFADeviceCommandInput,
} from "@aws-sdk/client-iam";
import type { Sandbox } from "@role-agent/sandbox";
import { frozenClock, HOME, iam, sandboxForTest } from "./support.ts";

export const STEP = 30_000;
export const bob = { UserName: "bob" };
export const BOB = `arn:aws:iam::${HOME}:mfa/bob`;

/** A sandbox whose home account has the user bob; the time stands still. */
export async function withBob(): Promise<Sandbox> {
  const sandbox = await sandboxForTest({ clock: frozenClock().clock });
  await iam(sandbox).send(new CreateUserCommand(bob));
  return sandbox;
}

/** Creates a device of the home account; its serial number. */
export async function createDevice(
  sandbox: Sandbox,
  VirtualMFADeviceName: string,
  more: Partial<CreateVirtualMFADeviceCommandInput> = {},
): Promise<string> {
  const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName, ...more });
  const { VirtualMFADevice } = await iam(sandbox).send(command);
  if (VirtualMFADevice?.SerialNumber === undefined) throw new Error("the answer has no serial number");
  return VirtualMFADevice.SerialNumber;
}

/** Enables a device with the codes of the step before and of the present one. */
export function enable(sandbox: Sandbox, SerialNumber: string, UserName: string): EnableMFADeviceCommand {
  return new EnableMFADeviceCommand({
    UserName,
    SerialNumber,
    AuthenticationCode1: sandbox.mfaCode(SerialNumber, sandbox.clock.now() - STEP),
    AuthenticationCode2: sandbox.mfaCode(SerialNumber),
  });
}

/** The device `UserName` of that user, enabled; its serial number. */
export async function deviceOf(sandbox: Sandbox, UserName: string): Promise<string> {
  const serialNumber = await createDevice(sandbox, UserName);
  await iam(sandbox).send(enable(sandbox, serialNumber, UserName));
  return serialNumber;
}

/** Waits until the device shows another code; what a call takes then. */
export function nextCode(
  sandbox: Sandbox,
  SerialNumber: string,
): { SerialNumber: string; TokenCode: string } {
  sandbox.clock.advance(STEP);
  return { SerialNumber, TokenCode: sandbox.mfaCode(SerialNumber) };
}

/** Six digits that the device doesn't show, now or within two steps. */
export function wrongCode(sandbox: Sandbox, serialNumber: string): string {
  const shown = new Set(
    [-2, -1, 0, 1, 2].map((steps) => sandbox.mfaCode(serialNumber, sandbox.clock.now() + steps * STEP)),
  );
  const wrong = ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !shown.has(code));
  if (wrong === undefined) throw new Error("five codes can't be six");
  return wrong;
}
