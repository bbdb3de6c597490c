import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../core/error-code.ts";
import { fileNameOf, newToken } from "./token-file.ts";

/** The token file of a role where config.toml says where: `{role}` is the role's name, percent-encoded. */
export function chosenTokenPath(template: string, role: string): string {
  return template.replaceAll("{role}", () => fileNameOf(role));
}

const givenTokenPattern = /^[\w-]{43,128}$/;

/**
 * The token at a place of the user's choosing, from where it gets into a container. A file that is there already was
 * given by whoever runs the containers, as a secret of Compose or Kubernetes is: it is read, and never written. Where
 * there is none, a new one is put into a directory of this user's alone.
 *
 * @throws RoleAgentError `InvalidConfiguration`: the file is no token, or others than its group can read it
 */
export function chosenToken(path: string): string {
  return readGiven(path) ?? newToken(path);
}

function readGiven(path: string): string | undefined {
  const descriptor = openIfThere(path);
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || (stats.uid !== process.geteuid?.() && stats.uid !== 0))
      throw refused(path, "is no file of this user's or root's", "give it to one of them");
    if ((stats.mode & 0o027) !== 0)
      throw refused(path, "is open to others than its owner and group", `run: chmod 600 ${path}`);
    const token = stats.size > 128 ? "" : readFileSync(descriptor, "latin1");
    if (givenTokenPattern.test(token)) return token;
    throw refused(
      path,
      "holds no token: 43 to 128 of A-Z, a-z, 0-9, _ and -, and no newline",
      `make one: openssl rand -hex 32 | tr -d '\\n'`,
    );
  } finally {
    closeSync(descriptor);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return undefined;
    throw refused(path, `can't be read: ${code}`, "let the user of the agent read it");
  }
}

function refused(path: string, why: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `token file ${path} ${why}`, { hint });
}
