import { text } from "node:stream/consumers";
import { askSecret, hasTerminal } from "../system/prompt.ts";
import { UsageError } from "./command.ts";

/** What is said of a passphrase on the command line. */
export const notAnArgument =
  "a passphrase is no argument, which every process can see: give it on standard input";

/** The passphrase to lock with: typed twice, or the first line of standard input where that is no terminal. */
export async function newLockPassphrase(): Promise<string> {
  const passphrase = await lockPassphrase("passphrase to unlock with: ");
  if (hasTerminal() && passphrase !== (await askSecret("once more: ")))
    throw new UsageError("the two passphrases differ");
  return passphrase;
}

/** A passphrase that is not empty, from the terminal or the first line of standard input. */
export async function lockPassphrase(question: string): Promise<string> {
  const passphrase = hasTerminal() ? await askSecret(question) : firstLine(await text(process.stdin));
  if (passphrase === "") throw new UsageError("the passphrase is empty");
  return passphrase;
}

function firstLine(content: string): string {
  return content.split(/\r?\n/, 1)[0] ?? "";
}
