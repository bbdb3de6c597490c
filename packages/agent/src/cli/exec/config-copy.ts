import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { homeDirectory } from "@role-agent/provider";
import { codeOf } from "../../core/error-code.ts";
import { awsFilePath } from "../../config/aws-file-path.ts";
import { FileError, readTextFile } from "../../config/trusted-file.ts";
import { withoutDefaultCredentials } from "./default-profile.ts";

const mostConfigBytes = 100 * 1024 * 1024;

/** An AWS config file that replaces the person's own. */
export interface ConfigCopy {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * A copy of the AWS config file whose `[default]` profile brings no credentials, readable by this user alone;
 * `undefined` where the file itself will do. It lies beside the agent socket, where the next one sweeps away what a
 * killed `exec` has left.
 */
export function writeConfigCopy(env: NodeJS.ProcessEnv, socketPath: string): ConfigCopy | undefined {
  const text = readConfig(awsFilePath("config", env, homeDirectory(env)));
  const cleaned = text === undefined ? undefined : withoutDefaultCredentials(text);
  if (cleaned === undefined) return undefined;
  const directory = newDirectory(dirname(socketPath));
  const path = join(directory, "config");
  writeFileSync(path, cleaned, { mode: 0o600, flag: "wx" });
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Named for this process. A runtime directory that can't be written to is somebody else's: a container's, for example. */
function newDirectory(runtime: string): string {
  const name = `exec-${process.pid}-`;
  try {
    sweep(runtime);
    return mkdtempSync(join(runtime, name));
  } catch {
    return mkdtempSync(join(tmpdir(), `role-agent-${name}`));
  }
}

function sweep(runtime: string): void {
  for (const name of readdirSync(runtime)) {
    const pid = /^exec-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(runtime, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** What can't be read here can't be read by the command, either. */
function readConfig(path: string): string | undefined {
  try {
    const bytes = readTextFile(path, mostConfigBytes);
    try {
      return bytes.toString("utf8");
    } finally {
      bytes.fill(0);
    }
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
