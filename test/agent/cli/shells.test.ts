import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isShell, loginShell, shells } from "../../../packages/agent/src/cli/shells.ts";
import { difficultValues } from "../../support/difficult-values.ts";

describe("lines for a shell", () => {
  it.each(difficultValues)("give sh the value %j as it is", (value) => {
    const script = `${shells.sh.set("X", value)}env -0`;
    const env = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0");
    expect(env).toContain(`X=${value}`);
  });

  it("take a variable away from sh, also one that isn't there", () => {
    const script = `set -e\n${shells.sh.unset("X")}${shells.sh.unset("Y")}echo "\${X-none}"`;
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8", env: { X: "1" } })).toBe("none\n");
  });

  it("are quoted for fish", () => {
    expect(shells.fish.set("X", String.raw`a'b\c $d`)).toBe(String.raw`set -gx X 'a\'b\\c $d'` + "\n");
    expect(shells.fish.unset("X")).toBe("set -e X\n");
  });

  it("are quoted for PowerShell, which takes typographic quotes for plain ones", () => {
    expect(shells.powershell.set("X", "a'b\u2019c $d")).toBe("$env:X = 'a''b\u2019\u2019c $d'\n");
    expect(shells.powershell.unset("X")).toBe("Remove-Item -ErrorAction Ignore Env:X\n");
  });

  it.each([
    ["/usr/bin/fish", "fish"],
    ["/usr/bin/pwsh", "powershell"],
    ["/bin/zsh", "sh"],
    [undefined, "sh"],
  ])("are for the shell of the person: %s", (path, shell) => {
    expect(loginShell(path === undefined ? {} : { SHELL: path })).toBe(shell);
  });

  it("are there for no other shell", () => {
    expect(["sh", "fish", "powershell", "csh", "toString"].filter(isShell)).toEqual([
      "sh",
      "fish",
      "powershell",
    ]);
  });
});
