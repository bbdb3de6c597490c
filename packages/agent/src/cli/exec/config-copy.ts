import { isUtf8 } from "node:buffer";
import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { homeDirectory, RoleAgentError } from "@role-agent/provider";
import { printable } from "../../core/printable.ts";
import { awsFilePath } from "../../config/aws-file-path.ts";
import { FileError, readAnyFile } from "../../config/trusted-file.ts";
import { isRunning } from "../../system/is-running.ts";
import { withoutDefaultCredentials } from "./default-profile.ts";

const mostConfigBytes = 100 * 1024 * 1024;

/** An AWS config file that replaces the person's own. */
export interface ConfigCopy {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * A copy of the AWS config file whose `[default]` profile brings no credentials, readable by this user alone;
 * `undefined` where the file itself will do. Throws `InvalidConfiguration` where the command could read it, and this
 * process can't. It lies beside the agent socket, where the next one sweeps away what a
 * killed `exec` has left.
 */
export function writeConfigCopy(env: NodeJS.ProcessEnv, socketPath: string): ConfigCopy | undefined {
  const { text, encoding } = readConfig(awsFilePath("config", env, homeDirectory(env)));
  const cleaned = withoutDefaultCredentials(text);
  if (cleaned === undefined) return undefined;
  const directory = newDirectory(dirname(socketPath));
  const path = join(directory, "config");
  writeFileSync(path, cleaned, { encoding, mode: 0o600, flag: "wx" });
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Named for this process, and for where its pid is one. A runtime directory that can't be written to is somebody else's: a container's, for example. */
function newDirectory(runtime: string): string {
  const namespace = pidNamespace();
  const name = `exec-${process.pid}-${namespace}-`;
  try {
    sweep(runtime, namespace);
    return mkdtempSync(join(runtime, name));
  } catch {
    return mkdtempSync(join(tmpdir(), `role-agent-${name}`));
  }
}

/** Containers may share the directory: which of another's processes are gone can't be told. */
function sweep(runtime: string, namespace: string): void {
  for (const name of readdirSync(runtime)) {
    const [, pid, where] = /^exec-(\d+)-(\d+)-\w{6}$/.exec(name) ?? [];
    if (where === namespace && !isRunning(Number(pid)))
      rmSync(join(runtime, name), { recursive: true, force: true });
  }
}

/** A number that is the same in one pid namespace of Linux; 0 where there are none. */
function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}

interface ConfigText {
  readonly text: string;
  readonly encoding: "utf8" | "latin1";
}

/** Whatever its modes and its encoding are: SDKs look at neither. */
function readConfig(path: string): ConfigText {
  try {
    const bytes = readAnyFile(path, mostConfigBytes);
    const encoding = isUtf8(bytes) ? "utf8" : "latin1";
    try {
      return { text: bytes.toString(encoding), encoding };
    } finally {
      bytes.fill(0);
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.isMissing || !isReadable(path)) return { text: "", encoding: "utf8" };
    const why = `${printable(path)} ${error.message}: it can't be told whose credentials its [default] brings`;
    throw new RoleAgentError("InvalidConfiguration", why, {
      hint: error.hint ?? "point AWS_CONFIG_FILE at a file",
      cause: error,
    });
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
