import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import type { Sandbox, SandboxOptions } from "@role-agent/sandbox";
import { iam, roleArn, sandboxForTest, type Keys } from "../support.ts";

/** A sandbox whose home account has the role Deploy. */
export async function withRole(trustPolicy: string, options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await sandboxForTest(options);
  const role = { RoleName: "Deploy", AssumeRolePolicyDocument: trustPolicy };
  await iam(sandbox).send(new CreateRoleCommand(role));
  return sandbox;
}

/** Assumes Deploy as the session alice, unless said otherwise. */
export function assume(more: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommand {
  return new AssumeRoleCommand({ RoleArn: roleArn("Deploy"), RoleSessionName: "alice", ...more });
}

/** A user of the home account with keys of their own. */
export async function userWithKeys(sandbox: Sandbox, UserName: string): Promise<Keys> {
  await iam(sandbox).send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam(sandbox).send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}
