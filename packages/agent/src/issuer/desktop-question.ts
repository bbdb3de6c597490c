import { answerMs } from "../core/confirmation.ts";
import { runErrand } from "./errand.ts";
import { desktopNotification } from "./notification.ts";
import { questionAnswer, questionPrograms } from "./question-programs.ts";

/** The question itself is over before. */
const deadlineMs = answerMs + 5000;

/** Asks the person at the desktop; resolves to undefined where that can't be, or `signal` has taken it back. */
export type DesktopQuestion = (text: string, signal: AbortSignal) => Promise<boolean | undefined>;

/**
 * Asks by a program of the desktop, which a child of the agent runs. Where there is a desktop and no such program, a
 * notification tells where to answer.
 *
 * @param onFailure - told why a question could not be shown
 */
export function desktopQuestion(env: NodeJS.ProcessEnv, onFailure: (why: string) => void): DesktopQuestion {
  const notify = desktopNotification(env);
  const module = new URL("child/ask.js", import.meta.url);
  return async (text, signal) => {
    const programs = questionPrograms(env, process.platform, text);
    if (programs.length === 0 || signal.aborted) return undefined;
    try {
      const job = { programs };
      const answer = await runErrand({ module, job, answer: questionAnswer, env, deadlineMs, signal });
      if (answer !== null) return answer;
      onFailure(`none of ${programs.map(({ words: [program] }) => program).join(", ")} could be run`);
    } catch (error) {
      if (signal.aborted) return undefined;
      onFailure(error instanceof Error ? error.message : String(error));
    }
    notify(`${text}\nrole-agent status --watch`);
    return undefined;
  };
}
