import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "vitest";
import { startSdkClient } from "../support/sdk-client.ts";
import { allCells, invents } from "./cells.ts";
import { Diary } from "./diary.ts";
import { report } from "./results.ts";
import { startRig, type Rig } from "./rig.ts";

const minuteMs = 60_000;
const stepMinutes = 5;
/** Of the session that is left when AWS goes. */
const outageMinutes = 55;
/** botocore signs with ended keys for 25 minutes at most, by its own rule, and then asks again. */
const longestInventionMinutes = 30;

/** The wall clock of the agent, of AWS and of clients, which a test moves. */
class MovedClock {
  readonly #rig: Rig;
  readonly #file: string;
  #minutes = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#file = join(rig.world.home, "moved-by");
    this.#write();
  }

  /** Has a program go by it. Its timers go by the machine's own clock. */
  get env(): NodeJS.ProcessEnv {
    return {
      LD_PRELOAD: execFileSync("faketime", ["-m", "-f", "+0", "printenv", "LD_PRELOAD"], {
        encoding: "utf8",
      }).trim(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Time passes, and the agent has a moment to notice. */
  async pass(minutes: number): Promise<void> {
    this.#minutes += minutes;
    this.#rig.world.sandbox.clock.advance(minutes * minuteMs);
    this.#write();
    await sleep(1500);
  }

  #write(): void {
    writeFileSync(this.#file, `+${this.#minutes * 60}s\n`);
  }
}

const cells = allCells.filter(invents);

it.skipIf(cells.length === 0)(
  "a client that takes short sessions for longer ones goes across two renewals of sessions of an hour, and across an outage",
  { timeout: 300_000 },
  async () => {
    const rig = await startRig(cells, 3600);
    const clock = new MovedClock(rig);
    await rig.agent.end();
    Object.assign(rig.world.env, clock.env);
    await rig.world.startAgent();
    const diaries = cells.map(
      (cell) => new Diary(cell, startSdkClient(cell.client, { ...rig.envOf(cell), ...clock.env })),
    );
    const everyone = async (): Promise<void> => {
      for (const diary of diaries) await diary.call();
    };
    /** Calls of so many minutes, one every five. */
    const during = async (minutes: number): Promise<void> => {
      for (let passed = 0; passed < minutes; passed += stepMinutes) {
        await clock.pass(stepMinutes);
        await everyone();
      }
    };
    /** What failed since it was asked for the last time. */
    const counts = new Map(diaries.map((diary) => [diary, 0]));
    const problems = (diary: Diary): readonly string[] => {
      const seen = new Set(diary.calls.slice(0, counts.get(diary)));
      counts.set(diary, diary.calls.length);
      return diary.failures((call) => !seen.has(call));
    };

    await everyone();
    await during(120);
    const renewals = diaries.map((diary) => ({
      cell: diary.cell,
      scenario: "two renewals" as const,
      problems: [...problems(diary), ...(diary.keys.size < 3 ? [`signed with ${diary.keys.size} keys`] : [])],
    }));

    await rig.world.client.refresh("deploy");
    const stsReturns = rig.world.sandbox.fault("AssumeRole", { kind: "status", status: 503 });
    await during(outageMinutes);
    const outage = diaries.map((diary) => ({
      cell: diary.cell,
      scenario: "STS outage" as const,
      problems: problems(diary),
    }));

    await clock.pass(2 * stepMinutes);
    stsReturns();
    await clock.pass(1);
    await everyone();
    const recovery = diaries.map((diary) => ({
      cell: diary.cell,
      scenario: "recovery" as const,
      problems: problems(diary),
    }));
    await clock.pass(longestInventionMinutes);
    await everyone();
    for (const diary of diaries) {
      const late = problems(diary);
      if (late.length > 0) throw new Error(`${diary.cell.name} never came back: ${late.join()}`);
    }
    report("hours", [...renewals, ...outage, ...recovery]);
  },
);
