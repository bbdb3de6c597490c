import "./uncaught.ts";
import { endOnBrokenOutput } from "./cli/broken-output.ts";
import { runCommandLine } from "./cli/command-line.ts";

endOnBrokenOutput();
// The agent goes on without a reader of its log.
process.stderr.on("error", () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2));
