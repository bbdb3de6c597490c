import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { logFile } from "../../../packages/agent/src/cli/log-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

it("a log makes way for a new one when it has grown, and has every line in order", async () => {
  const path = join(temporaryDirectory(), "agent.log");
  for (const number of [1, 2, 3]) {
    const log = logFile(path, { maxBytes: 20, files: 2 });
    log.write(`line ${number}a\n`);
    log.write(`line ${number}b\n`);
    await log.close();
  }
  expect(readFileSync(`${path}.1`, "utf8")).toBe("line 2a\nline 2b\n");
  expect(readFileSync(path, "utf8")).toBe("line 3a\nline 3b\n");
});

it("a log that can't be written loses its lines, and goes on when it can", async () => {
  const path = join(temporaryDirectory(), "agent.log");
  mkdirSync(path);
  const log = logFile(path);
  log.write("lost\n");
  await log.close();
  rmdirSync(path);
  log.write("kept\n");
  await log.close();
  expect(readFileSync(path, "utf8")).toBe("1 lines were lost here\nkept\n");
});
