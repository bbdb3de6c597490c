import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { iam, policy, refusal, sandboxForTest, trust } from "../support.ts";

const role = { RoleName: "Deploy" };
const S3_READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const READ = "arn:aws:iam::aws:policy/ReadOnlyAccess";

async function withRole(): Promise<IAMClient> {
  const client = iam(await sandboxForTest());
  const document = trust({ Service: "ec2.amazonaws.com" });
  await client.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: document }));
  return client;
}

test("managed policies are attached, listed in pages and detached", async () => {
  const client = await withRole();
  for (const PolicyArn of [S3_READ, READ, READ]) {
    await client.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
  }
  const first = await client.send(new ListAttachedRolePoliciesCommand({ ...role, MaxItems: 1 }));
  expect(first.AttachedPolicies).toEqual([{ PolicyName: "AmazonS3ReadOnlyAccess", PolicyArn: S3_READ }]);
  expect(first.IsTruncated).toBe(true);
  const rest = await client.send(new ListAttachedRolePoliciesCommand({ ...role, Marker: first.Marker }));
  expect(rest.AttachedPolicies).toEqual([{ PolicyName: "ReadOnlyAccess", PolicyArn: READ }]);
  expect(rest.IsTruncated).toBe(false);

  await client.send(new DetachRolePolicyCommand({ ...role, PolicyArn: S3_READ }));
  const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand(role));
  expect(AttachedPolicies?.map(({ PolicyArn }) => PolicyArn)).toEqual([READ]);
});

test("only policies that exist are attached, and ten at most", async () => {
  const sandbox = await sandboxForTest();
  const client = iam(sandbox);
  const document = trust({ Service: "ec2.amazonaws.com" });
  await client.send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: document }));
  const attach = (PolicyArn: string): Promise<unknown> =>
    client.send(new AttachRolePolicyCommand({ ...role, PolicyArn }));
  const unknown = await refusal(attach("arn:aws:iam::aws:policy/NoSuchPolicy"));
  expect([unknown.code, unknown.status]).toEqual(["NoSuchEntity", 404]);

  for (let i = 0; i < 10; i += 1) {
    const arn = `arn:aws:iam::111122223333:policy/own${i}`;
    sandbox.state.managedPolicies[arn] = { policyName: `own${i}`, document: policy("s3:*") };
    await attach(arn);
  }
  const { code, message } = await refusal(attach(READ));
  expect([code, message]).toEqual(["LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10"]);
});

test("a policy that isn't attached can't be detached", async () => {
  const client = await withRole();
  const { code } = await refusal(client.send(new DetachRolePolicyCommand({ ...role, PolicyArn: READ })));
  expect(code).toBe("NoSuchEntity");
});

test("an inline policy is put, read back as it was written, and deleted", async () => {
  const client = await withRole();
  const inline = { ...role, PolicyName: "s3" };
  const document = JSON.stringify(JSON.parse(policy("s3:*")), null, 2);
  await client.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: document }));
  const got = await client.send(new GetRolePolicyCommand(inline));
  expect(got).toMatchObject(inline);
  expect(decodeURIComponent(got.PolicyDocument ?? "")).toBe(document);
  await client.send(new DeleteRolePolicyCommand(inline));
  const gone = { code: "NoSuchEntity", message: "The role policy with name s3 cannot be found." };
  expect(await refusal(client.send(new GetRolePolicyCommand(inline)))).toMatchObject(gone);
  expect(await refusal(client.send(new DeleteRolePolicyCommand(inline)))).toMatchObject(gone);
});

test("a malformed inline policy is refused with the place of the mistake", async () => {
  const client = await withRole();
  const put = (PolicyDocument: string): Promise<unknown> =>
    client.send(new PutRolePolicyCommand({ ...role, PolicyName: "x", PolicyDocument }));
  expect(await refusal(put("{"))).toMatchObject({ code: "MalformedPolicyDocument", status: 400 });
  const { message } = await refusal(put(policy("s3:*", { Resource: undefined })));
  expect(message).toContain("Resource");
});

test("inline policies together have a size limit, white space aside", async () => {
  const client = iam(await sandboxForTest());
  await client.send(new CreateUserCommand({ UserName: "bob" }));
  const put = (PolicyName: string, length: number): Promise<unknown> => {
    const room = length - policy("s3:*", { Sid: "" }).length;
    const PolicyDocument = `${policy("s3:*", { Sid: "x".repeat(room) })}${" ".repeat(2048)}`;
    return client.send(new PutUserPolicyCommand({ UserName: "bob", PolicyName, PolicyDocument }));
  };
  await put("a", 1024);
  await put("b", 1024);
  await put("b", 1024);
  const { code, status, message } = await refusal(put("b", 1025));
  expect([code, status]).toEqual(["LimitExceeded", 409]);
  expect(message).toBe("Maximum policy size of 2048 bytes exceeded for user bob");
});
