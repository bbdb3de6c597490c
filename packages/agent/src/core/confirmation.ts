import { RoleAgentError } from "@role-agent/provider/errors";
import type { Instant } from "./clock.ts";

/** How long a person may take, in milliseconds. */
export const answerMs = 60_000;
/** More questions than anybody answers at once: further ones are refused. */
export const mostQuestions = 16;
/** For so long a process that a person refused is refused again without a question, in milliseconds. */
export const refusalMs = 60_000;

/** A client process, as far as it is known. */
export interface Asker {
  /** The same for all requests of one process, and another for each process; absent where it can't be told. */
  readonly id?: string | undefined;
  /** What the system tells of it. */
  readonly process?: AskingProcess | undefined;
}

/** What a person is told of the process that asks. */
export interface AskingProcess {
  readonly pid: number;
  readonly uid: number;
  /** Absolute path of its program. */
  readonly executable?: string;
}

/** A question to a person: may this process have the role? */
export interface Question {
  readonly id: string;
  readonly role: string;
  readonly asker: Asker;
  readonly askedAt: Instant;
}

/** What became of a question, and why. */
export interface Verdict {
  readonly isAllowed: boolean;
  readonly why: string;
  /** The process through which a person answered at a terminal, where the system tells of it. */
  readonly by?: AskingProcess | undefined;
}

/** Where a person answers. */
export type AnsweredAt = "the desktop" | "a terminal";

/** A person's answer. */
export function personsVerdict(isAllowed: boolean, place: AnsweredAt): Verdict {
  return { isAllowed, why: `${isAllowed ? "confirmed" : "refused"} at ${place}` };
}

/** A question that nobody answered. */
export const unanswered: Verdict = {
  isAllowed: false,
  why: `nobody answered within ${answerMs / 1000} s`,
};

/** What a client gets that was not confirmed. */
export function notConfirmed(role: string, why: string, hint: string = howToAnswer): RoleAgentError {
  const message = `role ${JSON.stringify(role)} is given to confirmed programs only: ${why}`;
  return new RoleAgentError("ConfirmationDenied", message, { hint });
}

/** What a client gets that waits when another process becomes the agent: nothing is decided, and that one asks anew. */
export class AskNextAgent extends RoleAgentError {
  constructor() {
    super("SourceUnavailable", "another process is the agent now", {
      hint: "ask again",
      retryAfterSeconds: 1,
    });
  }
}

const howToAnswer = "a person answers at the desktop, or in: role-agent status --watch";
