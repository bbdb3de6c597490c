import type { AgentStatus, Confirmation } from "@role-agent/provider/protocol";
import type { AgentReports } from "./agent-reports.ts";
import type { Config } from "./config/config.ts";
import type { Clock } from "./core/clock.ts";
import { answerMs, type Question } from "./core/confirmation.ts";
import { Confirmations } from "./core/confirmations.ts";
import { printable } from "./core/printable.ts";
import { utcSeconds } from "./core/session.ts";
import { desktopQuestion } from "./issuer/desktop-question.ts";
import type { Log } from "./system/log.ts";

/** A longer one would fill the screen. Its end is what tells programs apart. */
const longestPath = 200;

/** What confirming is made with. */
export interface AgentConfirmingOptions {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly reports: Pick<AgentReports, "events" | "audit">;
}

/** The agent's questions to a person, and who is told of them. */
export class AgentConfirming {
  readonly confirmations: Confirmations;

  constructor({ clock, env, log, reports: { events, audit } }: AgentConfirmingOptions) {
    const ask = desktopQuestion(env, (why) => log.warn(`a question can't be shown at the desktop: ${why}`));
    this.confirmations = new Confirmations({
      clock,
      show: (question, signal) => ask(questionText(question), signal),
      onAsked: (question) => {
        log.info(`${question.role}: a person is asked: ${programText(question)}`);
        events.reportQuestion(confirmation(question));
      },
      onVerdict: (question, verdict) => {
        log.info(`${question.role}: ${verdict.why}: ${programText(question)}`);
        audit.confirmed(question, verdict);
      },
    });
  }

  /** Takes a new configuration. */
  apply({ roles, agent }: Config): void {
    const wanting = [...roles.values()].filter(({ confirm }) => confirm === true);
    this.confirmations.apply({
      roles: new Set(wanting.map(({ name }) => name)),
      idleMs: agent.idleTimeoutMs,
    });
  }

  status(): Pick<AgentStatus, "confirmations"> {
    return { confirmations: this.confirmations.questions().map(confirmation) };
  }
}

function confirmation({ id, role, asker, askedAt }: Question): Confirmation {
  return {
    id,
    role,
    client: asker.process ?? null,
    askedAt: utcSeconds(askedAt.wall),
    until: utcSeconds(askedAt.wall + answerMs),
  };
}

function questionText(question: Question): string {
  return `May this program have the AWS role ${printable(question.role)}?\n\n${programText(question)}`;
}

function programText({ asker: { process: client } }: Question): string {
  if (client === undefined) return "a program that this system does not tell of";
  const { executable = "its program can't be seen", pid, uid } = client;
  const path = executable.length > longestPath ? `…${executable.slice(-longestPath)}` : executable;
  return `${printable(path)}, pid ${pid}, uid ${uid}`;
}
