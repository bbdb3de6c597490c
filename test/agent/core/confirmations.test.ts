import { beforeEach, describe, expect, it } from "vitest";
import type { Asker, Question, Verdict } from "../../../packages/agent/src/core/confirmation.ts";
import { Confirmations } from "../../../packages/agent/src/core/confirmations.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const minute = 60_000;
const idleMs = 10 * minute;

let clock: FakeClock;
let confirmations: Confirmations;
let asked: Question[];
let verdicts: (Verdict & { role: string })[];
/** The dialogs at the desktop, in the order in which they were shown. */
let shown: { question: Question; signal: AbortSignal; close: (answer?: boolean) => void }[];

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  verdicts = [];
  shown = [];
  confirmations = new Confirmations({
    clock,
    show: async (question, signal) =>
      new Promise((close) => {
        shown.push({ question, signal, close });
        signal.addEventListener("abort", () => close(undefined));
      }),
    onAsked: (question) => asked.push(question),
    onVerdict: ({ role }, verdict) => verdicts.push({ role, ...verdict }),
  });
  confirmations.apply({ roles: new Set(["deploy", "admin"]), idleMs });
});

function process(pid: number): Asker {
  return { id: `${pid}.100`, process: { pid, uid: 1000, executable: "/usr/bin/app" } };
}

interface Request {
  outcome: string;
  leave: () => void;
}

/** What becomes of a request: `waiting`, `given`, or an error's code and message. */
function request(asker: Asker, role = "deploy"): Request {
  const made: Request = { outcome: "waiting", leave: () => undefined };
  confirmations
    .ask(role, asker, (callback) => {
      made.leave = callback;
      return () => (made.leave = () => undefined);
    })
    .then(
      () => (made.outcome = "given"),
      (error: Error & { code?: string }) => (made.outcome = `${error.code}: ${error.message}`),
    );
  return made;
}

function only(): string {
  expect(confirmations.questions()).toHaveLength(1);
  return confirmations.questions()[0]?.id ?? "";
}

describe("a new client process", () => {
  it("has the role when a person says yes, and is not asked about again", async () => {
    const first = request(process(1));
    await settle();
    expect(first.outcome).toBe("waiting");
    expect(asked).toMatchObject([{ role: "deploy", asker: process(1) }]);
    confirmations.answer(only(), true, { pid: 9, uid: 1000 });
    await settle();
    expect(first.outcome).toBe("given");
    expect(confirmations.questions()).toEqual([]);
    expect(confirmations.standing("deploy", process(1))).toBe(true);
    expect(verdicts).toEqual([
      { role: "deploy", isAllowed: true, why: "confirmed at a terminal", by: { pid: 9, uid: 1000 } },
    ]);
  });

  it("is another one for each process and for each role", async () => {
    request(process(1));
    confirmations.answer(only(), true);
    expect(confirmations.standing("deploy", process(2))).toBeUndefined();
    expect(confirmations.standing("deploy", { ...process(1), id: "1.200" })).toBeUndefined();
    expect(confirmations.standing("admin", process(1))).toBeUndefined();
    expect(confirmations.isWanted("deploy")).toBe(true);
    expect(confirmations.isWanted("reader")).toBe(false);
  });

  it("is refused by a no, without another question for a minute", async () => {
    const first = request(process(1));
    await settle();
    shown[0]?.close(false);
    await settle();
    expect(first.outcome).toBe(
      'ConfirmationDenied: role "deploy" is given to confirmed programs only: refused at the desktop',
    );
    expect(confirmations.standing("deploy", process(1))).toBe(false);
    await clock.advance(minute - 1);
    expect(confirmations.standing("deploy", process(1))).toBe(false);
    await clock.advance(1);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
  });

  it("is refused after a minute without an answer, and may ask again at once", async () => {
    const first = request(process(1));
    await clock.advance(minute - 1);
    expect(first.outcome).toBe("waiting");
    await clock.advance(1);
    expect(first.outcome).toMatch(/^ConfirmationDenied: .*: nobody answered within 60 s$/);
    expect(shown[0]?.signal.aborted).toBe(true);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
    expect(verdicts).toEqual([{ role: "deploy", isAllowed: false, why: "nobody answered within 60 s" }]);
  });

  it("asks once, however many of its requests wait, and all have the answer", async () => {
    const requests = [1, 2, 3].map(() => request(process(1)));
    const other = request(process(1), "admin");
    expect(asked).toHaveLength(2);
    confirmations.answer(asked[0]?.id ?? "", true);
    await settle();
    expect(requests.map(({ outcome }) => outcome)).toEqual(["given", "given", "given"]);
    expect(other.outcome).toBe("waiting");
  });
});

