import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ListVirtualMFADevicesCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { BOB, bob, createDevice, deviceOf, enable, withBob } from "../mfa-device.ts";
import { userWithKeys } from "../sts/deploy-role.ts";
import { administrator, HOME, iam, PARTNER, refusal, sandboxForTest, type Refusal } from "../support.ts";

test("a new device has a serial number, and a seed in base32 that only this answer tells", async () => {
  const sandbox = await withBob();
  const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "bob" });
  const { VirtualMFADevice } = await iam(sandbox).send(command);
  expect(VirtualMFADevice?.SerialNumber).toBe(BOB);
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed);
  expect(seed).toMatch(/^[A-Z2-7]{64}$/);
  expect(seed).toBe(sandbox.state.mfaDevices[BOB]?.seed);
  const { VirtualMFADevices } = await iam(sandbox).send(new ListVirtualMFADevicesCommand({}));
  expect(VirtualMFADevices).toEqual([{ SerialNumber: BOB }]);
});

test("a device has a path, and its name is taken once", async () => {
  const sandbox = await withBob();
  await createDevice(sandbox, "bob");
  expect(await createDevice(sandbox, "bob", { Path: "/team/" })).toBe(`arn:aws:iam::${HOME}:mfa/team/bob`);
  expect(await refusal(createDevice(sandbox, "bob"))).toMatchObject({
    code: "EntityAlreadyExists",
    status: 409,
    message: "MFADevice entity at the same path and name already exists.",
  });
});

test("a device is enabled, listed, deactivated and deleted", async () => {
  const sandbox = await withBob();
  const client = iam(sandbox);
  await createDevice(sandbox, "spare");
  await deviceOf(sandbox, "bob");
  const EnableDate = new Date(Math.floor(sandbox.clock.now() / 1000) * 1000);
  const list = async (): Promise<unknown> => (await client.send(new ListMFADevicesCommand(bob))).MFADevices;
  expect(await list()).toEqual([{ ...bob, SerialNumber: BOB, EnableDate }]);

  await client.send(new DeactivateMFADeviceCommand({ ...bob, SerialNumber: BOB }));
  expect(await list()).toEqual([]);
  await client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: BOB }));
  expect(Object.keys(sandbox.state.mfaDevices)).toEqual([`arn:aws:iam::${HOME}:mfa/spare`]);
});

test("virtual devices are listed by their assignment, with their user", async () => {
  const sandbox = await withBob();
  await createDevice(sandbox, "spare");
  await deviceOf(sandbox, "bob");
  const list = async (AssignmentStatus?: "Assigned" | "Unassigned" | "Any"): Promise<unknown> => {
    const command = new ListVirtualMFADevicesCommand({ AssignmentStatus });
    const { VirtualMFADevices } = await iam(sandbox).send(command);
    return VirtualMFADevices?.map(({ SerialNumber, User }) => [SerialNumber, User?.UserName]);
  };
  const spare = [`arn:aws:iam::${HOME}:mfa/spare`, undefined];
  expect(await list("Unassigned")).toEqual([spare]);
  expect(await list("Assigned")).toEqual([[BOB, "bob"]]);
  expect(await list("Any")).toEqual([spare, [BOB, "bob"]]);
  expect(await list()).toEqual([spare, [BOB, "bob"]]);
});

test("devices are listed in pages", async () => {
  const sandbox = await withBob();
  for (const name of ["a", "b", "c"]) await createDevice(sandbox, name);
  const client = iam(sandbox);
  const first = await client.send(new ListVirtualMFADevicesCommand({ MaxItems: 2 }));
  const rest = await client.send(new ListVirtualMFADevicesCommand({ Marker: first.Marker }));
  expect([first, rest].map((answer) => answer.VirtualMFADevices?.length)).toEqual([2, 1]);
  expect([first, rest].map((answer) => answer.IsTruncated)).toEqual([true, false]);
});

test("without a user name the caller's devices are meant", async () => {
  const sandbox = await withBob();
  const SerialNumber = await deviceOf(sandbox, "Administrator");
  const { MFADevices } = await iam(sandbox).send(new ListMFADevicesCommand({}));
  expect(MFADevices).toMatchObject([{ UserName: "Administrator", SerialNumber }]);
  await iam(sandbox).send(new DeactivateMFADeviceCommand({ SerialNumber }));
  expect(sandbox.state.mfaDevices[SerialNumber]?.assignment).toBeUndefined();
});

