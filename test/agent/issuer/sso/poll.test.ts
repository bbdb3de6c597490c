import { describe, expect, it } from "vitest";
import { poll } from "../../../../packages/agent/src/issuer/child/login/poll.ts";

/** Polls a service that answers so, one after the other; tells what was waited. */
async function polled(...answers: string[]): Promise<{ outcome: string; waits: number[] }> {
  const waits: number[] = [];
  const outcome = await poll(
    async () => {
      const answer = answers.shift() ?? "";
      if (answer !== "token") throw Object.assign(new Error(), { name: answer });
      return answer;
    },
    2,
    async (ms) => void waits.push(ms),
  ).catch((error: Error) => error.name);
  return { outcome, waits };
}

describe("polling for a token", () => {
  it("goes on at its interval while the person decides", async () => {
    const pending = "AuthorizationPendingException";
    expect(await polled(pending, pending, "token")).toEqual({ outcome: "token", waits: [2000, 2000, 2000] });
  });

  it("waits five seconds longer each time it is told to slow down", async () => {
    const slowDown = "SlowDownException";
    expect(await polled(slowDown, slowDown, "token")).toEqual({
      outcome: "token",
      waits: [2000, 7000, 12_000],
    });
  });

  it.each(["ExpiredTokenException", "AccessDeniedException", "InternalServerException"])(
    "ends with %s",
    async (name) => {
      expect(await polled(name, "token")).toEqual({ outcome: name, waits: [2000] });
    },
  );
});