describe("a yes", () => {
  beforeEach(async () => {
    request(process(1));
    confirmations.answer(only(), true);
    await settle();
  });

  it("counts for as long as the process goes on asking", async () => {
    for (let hour = 0; hour < 24; hour += 1) {
      await clock.advance(idleMs - 1);
      expect(confirmations.standing("deploy", process(1))).toBe(true);
    }
    await clock.advance(idleMs);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
  });

  it("also ends with the idle time of a machine that slept", () => {
    clock.suspend(idleMs);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
  });

  it("ends when the agent is locked, or reads its configuration again", async () => {
    confirmations.lock();
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
    request(process(1));
    confirmations.answer(only(), true);
    confirmations.apply({ roles: new Set(["deploy"]), idleMs });
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
  });

  it("is one of a thousand at most that are remembered: the one that was used longest ago is forgotten", async () => {
    confirmations.apply({ roles: new Set(["deploy"]), idleMs: Infinity });
    const yesTo = async (pid: number): Promise<void> => {
      if (pid % 50 === 0) await clock.advance(minute);
      request(process(pid));
      confirmations.answer(confirmations.questions()[0]?.id ?? "", true);
    };
    for (let pid = 1; pid <= 1000; pid += 1) await yesTo(pid);
    expect(confirmations.standing("deploy", process(1))).toBe(true);
    await yesTo(1001);
    expect(confirmations.standing("deploy", process(1))).toBe(true);
    expect(confirmations.standing("deploy", process(2))).toBeUndefined();
    expect(confirmations.standing("deploy", process(3))).toBe(true);
  });
});

describe("a client that can't be told from others", () => {
  it("asks each time, also where one like it waits or had a yes", async () => {
    const requests = [request({}), request({})];
    expect(asked).toHaveLength(2);
    confirmations.answer(asked[0]?.id ?? "", true);
    await settle();
    expect(requests.map(({ outcome }) => outcome)).toEqual(["given", "waiting"]);
    expect(confirmations.standing("deploy", {})).toBeUndefined();
  });
});

