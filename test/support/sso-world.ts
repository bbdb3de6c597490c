import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SandboxOptions } from "@role-agent/sandbox";
import { roleAgentProgram } from "./agent-process.ts";
import { createWorld, deployConfig, type CommandResult, type World } from "./world.ts";

/** The account and permission set of the role `reader`. */
export const ssoAccount = "111122223333";

/** A world whose role `reader` is obtained from the sandbox's Identity Center, beside the role of every world. */
export interface SsoWorld extends World {
  readonly tokenFile: string;
  /** The token file as it is now. */
  readonly token: () => Record<string, unknown>;
  /** Writes the token file. */
  readonly putToken: (text: string) => void;
  /** Runs `role-agent login`, with a person who opens the page that it prints and does what it asks. */
  readonly signIn: (...args: string[]) => Promise<CommandResult>;
}

/** `[roles.reader]` of Identity Center. */
export const readerConfig = `
[roles.reader]
sso_session = "corp"
sso_account_id = "${ssoAccount}"
sso_role_name = "ReadOnly"
`;

/** The section that describes the sign-in `corp`. */
export const corpSession = `
[sso-session corp]
sso_start_url = https://sandbox.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

/** Nobody is signed in yet. */
export async function createSsoWorld(options?: SandboxOptions): Promise<SsoWorld> {
  const world = await createWorld(options);
  world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", corpSession);
  world.configure(`${deployConfig}${readerConfig}`);
  const tokenFile = ssoTokenFile(world, "corp");
  return {
    ...world,
    tokenFile,
    token: () => JSON.parse(readFileSync(tokenFile, "utf8")),
    putToken: (text) => {
      mkdirSync(dirname(tokenFile), { recursive: true });
      writeFileSync(tokenFile, text, { mode: 0o600 });
    },
    signIn: (...args) => signIn(world, args),
  };
}

/** Where the AWS CLI keeps the token of a session, or of a start URL. */
export function ssoTokenFile({ home }: World, key: string): string {
  return join(home, ".aws", "sso", "cache", `${createHash("sha1").update(key).digest("hex")}.json`);
}

/** Runs `role-agent login`, with a person who opens the page that it prints. */
export async function signIn({ env }: Pick<World, "env">, args: readonly string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [roleAgentProgram, "login", "--no-browser", ...args], { env });
  let [stdout, stderr] = ["", ""];
  let visit: Promise<unknown> | undefined;
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    const page = /^ {2}(http\S+)\n/m.exec(stderr)?.[1];
    if (page !== undefined) visit ??= fetch(page).catch(() => undefined);
  });
  const code = await new Promise<number>((resolve) => {
    child.once("close", (status) => resolve(status ?? -1));
  });
  await visit;
  return { stdout, stderr, code };
}
