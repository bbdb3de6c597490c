import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { HOME, iam, keysOf, policy, refusal, roleArn, sandboxForTest, sts, trust } from "../support.ts";

const bob = { UserName: "bob" };

test("a user is created, tagged and read back", async () => {
  const client = iam(await sandboxForTest());
  const { User } = await client.send(new CreateUserCommand({ ...bob, Path: "/team/" }));
  expect(User).toMatchObject({ ...bob, Path: "/team/", Arn: `arn:aws:iam::${HOME}:user/team/bob` });
  expect(User?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  await client.send(new TagUserCommand({ ...bob, Tags: [{ Key: "team", Value: "core" }] }));
  const got = await client.send(new GetUserCommand(bob));
  expect(got.User).toEqual({ ...User, Tags: [{ Key: "team", Value: "core" }] });
});

test("GetUser without a name is the caller, who must be a user", async () => {
  const sandbox = await sandboxForTest();
  const { User } = await iam(sandbox).send(new GetUserCommand({}));
  expect(User?.UserName).toBe("Administrator");

  const document = trust({ AWS: HOME });
  await iam(sandbox).send(new CreateRoleCommand({ RoleName: "R", AssumeRolePolicyDocument: document }));
  const { Credentials } = await sts(sandbox).send(
    new AssumeRoleCommand({ RoleArn: roleArn("R"), RoleSessionName: "me" }),
  );
  const { code, message } = await refusal(iam(sandbox, keysOf(Credentials)).send(new GetUserCommand({})));
  expect(code).toBe("ValidationError");
  expect(message).toBe("Must specify userName when calling with non-User credentials");
});

test("a name that exists is taken, one that doesn't is a NoSuchEntity", async () => {
  const client = iam(await sandboxForTest());
  await client.send(new CreateUserCommand(bob));
  const taken = await refusal(client.send(new CreateUserCommand({ UserName: "BOB" })));
  expect([taken.code, taken.status]).toEqual(["EntityAlreadyExists", 409]);
  const { code, status, message } = await refusal(client.send(new GetUserCommand({ UserName: "eve" })));
  expect([code, status, message]).toEqual(["NoSuchEntity", 404, "The user with name eve cannot be found."]);
});

test("a new access key signs as its user until it is deleted", async () => {
  const sandbox = await sandboxForTest();
  const client = iam(sandbox);
  await client.send(new CreateUserCommand(bob));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand(bob));
  expect(AccessKey).toMatchObject({ ...bob, Status: "Active" });
  expect(AccessKey?.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(AccessKey?.SecretAccessKey).toHaveLength(40);

  const accessKeyId = AccessKey?.AccessKeyId ?? "";
  const asBob = sts(sandbox, { accessKeyId, secretAccessKey: AccessKey?.SecretAccessKey ?? "" });
  const { Arn } = await asBob.send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe(`arn:aws:iam::${HOME}:user/bob`);

  await client.send(new DeleteAccessKeyCommand({ ...bob, AccessKeyId: accessKeyId }));
  const { code, status } = await refusal(asBob.send(new GetCallerIdentityCommand({})));
  expect([code, status]).toEqual(["InvalidClientTokenId", 403]);
});

test("a user has two access keys at most, and only their own", async () => {
  const client = iam(await sandboxForTest());
  await client.send(new CreateUserCommand(bob));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand(bob));
  await client.send(new CreateAccessKeyCommand(bob));
  expect(await refusal(client.send(new CreateAccessKeyCommand(bob)))).toMatchObject({
    code: "LimitExceeded",
    status: 409,
    message: "Cannot exceed quota for AccessKeysPerUser: 2",
  });
  const ofAdministrator = new DeleteAccessKeyCommand({ AccessKeyId: AccessKey?.AccessKeyId });
  expect((await refusal(client.send(ofAdministrator))).code).toBe("NoSuchEntity");
});

test("DeleteUser waits until no policy and no key is left", async () => {
  const client = iam(await sandboxForTest());
  const attached = { ...bob, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
  await client.send(new CreateUserCommand(bob));
  await client.send(new AttachUserPolicyCommand(attached));
  await client.send(new PutUserPolicyCommand({ ...bob, PolicyName: "s3", PolicyDocument: policy("s3:*") }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand(bob));
  const conflict = async (): Promise<string> => {
    const { code, message } = await refusal(client.send(new DeleteUserCommand(bob)));
    expect(code).toBe("DeleteConflict");
    return message;
  };
  expect(await conflict()).toContain("detach all policies");
  await client.send(new DetachUserPolicyCommand(attached));
  expect(await conflict()).toContain("delete policies");
  await client.send(new DeleteUserPolicyCommand({ ...bob, PolicyName: "s3" }));
  expect(await conflict()).toContain("delete access keys");
  await client.send(new DeleteAccessKeyCommand({ ...bob, AccessKeyId: AccessKey?.AccessKeyId }));
  await client.send(new DeleteUserCommand(bob));
  expect((await refusal(client.send(new GetUserCommand(bob)))).code).toBe("NoSuchEntity");
});