describe("questions", () => {
  it("are sixteen at most: more clients are refused at once", async () => {
    const requests = Array.from({ length: 17 }, (_each, index) => request(process(index)));
    await settle();
    expect(requests[16]?.outcome).toMatch(/^ConfirmationDenied: .*: 16 questions wait for a person already$/);
    expect(requests.slice(0, 16).every(({ outcome }) => outcome === "waiting")).toBe(true);
    expect(request(process(3)).outcome).toBe("waiting");
    confirmations.answer(asked[0]?.id ?? "", false);
    request(process(100));
    expect(confirmations.questions()).toHaveLength(16);
  });

  it("are sixty a minute at most, so that a client that asks and leaves in a loop wears nobody out", async () => {
    for (let pid = 0; pid < 60; pid += 1) {
      request(process(pid)).leave();
      await settle();
      await clock.advance(500);
    }
    expect(asked).toHaveLength(60);
    const refused = request(process(60));
    await settle();
    expect(refused.outcome).toMatch(/^ConfirmationDenied: .*: there were 60 questions within a minute$/);
    await clock.advance(30_000);
    expect(request(process(61)).outcome).toBe("waiting");
    expect(asked).toHaveLength(61);
  });

  it("are shown at the desktop one after the other, and answered there or elsewhere", async () => {
    const requests = [1, 2, 3].map((pid) => request(process(pid)));
    await settle();
    expect(shown.map(({ question }) => question.asker.id)).toEqual(["1.100"]);
    confirmations.answer(asked[1]?.id ?? "", false);
    shown[0]?.close(true);
    await settle();
    expect(shown.map(({ question }) => question.asker.id)).toEqual(["1.100", "3.100"]);
    confirmations.answer(asked[2]?.id ?? "", true);
    await settle();
    expect(shown[1]?.signal.aborted).toBe(true);
    expect(requests.map(({ outcome }) => outcome.split(":")[0])).toEqual([
      "given",
      "ConfirmationDenied",
      "given",
    ]);
    expect(verdicts.map(({ why }) => why)).toEqual([
      "refused at a terminal",
      "confirmed at the desktop",
      "confirmed at a terminal",
    ]);
  });

  it("that no desktop can show wait for a terminal", async () => {
    const requests = [request(process(1)), request(process(2))];
    await settle();
    shown[0]?.close(undefined);
    await settle();
    expect(shown).toHaveLength(2);
    expect(requests.map(({ outcome }) => outcome)).toEqual(["waiting", "waiting"]);
    confirmations.answer(asked[0]?.id ?? "", true);
    await settle();
    expect(requests[0]?.outcome).toBe("given");
  });

  it("are taken back when the last client that waits has gone, and told to nobody as decided", async () => {
    const [first, second] = [request(process(1)), request(process(1))];
    await settle();
    first.leave();
    await settle();
    expect(confirmations.questions()).toHaveLength(1);
    second.leave();
    await settle();
    expect(confirmations.questions()).toEqual([]);
    expect(shown[0]?.signal.aborted).toBe(true);
    expect(verdicts).toEqual([]);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
    await clock.advance(2 * minute);
    expect(verdicts).toEqual([]);
  });

  it("count by the first answer alone", async () => {
    const first = request(process(1));
    const id = only();
    confirmations.answer(id, false);
    confirmations.answer(id, true);
    await settle();
    expect(first.outcome).toMatch(/^ConfirmationDenied/);
    expect(confirmations.standing("deploy", process(1))).toBe(false);
    expect(verdicts).toHaveLength(1);
  });

  it("end with an agent that is locked or stops, and nothing is remembered", async () => {
    const [first, second] = [request(process(1)), request({}, "admin")];
    confirmations.lock();
    await settle();
    expect([first.outcome, second.outcome]).toEqual([
      "Locked: the agent is locked",
      "Locked: the agent is locked",
    ]);
    expect(confirmations.standing("deploy", process(1))).toBeUndefined();
    const third = request(process(1));
    confirmations.end();
    await settle();
    expect(third.outcome).toBe("SourceUnavailable: the agent is stopping");
    expect(verdicts.map(({ why }) => why)).toEqual([
      "the agent was locked",
      "the agent was locked",
      "the agent is stopping",
    ]);
  });

  it("are the next agent's when another process becomes the agent, and told to nobody as decided", async () => {
    const waiting = request(process(1));
    confirmations.leave();
    const late = request(process(2));
    await settle();
    const isSentOn = "SourceUnavailable: another process is the agent now";
    expect([waiting.outcome, late.outcome]).toEqual([isSentOn, isSentOn]);
    expect(shown.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(confirmations.questions()).toEqual([]);
    expect(verdicts).toEqual([]);
  });

  it("have ids of their own, also after a restart of the agent", () => {
    clock.randoms = [0.123456789, 0.987654321];
    request(process(1));
    request(process(2));
    const [one, other] = asked.map(({ id }) => id.split("-")[1]);
    expect(one).toMatch(/^\w{8}$/);
    expect(other).not.toBe(one);
  });
});
