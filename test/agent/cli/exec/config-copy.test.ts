import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeConfigCopy } from "../../../../packages/agent/src/cli/exec/config-copy.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

function write(runtime: string): ReturnType<typeof writeConfigCopy> {
  const file = join(temporaryDirectory(), "config");
  writeFileSync(file, "[default]\nregion = eu-west-1\nrole_arn = x\n");
  return writeConfigCopy({ AWS_CONFIG_FILE: file }, join(runtime, "agent.sock"));
}

describe("the copy of the AWS config that a command gets", () => {
  it("lies beside the agent socket, for this user alone, until it is removed", () => {
    const runtime = temporaryDirectory();
    const copy = write(runtime);
    expect(dirname(dirname(copy?.path ?? ""))).toBe(runtime);
    expect(readFileSync(copy?.path ?? "", "utf8")).toBe("[default]\nregion = eu-west-1\n");
    expect(statSync(copy?.path ?? "").mode & 0o777).toBe(0o600);
    copy?.remove();
    expect(readdirSync(runtime)).toEqual([]);
  });

  it("sweeps away those of processes that are gone, and nothing else", () => {
    const runtime = temporaryDirectory();
    const { pid: gone } = spawnSync("true");
    const kept = ["agent.sock", "tokens", `exec-${process.ppid}-abcdef`, `exec-${gone}`];
    for (const name of [...kept, `exec-${gone}-abcdef`]) mkdirSync(join(runtime, name));
    write(runtime)?.remove();
    expect(readdirSync(runtime).toSorted()).toEqual(kept.toSorted());
  });

  it("lies elsewhere where there is no such directory", () => {
    const copy = write("/dev/null");
    expect(readFileSync(copy?.path ?? "", "utf8")).toContain("eu-west-1");
    copy?.remove();
  });
});
