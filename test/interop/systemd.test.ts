import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const examples = fileURLToPath(new URL("../../examples/systemd/", import.meta.url));

/** A copy whose service starts this program, as the documentation has users write. */
function copyOf(directory: string): string {
  const copy = temporaryDirectory();
  for (const name of readdirSync(directory).filter((each) => each.startsWith("role-agent."))) {
    cpSync(join(directory, name), join(copy, name));
    const text = readFileSync(join(copy, name), "utf8");
    writeFileSync(join(copy, name), text.replace("/usr/local/bin/role-agent", roleAgentProgram));
  }
  return copy;
}

/** What systemd finds wrong with the units of a directory: nothing, if all is well. */
async function verify(directory: string, ...options: readonly string[]): Promise<string> {
  const runtime = join(temporaryDirectory(), "run");
  mkdirSync(runtime, { mode: 0o700 });
  const units = readdirSync(directory).map((name) => join(directory, name));
  return new Promise((resolve) => {
    execFile(
      "systemd-analyze",
      ["verify", "--man=no", ...options, ...units],
      { env: { PATH: process.env["PATH"], HOME: runtime, XDG_RUNTIME_DIR: runtime } },
      (error, stdout, stderr) => resolve(stdout + stderr + (error === null ? "" : error.message)),
    );
  });
}

describe("the units of examples/systemd", () => {
  it("are units of a user that systemd finds nothing wrong with", async () => {
    expect(await verify(copyOf(examples), "--user")).toBe("");
  });

  it("are units of a machine that systemd finds nothing wrong with", async () => {
    expect(await verify(copyOf(join(examples, "system")))).toBe("");
  });

  it("would be found wrong if a key were misspelt", async () => {
    const copy = copyOf(examples);
    const file = join(copy, "role-agent.service");
    writeFileSync(file, readFileSync(file, "utf8").replace("LimitCORE", "LimitCor"));
    expect(await verify(copy, "--user")).toContain("LimitCor");
  });
});
