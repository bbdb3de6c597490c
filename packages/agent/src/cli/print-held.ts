import { heldCredentials } from "@role-agent/provider/held-credentials";
import { processFormat } from "./process-format.ts";

/** Does what `role-agent credentials ROLE` does where an agent has the credentials at hand; answers whether it had. */
export async function printHeld(role: string): Promise<boolean> {
  const document = await heldCredentials(role, process.env);
  if (document === undefined) return false;
  process.stdout.write(processFormat(document));
  return true;
}
