import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { runErrand } from "../../../packages/agent/src/issuer/errand.ts";
import { untilGone } from "../../support/processes.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Runs an errand whose child runs this code; it has `job` and `reply(content)`. */
function errand(code: string, deadlineMs = 10_000, signal?: AbortSignal): Promise<{ said: string }> {
  const child = join(temporaryDirectory(), "child.mjs");
  writeFileSync(
    child,
    `process.on("message", ({ job }) => {
      const reply = (content) => process.send(content);
      ${code}
    });`,
  );
  return runErrand({
    module: pathToFileURL(child),
    job: { word: "hello" },
    answer: v.object({ said: v.string() }),
    env: { ...process.env, NODE_OPTIONS: "--no-warnings" },
    deadlineMs,
    ...(signal && { signal }),
  });
}

describe("an errand", () => {
  it("brings what its child answers to the job", async () => {
    expect(await errand("reply({ result: { said: job.word } })")).toEqual({ said: "hello" });
  });

  it("fails with the child's error, code and hint", async () => {
    const error = `{ code: "KeychainLocked", message: "the OS keychain is locked", hint: "unlock it" }`;
    await expect(errand(`reply({ error: ${error} })`)).rejects.toMatchObject({
      code: "KeychainLocked",
      message: "the OS keychain is locked",
      hint: "unlock it",
    });
  });

  it.each([
    ["ends without a word", "process.exit(0)", "the issuer ended without an answer"],
    ["answers what nobody asked for", "reply({ result: 7 })", "the issuer's answer is malformed"],
    ["answers nonsense", "reply('?')", "the issuer's answer is malformed"],
  ])("fails where the child %s", async (_what, code, message) => {
    await expect(errand(code)).rejects.toMatchObject({ code: "SourceUnavailable", message });
  });

  it("kills a child that misses its deadline, and what that has started", async () => {
    const pids = join(temporaryDirectory(), "pids");
    const hang = `import("node:child_process").then(async ({ spawn }) => {
      const { writeFileSync } = await import("node:fs");
      const other = spawn("sleep", ["600"], { stdio: "ignore" });
      writeFileSync(${JSON.stringify(pids)}, process.pid + " " + other.pid);
    });`;
    await expect(errand(hang, 1000)).rejects.toMatchObject({ message: "no answer within 1 s" });
    await untilGone(readFileSync(pids, "utf8").split(" ").map(Number));
  });

  it("that is given up is over at once, and its child ends", async () => {
    const pid = join(temporaryDirectory(), "pid");
    const over = new AbortController();
    const hang = `process.on("disconnect", () => process.exit());
      import("node:fs").then(({ writeFileSync }) => writeFileSync(${JSON.stringify(pid)}, String(process.pid)));`;
    const given = errand(hang, 60_000, over.signal);
    while (!existsSync(pid) || readFileSync(pid, "utf8") === "") await sleep(10);
    over.abort();
    await expect(given).rejects.toMatchObject({ message: "nobody waits for it any more" });
    await untilGone([Number(readFileSync(pid, "utf8"))]);
  });

  it("passes on an environment without NODE_OPTIONS", async () => {
    const { said } = await errand("reply({ result: { said: String(process.env.NODE_OPTIONS) } })");
    expect(said).toBe("undefined");
  });
});
