import "./uncaught.ts";
import { runCommandLine } from "./cli/command-line.ts";

// A reader that has gone, such as head, is no failure; the agent goes on without a reader of its log.
process.stdout.on("error", () => process.exit());
process.stderr.on("error", () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2));
