import {
  GetRoleCommand,
  GetUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import type { Sandbox } from "@role-agent/sandbox";
import { expect, test } from "vitest";
import { createDevice, deviceOf, nextCode, STEP, wrongCode } from "../mfa-device.ts";
import {
  administrator,
  frozenClock,
  HOME,
  iam,
  keysOf,
  PARTNER,
  policy,
  refusal,
  sts,
  trust,
  type Keys,
} from "../support.ts";
import { assume, userWithKeys, withRole } from "./deploy-role.ts";

const needsMfa = { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } };
const invalidCode = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
const notTheirs =
  "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.";
const oneOfTwo =
  "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";

interface Mfa {
  SerialNumber?: string;
  TokenCode?: string;
}

/** The role Deploy that the account may assume, and the administrator's device; the time stands still. */
async function withDevice(more: object = needsMfa): Promise<{ sandbox: Sandbox; serialNumber: string }> {
  const sandbox = await withRole(trust({ AWS: HOME }, more), { clock: frozenClock().clock });
  return { sandbox, serialNumber: await deviceOf(sandbox, "Administrator") };
}

async function sessionToken(sandbox: Sandbox, mfa: Mfa, keys?: Keys): Promise<Keys> {
  const { Credentials } = await sts(sandbox, keys).send(new GetSessionTokenCommand(mfa));
  return keysOf(Credentials);
}

