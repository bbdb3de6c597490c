import "../../hardening.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as v from "valibot";
import { questionJob, type QuestionProgram } from "../question-programs.ts";
import { onErrand } from "./on-errand.ts";
import { endProgram, programStarted } from "./running-programs.ts";

const mostAnswerCharacters = 1024;

/** The errand of asking a person: by the first program that is there and has an answer. */
onErrand(async (job, signal) => {
  for (const program of v.parse(questionJob, job).programs) {
    const answer = await ask(program, signal);
    if (answer !== undefined) return answer;
  }
  return null;
});

async function ask(
  { words: [program, ...args], answers, env }: QuestionProgram,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  // A group of its own, so that it ends with the question, and what it started, too.
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
    env: { ...process.env, ...env },
  });
  programStarted(child.pid);
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(0, mostAnswerCharacters);
  });
  try {
    const [code]: unknown[] = await once(child, "close", { signal });
    return answers === "askpass" ? isYesOfAskpass(code, said) : answerOfDialog(code);
  } catch {
    // It is not there, or can't be run.
    return undefined;
  } finally {
    endProgram(child.pid);
  }
}

/**
 * As ssh-agent takes it: one that knows the hint "confirm" shows buttons and prints nothing; an older one asks for a
 * line of text, and "yes" is one.
 */
function isYesOfAskpass(code: unknown, said: string): boolean {
  const [line = ""] = said.split("\n");
  return code === 0 && (line === "" || line.toLowerCase() === "yes");
}

function answerOfDialog(code: unknown): boolean | undefined {
  if (code === 0) return true;
  return code === 1 ? false : undefined;
}
