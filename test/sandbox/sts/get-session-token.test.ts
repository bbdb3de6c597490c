import { CreateRoleCommand, GetUserCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { frozenClock, HOME, iam, keysOf, refusal, roleArn, sandboxForTest, sts, trust } from "../support.ts";

test("gives the user temporary keys, for 12 hours by default", async () => {
  const { clock, expiration } = frozenClock();
  const sandbox = await sandboxForTest({ clock });
  const { Credentials } = await sts(sandbox).send(new GetSessionTokenCommand({}));
  expect(Credentials?.Expiration).toEqual(expiration(43_200));
  const identity = await sts(sandbox, keysOf(Credentials)).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(`arn:aws:iam::${HOME}:user/Administrator`);
});

test.each([
  [899, "greater than or equal to 900"],
  [129_601, "less than or equal to 129600"],
])("%i seconds are out of range", async (DurationSeconds, words) => {
  const sandbox = await sandboxForTest();
  const { code, message } = await refusal(sts(sandbox).send(new GetSessionTokenCommand({ DurationSeconds })));
  expect(code).toBe("ValidationError");
  expect(message).toContain(words);
});

test("129,600 seconds are in range", async () => {
  const { clock, expiration } = frozenClock();
  const sandbox = await sandboxForTest({ clock });
  const { Credentials } = await sts(sandbox).send(new GetSessionTokenCommand({ DurationSeconds: 129_600 }));
  expect(Credentials?.Expiration).toEqual(expiration(129_600));
});

test("temporary keys can't ask for more of their kind", async () => {
  const sandbox = await sandboxForTest();
  await iam(sandbox).send(
    new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: trust({ AWS: HOME }) }),
  );
  const ofUser = await sts(sandbox).send(new GetSessionTokenCommand({}));
  const ofRole = await sts(sandbox).send(
    new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" }),
  );
  for (const { Credentials } of [ofUser, ofRole]) {
    const client = sts(sandbox, keysOf(Credentials));
    const { code, status, message } = await refusal(client.send(new GetSessionTokenCommand({})));
    expect([code, status]).toEqual(["AccessDenied", 403]);
    expect(message).toBe("Cannot call GetSessionToken with session credentials");
  }
});

test("without MFA the keys assume roles but can't call IAM", async () => {
  const sandbox = await sandboxForTest();
  await iam(sandbox).send(
    new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: trust({ AWS: HOME }) }),
  );
  const { Credentials } = await sts(sandbox).send(new GetSessionTokenCommand({}));
  const keys = keysOf(Credentials);
  const command = new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" });
  expect((await sts(sandbox, keys).send(command)).Credentials).toBeDefined();
  const { code, status } = await refusal(iam(sandbox, keys).send(new GetUserCommand({})));
  expect([code, status]).toEqual(["InvalidClientTokenId", 403]);
});

test("a trust policy sees that there was no MFA, or when there was", async () => {
  const sandbox = await sandboxForTest();
  const Condition = {
    Bool: { "aws:MultiFactorAuthPresent": "true" },
    NumericLessThan: { "aws:MultiFactorAuthAge": "3600" },
  };
  await iam(sandbox).send(
    new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: trust({ AWS: HOME }, { Condition }) }),
  );
  const { Credentials } = await sts(sandbox).send(new GetSessionTokenCommand({}));
  const command = new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" });
  const client = sts(sandbox, keysOf(Credentials));
  expect((await refusal(client.send(command))).message).toContain("aws:MultiFactorAuthPresent");

  const session = sandbox.state.sessions[Credentials?.AccessKeyId ?? ""];
  if (session?.kind !== "user") throw new Error("no such user session");
  session.mfaAuthenticatedAt = sandbox.clock.now() - 60_000;
  expect((await client.send(command)).Credentials).toBeDefined();
  session.mfaAuthenticatedAt = sandbox.clock.now() - 7_200_000;
  expect((await refusal(client.send(command))).message).toContain("aws:MultiFactorAuthAge");
});
