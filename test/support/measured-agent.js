// Runs a program that says how much memory its objects take: on SIGUSR2 it lets go of what nobody needs any more, and
// writes the bytes of the rest into a file.
// usage: ROLE_AGENT_TEST_HEAP=FILE node measured-agent.js MODULE [ARGUMENT…]
import { renameSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const file = process.env.ROLE_AGENT_TEST_HEAP;

process.on("SIGUSR2", () => {
  for (let times = 0; times < 3; times += 1) collect();
  writeFileSync(`${file}.new`, String(process.memoryUsage().heapUsed));
  renameSync(`${file}.new`, file);
});

const [, , program] = process.argv;
process.argv.splice(1, 1);
await import(pathToFileURL(program).href);
