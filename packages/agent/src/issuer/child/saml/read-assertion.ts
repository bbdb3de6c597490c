import { RoleAgentError } from "@role-agent/provider/errors";
import { FileError, readTextFile } from "../../../config/trusted-file.ts";
import { printable } from "../../../core/printable.ts";
import type { SamlRole } from "../../../core/role.ts";
import { runCommand } from "../command.ts";
import { loginRequired } from "./saml-error.ts";

/** AWS takes 100,000 characters; the rest is room for line breaks. */
const maxBytes = 1024 * 1024;

/**
 * The base64 text of a SAML response as its file or its process has it now, without the white space around it and
 * the line breaks in it. No part of it is in an error.
 *
 * Errors: `LoginRequired` for a file that isn't there, `InvalidConfiguration`, and `SourceUnavailable` for a process
 * that doesn't end in time.
 */
export async function readAssertion({ name, assertion }: SamlRole, signal: AbortSignal): Promise<string> {
  const text =
    assertion.type === "file"
      ? readAssertionFile(assertion.path, name)
      : await runCommand(assertion.command, "saml_assertion_process", signal, maxBytes);
  return text.replaceAll(/\s/g, "");
}

function readAssertionFile(path: string, roleName: string): string {
  try {
    return readTextFile(path, maxBytes).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const message = `saml_assertion_file ${printable(path)} ${error.message}`;
    throw error.isMissing
      ? loginRequired(roleName, path, message, error)
      : new RoleAgentError("InvalidConfiguration", message, { hint: error.hint });
  }
}
