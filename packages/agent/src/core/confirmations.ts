import { RoleAgentError } from "@role-agent/provider/errors";
import { agentLocked } from "./agent-lock.ts";
import type { Clock } from "./clock.ts";
import {
  answerMs,
  AskNextAgent,
  mostQuestions,
  notConfirmed,
  personsVerdict,
  unanswered,
  type Asker,
  type AskingProcess,
  type Question,
  type Verdict,
} from "./confirmation.ts";
import { mostPerMinute, QuestionRate } from "./question-rate.ts";
import { RememberedAnswers } from "./remembered-answers.ts";

/** The part of the configuration that decides who is asked about. */
export interface ConfirmationPlan {
  /** Names of the roles that are given to confirmed processes only. */
  readonly roles: ReadonlySet<string>;
  /** A process that does not ask for this long is forgotten, in milliseconds. */
  readonly idleMs: number;
}

/** What confirmations need from around them. */
export interface ConfirmationsOptions {
  readonly clock: Clock;
  /**
   * Shows a question to the person at the desktop; resolves to the answer, or to undefined where it can't be shown or
   * was taken back by `signal`. One is shown at a time.
   */
  readonly show: (question: Question, signal: AbortSignal) => Promise<boolean | undefined>;
  readonly onAsked: (question: Question) => void;
  /** Told of every question that came to an end but by its client's going, or this process's. */
  readonly onVerdict: (question: Question, verdict: Verdict) => void;
}

/** Has a client's leaving told; answers how to hear of it no more. */
export type OnGone = (callback: () => void) => () => void;

interface OpenQuestion {
  readonly question: Question;
  readonly over: AbortController;
  /** Requests that wait for the answer. */
  readonly waiting: Set<Waiter>;
  wasShown: boolean;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: RoleAgentError) => void;
}

/**
 * Asks a person for each new client process before it is given a role that wants that. Requests of one process share
 * a question, and its answer: a yes until the process is forgotten, a no for a minute. Whoever answers first counts.
 */
export class Confirmations {
  readonly #options: ConfirmationsOptions;
  readonly #answers: RememberedAnswers;
  readonly #rate: QuestionRate;
  readonly #open = new Map<string, OpenQuestion>();
  #roles: ReadonlySet<string> = new Set();
  #shown: OpenQuestion | undefined;
  #count = 0;
  #hasLeft = false;

  constructor(options: ConfirmationsOptions) {
    this.#options = options;
    this.#answers = new RememberedAnswers(options.clock);
    this.#rate = new QuestionRate(options.clock);
  }

  /** Takes a new configuration, and forgets all answers. Open questions go on. */
  apply({ roles, idleMs }: ConfirmationPlan): void {
    this.#roles = roles;
    this.#answers.forget(idleMs);
  }

  /** Whether a role is given to confirmed processes only. */
  isWanted(role: string): boolean {
    return this.#roles.has(role);
  }

  /** The answer that stands for this process; undefined where a person would have to be asked. */
  standing(role: string, asker: Asker): boolean | undefined {
    return this.#answers.of(role, asker);
  }

