import { vi } from "vitest";
import type { ActivatedAgent } from "../../support/activated-agent.ts";
import { allFresh } from "../../support/endpoints.ts";
import { startSdkClient } from "../support/sdk-client.ts";
import type { Call, Diary } from "./diary.ts";
import type { Rig } from "./rig.ts";
import { waitingAt } from "./waiting-clients.ts";

/** Most clients of IMDS wait a second for an answer. An agent that accepts them later than this may be too late. */
const inTimeMs = 800;
const mostTries = 5;
/** What docs/systemd.md has the AWS CLI set on a machine that needs longer. */
const patience = { AWS_METADATA_SERVICE_TIMEOUT: "10" };

/**
 * Makes one call, for which an agent is killed when the client waits for its answer. Where the client gave up on a machine
 * that was too busy to start the next agent in time, that call says nothing of the agent: another one is made instead, and
 * where the machine is always too busy, by a client that is told to wait.
 */
export async function callWhileKilled(diary: Diary, rig: Rig, agent: ActivatedAgent): Promise<void> {
  const { cell } = diary;
  for (let tries = 1; tries < mostTries; tries += 1) {
    const { answer, acceptedAfterMs } = await killWhileWaiting(
      async () => diary.call(),
      rig.doorOf(cell),
      agent,
    );
    await allFresh(rig.world);
    if (!("error" in answer) || acceptedAfterMs < inTimeMs) return;
    console.log(
      `${cell.name}: once more, since the next agent took ${acceptedAfterMs.toFixed()} ms: ${answer.error}`,
    );
    diary.forgetLast();
  }
  console.log(`${cell.name}: told to wait, since this machine is too busy`);
  const patient = startSdkClient(cell.client, { ...rig.envOf(cell), ...patience });
  await killWhileWaiting(async () => diary.call(patient), rig.doorOf(cell), agent);
  await allFresh(rig.world);
}

async function killWhileWaiting(
  makeCall: () => Promise<Call>,
  door: string,
  agent: ActivatedAgent,
): Promise<Pick<Call, "answer"> & { readonly acceptedAfterMs: number }> {
  const isWaiting = (): boolean => waitingAt(door) > 0;
  // It accepts nobody any more, so that the client has waited from its very first moment when it is killed.
  await agent.signal("SIGSTOP");
  const call = makeCall();
  await vi.waitUntil(isWaiting, { timeout: 20_000, interval: 2 });
  const killedAt = performance.now();
  await agent.signal("SIGKILL");
  await vi.waitUntil(() => !isWaiting(), { timeout: 20_000, interval: 5 });
  const acceptedAfterMs = performance.now() - killedAt;
  return { ...(await call), acceptedAfterMs };
}
