import { sealed, type IssuedSession, type RoleSession } from "../../packages/agent/src/core/session.ts";
import type { FakeClock } from "./fake-clock.ts";

/** A source that plays AWS: counts its calls, and fails on demand. */
export class FakeSource {
  calls = 0;
  lifetimeMs = 3_600_000;
  failure: Error | undefined;
  /** Calls wait here until the test lets them go on. */
  gate: Promise<void> = Promise.resolve();
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly issue = async (): Promise<RoleSession> => {
    this.calls += 1;
    const number = this.calls;
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return fakeSession(number, this.#clock.now().wall, this.lifetimeMs);
  };
}

/** A session whose key tells which call brought it. */
export function fakeSession(number: number, receivedAt: number, lifetimeMs: number): RoleSession {
  return sealed(fakeIssued(number, receivedAt, lifetimeMs));
}

/** The same as the issuer sends it. */
export function fakeIssued(number: number, receivedAt: number, lifetimeMs: number): IssuedSession {
  return {
    accessKeyId: `ASIA${String(number).padStart(9, "0")}EXAMPLE`,
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    sessionToken: `token-${number}`,
    expiresAt: receivedAt + lifetimeMs,
    receivedAt,
    lifetimeMs,
    accountId: "123456789012",
    roleArn: "arn:aws:iam::123456789012:role/Deploy",
  };
}
