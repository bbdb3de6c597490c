import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { IAMClient, CreateRoleCommand } from "@aws-sdk/client-iam";
import { AgentClient, fromRoleAgent, type RoleAgentCredentialProvider } from "@role-agent/provider";
import { awsConfigFile, startSandbox, type Sandbox, type SandboxOptions } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";
import { AgentProcess, roleAgentProgram, serveCommand } from "./agent-process.ts";
import { auditLogPath, untilAgentsGone } from "./audit-log.ts";
import { temporaryDirectory } from "./temporary.ts";

/** Result of a command: what it printed where, and how it ended. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A machine of a test's own: a home directory, an offline AWS, and agents that use both. Gone when the test is over. */
export interface World {
  readonly sandbox: Sandbox;
  readonly home: string;
  readonly socketPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly client: AgentClient;
  /** Writes config.toml. */
  configure(text: string): void;
  /** @param options - of `role-agent serve` */
  startAgent(...options: string[]): Promise<AgentProcess>;
  /** An agent that may or may not come up. */
  spawnAgent(...options: string[]): AgentProcess;
  provider(role?: string): RoleAgentCredentialProvider;
  /** Runs `role-agent` with these arguments to its end. */
  run(...args: string[]): Promise<CommandResult>;
}

/** The role of `deployConfig`. It trusts the first account, with an external id. */
export const deployArn = "arn:aws:iam::444455556666:role/Deploy";

/** One cross-account role, assumed with the first administrator's keys. */
export const deployConfig = `
[roles.deploy]
role_arn = "${deployArn}"
source_profile = "sandbox"
external_id = "team-core"
`;

/** A sandbox with the role of {@link deployConfig}, and a home directory with that configuration. */
export async function createWorld(options: SandboxOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.stop());
  await createRole(sandbox, "Deploy");
  const home = temporaryDirectory();
  // Else they would make its directories again, for their last lines.
  onTestFinished(() => untilAgentsGone(auditLogPath({ home })));
  const runtime = join(home, "run");
  mkdirSync(runtime, { mode: 0o700 });
  mkdirSync(join(home, ".config", "role-agent"), { recursive: true });
  const awsConfig = join(home, "aws-config");
  writeFileSync(awsConfig, awsConfigFile(sandbox));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    AWS_CONFIG_FILE: awsConfig,
    AWS_SHARED_CREDENTIALS_FILE: join(home, "no-credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const socketPath = join(runtime, "role-agent", "agent.sock");
  const configure = (text: string): void =>
    writeFileSync(join(home, ".config", "role-agent", "config.toml"), text);
  configure(deployConfig);
  const spawnAgent = (...serveOptions: string[]): AgentProcess => {
    const agent = new AgentProcess(env, socketPath, [...serveCommand, ...serveOptions]);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    return agent;
  };
  return {
    sandbox,
    home,
    socketPath,
    env,
    client: new AgentClient({ socketPath }),
    configure,
    spawnAgent,
    startAgent: (...serveOptions) => spawnAgent(...serveOptions).ready(),
    provider: (role = "deploy") => fromRoleAgent({ role, socketPath }),
    run: (...args) => runCommand(args, env),
  };
}

/**
 * Creates a role in the second account that trusts the first one, or the principal given, with the external id
 * `team-core`.
 */
export async function createRole(
  sandbox: Sandbox,
  name: string,
  actions: readonly string[] = ["sts:AssumeRole"],
  trusted = `arn:aws:iam::${sandbox.accounts[0].id}:root`,
): Promise<void> {
  const [, owner] = sandbox.accounts;
  const iam = new IAMClient({ region: sandbox.region, endpoint: sandbox.url, credentials: owner });
  const trust = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: trusted },
        Action: actions,
        Condition: { StringEquals: { "sts:ExternalId": "team-core" } },
      },
    ],
  };
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  iam.destroy();
}

async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [roleAgentProgram, ...args],
      { env, timeout: 20_000 },
      (error, stdout, stderr) => {
        resolve({
          stdout,
          stderr,
          code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
        });
      },
    );
  });
}
