import { RoleAgentError } from "@role-agent/provider/errors";
import { printable } from "../../../core/printable.ts";

const restoreHint = "restore it from a backup, or move it away and add the keys again";

/** By the words of age-encryption, which has no codes: what is wrong with the file, and what to do. */
const reasons: readonly (readonly [words: RegExp, problem: string, hint: string])[] = [
  [
    /no identity matched/,
    "is not opened by this passphrase",
    "give the passphrase it was written with; a damaged file looks the same",
  ],
  [/invalid version|invalid non-ASCII/, "is no age file", "move it away and add the keys again"],
  [/work factor/, "asks for more work than a passphrase may cost", restoreHint],
];

/** Why the key file can't be opened, as `InvalidConfiguration`: trying again won't help. */
export function fromAgeError(error: unknown, path: string): RoleAgentError {
  const text = error instanceof Error ? error.message : "";
  const [, problem, hint] = reasons.find(([words]) => words.test(text)) ?? [
    undefined,
    "was tampered with or is damaged",
    restoreHint,
  ];
  return unusable(path, problem, hint, error);
}

/** It takes longer than it may, which is no fault of the file's. */
export function notOpened(path: string, seconds: number): RoleAgentError {
  const message = `key file ${printable(path)} was not opened in ${seconds} s`;
  return new RoleAgentError("KeychainUnavailable", message, {
    hint: "the machine is too busy for a passphrase: an age identity in its place opens it at once",
  });
}

/** `key file PATH what is wrong with it` */
export function unusable(path: string, problem: string, hint: string, cause?: unknown): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `key file ${printable(path)} ${problem}`, {
    hint,
    cause,
  });
}
