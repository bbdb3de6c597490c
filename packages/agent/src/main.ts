import "./hardening.ts";

const args = process.argv.slice(2);
const [command, role = "-"] = args;

// A reader that has gone, such as head, is no failure; the agent goes on without a reader of its log.
process.stdout.on("error", () => process.exit());
process.stderr.on("error", () => undefined);

// The AWS CLI runs `role-agent credentials ROLE` for each of its commands: it loads nothing that it can do without.
const isPlain = command === "credentials" && args.length === 2 && !role.startsWith("-");
if (!(isPlain && (await import("./cli/print-held.ts").then(({ printHeld }) => printHeld(role))))) {
  const { runCommandLine } = await import("./cli/command-line.ts");
  process.exitCode = await runCommandLine(args);
}
