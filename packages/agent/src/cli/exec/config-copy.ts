import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeDirectory } from "@role-agent/provider";
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
 * `undefined` where the file itself will do.
 */
export function writeConfigCopy(env: NodeJS.ProcessEnv): ConfigCopy | undefined {
  const text = readConfig(awsFilePath("config", env, homeDirectory(env)));
  const cleaned = text === undefined ? undefined : withoutDefaultCredentials(text);
  if (cleaned === undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), "role-agent-"));
  const path = join(directory, "config");
  writeFileSync(path, cleaned, { mode: 0o600, flag: "wx" });
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
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
