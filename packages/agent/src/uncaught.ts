import { writeSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";

// The last line of defence: Node would print the whole error, with the request and the answer that the SDK hangs on it.
process.on("uncaughtException", (error: unknown) => {
  try {
    writeSync(2, `role-agent: ended by a mistake of its own: ${withoutSecrets(error)}\n`);
  } finally {
    process.exit(1);
  }
});

/** Its kind and where it came from; its words only where they are our own. */
function withoutSecrets(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^ {4}at /.test(line));
  const words = error instanceof RoleAgentError ? `: ${error.message}` : "";
  return [`${error.name}${words}`, ...frames].join("\n");
}
