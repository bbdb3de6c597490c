import { closeSync, readSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";
import { textOption, UsageError, type CommandCall } from "./command.ts";

/** The option of everything that opens the encrypted key file. */
export const passphraseOptions = { "passphrase-fd": { type: "string" } } as const;

/** The number of the descriptor that `--passphrase-fd` names. */
export function passphraseDescriptor(call: CommandCall): number | undefined {
  const text = textOption(call, "passphrase-fd");
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError("--passphrase-fd takes the number of an open file descriptor");
}

/** The first line of that descriptor, which is closed then unless it is a standard one. Throws `InvalidConfiguration` where it can't be read. */
export function passphraseFromDescriptor(call: CommandCall): string | undefined {
  const descriptor = passphraseDescriptor(call);
  if (descriptor === undefined) return undefined;
  const line = firstLine(descriptor);
  if (descriptor > 2) closeSync(descriptor);
  if (line !== "") return line;
  throw new RoleAgentError(
    "InvalidConfiguration",
    `there is no passphrase on file descriptor ${descriptor}`,
    {
      hint: "--passphrase-fd 3 3< FILE",
    },
  );
}

/** Byte by byte, so that what follows the line is left to others. */
function firstLine(descriptor: number): string {
  const line: number[] = [];
  const byte = Buffer.alloc(1);
  try {
    while (line.length < 4096 && readSync(descriptor, byte) === 1 && byte[0] !== 0x0a)
      line.push(byte[0] ?? 0);
  } catch (error) {
    throw new RoleAgentError("InvalidConfiguration", `file descriptor ${descriptor} can't be read`, {
      hint: "--passphrase-fd 3 3< FILE",
      cause: error,
    });
  }
  return Buffer.from(line).toString("utf8").replace(/\r$/, "");
}
