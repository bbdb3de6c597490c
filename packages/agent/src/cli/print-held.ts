import { heldCredentials } from "@role-agent/provider/held-credentials";
import { endOnBrokenOutput } from "./broken-output.ts";

/**
 * Does what `role-agent credentials ROLE` does where an agent has the credentials at hand; answers whether it had.
 * The rest of the command line is not loaded for it.
 */
export async function printHeld(args: readonly string[]): Promise<boolean> {
  const [command, role = "-"] = args;
  if (command !== "credentials" || args.length !== 2 || role.startsWith("-")) return false;
  const document = await heldCredentials(role, process.env);
  if (document === undefined) return false;
  endOnBrokenOutput();
  process.stdout.write(`${JSON.stringify(document)}\n`);
  return true;
}
