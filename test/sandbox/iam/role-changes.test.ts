import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  type IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { iam, PARTNER, policy, refusal, sandboxForTest, trust } from "../support.ts";

const ec2 = trust({ Service: "ec2.amazonaws.com" });
const create = (more: Partial<CreateRoleCommandInput> = {}): CreateRoleCommand =>
  new CreateRoleCommand({ RoleName: "Deploy", AssumeRolePolicyDocument: ec2, ...more });

test("UpdateRole sets the description, and the longest session or its default of an hour", async () => {
  const client = iam(await sandboxForTest());
  await client.send(create());
  await client.send(new UpdateRoleCommand({ RoleName: "Deploy", MaxSessionDuration: 7200 }));
  const first = await client.send(new GetRoleCommand({ RoleName: "Deploy" }));
  expect(first.Role?.MaxSessionDuration).toBe(7200);
  await client.send(new UpdateRoleCommand({ RoleName: "Deploy", Description: "new" }));
  const second = await client.send(new GetRoleCommand({ RoleName: "Deploy" }));
  expect(second.Role).toMatchObject({ Description: "new", MaxSessionDuration: 3600 });
});

test("UpdateAssumeRolePolicy replaces the trust policy, if it is well formed", async () => {
  const client = iam(await sandboxForTest());
  await client.send(create());
  const update = (PolicyDocument: string): Promise<unknown> =>
    client.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Deploy", PolicyDocument }));
  const { code } = await refusal(update("{"));
  expect(code).toBe("MalformedPolicyDocument");
  await update(trust({ AWS: PARTNER }));
  const { Role } = await client.send(new GetRoleCommand({ RoleName: "Deploy" }));
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust({ AWS: PARTNER }));
});

test("TagRole adds tags and replaces those whose keys differ in case alone", async () => {
  const client = iam(await sandboxForTest());
  await client.send(create({ Tags: [{ Key: "team", Value: "core" }] }));
  const Tags = [
    { Key: "Team", Value: "other" },
    { Key: "cost", Value: "" },
  ];
  await client.send(new TagRoleCommand({ RoleName: "Deploy", Tags }));
  const { Role } = await client.send(new GetRoleCommand({ RoleName: "Deploy" }));
  expect(Role?.Tags).toEqual(Tags);
});

test("tags that IAM refuses", async () => {
  const client = iam(await sandboxForTest());
  await client.send(create());
  const tag = (Tags: { Key: string; Value: string }[]): ReturnType<typeof refusal> =>
    refusal(client.send(new TagRoleCommand({ RoleName: "Deploy", Tags })));
  const twice = [
    { Key: "a", Value: "" },
    { Key: "A", Value: "" },
  ];
  expect((await tag(twice)).code).toBe("InvalidInput");
  expect((await tag([{ Key: "aws:x", Value: "" }])).code).toBe("InvalidInput");
  const fifty = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: "" }));
  await client.send(new TagRoleCommand({ RoleName: "Deploy", Tags: fifty }));
  expect((await tag([{ Key: "one-more", Value: "" }])).code).toBe("LimitExceeded");
});

test("DeleteRole waits until no policy is left", async () => {
  const client = iam(await sandboxForTest());
  const role = { RoleName: "Deploy" };
  const attached = { ...role, PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" };
  const inline = { ...role, PolicyName: "s3" };
  await client.send(create());
  await client.send(new AttachRolePolicyCommand(attached));
  await client.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: policy("s3:*") }));
  expect(await refusal(client.send(new DeleteRoleCommand(role)))).toMatchObject({
    code: "DeleteConflict",
    status: 409,
    message: "Cannot delete entity, must detach all policies first.",
  });
  await client.send(new DetachRolePolicyCommand(attached));
  const { message } = await refusal(client.send(new DeleteRoleCommand(role)));
  expect(message).toBe("Cannot delete entity, must delete policies first.");
  await client.send(new DeleteRolePolicyCommand(inline));
  await client.send(new DeleteRoleCommand(role));
  expect((await refusal(client.send(new GetRoleCommand(role)))).code).toBe("NoSuchEntity");
});

const RoleName = "Nobody";
test.each<[string, (client: IAMClient) => Promise<unknown>]>([
  ["GetRole", (client) => client.send(new GetRoleCommand({ RoleName }))],
  ["UpdateRole", (client) => client.send(new UpdateRoleCommand({ RoleName }))],
  ["DeleteRole", (client) => client.send(new DeleteRoleCommand({ RoleName }))],
  ["TagRole", (client) => client.send(new TagRoleCommand({ RoleName, Tags: [] }))],
  [
    "UpdateAssumeRolePolicy",
    (client) => client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: ec2 })),
  ],
])("%s of a role that doesn't exist is a NoSuchEntity", async (_action, call) => {
  expect(await refusal(call(iam(await sandboxForTest())))).toMatchObject({
    code: "NoSuchEntity",
    status: 404,
    message: "The role with name Nobody cannot be found.",
  });
});
