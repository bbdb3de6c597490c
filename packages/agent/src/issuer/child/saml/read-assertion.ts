import { RoleAgentError } from "@role-agent/provider/errors";
import { FileError } from "../../../config/trusted-file.ts";
import type { SamlRole } from "../../../core/role.ts";
import { readProof } from "../read-proof.ts";
import { assertionRequired } from "./saml-error.ts";

/**
 * The base64 text of a SAML response as it is now, without the white space around it and the line breaks in it.
 *
 * Errors: those of readProof, but `LoginRequired` for a file that isn't there.
 */
export async function readAssertion({ name, assertion }: SamlRole, signal: AbortSignal): Promise<string> {
  try {
    const text = await readProof(assertion, "saml_assertion", signal);
    return text.replaceAll(/\s/g, "");
  } catch (error) {
    if (assertion.type === "process" || !isOfMissingFile(error)) throw error;
    throw assertionRequired(name, assertion.path, error.message, error);
  }
}

function isOfMissingFile(error: unknown): error is RoleAgentError {
  return error instanceof RoleAgentError && error.cause instanceof FileError && error.cause.isMissing;
}
