import { describe, expect, it, onTestFinished, vi } from "vitest";
import { runChild } from "../../../../packages/agent/src/cli/exec/run-child.ts";

function standardError(): () => string {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  return () => write.mock.calls.map(([text]) => String(text)).join("");
}

describe("a command that can't be run", () => {
  it.each([
    [127, "nothing", "", [], '"": not found'],
    [126, "below a file", "/dev/null/x", [], "a part of its path is no directory"],
    [126, "a name that is too long", "x".repeat(5000), [], "its name is too long"],
    [
      126,
      "given too much",
      "/bin/true",
      ["x".repeat(200_000)],
      "its arguments and environment are too large",
    ],
    [126, "a directory", "/", [], "permission denied"],
  ])("ends with %i, as in a shell, and says why: %s", async (code, _what, command, args, why) => {
    const said = standardError();
    const before = process.listenerCount("SIGTERM");
    expect(await runChild(command, args, {})).toBe(code);
    expect(said()).toMatch(/^role-agent: exec: .*\nhint: .*\n$/);
    expect(said()).toContain(why);
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
