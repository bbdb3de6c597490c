import { fstatSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createLog } from "../../../packages/agent/src/system/log.ts";

function line(env: NodeJS.ProcessEnv): string {
  let written = "";
  createLog(
    () => "info",
    (text) => {
      written += text;
    },
    env,
  ).info("hello");
  return written;
}

describe("a line of the log", () => {
  it("has its own time", () => {
    expect(line({})).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info hello\n$/);
  });

  it("leaves the time to the journal where standard error is the journal's", () => {
    const { dev, ino } = fstatSync(2, { bigint: true });
    expect(line({ JOURNAL_STREAM: `${dev}:${ino}` })).toBe("info hello\n");
  });

  it("has its own time where the variable was inherited from a service that started this one", () => {
    expect(line({ JOURNAL_STREAM: "8:1234567" })).toMatch(/Z info hello\n$/);
  });
});
