import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { roleAgentProgram } from "./agent-process.ts";
import { temporaryDirectory } from "./temporary.ts";
import { createWorld, deployConfig, deployArn, type CommandResult, type World } from "./world.ts";

/** An age identity, made for tests: opened faster than a passphrase. */
export const identity = "AGE-SECRET-KEY-1FJC7XWHSWDFKHZPVSFJN2Z5J46D8M7HA3TGUNUNX77AXSM4FLMWQVHCC4P";

/** What a command gets beside its arguments. */
export interface CommandInput {
  readonly stdin?: string;
  /** On descriptor 3, for `--passphrase-fd 3`. */
  readonly passphrase?: string;
}

/** Runs `role-agent` to its end, with input. */
export async function runWith(
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  { stdin = "", passphrase }: CommandInput = {},
): Promise<CommandResult> {
  const file = join(temporaryDirectory(), "passphrase");
  writeFileSync(file, `${passphrase}\n`, { mode: 0o600 });
  const descriptor = openSync(file, "r");
  const child = spawn(process.execPath, [roleAgentProgram, ...args], {
    env,
    stdio: ["pipe", "pipe", "pipe", passphrase === undefined ? "ignore" : descriptor],
  });
  closeSync(descriptor);
  child.stdin?.on("error", () => undefined).end(stdin);
  const [stdout, stderr] = await Promise.all([all(child.stdout), all(child.stderr), once(child, "exit")]);
  return { stdout, stderr, code: child.exitCode ?? -1 };
}

async function all(stream: Readable | null): Promise<string> {
  return stream === null ? "" : text(stream);
}

/** A world with `deploy`, which a profile assumes, and `keyed`, which the key `alice` does. */
export interface KeysWorld extends World {
  /** The first administrator's, as two lines for `keys add`. */
  readonly keyLines: string;
  readonly secret: string;
  readonly keyFile: string;
  /** Sets the systemd credential. */
  readonly setCredential: (passphrase: string) => void;
  /** Runs `role-agent keys`. */
  readonly keys: (args: readonly string[], input?: CommandInput) => Promise<CommandResult>;
}

/** What a world with keys is made with. */
export interface KeysWorldOptions {
  readonly sessionSeconds?: number;
  readonly store?: "file" | "keychain";
  /** More keys of `[agent]`. */
  readonly agent?: string;
}

/** Makes one whose keys are in the encrypted file, opened by a systemd credential, unless `store` says otherwise. */
export async function createKeysWorld(
  more = "",
  { sessionSeconds, store = "file", agent = "" }: KeysWorldOptions = {},
): Promise<KeysWorld> {
  const world = await createWorld(sessionSeconds === undefined ? {} : { sessionSeconds });
  const credentials = join(world.home, "credentials");
  mkdirSync(credentials, { mode: 0o700 });
  const setCredential = (passphrase: string): void =>
    writeFileSync(join(credentials, "role-agent-passphrase"), `${passphrase}\n`);
  setCredential(identity);
  world.env["AWS_ENDPOINT_URL_STS"] = world.sandbox.url;
  world.env["CREDENTIALS_DIRECTORY"] = credentials;
  world.configure(`
[agent]
key_store = "${store}"
log_level = "debug"
${agent}
${deployConfig}
[roles.keyed]
role_arn = "${deployArn}"
source_key = "alice"
external_id = "team-core"
${more}`);
  const [{ accessKeyId, secretAccessKey: secret }] = world.sandbox.accounts;
  return {
    ...world,
    keyLines: `${accessKeyId}\n${secret}\n`,
    secret,
    keyFile: join(world.home, ".local/share/role-agent/keys.age"),
    setCredential,
    keys: (args, input) => runWith(world.env, ["keys", ...args], input),
  };
}
