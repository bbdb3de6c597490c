import {
  CreateRoleCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import type { RoleSession, Sandbox } from "@role-agent/sandbox";
import { expect, test } from "vitest";
import {
  HOME,
  iam,
  keysOf,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  sts,
  trust,
  type Keys,
} from "../support.ts";

const ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/** Two roles: the account may assume First, and First may assume Second. */
async function chain(secondActions: string[] = ALL): Promise<Sandbox> {
  const sandbox = await sandboxForTest();
  const client = iam(sandbox);
  const create = (RoleName: string, principal: string, Action: string[]): Promise<unknown> =>
    client.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: trust({ AWS: principal }, { Action }),
        MaxSessionDuration: 43_200,
      }),
    );
  await create("First", HOME, ALL);
  await create("Second", roleArn("First"), secondActions);
  await client.send(
    new PutRolePolicyCommand({ RoleName: "First", PolicyName: "chain", PolicyDocument: policy("sts:*") }),
  );
  return sandbox;
}

async function assumeFirst(sandbox: Sandbox, more: Partial<AssumeRoleCommandInput> = {}): Promise<Keys> {
  const { Credentials } = await sts(sandbox).send(
    new AssumeRoleCommand({ RoleArn: roleArn("First"), RoleSessionName: "one", ...more }),
  );
  return keysOf(Credentials);
}

const second = (more: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommand =>
  new AssumeRoleCommand({ RoleArn: roleArn("Second"), RoleSessionName: "two", ...more });

function sessionOf(sandbox: Sandbox, accessKeyId: string | undefined): RoleSession {
  const session = sandbox.state.sessions[accessKeyId ?? ""];
  if (session?.kind !== "role") throw new Error("no such role session");
  return session;
}

test("a role session assumes the next role, for one hour at most", async () => {
  const sandbox = await chain();
  const first = sts(sandbox, await assumeFirst(sandbox, { DurationSeconds: 43_200 }));
  const { AssumedRoleUser } = await first.send(second({ DurationSeconds: 3600 }));
  expect(AssumedRoleUser?.Arn).toContain("assumed-role/Second/two");
  const { code, message } = await refusal(first.send(second({ DurationSeconds: 3601 })));
  expect(code).toBe("ValidationError");
  expect(message).toBe(
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
  );
});

test("transitive tags are handed on, others are not", async () => {
  const sandbox = await chain();
  const Tags = [
    { Key: "Team", Value: "core" },
    { Key: "cost", Value: "1" },
  ];
  const first = sts(sandbox, await assumeFirst(sandbox, { Tags, TransitiveTagKeys: ["team"] }));
  const { Credentials } = await first.send(second({ Tags: [{ Key: "job", Value: "x" }] }));
  const { tags, transitiveTagKeys } = sessionOf(sandbox, Credentials?.AccessKeyId);
  expect(tags).toEqual({ Team: "core", job: "x" });
  expect(transitiveTagKeys).toEqual(["Team"]);
});

test("a trust policy sees the tags of the calling session over those of its role", async () => {
  const sandbox = await chain();
  await iam(sandbox).send(new TagRoleCommand({ RoleName: "First", Tags: [{ Key: "team", Value: "role" }] }));
  const Condition = { StringEquals: { "aws:PrincipalTag/team": "session" } };
  const PolicyDocument = trust({ AWS: roleArn("First") }, { Condition });
  await iam(sandbox).send(new UpdateAssumeRolePolicyCommand({ RoleName: "Second", PolicyDocument }));
  const untagged = sts(sandbox, await assumeFirst(sandbox));
  expect((await refusal(untagged.send(second()))).message).toContain("aws:PrincipalTag/team");
  const tagged = sts(sandbox, await assumeFirst(sandbox, { Tags: [{ Key: "team", Value: "session" }] }));
  expect((await tagged.send(second())).Credentials).toBeDefined();
});

test("an inherited tag can't be replaced", async () => {
  const sandbox = await chain();
  const Tags = [{ Key: "team", Value: "core" }];
  const first = sts(sandbox, await assumeFirst(sandbox, { Tags, TransitiveTagKeys: ["team"] }));
  const { code, message } = await refusal(first.send(second({ Tags: [{ Key: "TEAM", Value: "other" }] })));
  expect(code).toBe("InvalidParameterValue");
  expect(message).toContain("conflicts with the transitive tag key");
});

test("a source identity stays through the chain and can't be changed", async () => {
  const sandbox = await chain();
  const first = sts(sandbox, await assumeFirst(sandbox, { SourceIdentity: "alice" }));
  expect((await first.send(second())).SourceIdentity).toBe("alice");
  expect((await first.send(second({ SourceIdentity: "alice" }))).SourceIdentity).toBe("alice");
  const { code, message } = await refusal(first.send(second({ SourceIdentity: "mallory" })));
  expect(code).toBe("AccessDenied");
  expect(message).toContain("sts:SetSourceIdentity");
});

test.each([
  ["sts:SetSourceIdentity", { SourceIdentity: "alice" }],
  ["sts:TagSession", { Tags: [{ Key: "team", Value: "core" }], TransitiveTagKeys: ["team"] }],
])("what is handed on needs %s from the next role too", async (action, more) => {
  const sandbox = await chain(["sts:AssumeRole"]);
  const first = sts(sandbox, await assumeFirst(sandbox, more));
  const { code, message } = await refusal(first.send(second()));
  expect(code).toBe("AccessDenied");
  expect(message).toContain(`is not authorized to perform: ${action} `);
});

test("a session policy that leaves out sts:AssumeRole ends the chain", async () => {
  const sandbox = await chain();
  const open = sts(sandbox, await assumeFirst(sandbox, { Policy: policy("sts:AssumeRole") }));
  expect((await open.send(second())).Credentials).toBeDefined();
  const explicit = policy("sts:*", { Effect: "Deny" });
  const denied = sts(sandbox, await assumeFirst(sandbox, { Policy: explicit }));
  expect((await refusal(denied.send(second()))).code).toBe("AccessDenied");
});
