import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { it } from "vitest";
import type { AgentProcess } from "../../support/agent-process.ts";
import { allFresh } from "../../support/endpoints.ts";
import { ShiftedClocks } from "../../support/shifted-clock.ts";
import { startSdkClient } from "../support/sdk-client.ts";
import { allCells, invents } from "./cells.ts";
import { Diary } from "./diary.ts";
import { report } from "./results.ts";
import { watchedAgent } from "./request-log.ts";
import { startRig, type Rig } from "./rig.ts";

const minuteMs = 60_000;
const stepMinutes = 5;
/** Of the session that is left when AWS goes. */
const outageMinutes = 55;
/** By its own rule botocore goes on with ended keys where IMDS fails, and asks again after 10 minutes at most. */
const recoveryMinutes = 15;

/** The time of the agent, of AWS and of clients, which a test moves, as if all slept. Timers go by the machine's own. */
class MovedClock {
  readonly #rig: Rig;
  readonly #ofAgents: ShiftedClocks;
  readonly #ofClients: string;
  #agent: AgentProcess;
  #minutes = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#agent = rig.agent;
    this.#ofAgents = new ShiftedClocks(rig.world);
    this.#ofClients = join(rig.world.home, "moved-by");
    this.#write();
  }

  /** Starts an agent that goes by it. */
  async startAgent(): Promise<void> {
    this.#agent = await this.#ofAgents.startAgent(watchedAgent);
    await allFresh(this.#rig.world);
  }

  /** Has an unmodified client go by it. */
  get env(): NodeJS.ProcessEnv {
    const library = execFileSync("faketime", ["-m", "-f", "+0", "printenv", "LD_PRELOAD"], {
      encoding: "utf8",
    });
    return {
      LD_PRELOAD: library.trim(),
      FAKETIME_TIMESTAMP_FILE: this.#ofClients,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Time passes, and the agent has a moment to notice. */
  async pass(minutes: number): Promise<void> {
    this.#minutes += minutes;
    await this.#ofAgents.suspend(this.#agent, minutes * minuteMs);
    this.#write();
    await sleep(1500);
    while (await this.#isRenewing()) await sleep(50);
  }

  async #isRenewing(): Promise<boolean> {
    const { roles } = await this.#rig.world.client.status();
    return roles.some(({ state }) => state === "renewing");
  }

  #write(): void {
    writeFileSync(this.#ofClients, `+${this.#minutes * 60}s\n`);
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
    await clock.startAgent();
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
    await everyone();
    for (const diary of diaries) problems(diary);
    stsReturns();
    await clock.pass(recoveryMinutes);
    await allFresh(rig.world);
    await everyone();
    const recovery = diaries.map((diary) => ({
      cell: diary.cell,
      scenario: "recovery" as const,
      problems: problems(diary),
    }));
    report("hours", [...renewals, ...outage, ...recovery]);
  },
);
