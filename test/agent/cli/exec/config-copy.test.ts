import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeConfigCopy } from "../../../../packages/agent/src/cli/exec/config-copy.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

function write(
  runtime: string,
  config: string | Uint8Array = "[default]\nregion = eu-west-1\nrole_arn = x\n",
  mode = 0o600,
): ReturnType<typeof writeConfigCopy> {
  const file = join(temporaryDirectory(), "config");
  writeFileSync(file, config);
  chmodSync(file, mode);
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

  it("sweeps away those of processes that are gone, but none of another container's, and nothing else", () => {
    const runtime = temporaryDirectory();
    const { pid: gone } = spawnSync("true");
    const own = write(runtime);
    const namespace = /exec-\d+-(\d+)-\w{6}/.exec(own?.path ?? "")?.[1];
    own?.remove();
    const kept = [
      "agent.sock",
      "tokens",
      `exec-${process.ppid}-${namespace}-abcdef`,
      `exec-${gone}-1-abcdef`,
      `exec-${gone}`,
    ];
    for (const name of [...kept, `exec-${gone}-${namespace}-abcdef`]) mkdirSync(join(runtime, name));
    write(runtime)?.remove();
    expect(readdirSync(runtime).toSorted()).toEqual(kept.toSorted());
  });

  it("is made of a file that everybody may write to, or that is no UTF-8, since SDKs read those, too", () => {
    const runtime = temporaryDirectory();
    const open = write(runtime, "[default]\nregion = eu-west-1\nrole_arn = x\n", 0o666);
    expect(readFileSync(open?.path ?? "", "utf8")).toBe("[default]\nregion = eu-west-1\n");
    const latin1 = Buffer.from("# \xe9t\xe9\n[default]\nrole_arn = x\nregion = y\n", "latin1");
    const copy = write(runtime, latin1);
    expect(readFileSync(copy?.path ?? "", "latin1")).toBe("# \xe9t\xe9\n[default]\nregion = y\n");
  });

  it("is refused where the command could read what can't be read here, such as a pipe", () => {
    const pipe = join(temporaryDirectory(), "config");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const env = { AWS_CONFIG_FILE: pipe };
    expect(() => writeConfigCopy(env, "/nowhere/agent.sock")).toThrow(
      /config .*: it can't be told whose credentials its \[default\] brings$/,
    );
  });

  it("is not needed where there is no file", () => {
    expect(writeConfigCopy({ AWS_CONFIG_FILE: "/nowhere/config" }, "/nowhere/agent.sock")).toBeUndefined();
  });

  it("lies elsewhere where there is no such directory", () => {
    const copy = write("/dev/null");
    expect(readFileSync(copy?.path ?? "", "utf8")).toContain("eu-west-1");
    copy?.remove();
  });
});
