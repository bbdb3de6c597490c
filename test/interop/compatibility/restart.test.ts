import { expect, it } from "vitest";
import { allFresh } from "../../support/endpoints.ts";
import { allCells, type Cell } from "./cells.ts";
import { startDiaries } from "./diary.ts";
import { report, type Outcome } from "./results.ts";
import { startRig } from "./rig.ts";

/** It has no keys before each call, but asks for some seconds: the AWS CLI a container, and the line of the profile. */
function asksAgain({ client, shape }: Cell): boolean {
  if (client.sdk === "curl") return shape === "process";
  return client.sdk.startsWith("AWS CLI") && shape !== "imds";
}

it("every client needs few requests, and goes on where the agent is killed and starts again", async () => {
  const rig = await startRig(allCells, 3600);
  const diaries = await startDiaries(allCells, rig);
  const outcomes = diaries.map((diary): Outcome => ({
    cell: diary.cell,
    scenario: "first fetch",
    problems: diary.failures(),
    requests: rig.requestsOf(diary.cell),
  }));

  await rig.agent.end("SIGKILL");
  // While no agent is there. Clients that ask again are in time if it comes back meanwhile.
  for (const diary of diaries) if (!asksAgain(diary.cell)) await diary.call();
  const calls = diaries.filter(({ cell }) => asksAgain(cell)).map(async (diary) => diary.call());
  await rig.world.startAgent();
  await Promise.all(calls);
  await allFresh(rig.world);
  for (const diary of diaries) {
    const { answer } = await diary.call();
    expect(answer, `${diary.cell.name}, when the agent is back`).toHaveProperty("arn");
    outcomes.push({ cell: diary.cell, scenario: "agent restart", problems: diary.failures() });
  }
  report("restart", outcomes);
}, 300_000);
