import type { Call } from "./call.ts";
import type { VirtualMfaDevice } from "./state.ts";
import { matchingStep, totpOfStep } from "./totp.ts";

/** The devices that a user of the caller's account has enabled. */
export function mfaDevicesOf({ state, principal }: Call, userName: string): VirtualMfaDevice[] {
  return Object.values(state.mfaDevices).filter(
    ({ accountId, assignment }) => accountId === principal.accountId && assignment?.userName === userName,
  );
}

/**
 * Whether the device shows this code, give or take one step, and no code of this step or a later one was
 * taken before. A code that is right is used up (RFC 6238, section 5.2).
 */
export function takeCode(device: VirtualMfaDevice, code: string, now: number): boolean {
  const step = matchingStep(device.seed, code, now);
  if (step === undefined || isUsed(device, step)) return false;
  device.lastUsedStep = step;
  return true;
}

/** The same of two codes of which the second follows right after the first. */
export function takeConsecutiveCodes(
  device: VirtualMfaDevice,
  first: string,
  second: string,
  now: number,
): boolean {
  const step = matchingStep(device.seed, second, now);
  if (step === undefined || isUsed(device, step - 1)) return false;
  if (totpOfStep(device.seed, step - 1) !== first) return false;
  device.lastUsedStep = step;
  return true;
}

function isUsed({ lastUsedStep }: VirtualMfaDevice, step: number): boolean {
  return lastUsedStep !== undefined && step <= lastUsedStep;
}
