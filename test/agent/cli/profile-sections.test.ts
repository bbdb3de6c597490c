import { describe, expect, it } from "vitest";
import type { RoleSummary } from "@role-agent/provider";
import { profileSections } from "../../../packages/agent/src/cli/profile-sections.ts";
import { splitCommand } from "../../../packages/agent/src/core/split-command.ts";

const commands = {
  socketPath: "/run/a b/agent.sock",
  curl: "/usr/bin/curl",
  roleAgent: "/usr/bin/role-agent credentials",
};

function role(name: string, more: Partial<RoleSummary> = {}): RoleSummary {
  return {
    name,
    type: "assume-role",
    roleArn: null,
    source: "profile base",
    definedIn: `config.toml [roles.${name}]`,
    problem: null,
    region: null,
    confirm: false,
    ...more,
  };
}

/** The lines of the only section. */
function lines(of: RoleSummary): string[] {
  return profileSections([of], commands).flatMap(({ text }) => text.trimEnd().split("\n"));
}

describe("the profile of a role", () => {
  it("runs curl by its absolute path, and offers role-agent as a comment", () => {
    expect(lines(role("deploy", { region: "eu-west-1" }))).toEqual([
      "[profile deploy]",
      "credential_process = /usr/bin/curl -sSf --retry 3 --retry-delay 1 --retry-connrefused --retry-max-time 5 --unix-socket '/run/a b/agent.sock' http://localhost/v1/credentials/deploy",
      "# slower by half, but it starts the agent and says what to do about an error:",
      "# credential_process = /usr/bin/role-agent credentials deploy",
      "region = eu-west-1",
    ]);
  });

  it("is split by boto as it is by a shell, whatever is in the role's name", () => {
    const [, process = ""] = lines(role("it's $HOME (a)".replace("'", "")));
    expect(splitCommand(process.slice("credential_process = ".length))?.at(-1)).toBe(
      "http://localhost/v1/credentials/its%20%24HOME%20(a)",
    );
  });

  it("runs role-agent where there is no curl", () => {
    const [section] = profileSections([role("deploy")], { ...commands, curl: undefined });
    expect(section?.text).toBe(
      "[profile deploy]\ncredential_process = /usr/bin/role-agent credentials deploy\n",
    );
  });

  it("is not the profile that the role is made of, and there is none for itself", () => {
    const roles = [
      role("base", { definedIn: "profile base" }),
      role("agent-base", { definedIn: "profile agent-base" }),
    ];
    expect(profileSections(roles, commands).map(({ name }) => name)).toEqual(["agent-base"]);
  });

  it("is left out where the role does not work, or its name can be no section's", () => {
    expect(
      profileSections([role("a", { problem: "no source" }), role('a"]b'), role("a\nb")], commands),
    ).toEqual([]);
  });
});