async function assumed(
  sandbox: Sandbox,
  keys?: Keys,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Keys> {
  const { Credentials } = await sts(sandbox, keys).send(assume(more));
  return keysOf(Credentials);
}

/** Both calls that take a code. */
const calls: [string, (sandbox: Sandbox, mfa: Mfa, keys?: Keys) => Promise<Keys>][] = [
  ["GetSessionToken", sessionToken],
  ["AssumeRole", (sandbox, mfa, keys) => assumed(sandbox, keys, mfa)],
];

async function expectRefused(call: Promise<unknown>, message: string): Promise<void> {
  expect(await refusal(call)).toEqual({ code: "AccessDenied", status: 403, message });
}

test.each(calls)("%s takes each code once", async (_name, call) => {
  const { sandbox, serialNumber } = await withDevice();
  const mfa = nextCode(sandbox, serialNumber);
  await call(sandbox, mfa);
  await expectRefused(call(sandbox, mfa), invalidCode);
  sandbox.clock.advance(STEP);
  await expectRefused(call(sandbox, mfa), invalidCode);
  await call(sandbox, nextCode(sandbox, serialNumber));
});

test("a code that one call took is used up for the other", async () => {
  const { sandbox, serialNumber } = await withDevice();
  const mfa = nextCode(sandbox, serialNumber);
  await sessionToken(sandbox, mfa);
  await expectRefused(assumed(sandbox, undefined, mfa), invalidCode);
});

test("of two calls at once with one code, one gets a session", async () => {
  const { sandbox, serialNumber } = await withDevice();
  const mfa = nextCode(sandbox, serialNumber);
  const both = await Promise.allSettled([sessionToken(sandbox, mfa), sessionToken(sandbox, mfa)]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("codes that enabled the device are used up", async () => {
  const { sandbox, serialNumber } = await withDevice();
  for (const at of [sandbox.clock.now() - STEP, sandbox.clock.now()]) {
    const mfa = { SerialNumber: serialNumber, TokenCode: sandbox.mfaCode(serialNumber, at) };
    await expectRefused(sessionToken(sandbox, mfa), invalidCode);
  }
});

test.each([
  [-2, "refused"],
  [-1, "taken"],
  [0, "taken"],
  [1, "taken"],
  [2, "refused"],
])("a code %i steps from the sandbox's time is %s", async (steps, outcome) => {
  const { sandbox, serialNumber } = await withDevice();
  sandbox.clock.advance(10 * STEP);
  const TokenCode = sandbox.mfaCode(serialNumber, sandbox.clock.now() + steps * STEP);
  const call = sessionToken(sandbox, { SerialNumber: serialNumber, TokenCode });
  if (outcome === "taken") await call;
  else await expectRefused(call, invalidCode);
});

test("after a newer code an older one is stale", async () => {
  const { sandbox, serialNumber } = await withDevice();
  sandbox.clock.advance(10 * STEP);
  const mfaAt = (at: number): Mfa => ({
    SerialNumber: serialNumber,
    TokenCode: sandbox.mfaCode(serialNumber, at),
  });
  await sessionToken(sandbox, mfaAt(sandbox.clock.now() + STEP));
  await expectRefused(sessionToken(sandbox, mfaAt(sandbox.clock.now())), invalidCode);
});

test.each(calls)("%s refuses a wrong code, which doesn't use up the right one", async (_name, call) => {
  const { sandbox, serialNumber } = await withDevice();
  const mfa = nextCode(sandbox, serialNumber);
  await expectRefused(call(sandbox, { ...mfa, TokenCode: wrongCode(sandbox, serialNumber) }), invalidCode);
  await call(sandbox, mfa);
});

test.each(calls)("%s wants the serial number and the code, or neither", async (_name, call) => {
  const { sandbox, serialNumber } = await withDevice();
  const { SerialNumber, TokenCode } = nextCode(sandbox, serialNumber);
  await expectRefused(call(sandbox, { SerialNumber }), oneOfTwo);
  await expectRefused(call(sandbox, { TokenCode }), oneOfTwo);
  await call(sandbox, { SerialNumber, TokenCode });
});

test.each(calls)("%s wants a device that is enabled for the calling user", async (_name, call) => {
  const { sandbox, serialNumber } = await withDevice();
  const bob = await userWithKeys(sandbox, "bob");
  const spare = await createDevice(sandbox, "spare");
  const others = nextCode(sandbox, serialNumber);
  await expectRefused(call(sandbox, others, bob), notTheirs);
  await expectRefused(call(sandbox, others, administrator(sandbox, PARTNER)), notTheirs);
  await expectRefused(call(sandbox, nextCode(sandbox, spare)), notTheirs);
  for (const SerialNumber of ["GAHT12345678", "__proto__"]) {
    await expectRefused(call(sandbox, { SerialNumber, TokenCode: "123456" }), notTheirs);
  }
  expect(Object.keys(sandbox.state.sessions)).toEqual([]);
});

test("a role session has no device, not even that of the user who assumed the role", async () => {
  const { sandbox, serialNumber } = await withDevice({});
  const session = await assumed(sandbox);
  const again = assumed(sandbox, session, nextCode(sandbox, serialNumber));
  await expectRefused(again, notTheirs);
});

test("a code is used up although the trust policy refuses", async () => {
  const { sandbox, serialNumber } = await withDevice({
    Condition: { StringEquals: { "sts:ExternalId": "of-the-partner" } },
  });
  const mfa = nextCode(sandbox, serialNumber);
  expect((await refusal(assumed(sandbox, undefined, mfa))).message).toContain("sts:ExternalId");
  await expectRefused(assumed(sandbox, undefined, { ...mfa, ExternalId: "of-the-partner" }), invalidCode);
});

test("a trust policy that wants MFA lets in AssumeRole with a code, with age 0", async () => {
  const { sandbox, serialNumber } = await withDevice({
    Condition: {
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericEquals: { "aws:MultiFactorAuthAge": "0" },
    },
  });
  expect((await refusal(assumed(sandbox))).message).toContain("aws:MultiFactorAuthPresent");
  await assumed(sandbox, undefined, nextCode(sandbox, serialNumber));
});

test("a session made with MFA assumes that role until it is too old, and with a fresh code again", async () => {
  const { sandbox, serialNumber } = await withDevice({
    Condition: {
      Bool: { "aws:MultiFactorAuthPresent": "true" },
      NumericLessThanEquals: { "aws:MultiFactorAuthAge": "600" },
    },
  });
  const session = await sessionToken(sandbox, nextCode(sandbox, serialNumber));
  await assumed(sandbox, session);
  sandbox.clock.advance(600_999);
  await assumed(sandbox, session);
  sandbox.clock.advance(1);
  expect((await refusal(assumed(sandbox, session))).message).toContain("aws:MultiFactorAuthAge");
  await assumed(sandbox, session, nextCode(sandbox, serialNumber));
});

test("a session made without MFA doesn't assume that role", async () => {
  const { sandbox } = await withDevice();
  const session = await sessionToken(sandbox, {});
  expect((await refusal(assumed(sandbox, session))).message).toContain("aws:MultiFactorAuthPresent");
});

test("a session made with MFA calls IAM, and identity policies see the MFA", async () => {
  const { sandbox } = await withDevice();
  const bob = await userWithKeys(sandbox, "bob");
  const serialNumber = await deviceOf(sandbox, "bob");
  const PolicyDocument = policy("iam:GetUser", needsMfa);
  await iam(sandbox).send(new PutUserPolicyCommand({ UserName: "bob", PolicyName: "own", PolicyDocument }));
  const longTerm = await refusal(iam(sandbox, bob).send(new GetUserCommand({})));
  expect(longTerm.code).toBe("AccessDenied");
  const without = await sessionToken(sandbox, {}, bob);
  expect((await refusal(iam(sandbox, without).send(new GetUserCommand({})))).code).toBe(
    "InvalidClientTokenId",
  );
  const proven = await sessionToken(sandbox, nextCode(sandbox, serialNumber), bob);
  expect((await iam(sandbox, proven).send(new GetUserCommand({}))).User?.UserName).toBe("bob");
});

test.each([
  [
    "by a session made with MFA",
    async (sandbox: Sandbox, mfa: Mfa) => assumed(sandbox, await sessionToken(sandbox, mfa)),
  ],
  ["with a code", async (sandbox: Sandbox, mfa: Mfa) => assumed(sandbox, undefined, mfa)],
])("the session of a role that was assumed %s says there was no MFA", async (_case, assumeWith) => {
  const { sandbox, serialNumber } = await withDevice();
  const Condition = {
    Bool: { "aws:MultiFactorAuthPresent": "false" },
    Null: { "aws:MultiFactorAuthAge": "true" },
  };
  const PolicyDocument = policy("iam:GetRole", { Condition });
  const own = { RoleName: "Deploy", PolicyName: "own", PolicyDocument };
  await iam(sandbox).send(new PutRolePolicyCommand(own));
  const session = iam(sandbox, await assumeWith(sandbox, nextCode(sandbox, serialNumber)));
  expect((await session.send(new GetRoleCommand({ RoleName: "Deploy" }))).Role?.RoleName).toBe("Deploy");
});
