import { setTimeout as sleep } from "node:timers/promises";
import { it } from "vitest";
import { allCells, invents } from "./cells.ts";
import { startDiaries, type Call, type Diary } from "./diary.ts";
import { report, type Outcome } from "./results.ts";
import { startRig, type Rig } from "./rig.ts";

/** Renewed every 15 seconds or so. */
const sessionSeconds = 30;
const longestMs = 120_000;
/** AWS comes back only when every client has asked for what nobody has. */
const gapMs = 5000;
/** The agent gives out no session that ends within 100 ms: an answer takes time to its client. */
const lastMs = 200;
/**
 * No client may ask more often for each signed call. The most by rule: six attempts of a refused Java client, at three
 * requests on IMDS each.
 */
const mostRequestsPerCall = 18;

const name = "every client goes across two renewals, and across an outage of STS to the end of its session";

// Forty programs on few cores: once more, where the machine was too slow for sessions of seconds.
it(name, { timeout: 300_000 }, async () => {
  const cells = allCells.filter((cell) => !invents(cell));
  const rig = await startRig(cells, sessionSeconds);
  const diaries = await startDiaries(cells, rig);
  const outcomes: Outcome[] = [];
  for (const diary of diaries) diary.goOn();
  await until(() => diaries.every(({ keys }) => keys.size >= 3));
  const { Expiration } = await rig.world.client.refresh("deploy");
  const [stsEndsAt, sessionEndsAt] = [Date.now(), Date.parse(Expiration)];
  const stsReturns = rig.world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
  const isWhole = wholeCalls(rig);
  for (const diary of diaries)
    outcomes.push(renewals(diary, (call) => call.endedAt < stsEndsAt && isWhole(call)));

  await sleep(sessionEndsAt + gapMs - Date.now());
  stsReturns();
  const stsReturnsAt = Date.now();
  const isAfter = ({ startedAt, answer }: Call): boolean => startedAt > stsReturnsAt && "arn" in answer;
  await until(() => diaries.every(({ calls }) => calls.some(isAfter)));
  await Promise.all(diaries.map(async (diary) => diary.stop()));

  // A call signs at its end, and a CLI takes seconds until then.
  const isInOutage = ({ endedAt }: Call): boolean => endedAt > stsEndsAt && endedAt < sessionEndsAt - lastMs;
  for (const diary of diaries) {
    const { cell, calls } = diary;
    const unseen = calls.some(isInOutage) ? [] : ["made no call in the outage"];
    const problems = [...unseen, ...diary.failures(isInOutage), ...storm(rig.requestsOf(cell), calls.length)];
    outcomes.push({ cell, scenario: "STS outage", problems });
    const recovery = calls.some(isAfter) ? [] : diary.failures().slice(-1);
    outcomes.push({ cell, scenario: "recovery", problems: recovery });
  }
  report("short-sessions", outcomes);
});

/** Calls that no session has ended in the midst of: what was signed before its end may arrive after it. */
function wholeCalls({ world }: Rig): (call: Call) => boolean {
  const ends = Object.values(world.sandbox.state.sessions).map(({ expiresAt }) => expiresAt);
  return ({ startedAt, endedAt }) => !ends.some((end) => startedAt <= end && end <= endedAt);
}

function renewals(diary: Diary, isBefore: (call: Call) => boolean): Outcome {
  const { size } = diary.keys;
  const tooFew = size < 3 ? [`signed with ${size} keys`] : [];
  return { cell: diary.cell, scenario: "two renewals", problems: [...diary.failures(isBefore), ...tooFew] };
}

function storm(requests: number, calls: number): readonly string[] {
  return requests > calls * mostRequestsPerCall ? [`${requests} requests for ${calls} calls`] : [];
}

async function until(isDone: () => boolean): Promise<void> {
  const end = Date.now() + longestMs;
  while (!isDone() && Date.now() < end) await sleep(100);
}
