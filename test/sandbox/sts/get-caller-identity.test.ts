import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { administrator, HOME, iam, PARTNER, policy, sandboxForTest, sts } from "../support.ts";

test.each([HOME, PARTNER])("says who the administrator of %s is", async (accountId) => {
  const sandbox = await sandboxForTest();
  const client = sts(sandbox, administrator(sandbox, accountId));
  const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
  expect([Account, Arn]).toEqual([accountId, `arn:aws:iam::${accountId}:user/Administrator`]);
  expect(UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
});

test("needs no permission, not even where a policy denies it", async () => {
  const sandbox = await sandboxForTest();
  await iam(sandbox).send(new CreateUserCommand({ UserName: "bob", Path: "/team/" }));
  const { AccessKey } = await iam(sandbox).send(new CreateAccessKeyCommand({ UserName: "bob" }));
  await iam(sandbox).send(
    new PutUserPolicyCommand({
      UserName: "bob",
      PolicyName: "nothing",
      PolicyDocument: policy("*", { Effect: "Deny" }),
    }),
  );
  const bob = sts(sandbox, {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  });
  const { Arn } = await bob.send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe(`arn:aws:iam::${HOME}:user/team/bob`);
});
