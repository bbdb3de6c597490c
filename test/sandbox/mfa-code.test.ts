import { expect, test } from "vitest";
import { createDevice, STEP } from "./mfa-device.ts";
import { sandboxForTest } from "./support.ts";

/** RFC 6238, appendix B: the ASCII secret 12345678901234567890; its codes have eight digits, here the last six. */
test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("%i seconds after the epoch the device of RFC 6238 shows %s", async (seconds, code) => {
  const sandbox = await sandboxForTest();
  const serialNumber = await createDevice(sandbox, "alice");
  const device = sandbox.state.mfaDevices[serialNumber];
  if (device === undefined) throw new Error("no such device");
  device.seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  expect(sandbox.mfaCode(serialNumber, seconds * 1000)).toBe(code);
  sandbox.clock.set(seconds * 1000);
  expect(sandbox.mfaCode(serialNumber)).toBe(code);
});

test("a code stays for the 30 seconds of its step", async () => {
  const sandbox = await sandboxForTest();
  const serialNumber = await createDevice(sandbox, "alice");
  const start = Math.floor(sandbox.clock.now() / STEP) * STEP;
  const code = sandbox.mfaCode(serialNumber, start);
  expect(sandbox.mfaCode(serialNumber, start + STEP - 1)).toBe(code);
  const later = [1, 2, 3].map((steps) => sandbox.mfaCode(serialNumber, start + steps * STEP));
  expect(later).not.toEqual([code, code, code]);
});

test("a device that doesn't exist shows nothing", async () => {
  const sandbox = await sandboxForTest();
  expect(() => sandbox.mfaCode("constructor")).toThrow(new RangeError("no such MFA device: constructor"));
});
