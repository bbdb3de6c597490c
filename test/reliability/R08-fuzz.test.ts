import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError } from "@role-agent/provider";
import * as fc from "fast-check";
import { expect, it, describe } from "vitest";
import { parseConfig } from "../../packages/agent/src/config/parse.ts";
import { fakeAnswers } from "../fuzz/answer-grammar.ts";
import { startFakeEndpoint } from "../fuzz/fake-endpoint.ts";
import { call } from "../fuzz/http-client.ts";
import { doorNames, openDoors, type TargetDoor } from "../fuzz/http-doors.ts";
import { hostileCalls, type HostileCall } from "../fuzz/http-grammar.ts";
import { figuresOf } from "../support/process-figures.ts";
import { tomlTexts } from "../fuzz/toml-grammar.ts";
import type { World } from "../support/world.ts";

const seed = 8;
const callsToEachDoor = 200;
const clients = 20;
/** V8 gives young objects of a cold process up to 48 MB; what leaks in a long time is shown by `npm run fuzz`. */
const mostMegabytes = 80;

function samples<Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number): readonly Value[] {
  return fc.sample(arbitrary, { seed, numRuns });
}

/** What ends the agent or locks it would be done as asked. */
function isHarmless({ parts }: HostileCall): boolean {
  return !/POST +\/v1\/(?:stop|lock)/.test(parts.join(""));
}

async function attackDoor(door: TargetDoor): Promise<void> {
  const calls = [...samples(hostileCalls(door).filter(isHarmless), callsToEachDoor)];
  const client = async (): Promise<void> => {
    for (let next = calls.pop(); next !== undefined; next = calls.pop()) {
      const answer = await call(door.place, next);
      expect(answer).toMatch(/^$|^HTTP\/1\.1 \d{3} /);
      expect(answer).not.toMatch(/^HTTP\/1\.1 500 /m);
      expect(answer).not.toContain("the agent failed to answer");
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** Refused by the parser, whatever it is: what is not could open doors on the machine that runs the test. */
function isRefused(text: string): boolean {
  try {
    parseConfig(text, "config.toml");
    return false;
  } catch {
    return true;
  }
}

async function reloadNonsense(world: World): Promise<number> {
  const texts = samples(tomlTexts, 100).filter(isRefused);
  for (const text of texts) {
    world.configure(text);
    await expect(world.client.reload()).rejects.toMatchObject({ code: "InvalidConfiguration" });
  }
  return texts.length;
}

describe("R8: whatever its doors, its configuration and AWS's answers hold, the agent stays the same process and leaks nothing", () => {
  it("a seeded sample of what npm run fuzz sends for hours", async () => {
    const endpoint = await startFakeEndpoint();
    const { world, agent, doors } = await openDoors((home) => {
      appendFileSync(
        `${home}/aws-config`,
        `[profile fuzzed]\nendpoint_url = ${endpoint.url}\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\nrole_arn = arn:aws:iam::444455556666:role/Deploy\nsource_profile = fuzzed\n`,
      );
    });
    const before = figuresOf(agent.pid);

    for (const name of doorNames) await attackDoor(doors[name]);

    const told: string[] = [];
    for (const answer of samples(fakeAnswers("sts"), 40)) {
      endpoint.answer = answer;
      const outcome = await world.client.refresh("fuzzed").catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(RoleAgentError);
      told.push(String(outcome));
    }
    expect(told.filter((text) => text.includes("sts:AssumeRole of")).length).toBeGreaterThan(10);

    expect(await reloadNonsense(world)).toBeGreaterThan(20);

    for (let tries = 0; figuresOf(agent.pid).descriptors > before.descriptors && tries < 200; tries += 1)
      await sleep(50);
    const after = figuresOf(agent.pid);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
    expect(after.megabytes - before.megabytes).toBeLessThan(mostMegabytes);
    expect((await world.client.status()).pid).toBe(agent.pid);
    expect(await world.client.credentials("ci")).toMatchObject({ AccessKeyId: expect.any(String) });
    expect(agent.log).not.toMatch(/mistake of its own|Warning|Unhandled/);
  });
});
