import { devNull, homedir } from "node:os";
import { awsFilePath } from "../../config/aws-file-path.ts";
import { FileError, readSharedFile } from "../../config/trusted-file.ts";

const mostBytes = 100 * 1024 * 1024;
const variables = { config: "AWS_CONFIG_FILE", credentials: "AWS_SHARED_CREDENTIALS_FILE" } as const;

/** What these variables said before they were changed. */
const hidden = new Map<string, string | undefined>();

/**
 * Hides the AWS shared config files from the SDK that somebody else may write to: they are empty for it until that is
 * mended. The agent has told of them.
 */
export function hideUntrustedFiles(): void {
  const { env } = process;
  for (const kind of ["config", "credentials"] as const) {
    const variable = variables[kind];
    const given = hidden.has(variable) ? hidden.get(variable) : env[variable];
    if (!isTrusted(awsFilePath(kind, { [variable]: given }, env["HOME"] || homedir()))) {
      hidden.set(variable, given);
      env[variable] = devNull;
    } else if (hidden.delete(variable)) {
      if (given === undefined) delete env[variable];
      else env[variable] = given;
    }
  }
}

/** One that is missing or can't be read is for the SDK to say. */
function isTrusted(path: string): boolean {
  try {
    readSharedFile(path, mostBytes, process.geteuid?.() ?? 0).bytes.fill(0);
    return true;
  } catch (error) {
    if (error instanceof FileError) return !error.isForeign;
    throw error;
  }
}
