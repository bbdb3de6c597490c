import { describe, expect, test } from "vitest";
import { ARN } from "./problems-of.ts";
import { TempHome } from "./temp-home.ts";

/** The line of `role-agent roles --profiles` for a role. */
function curl(home: TempHome, role: string): string {
  const socket = `${home.path}/run/agent.sock`;
  return `credential_process = /usr/bin/curl -sSf --unix-socket ${socket} http://localhost/v1/credentials/${role}\n`;
}

function problemOf(home: TempHome, name: string): string | undefined {
  const role = home.load().roles.get(name);
  return role?.type === "invalid" ? role.problem : undefined;
}

describe("a credential_process that asks this agent", () => {
  test("for the role that it is for makes that role invalid: it would wait for itself", () => {
    const home = new TempHome();
    home.write(".aws/config", `[profile my role]\nregion = x\n[profile deploy]\n${curl(home, "deploy")}`);
    expect(problemOf(home, "deploy")).toBe(
      "is its own source: a credential_process asks this agent for it: deploy → deploy",
    );
  });

  test("for a role whose source it is makes both invalid", () => {
    const home = new TempHome();
    home.write(".aws/config", `[profile base]\n${curl(home, "a%20b")}`);
    home.config(`[roles."a b"]\nrole_arn = "${ARN}"\nsource_profile = "base"\n`);
    expect(problemOf(home, "a b")).toContain("is its own source");
  });

  test("of a role of config.toml makes that role invalid", () => {
    const home = new TempHome();
    home.config(`[roles.deploy]\ncredential_process = "${curl(home, "deploy").slice(21).trim()}"\n`);
    expect(problemOf(home, "deploy")).toContain("is its own source");
  });

  test("is none of our business for another role, another agent, or where keys come first", () => {
    const home = new TempHome();
    const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
    home.write(
      ".aws/config",
      [
        `[profile other]\n${curl(home, "deploy")}`,
        `[profile remote]\n${curl(home, "remote").replace("agent.sock", "other.sock")}`,
        `[profile keys]\n${keys}${curl(home, "keys")}`,
        `[profile broken]\n${curl(home, "%E0%A4")}`,
        `[profile open]\ncredential_process = 'x\n`,
      ].join(""),
    );
    home.config(`[roles.deploy]\nrole_arn = "${ARN}"\nsource_profile = "keys"\n`);
    for (const name of ["other", "remote", "keys", "broken", "open", "deploy"])
      expect(problemOf(home, name)).toBeUndefined();
  });
});
