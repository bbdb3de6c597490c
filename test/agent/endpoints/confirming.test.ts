import { beforeEach, describe, expect, it } from "vitest";
import { Confirmations } from "../../../packages/agent/src/core/confirmations.ts";
import type { Question } from "../../../packages/agent/src/core/confirmation.ts";
import { confirmRoute } from "../../../packages/agent/src/endpoints/confirm-route.ts";
import { confirming, type MayHave } from "../../../packages/agent/src/endpoints/confirming.ts";
import type { EndpointRequest } from "../../../packages/agent/src/endpoints/endpoint.ts";
import type { PeerIdentity } from "../../../packages/agent/src/endpoints/peer-identity.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const token = "AAECAwQFBgcICQoLDA0ODw";
const shell: PeerIdentity = { pid: 4711, uid: 1000, executable: "/usr/bin/sh", id: "4711.88" };

let clock: FakeClock;
let confirmations: Confirmations;
let mayHave: MayHave;
let lockedAt: ReturnType<FakeClock["now"]> | undefined;
/** How often a client was told to wait. */
let words: number;

beforeEach(() => {
  clock = new FakeClock();
  words = 0;
  lockedAt = undefined;
  confirmations = new Confirmations({
    clock,
    show: async () => undefined,
    onAsked: () => undefined,
    onVerdict: () => undefined,
  });
  confirmations.apply({ roles: new Set(["deploy"]), idleMs: 3_600_000 });
  const lock = {
    get lockedAt() {
      return lockedAt;
    },
  };
  mayHave = confirming({ confirmations, lock, clock });
});

function request(
  headers: readonly string[] = [],
  peer?: PeerIdentity,
  method = "GET",
  body = "",
): EndpointRequest {
  const client = { onGone: () => () => undefined, tellToWait: () => (words += 1) };
  return { method, target: "/v1/credentials/deploy", rawHeaders: headers, body, peer, client };
}

function questions(): readonly Question[] {
  return confirmations.questions();
}

/** Asks and has a person say yes; answers whether anybody had to be asked. */
async function isAskedAbout(asked: EndpointRequest): Promise<boolean> {
  const answer = mayHave("deploy", asked);
  await settle();
  for (const { id } of questions()) confirmations.answer(id, true);
  await answer;
  return answer !== undefined;
}

describe("a client of a confirmed role", () => {
  it("is its process where the system tells of it, whatever the client says of itself", async () => {
    expect(await isAskedAbout(request(["Role-Agent-Client", token], shell))).toBe(true);
    expect(await isAskedAbout(request([], { ...shell }))).toBe(false);
    expect(await isAskedAbout(request(["Role-Agent-Client", token], { ...shell, id: "4712.99" }))).toBe(true);
    expect(await isAskedAbout(request(["Role-Agent-Client", token]))).toBe(true);
  });

  it("is whoever has the same random value where the system does not tell", async () => {
    expect(await isAskedAbout(request(["role-agent-client", token]))).toBe(true);
    expect(await isAskedAbout(request(["Role-Agent-Client", token]))).toBe(false);
    expect(await isAskedAbout(request(["Role-Agent-Client", `${token.slice(1)}B`]))).toBe(true);
  });

  it("is asked about at each request where it says nothing of itself, or what could be guessed", async () => {
    for (const headers of [[], ["Role-Agent-Client", "1"], ["Role-Agent-Client", ""]]) {
      expect(await isAskedAbout(request(headers))).toBe(true);
      expect(await isAskedAbout(request(headers))).toBe(true);
    }
  });

  it("is not asked about where the role does not want it, nor while the agent is locked", async () => {
    expect(mayHave("reader", request())).toBeUndefined();
    lockedAt = clock.now();
    expect(mayHave("deploy", request())).toBeUndefined();
  });

  it("that does not wait for an answer has nobody asked", async () => {
    const impatient = request(["Prefer", "wait=0"], shell);
    await expect(mayHave("deploy", impatient)).rejects.toMatchObject({ code: "ConfirmationDenied" });
    expect(questions()).toEqual([]);
    await isAskedAbout(request([], shell));
    expect(mayHave("deploy", impatient)).toBeUndefined();
  });

  it("is told to wait every second, where it is known to understand that", async () => {
    const [silent, told] = [request(), request(["Role-Agent-Client", token])];
    const answers = [mayHave("deploy", silent), mayHave("deploy", told)];
    await clock.advance(20_000);
    expect(words).toBe(21);
    for (const { id } of questions()) confirmations.answer(id, true);
    for (const answer of answers) await answer;
    await clock.advance(20_000);
    expect(words).toBe(21);
  });
});

describe("POST /v1/confirm", () => {
  function post(body: string, peer?: PeerIdentity): number {
    return confirmRoute(request([], peer, "POST", body), { confirmations }).status;
  }

  it("answers a question once", async () => {
    const answer = mayHave("deploy", request([], shell));
    await settle();
    const id = questions()[0]?.id ?? "";
    expect(post(JSON.stringify({ id: "0-x", allow: true }))).toBe(409);
    expect(post(JSON.stringify({ id, allow: true }))).toBe(200);
    await answer;
    expect(post(JSON.stringify({ id, allow: true }))).toBe(409);
  });

  it("is not for the very process that asks", async () => {
    const answer = mayHave("deploy", request([], shell));
    await settle();
    const id = questions()[0]?.id ?? "";
    expect(post(JSON.stringify({ id, allow: true }), { ...shell })).toBe(409);
    expect(questions()).toHaveLength(1);
    expect(post(JSON.stringify({ id, allow: false }), { ...shell, id: "5000.99" })).toBe(200);
    await expect(answer).rejects.toMatchObject({ code: "ConfirmationDenied" });
  });

  it.each([
    "",
    "{}",
    "[]",
    "null",
    '{"id":"1-x"}',
    '{"id":"","allow":true}',
    '{"id":"1","allow":"yes"}',
    '{"id":"1","allow":true,"role":"x"}',
  ])("refuses the body %s", (body) => {
    expect(post(body)).toBe(400);
  });
});
