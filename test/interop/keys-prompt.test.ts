import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createKeysWorld } from "../support/keys.ts";

/** Runs `role-agent` on a terminal and gives each answer after its question; what the terminal shows. */
async function onTerminal(
  env: NodeJS.ProcessEnv,
  command: string,
  answers: readonly (readonly [question: string, answer: string])[],
): Promise<string> {
  const line = `'${process.execPath}' '${roleAgentProgram}' ${command}`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env });
  const left = [...answers];
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = left;
    if (next === undefined || !screen.includes(next[0])) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  await once(child, "close");
  return screen;
}

describe("keys add on a terminal", () => {
  it("shows the access key id, but neither the secret nor the passphrase", async () => {
    const world = await createKeysWorld();
    delete world.env["CREDENTIALS_DIRECTORY"];
    const [accessKeyId = ""] = world.keyLines.split("\n");
    const screen = await onTerminal(world.env, "keys add alice", [
      ["passphrase for the new file", "a good passphrase\r"],
      ["once more", "a good passphrase\r"],
      ["access key id", `${accessKeyId}\r`],
      ["secret access key", `${world.secret}\r`],
    ]);
    expect(screen).toContain(`access key id: ${accessKeyId}`);
    expect(screen).toContain(`alice: key ${accessKeyId} is kept`);
    expect(screen).not.toContain(world.secret);
    expect(screen).not.toContain("good");
  });

  it("ends with Ctrl-C, and keeps nothing", async () => {
    const world = await createKeysWorld();
    expect(await onTerminal(world.env, "keys add alice", [["access key id", "\u0003"]])).toContain(
      "cancelled",
    );
    expect((await world.keys(["list"])).stdout).toBe("NAME  KEY\n");
  });
});
