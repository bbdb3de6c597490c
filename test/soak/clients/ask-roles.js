// Clients in one process, each of which asks the agent for one of the roles after the other, in an order of its own. Half
// of them go on with what they hold for as long as the provider lets them. Every hundredth answer is shown to AWS, which
// must know it. Tells how it went whenever it is sent a message, and starts counting anew.
// usage: ask-roles.js SOCKET CLIENTS ROLES PAUSE_MS STS_ENDPOINT
import { setTimeout as sleep } from "node:timers/promises";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromRoleAgent } from "@role-agent/provider";

const [socketPath, clients, roles, pauseMs, endpoint] = process.argv.slice(2);
const shownEach = 100;
let tally = newTally();

process.on("message", () => {
  process.send(tally);
  tally = newTally();
});
process.on("disconnect", () => process.exit());
await Promise.all(Array.from({ length: Number(clients) }, (_, index) => loop(index)));

function newTally() {
  return { ok: 0, shown: 0, failures: [], ms: [] };
}

async function loop(index) {
  // A time-out that no other client has gives it a cache of its own, as a separate program has.
  const timeoutMs = 10_000 + index;
  const providers = Array.from({ length: Number(roles) }, (_, number) =>
    fromRoleAgent({ role: `role-${number}`, socketPath, timeoutMs }),
  );
  await sleep(Math.random() * Number(pauseMs));
  for (;;) {
    const provider = providers[Math.floor(Math.random() * providers.length)];
    await ask(provider, index % 2 === 0).catch((error) =>
      tally.failures.push(`${error.name} ${error.code ?? ""}: ${error.message}`),
    );
    await sleep(Number(pauseMs));
  }
}

async function ask(provider, forceRefresh) {
  const start = performance.now();
  const credentials = await provider({ forceRefresh });
  tally.ms.push(performance.now() - start);
  if (credentials.expiration.getTime() <= Date.now()) throw new Error("the credentials have expired");
  if (Math.random() * shownEach < 1) await show(credentials);
  tally.ok += 1;
}

async function show(credentials) {
  const sts = new STSClient({ region: "us-east-1", endpoint, credentials, maxAttempts: 1 });
  try {
    await sts.send(new GetCallerIdentityCommand({}));
    tally.shown += 1;
  } finally {
    sts.destroy();
  }
}
