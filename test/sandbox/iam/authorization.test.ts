import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Sandbox } from "@role-agent/sandbox";
import { expect, test } from "vitest";
import {
  administrator,
  HOME,
  iam,
  keysOf,
  PARTNER,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  sts,
  trust,
} from "../support.ts";

const create = (RoleName: string, Tags: { Key: string; Value: string }[] = []): CreateRoleCommand =>
  new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: HOME }), Tags });

async function asBob(sandbox: Sandbox, document?: string): Promise<IAMClient> {
  const client = iam(sandbox);
  await client.send(new CreateUserCommand({ UserName: "bob" }));
  if (document !== undefined) {
    const inline = { UserName: "bob", PolicyName: "own", PolicyDocument: document };
    await client.send(new PutUserPolicyCommand(inline));
  }
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: "bob" }));
  return iam(sandbox, {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  });
}

test("a user without a policy may do nothing", async () => {
  const client = await asBob(await sandboxForTest());
  const { code, status, message } = await refusal(client.send(create("R")));
  expect([code, status]).toEqual(["AccessDenied", 403]);
  expect(message).toContain(
    `User: arn:aws:iam::${HOME}:user/bob is not authorized to perform: iam:CreateRole on resource: ${roleArn("R")} because no identity-based policy allows the iam:CreateRole action`,
  );
});

test("an explicit deny wins over an attached allow", async () => {
  const sandbox = await sandboxForTest();
  const client = await asBob(sandbox, policy("iam:CreateRole", { Effect: "Deny" }));
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam(sandbox).send(new AttachUserPolicyCommand({ UserName: "bob", PolicyArn }));
  const { message } = await refusal(client.send(create("R")));
  expect(message).toContain("with an explicit deny in an identity-based policy");
  expect((await client.send(new ListRolesCommand({}))).Roles).toEqual([]);
});

test("a policy holds for the resources it names", async () => {
  const sandbox = await sandboxForTest();
  const client = await asBob(sandbox, policy("iam:GetRole", { Resource: roleArn("Mine*") }));
  await iam(sandbox).send(create("Mine1"));
  await iam(sandbox).send(create("Other"));
  expect((await client.send(new GetRoleCommand({ RoleName: "Mine1" }))).Role).toBeDefined();
  for (const RoleName of ["Other", "Nobody"]) {
    expect((await refusal(client.send(new GetRoleCommand({ RoleName })))).code).toBe("AccessDenied");
  }
});

test("creating with tags needs the permission to tag, and conditions see the tags", async () => {
  const sandbox = await sandboxForTest();
  const tags = [{ Key: "team", Value: "core" }];
  const client = await asBob(
    sandbox,
    policy(["iam:CreateRole", "iam:TagRole"], {
      Condition: { StringEqualsIfExists: { "aws:RequestTag/team": "core" } },
    }),
  );
  await client.send(create("Tagged", tags));
  const other = new TagRoleCommand({ RoleName: "Tagged", Tags: [{ Key: "team", Value: "other" }] });
  expect((await refusal(client.send(other))).code).toBe("AccessDenied");
  await iam(sandbox).send(
    new PutUserPolicyCommand({
      UserName: "bob",
      PolicyName: "own",
      PolicyDocument: policy("iam:CreateRole"),
    }),
  );
  const { message } = await refusal(client.send(create("Tagged2", tags)));
  expect(message).toContain("iam:TagRole");
  expect((await client.send(create("Plain"))).Role?.RoleName).toBe("Plain");
});

test("a session may do what the role's and the session's policies both allow", async () => {
  const sandbox = await sandboxForTest();
  await iam(sandbox).send(create("Reader"));
  await iam(sandbox).send(
    new PutRolePolicyCommand({
      RoleName: "Reader",
      PolicyName: "own",
      PolicyDocument: policy(["iam:GetRole", "iam:ListRoles"]),
    }),
  );
  const { Credentials } = await sts(sandbox).send(
    new AssumeRoleCommand({
      RoleArn: roleArn("Reader"),
      RoleSessionName: "me",
      Policy: policy(["iam:GetRole", "iam:CreateUser"]),
    }),
  );
  const session = iam(sandbox, keysOf(Credentials));
  expect((await session.send(new GetRoleCommand({ RoleName: "Reader" }))).Role).toBeDefined();
  const listed = await refusal(session.send(new ListRolesCommand({})));
  expect(listed.message).toContain("because no session policy allows the iam:ListRoles action");
  expect(listed.message).toContain(`arn:aws:sts::${HOME}:assumed-role/Reader/me`);
  const created = await refusal(session.send(new CreateUserCommand({ UserName: "eve" })));
  expect(created.message).toContain("because no identity-based policy allows");
});

test("an administrator reaches their own account alone", async () => {
  const sandbox = await sandboxForTest();
  await iam(sandbox).send(create("R"));
  const partner = iam(sandbox, administrator(sandbox, PARTNER));
  expect((await refusal(partner.send(new GetRoleCommand({ RoleName: "R" })))).code).toBe("NoSuchEntity");
  expect((await partner.send(create("R"))).Role?.Arn).toBe(roleArn("R", PARTNER));
});
