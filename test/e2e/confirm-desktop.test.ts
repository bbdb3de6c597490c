import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runErrand } from "../../packages/agent/src/issuer/errand.ts";
import { questionAnswer, type QuestionProgram } from "../../packages/agent/src/issuer/question-programs.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const module = new URL("../../packages/agent/dist/issuer/child/ask.js", import.meta.url);
const missing = "/nowhere/program";

/** The answer that a person's programs bring about: one is missing, or a shell script with these lines. */
async function answerOf(
  answers: QuestionProgram["answers"],
  ...scripts: readonly string[]
): Promise<boolean | null> {
  const directory = temporaryDirectory();
  const programs = scripts.map((script, index): QuestionProgram => {
    const path = join(directory, `program ${index}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return { words: [script === missing ? missing : path, "May it?"], answers, env: { HINT: "confirm" } };
  });
  return runErrand({
    module,
    job: { programs },
    answer: questionAnswer,
    env: { PATH: process.env["PATH"] },
    deadlineMs: 60_000,
  });
}

describe("an askpass program", () => {
  it.each([
    ["ends with 0", "exit 0", true],
    ["prints an empty line", "echo", true],
    ["knows no confirm, and is told yes", "echo Yes", true],
    ["is told anything else", "echo please", false],
    ["ends with anything but 0", "exit 1", false],
    ["is killed", "kill -9 $$", false],
    ["prints more than an answer", "yes no | head -c 100000", false],
    ["looks at its hint and question", '[ "$HINT$1" = "confirmMay it?" ]', true],
  ])("that %s is a decision", async (_what, script, expected) => {
    expect(await answerOf("askpass", script)).toBe(expected);
  });
});

describe("a dialog", () => {
  it("is yes or no by its exit code, and anything else leaves it to the next program", async () => {
    const answers = await Promise.all([
      answerOf("dialog", "exit 0", "exit 1"),
      answerOf("dialog", "exit 1", "exit 0"),
      answerOf("dialog", missing, "exit 1"),
      answerOf("dialog", "echo no display >&2; exit 255", missing, "exit 0"),
      answerOf("dialog", "kill -9 $$", missing),
      answerOf("dialog"),
    ]);
    expect(answers).toEqual([true, false, false, true, null, null]);
  });
});
