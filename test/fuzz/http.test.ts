import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzz, report } from "./fuzz.ts";
import { call } from "./http-client.ts";
import { doorNames, openDoors, type TargetDoor } from "./http-doors.ts";
import { hostileCalls, type HostileCall } from "./http-grammar.ts";
import { injected } from "./http-words.ts";
import { figuresOf, type ProcessFigures } from "../support/process-figures.ts";

/** So many clients call at once: one case. */
const mostClients = 24;
/** As connections come and go, V8 gives young objects up to 48 MB, here as in a bare server: a leak shows after that. */
const warmUpCalls = 40_000;
const mostGrowthMegabytes = { cold: 80, warm: 20 };

/** What ends the agent or locks it is answered as asked, and would end the test. */
const obeyed = /POST +\/v1\/(?:stop|lock)/;

function casesFor(door: TargetDoor): fc.Arbitrary<readonly HostileCall[]> {
  const harmless = hostileCalls(door).filter(({ parts }) => !obeyed.test(parts.join("")));
  return fc.array(harmless, { minLength: 1, maxLength: mostClients, size: "max" });
}

/** Throws where an answer shows a crash, a smuggled header or a secret. */
function judge(answer: string, sent: string, { secrets, ownSecrets, token }: TargetDoor): void {
  if (answer !== "" && !/^HTTP\/1\.1 \d{3} /.test(answer)) throw new Error("the answer is no HTTP");
  if (/^HTTP\/1\.1 500 /m.test(answer)) throw new Error("the agent failed to answer");
  if (answer.toLowerCase().includes(`\n${injected}`))
    throw new Error("a request has written a header of its answer");
  const forbidden = token !== undefined && sent.includes(token) ? secrets : [...secrets, ...ownSecrets];
  if (forbidden.some((secret) => answer.includes(secret))) throw new Error("the answer has a secret");
}

/** Once the agent has noticed that its clients are gone. */
async function settledFigures(pid: number, before: ProcessFigures): Promise<ProcessFigures> {
  for (let tries = 0; ; tries += 1) {
    const now = figuresOf(pid);
    if (now.descriptors <= before.descriptors || tries === 100) return now;
    await sleep(50);
  }
}

/** How often each status came: a fuzzer that is always refused at the first line finds nothing. */
function tally(counts: Map<string, number>, answer: string): void {
  for (const [, status = ""] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm))
    counts.set(status, (counts.get(status) ?? 0) + 1);
}

describe("whatever is sent to its doors", () => {
  it("leaves the agent whole, and its secrets where they are", async () => {
    const { world, agent, doors } = await openDoors();
    const cold = figuresOf(agent.pid);
    let warm: ProcessFigures | undefined;
    let allCalls = 0;
    for (const name of doorNames) {
      const door = doors[name];
      const statuses = new Map<string, number>();
      const callsBefore = allCalls;
      const figures = await fuzz<readonly HostileCall[]>({
        name: `http:${name}`,
        cases: casesFor(door),
        check: async (each) => {
          const answers = await Promise.all(each.map(async (one) => call(door.place, one)));
          for (const [index, answer] of answers.entries()) {
            judge(answer, each[index]?.parts.join("") ?? "", door);
            tally(statuses, answer);
          }
          allCalls += each.length;
          if (allCalls > warmUpCalls) warm ??= figuresOf(agent.pid);
        },
        shortly: 12,
        share: 1 / doorNames.length,
      });
      if (figures.cases === 0) continue;
      const after = await settledFigures(agent.pid, cold);
      const descriptors = after.descriptors - cold.descriptors;
      const megabytes = after.megabytes - (warm ?? cold).megabytes;
      const answers = [...statuses].map((pair) => pair.join(": ")).toSorted((a, b) => a.localeCompare(b));
      report(
        `http:${name}`,
        figures,
        `, ${allCalls - callsBefore} calls; ${descriptors} descriptors and ${megabytes.toFixed(1)} MB more since the agent was ${warm === undefined ? "cold" : "warm"}, ${after.megabytes.toFixed(1)} MB in all; answers ${answers.join(", ")}`,
      );

      expect(statuses.get("200")).toBeGreaterThan(0);
      expect((await world.client.status()).pid).toBe(agent.pid);
      expect(await world.client.credentials("ci")).toMatchObject({ AccessKeyId: expect.any(String) });
      expect(agent.log).not.toMatch(/mistake of its own|Warning|Unhandled/);
      expect(descriptors).toBeLessThanOrEqual(0);
      expect(megabytes).toBeLessThan(mostGrowthMegabytes[warm === undefined ? "cold" : "warm"]);
    }
  });
});
