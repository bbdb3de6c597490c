// Clients in one process that ask the agent for a role in a loop until told to stop: WARM ones that go on with
// what they hold, as apps do, and COLD ones that start from nothing each time, as commands do.
// usage: looping-client.js SOCKET WARM COLD
import { setTimeout as sleep } from "node:timers/promises";
import { fromRoleAgent } from "@role-agent/provider";

const [socketPath, warm, cold] = process.argv.slice(2);
const stop = new AbortController();
let timeoutMs = 10_000;
let ok = 0;
const failures = [];

/** A time-out that no other provider has gives this one a copy of its own, as a separate program has. */
function newProvider() {
  timeoutMs += 1;
  return fromRoleAgent({ role: "deploy", socketPath, timeoutMs });
}

async function loop(providerFor) {
  while (!stop.signal.aborted) {
    try {
      const { expiration } = await providerFor()({ forceRefresh: true });
      if (expiration.getTime() <= Date.now()) failures.push("expired credentials");
      else ok += 1;
    } catch (error) {
      failures.push(`${error.code}: ${error.message}`);
    }
    await sleep(20);
  }
}

function warmLoop() {
  const provider = newProvider();
  return loop(() => provider);
}

const loops = [
  ...Array.from({ length: Number(warm) }, warmLoop),
  ...Array.from({ length: Number(cold) }, () => loop(newProvider)),
];
process.once("message", () => stop.abort());
await Promise.all(loops);
process.send({ ok, failures });
process.disconnect();