test("a device is one user's at a time, and a user has eight at most", async () => {
  const sandbox = await withBob();
  await deviceOf(sandbox, "bob");
  const again = refusal(iam(sandbox).send(enable(sandbox, BOB, "Administrator")));
  expect(await again).toMatchObject({ code: "EntityAlreadyExists", status: 409 });

  const add = async (name: string): Promise<void> => {
    const serialNumber = await createDevice(sandbox, name);
    await iam(sandbox).send(enable(sandbox, serialNumber, "bob"));
  };
  for (const name of ["2", "3", "4", "5", "6", "7", "8"]) await add(name);
  expect(await refusal(add("9"))).toMatchObject({
    code: "LimitExceeded",
    message: "Cannot exceed quota for MFADevicesPerUser: 8",
  });
});

test("what doesn't exist is a NoSuchEntity", async () => {
  const sandbox = await withBob();
  const SerialNumber = await deviceOf(sandbox, "Administrator");
  const none = `arn:aws:iam::${HOME}:mfa/none`;
  const codes = { AuthenticationCode1: "000000", AuthenticationCode2: "111111" };
  const client = iam(sandbox);
  const partner = iam(sandbox, administrator(sandbox, PARTNER));
  const refusals: Record<string, Refusal> = {
    "enabling an unknown device": await refusal(
      client.send(new EnableMFADeviceCommand({ ...bob, SerialNumber: none, ...codes })),
    ),
    "deactivating an unknown device": await refusal(
      client.send(new DeactivateMFADeviceCommand({ ...bob, SerialNumber: none })),
    ),
    "deactivating another user's": await refusal(
      client.send(new DeactivateMFADeviceCommand({ ...bob, SerialNumber })),
    ),
    "deleting an unknown device": await refusal(
      client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: none })),
    ),
    "deleting another account's": await refusal(
      partner.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })),
    ),
    "listing an unknown user's": await refusal(client.send(new ListMFADevicesCommand({ UserName: "eve" }))),
  };
  for (const [what, { code, status }] of Object.entries(refusals)) {
    expect([what, code, status]).toEqual([what, "NoSuchEntity", 404]);
  }
  expect(sandbox.state.mfaDevices[SerialNumber]?.assignment?.userName).toBe("Administrator");
});

test("a device in use isn't deleted, nor is its user", async () => {
  const sandbox = await withBob();
  const SerialNumber = await deviceOf(sandbox, "bob");
  const device = await refusal(iam(sandbox).send(new DeleteVirtualMFADeviceCommand({ SerialNumber })));
  expect(device).toEqual({
    code: "DeleteConflict",
    status: 409,
    message: "MFA VirtualDevice in use. Must deactivate first.",
  });
  const user = await refusal(iam(sandbox).send(new DeleteUserCommand(bob)));
  expect(user).toEqual({
    code: "DeleteConflict",
    status: 409,
    message: "Cannot delete entity, must delete MFA device first.",
  });
  await iam(sandbox).send(new DeactivateMFADeviceCommand({ ...bob, SerialNumber }));
  await iam(sandbox).send(new DeleteUserCommand(bob));
});

test("each call needs its permission, on the device or on the user", async () => {
  const sandbox = await sandboxForTest();
  const client = iam(sandbox, await userWithKeys(sandbox, "bob"));
  const user = `arn:aws:iam::${HOME}:user/bob`;
  const codes = { AuthenticationCode1: "000000", AuthenticationCode2: "111111" };
  const message = async (call: Promise<unknown>): Promise<string> => (await refusal(call)).message;
  const denied = (action: string, resource: string): unknown =>
    expect.stringContaining(`is not authorized to perform: iam:${action} on resource: ${resource} `);

  const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "bob" });
  expect(await message(client.send(create))).toEqual(denied("CreateVirtualMFADevice", BOB));
  const enabling = new EnableMFADeviceCommand({ ...bob, SerialNumber: BOB, ...codes });
  expect(await message(client.send(enabling))).toEqual(denied("EnableMFADevice", user));
  const list = new ListMFADevicesCommand({});
  expect(await message(client.send(list))).toEqual(denied("ListMFADevices", user));
  const listAll = new ListVirtualMFADevicesCommand({});
  const all = `arn:aws:iam::${HOME}:mfa/`;
  expect(await message(client.send(listAll))).toEqual(denied("ListVirtualMFADevices", all));
  const deactivate = new DeactivateMFADeviceCommand({ SerialNumber: BOB });
  expect(await message(client.send(deactivate))).toEqual(denied("DeactivateMFADevice", user));
  const remove = new DeleteVirtualMFADeviceCommand({ SerialNumber: BOB });
  expect(await message(client.send(remove))).toEqual(denied("DeleteVirtualMFADevice", BOB));
});
