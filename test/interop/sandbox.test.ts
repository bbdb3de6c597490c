import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createWorld, deployArn, type CommandResult } from "../support/world.ts";
import { cleanRoom } from "./support/clean-room.ts";
import { answerOf, run } from "./support/run.ts";
import { openSandboxShell, serveSandbox, type SandboxShell } from "./support/sandbox-shell.ts";
import { inSessionOf } from "./support/session.ts";
import { trustOfEc2, trustOfFirstAccount } from "./support/trust.ts";

const crossAccountProgram = fileURLToPath(new URL("clients/cross_account.py", import.meta.url));
const createMyEc2Role =
  "aws iam create-role --role-name MyEC2Role --assume-role-policy-document file://trust-policy.json";
const sessionOfDeploy = "arn:aws:sts::444455556666:assumed-role/Deploy/nightly";

function writeTrustPolicy({ home }: SandboxShell, text: string): void {
  writeFileSync(join(home, "trust-policy.json"), text);
}

function expectRefusal({ stdout, stderr, code }: CommandResult, words: string): void {
  expect({ stdout, code }).toEqual({ stdout: "", code: 255 });
  expect(stderr).toContain(words);
}

describe("the AWS CLI in the environment that role-agent sandbox prints", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
  it("creates a role for EC2, attaches a policy and reads both back", async () => {
    const shell = await openSandboxShell();
    writeTrustPolicy(shell, trustOfEc2);
    const Role = {
      RoleName: "MyEC2Role",
      Arn: "arn:aws:iam::111122223333:role/MyEC2Role",
      AssumeRolePolicyDocument: JSON.parse(trustOfEc2),
      MaxSessionDuration: 3600,
    };
    expect(answerOf(await shell.run(createMyEc2Role))).toMatchObject({ Role });
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    const attach = `aws iam attach-role-policy --policy-arn ${PolicyArn} --role-name MyEC2Role`;
    expect(await shell.run(attach)).toEqual({ stdout: "", stderr: "", code: 0 });
    expect(answerOf(await shell.run("aws iam get-role --role-name MyEC2Role"))).toMatchObject({ Role });
    const list = "aws iam list-attached-role-policies --role-name MyEC2Role";
    expect(answerOf(await shell.run(list))).toEqual({
      AttachedPolicies: [{ PolicyName: "AmazonS3ReadOnlyAccess", PolicyArn }],
    });
  });

  it("is told where in trust-policy.json a comma is missing", async () => {
    const shell = await openSandboxShell();
    writeTrustPolicy(shell, trustOfEc2.replace('"2012-10-17",', '"2012-10-17"'));
    expectRefusal(
      await shell.run(createMyEc2Role),
      "(MalformedPolicyDocument) when calling the CreateRole operation: line 3, column 3: ",
    );
  });

  it("may not assume a role whose trust policy doesn't name the caller", async () => {
    const shell = await openSandboxShell();
    writeTrustPolicy(shell, trustOfEc2);
    await shell.run(createMyEc2Role);
    const arn = "arn:aws:iam::111122223333:role/MyEC2Role";
    expectRefusal(
      await shell.run(`aws sts assume-role --role-arn ${arn} --role-session-name nightly`),
      "(AccessDenied) when calling the AssumeRole operation",
    );
  });

  it("assumes a role that trusts its account, and is that role by the session's keys", async () => {
    const shell = await openSandboxShell();
    writeTrustPolicy(shell, trustOfFirstAccount());
    await shell.run(createMyEc2Role);
    const arn = "arn:aws:iam::111122223333:role/MyEC2Role";
    const session = await shell.run(`aws sts assume-role --role-arn ${arn} --role-session-name nightly`);
    expect(answerOf(await shell.run(`${inSessionOf(session)} aws sts get-caller-identity`))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/MyEC2Role/nightly",
    });
  });

  it("assumes across accounts as the profiles sandbox and sandbox-partner, with the external id alone", async () => {
    const shell = await openSandboxShell();
    writeTrustPolicy(shell, trustOfFirstAccount({ StringEquals: { "sts:ExternalId": "team-core" } }));
    const create = createMyEc2Role.replace("MyEC2Role", "Deploy");
    answerOf(await shell.run(`${create} --profile sandbox-partner`));
    const assume = `aws sts assume-role --role-arn ${deployArn} --role-session-name nightly`;
    expect(answerOf(await shell.run(`${assume} --external-id team-core --profile sandbox`))).toMatchObject({
      AssumedRoleUser: { Arn: sessionOfDeploy },
    });
    for (const options of ["--profile sandbox", "--external-id team-core --profile sandbox-partner"]) {
      const refused = await shell.run(`${assume} ${options}`);
      expectRefusal(refused, "(AccessDenied) when calling the AssumeRole operation");
    }
  });
});

describe("the AWS CLI as the command of role-agent sandbox", () => {
  it("is the first account's administrator", async () => {
    const line = `"${roleAgentProgram}" sandbox -- aws sts get-caller-identity`;
    expect(answerOf(await run(cleanRoom(), line))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:aws:iam::111122223333:user/Administrator",
    });
  });
});

describe("the AWS CLI with the keys of a session", () => {
  it("is the role until the session ends, and is refused with ExpiredToken after", async () => {
    const world = await createWorld({ sessionSeconds: 60 });
    const assume = `aws sts assume-role --role-arn ${deployArn} --role-session-name nightly`;
    const session = await run(world, `${assume} --external-id team-core --profile sandbox`);
    const { url, region } = world.sandbox;
    const whoami = `${inSessionOf(session)} aws sts get-caller-identity --endpoint-url ${url} --region ${region}`;
    expect(answerOf(await run(world, whoami))).toMatchObject({ Arn: sessionOfDeploy });
    world.sandbox.clock.advance(61_000);
    expectRefusal(await run(world, whoami), "(ExpiredToken) when calling the GetCallerIdentity operation");
  });
});

describe("boto3 by the line that role-agent sandbox --json prints", () => {
  it("assumes across accounts with the external id, and is refused without it or with another", async () => {
    const room = cleanRoom();
    const sandbox = await serveSandbox(room, "--json");
    expect(answerOf(await run(room, `python3 "${crossAccountProgram}" '${sandbox}'`))).toEqual({
      withoutExternalId: "AccessDenied",
      withWrongExternalId: "AccessDenied",
      arn: sessionOfDeploy,
    });
  });
});
