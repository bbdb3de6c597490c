import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { percentile } from "../support/percentile.ts";
import { childrenOf } from "../support/processes.ts";
import { figuresOf, type ProcessFigures } from "../support/process-figures.ts";
import { createRole, createWorld, type World } from "../support/world.ts";
import { askingClients, type AskedRoles } from "./ask-roles.ts";
import { CallRates } from "./call-rates.ts";

/** `ROLE_AGENT_SOAK_MINUTES` makes it shorter, to try the test itself. */
const minutes = Number(process.env["ROLE_AGENT_SOAK_MINUTES"] ?? 60);
const roles = 200;
const sessionSeconds = 60;
const clients = { processes: 5, clientsOfEach: 10, roles, pauseMs: 200 };

/** Until the memory has found its size. */
const warmUpMinutes = 10;
/** Until roles that were loaded together have parted: each renewal parts them by three seconds at most. */
const partedMinutes = 30;
/** What is compared with as many minutes at the end. */
const spanMinutes = 10;
const mostGrownMegabytes = 8;
const mostGrownDescriptors = 3;
/** It ends whenever it has idled for five seconds, so that nothing can gather in it for long. */
const mostOfIssuer = { megabytes: 250, descriptors: 150 };
/** What is allowed to renewals: six for each session in the time that a session lives. */
const mostPerSecond = (6 * roles) / sessionSeconds;
/** Of ten seconds to the mean. */
const mostUneven = 2.5;

interface Minute {
  readonly agent: ProcessFigures;
  readonly issuer: ProcessFigures;
  readonly asked: AskedRoles;
}

it(`${roles} roles with sessions of ${sessionSeconds} s and 50 clients: for ${minutes} minutes nobody fails, and nothing grows`, async () => {
  const world = await soakWorld();
  const agent = await world.startAgent();
  await allFresh(world);
  const rates = new CallRates(world.sandbox.calls, "AssumeRole");
  const asked = askingClients(world, clients);
  const all: Minute[] = [];
  const requests = { ok: 0, shown: 0, failures: 0 };
  for (let minute = 1; minute <= minutes; minute += 1) {
    await rates.watch(60_000);
    const now: Minute = { ...(await figures(agent.pid)), asked: await asked() };
    all.push(now);
    requests.ok += now.asked.ok;
    requests.shown += now.asked.shown;
    requests.failures += now.asked.failures.length;
    // Each line says all so far, so that an interrupted run has its summary, too.
    console.log(
      [
        `${minute}/${minutes} min`,
        `agent ${described(now.agent)}`,
        `issuer ${described(now.issuer)}`,
        `requests ${requests.ok} (${requests.shown} shown to AWS), failures ${requests.failures}`,
        `p99 ${percentile(now.asked.ms, 0.99).toFixed(1)} ms`,
        `AssumeRole ${rates.describe(0)}`,
      ].join(" | "),
    );
    for (const failure of now.asked.failures.slice(0, 5)) console.log(`  ${failure}`);
  }

  expect(requests.failures).toBe(0);
  expect(requests.ok).toBeGreaterThan(minutes * 60 * 50);
  const { calls } = world.sandbox;
  expect(calls.count("GetCallerIdentity")).toBe(calls.count("GetCallerIdentity", "ok"));
  expect((await world.client.status()).pid).toBe(agent.pid);
  // Half of a session's life, a tenth of it earlier or later.
  expect(rates.rates(0).mean).toBeLessThan((roles / sessionSeconds) * 2.5);
  expect(rates.rates(0).most).toBeLessThan(1.2 * mostPerSecond);
  for (const { issuer } of all) {
    expect(issuer.megabytes).toBeLessThan(mostOfIssuer.megabytes);
    expect(issuer.descriptors).toBeLessThan(mostOfIssuer.descriptors);
  }
  const least = Math.max(warmUpMinutes + 2 * spanMinutes, partedMinutes + spanMinutes);
  if (minutes < least)
    return console.log(`too short to tell whether anything grows: that takes ${least} minutes`);
  const early = all.slice(warmUpMinutes, warmUpMinutes + spanMinutes);
  const late = all.slice(-spanMinutes);
  expect(grown(early, late, "megabytes")).toBeLessThan(mostGrownMegabytes);
  expect(grown(early, late, "descriptors")).toBeLessThan(mostGrownDescriptors);
  const { mean, most } = rates.rates(partedMinutes * 60);
  expect(most).toBeLessThan(mostUneven * mean);
});

async function soakWorld(): Promise<World> {
  const world = await createWorld({ sessionSeconds });
  const names = Array.from({ length: roles }, (_, index) => `role-${index}`);
  for (const name of names) await createRole(world.sandbox, name);
  const tables = names.map(
    (name) =>
      `[roles.${name}]\nrole_arn = "arn:aws:iam::444455556666:role/${name}"\nsource_profile = "sandbox"\nexternal_id = "team-core"\n`,
  );
  world.configure(`[agent]\nprefetch = ${JSON.stringify(names)}\n${tables.join("")}`);
  return world;
}

/** Two hundred first sessions at once may take a busy machine longer than a client is made to wait. */
async function allFresh({ client }: World): Promise<void> {
  const isHeld = ({ name, expiration }: { name: string; expiration: string | null }): boolean =>
    !name.startsWith("role-") || expiration !== null;
  while (!(await client.status()).roles.every(isHeld)) await sleep(100);
}

/** The issuer's child, too, where there is one: while roles that were loaded together have not parted, it idles between. */
async function figures(pid: number): Promise<Pick<Minute, "agent" | "issuer">> {
  for (;;) {
    const [issuer] = childrenOf(pid);
    if (issuer !== undefined) return { agent: figuresOf(pid), issuer: figuresOf(issuer) };
    await sleep(100);
  }
}

function described({ megabytes, descriptors }: ProcessFigures): string {
  return `${megabytes.toFixed(1)} MB, ${descriptors} fds`;
}

/** Of the agent, by the means of two spans. */
function grown(early: readonly Minute[], late: readonly Minute[], figure: keyof ProcessFigures): number {
  const mean = (span: readonly Minute[]): number =>
    span.reduce((sum, { agent }) => sum + agent[figure], 0) / span.length;
  return mean(late) - mean(early);
}