  /**
   * Asks, or joins the question that is open for this process. Resolves when a person says yes. Rejects with
   * `ConfirmationDenied` on a no, after a minute without an answer, and at once where too many questions are open; with
   * `Locked` when the agent is locked.
   */
  async ask(role: string, asker: Asker, onGone: OnGone): Promise<void> {
    const open = this.#opened(role, asker) ?? this.#begin(role, asker);
    let stopListening = (): void => undefined;
    const answer = new Promise<void>((resolve, reject) => {
      const waiter = { resolve, reject };
      open.waiting.add(waiter);
      stopListening = onGone(() => this.#left(open, waiter));
    });
    await answer.finally(() => stopListening());
  }

  /** A person's answer at a terminal; `by` is the process that brings it. Nothing where the question is over. */
  answer(id: string, isAllowed: boolean, by?: AskingProcess): void {
    const open = this.#open.get(id);
    if (open !== undefined) this.#settle(open, { ...personsVerdict(isAllowed, "a terminal"), by });
  }

  /** Those that wait for an answer, in the order in which they were asked. */
  questions(): readonly Question[] {
    return [...this.#open.values()].map(({ question }) => question);
  }

  /** The agent is locked: all answers are forgotten, and whoever waits for one gets `Locked`. */
  lock(): void {
    this.#answers.forget();
    this.#settleAll("the agent was locked", agentLocked());
  }

  /** The agent stops. */
  end(): void {
    const why = "the agent is stopping";
    this.#settleAll(why, new RoleAgentError("SourceUnavailable", why));
  }

  /** Another process is the agent from now on: whoever waits is to ask that one. */
  leave(): void {
    this.#hasLeft = true;
    for (const open of this.#open.values()) {
      this.#close(open);
      for (const { reject } of open.waiting) reject(new AskNextAgent());
    }
  }

  #opened(role: string, { id }: Asker): OpenQuestion | undefined {
    if (id === undefined) return undefined;
    return [...this.#open.values()].find(
      ({ question }) => question.role === role && question.asker.id === id,
    );
  }

  #begin(role: string, asker: Asker): OpenQuestion {
    const { clock, onAsked } = this.#options;
    if (this.#hasLeft) throw new AskNextAgent();
    if (this.#open.size >= mostQuestions)
      throw notConfirmed(role, `${mostQuestions} questions wait for a person already`);
    if (!this.#rate.take()) throw notConfirmed(role, `there were ${mostPerMinute} questions within a minute`);
    // A number alone would be another question's after a restart, and a late answer meant for this one count for that.
    const id = `${++this.#count}-${clock.random().toString(36).slice(2, 10)}`;
    const question = { id, role, asker, askedAt: clock.now() };
    const open = { question, over: new AbortController(), waiting: new Set<Waiter>(), wasShown: false };
    this.#open.set(id, open);
    void this.#expire(open);
    onAsked(question);
    void this.#showNext();
    return open;
  }

  async #expire(open: OpenQuestion): Promise<void> {
    await this.#options.clock.sleep(answerMs, open.over.signal);
    this.#settle(open, unanswered);
  }

  async #showNext(): Promise<void> {
    if (this.#shown !== undefined) return;
    const next = [...this.#open.values()].find(({ wasShown }) => !wasShown);
    if (next === undefined) return;
    next.wasShown = true;
    this.#shown = next;
    const { question, over } = next;
    const isAllowed = await this.#options.show(question, over.signal).catch(() => undefined);
    this.#shown = undefined;
    if (isAllowed !== undefined) this.#settle(next, personsVerdict(isAllowed, "the desktop"));
    await this.#showNext();
  }

  #left(open: OpenQuestion, waiter: Waiter): void {
    open.waiting.delete(waiter);
    waiter.reject(notConfirmed(open.question.role, "the client went away"));
    if (open.waiting.size === 0) this.#close(open);
  }

  #settle(open: OpenQuestion, verdict: Verdict, error?: RoleAgentError): void {
    if (!this.#close(open)) return;
    const { role, asker } = open.question;
    const isPersons = verdict !== unanswered && error === undefined;
    if (isPersons) this.#answers.remember(role, asker, verdict.isAllowed);
    this.#options.onVerdict(open.question, verdict);
    for (const { resolve, reject } of open.waiting) {
      if (verdict.isAllowed) resolve();
      else reject(error ?? notConfirmed(role, verdict.why));
    }
  }

  #settleAll(why: string, error: RoleAgentError): void {
    for (const open of this.#open.values()) this.#settle(open, { isAllowed: false, why }, error);
  }

  /** Answers whether it was open. */
  #close({ question, over }: OpenQuestion): boolean {
    over.abort();
    return this.#open.delete(question.id);
  }
}
