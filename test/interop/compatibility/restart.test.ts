import { expect, it } from "vitest";
import { allFresh } from "../../support/endpoints.ts";
import { callWhileKilled } from "./call-while-killed.ts";
import { allCells, type Cell } from "./cells.ts";
import { startDiaries, type Diary } from "./diary.ts";
import { report, type Outcome } from "./results.ts";
import { watchedAgent } from "./request-log.ts";
import { startRig, type Rig } from "./rig.ts";

/** It has no keys before each call. */
function isNewAtEachCall({ client }: Cell): boolean {
  return client.sdk === "curl" || client.sdk.startsWith("AWS CLI");
}

/** It asks for some seconds where nobody listens: the AWS CLI a container, and the line of the profile. */
function asksAgain(cell: Cell): boolean {
  if (!isNewAtEachCall(cell) || cell.shape === "imds") return false;
  return cell.shape === "process" || cell.client.sdk !== "curl";
}

const name = "every client needs few requests, and goes on where the agent is killed and starts again";

it(name, { timeout: 300_000 }, async () => {
  const rig = await startRig(allCells, 3600);
  const diaries = await startDiaries(allCells, rig);
  const outcomes = diaries.map((diary): Outcome => ({
    cell: diary.cell,
    scenario: "first fetch",
    problems: diary.failures(),
    requests: rig.requestsOf(diary.cell),
  }));
  outcomes.push(...(await restartWithDoorsShut(rig, diaries)));
  outcomes.push(...(await restartUnderServiceManager(rig, diaries)));
  report("restart", outcomes);
});

/** Nobody listens while no agent is there. */
async function restartWithDoorsShut(rig: Rig, diaries: readonly Diary[]): Promise<readonly Outcome[]> {
  const before = new Map(diaries.map((diary) => [diary, diary.calls.length]));
  await rig.agent.end("SIGKILL");
  for (const diary of diaries) if (!asksAgain(diary.cell)) await diary.call();
  // Clients that ask again are in time if it comes back meanwhile.
  const calls = diaries.filter(({ cell }) => asksAgain(cell)).map(async (diary) => diary.call());
  const agent = await rig.world.startAgent(watchedAgent);
  await Promise.all(calls);
  await allFresh(rig.world);
  await callAgain(diaries);
  await agent.end();
  return outcomesSince(before, "restart, doors shut");
}

/** A service manager listens, as systemd does; a client that has connected finds no agent but the next one. */
async function restartUnderServiceManager(rig: Rig, diaries: readonly Diary[]): Promise<readonly Outcome[]> {
  const before = new Map(diaries.map((diary) => [diary, diary.calls.length]));
  const agent = await rig.activate();
  for (const diary of diaries) if (isNewAtEachCall(diary.cell)) await callWhileKilled(diary, rig, agent);
  await agent.signal("SIGKILL");
  for (const diary of diaries) if (!isNewAtEachCall(diary.cell)) await diary.call();
  await allFresh(rig.world);
  await callAgain(diaries);
  return outcomesSince(before, "agent restart");
}

async function callAgain(diaries: readonly Diary[]): Promise<void> {
  for (const diary of diaries) {
    const { answer } = await diary.call();
    expect(answer, `${diary.cell.name}, when the agent is back`).toHaveProperty("arn");
  }
}

/** Of the calls after so many. */
function outcomesSince(
  before: ReadonlyMap<Diary, number>,
  scenario: Outcome["scenario"],
): readonly Outcome[] {
  return [...before].map(([diary, count]) => {
    const old = new Set(diary.calls.slice(0, count));
    return { cell: diary.cell, scenario, problems: diary.failures((call) => !old.has(call)) };
  });
}
