// Runs as the first process of a pid namespace, where nobody else takes pids: an agent, and two clients with one pid.
// Prints that pid.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [program, socketPath] = process.argv.slice(2);
const ask = `
const request = { socketPath: process.argv[1], path: "/v1/credentials/deploy", headers: { host: "localhost" } };
require("node:http").get(request, (response) => response.resume().on("end", () => process.exit()));
`;

const agent = spawn(process.execPath, [program, "serve"], { stdio: ["ignore", "ignore", "inherit"] });
while (!existsSync(socketPath)) await sleep(10);

async function client() {
  const child = spawn(process.execPath, ["-e", ask, socketPath], { stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  return child.pid;
}

const first = await client();
let second;
for (let times = 0; second !== first && times < 20; times += 1) {
  writeFileSync("/proc/sys/kernel/ns_last_pid", String(first - 1));
  second = await client();
}
agent.kill();
await once(agent, "exit");
console.log(JSON.stringify({ first, second }));
