import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMemory } from "../support/memory.ts";
import { createWorld } from "../support/world.ts";

/** Scripts that the agent has loaded, from the coverage that it writes at its end, as its issuer does. */
function loadedScripts(directory: string): string[] {
  const processes = readdirSync(directory).map((name) => {
    const coverage = readFileSync(join(directory, name), "utf8");
    return [...coverage.matchAll(/"url":"(file:[^"]+)"/g)].map(([, url = ""]) => url);
  });
  return processes.find((urls) => urls.some((url) => url.endsWith("/dist/agent.js"))) ?? [];
}

describe("the agent process", () => {
  it("has loaded nothing of the AWS SDK, smithy or undici after it has issued a session", async () => {
    const world = await createWorld();
    const coverage = join(world.home, "coverage");
    mkdirSync(coverage);
    world.env["NODE_V8_COVERAGE"] = coverage;
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    await agent.end();
    const scripts = loadedScripts(coverage);
    expect(scripts.some((url) => url.endsWith("/dist/agent.js"))).toBe(true);
    expect(
      scripts.filter((url) => /node_modules\/(@aws-sdk|@smithy|@aws-crypto|undici)\//.test(url)),
    ).toEqual([]);
    expect(scripts.filter((url) => url.includes("/issuer/child/"))).toEqual([]);
  });

  it("holds temporary credentials in its memory, but no long-term key", async () => {
    const world = await createWorld();
    // Else it would not let a test of its own user look.
    const agent = await world.startAgent("--unsafe-debug");
    const { SecretAccessKey } = await world.client.credentials("deploy");
    const longTerm = world.sandbox.accounts.map((account) => account.secretAccessKey);
    const memory = readMemory(agent.pid);
    expect(memory.some((part) => part.includes(SecretAccessKey))).toBe(true);
    for (const secret of longTerm) expect(memory.some((part) => part.includes(secret))).toBe(false);
  });
});
