import { describe, expect, it } from "vitest";
import { poll } from "../../../../packages/agent/src/issuer/child/login/poll.ts";

/** Errors that say nothing of the person's decision. */
const failures: Readonly<Record<string, object>> = {
  "no network": { code: "ENETUNREACH" },
  "no answer": { name: "TimeoutError" },
  "status 500": { name: "InternalServerException", $metadata: { httpStatusCode: 500 } },
  "status 429": { name: "TooManyRequestsException", $metadata: { httpStatusCode: 429 } },
};

/** Polls a service that answers so, one after the other; tells what was waited. */
async function polled(...answers: string[]): Promise<{ outcome: string; waits: number[] }> {
  const waits: number[] = [];
  const outcome = await poll(
    async () => {
      const answer = answers.shift() ?? "";
      if (answer in failures) throw Object.assign(new Error(), failures[answer]);
      if (answer !== "token")
        throw Object.assign(new Error(), { name: answer, $metadata: { httpStatusCode: 400 } });
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

  it.each(Object.keys(failures))("goes on five seconds later after: %s", async (failure) => {
    const pending = "AuthorizationPendingException";
    const outcome = { outcome: "token", waits: [2000, 7000, 7000] };
    expect(await polled(failure, pending, "token")).toEqual(outcome);
  });

  it.each(["ExpiredTokenException", "AccessDeniedException", "InvalidGrantException"])(
    "ends with %s",
    async (name) => {
      expect(await polled(name, "token")).toEqual({ outcome: name, waits: [2000] });
    },
  );
});
