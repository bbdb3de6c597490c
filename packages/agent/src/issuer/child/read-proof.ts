import { RoleAgentError } from "@role-agent/provider/errors";
import { FileError, readTextFile } from "../../config/trusted-file.ts";
import { printable } from "../../core/printable.ts";
import type { ProofSource } from "../../core/role.ts";
import { runCommand } from "./command.ts";

/** More than any that AWS takes: the rest is room for line breaks. */
const maxBytes = 1024 * 1024;

/** The two keys that name a source of proof, without their ends `_file` and `_process`. */
export type ProofKey = "saml_assertion" | "web_identity_token";

/**
 * The text of a proof as its file or its process has it now. No part of it is in an error.
 *
 * Errors: `InvalidConfiguration`, with a FileError as its cause where that is the file's, and `SourceUnavailable` for a
 * process that doesn't end in time.
 */
export async function readProof(source: ProofSource, key: ProofKey, signal: AbortSignal): Promise<string> {
  if (source.type === "process") return runCommand(source.command, `${key}_process`, signal, maxBytes);
  try {
    return readTextFile(source.path, maxBytes).toString();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new RoleAgentError("InvalidConfiguration", `${proofName(source, key)} ${error.message}`, {
      hint: error.hint,
      cause: error,
    });
  }
}

/** Where a proof comes from, as messages call it. */
export function proofName(source: ProofSource, key: ProofKey): string {
  return source.type === "file" ? `${key}_file ${printable(source.path)}` : `${key}_process`;
}

/** Takes a proof out of an error's message, since an endpoint may quote what it was sent. */
export function hideProof(error: Error, proof: string, replacement: string): void {
  for (const form of [proof, encodeURIComponent(proof)]) {
    error.message = error.message.replaceAll(form, replacement);
  }
}
