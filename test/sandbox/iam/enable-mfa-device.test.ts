import { DeactivateMFADeviceCommand, EnableMFADeviceCommand } from "@aws-sdk/client-iam";
import type { Sandbox } from "@role-agent/sandbox";
import { expect, test } from "vitest";
import { BOB, bob, createDevice, deviceOf, enable, STEP, withBob, wrongCode } from "../mfa-device.ts";
import { iam, refusal } from "../support.ts";

test.each([
  ["the present one and the next", 0, 1],
  ["the one before and the present", -1, 0],
  ["the two before", -2, -1],
])("two consecutive codes enable a device: %s", async (_case, first, second) => {
  const sandbox = await withBob();
  await createDevice(sandbox, "bob");
  await iam(sandbox).send(enableWith(sandbox, first, second));
  expect(sandbox.state.mfaDevices[BOB]?.assignment?.userName).toBe("bob");
});

test.each([
  ["the same twice", 0, 0],
  ["in the wrong order", 1, 0],
  ["with one left out", -1, 1],
  ["too old", -3, -2],
  ["too far ahead", 1, 2],
])("codes %s are an InvalidAuthenticationCode", async (_case, first, second) => {
  const sandbox = await withBob();
  await createDevice(sandbox, "bob");
  await expectInvalidCode(sandbox, enableWith(sandbox, first, second));
});

test.each(["AuthenticationCode1", "AuthenticationCode2"])("a wrong %s enables nothing", async (which) => {
  const sandbox = await withBob();
  await createDevice(sandbox, "bob");
  const { input } = enable(sandbox, BOB, "bob");
  const wrong = new EnableMFADeviceCommand({ ...input, [which]: wrongCode(sandbox, BOB) });
  await expectInvalidCode(sandbox, wrong);
});

test("codes that enabled a device don't enable it again", async () => {
  const sandbox = await withBob();
  await deviceOf(sandbox, "bob");
  await iam(sandbox).send(new DeactivateMFADeviceCommand({ ...bob, SerialNumber: BOB }));
  await expectInvalidCode(sandbox, enable(sandbox, BOB, "bob"));
  sandbox.clock.advance(STEP);
  await expectInvalidCode(sandbox, enable(sandbox, BOB, "bob"));
  sandbox.clock.advance(STEP);
  await iam(sandbox).send(enable(sandbox, BOB, "bob"));
});

function enableWith(sandbox: Sandbox, first: number, second: number): EnableMFADeviceCommand {
  const code = (steps: number): string => sandbox.mfaCode(BOB, sandbox.clock.now() + steps * STEP);
  const codes = { AuthenticationCode1: code(first), AuthenticationCode2: code(second) };
  return new EnableMFADeviceCommand({ ...bob, SerialNumber: BOB, ...codes });
}

async function expectInvalidCode(sandbox: Sandbox, command: EnableMFADeviceCommand): Promise<void> {
  expect(await refusal(iam(sandbox).send(command))).toEqual({
    code: "InvalidAuthenticationCode",
    status: 403,
    message: "Authentication code for device is not valid.",
  });
  expect(sandbox.state.mfaDevices[BOB]?.assignment).toBeUndefined();
}
