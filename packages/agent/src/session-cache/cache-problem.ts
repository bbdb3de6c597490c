import { RoleAgentError } from "@role-agent/provider/errors";
import type { LastError } from "@role-agent/provider/protocol";
import type { Clock } from "../core/clock.ts";
import { utcSeconds } from "../core/session.ts";
import type { Log } from "../system/log.ts";

/** What keeps a session cache from being used, told of once. */
export class CacheProblem {
  readonly #clock: Clock;
  readonly #log: Log;
  #current: LastError | null = null;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Null while it is in use. */
  get current(): LastError | null {
    return this.#current;
  }

  /** It can't be used. */
  arises({ code, message, hint }: RoleAgentError): void {
    const isKnown = this.#current?.message === message;
    this.#current = { code, message, hint: hint ?? null, at: utcSeconds(this.#clock.now().wall) };
    if (isKnown) return;
    const advice = hint === undefined ? "" : `; ${hint}`;
    this.#log.warn(`session cache: not in use, serving goes on: ${message}${advice}`);
  }

  /** It is used. */
  passes(): void {
    if (this.#current !== null) this.#log.info("session cache: in use again");
    this.#current = null;
  }
}

/** The file system takes no file. */
export function notWritten(path: string, cause: unknown): RoleAgentError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RoleAgentError("InvalidConfiguration", `${path} can't be written: ${why}`, {
    hint: "check its directory and the space on its disk",
    cause,
  });
}
