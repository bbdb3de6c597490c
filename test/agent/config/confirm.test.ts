import { describe, expect, it } from "vitest";
import { roleList } from "../../../packages/agent/src/status.ts";
import { problemsOf, ROLE } from "./problems-of.ts";
import { TempHome } from "./temp-home.ts";

const program = 'credential_process = "print-credentials"\n';

function load(toml: string, profiles = ""): ReturnType<TempHome["load"]> {
  const home = new TempHome();
  home.write(".aws/config", profiles);
  home.config(toml);
  return home.load();
}

/** Names of the roles that a person is asked for. */
function confirmed(config: ReturnType<TempHome["load"]>): readonly string[] {
  return [...config.roles.values()].flatMap(({ name, confirm }) => (confirm === true ? [name] : []));
}

describe("confirm", () => {
  it("is a key of every kind of role, and false where it is not there", () => {
    const config = load(
      `[roles.a]\n${program}confirm = true\n[roles.b]\n${program}confirm = false\n[roles.c]\n${program}` +
        '[roles.d]\nprofile = "dev"\nconfirm = true\n[roles.e]\nsource_key = "alice"\nconfirm = true\n',
      "[profile dev]\nregion = eu-west-1\n",
    );
    expect(confirmed(config)).toEqual(["a", "d", "e"]);
    const told = roleList(config.roles.values()).roles.map(({ name, confirm }) => [name, confirm]);
    expect(told).toEqual([
      ["a", true],
      ["b", false],
      ["c", false],
      ["d", true],
      ["e", true],
      ["dev", false],
    ]);
  });

  it.each([
    [`${ROLE}confrim = true\n`, 'config.toml:4: roles.deploy.confrim: unknown key; did you mean "confirm"?'],
    [
      `${ROLE}confirm = "yes"\n`,
      "config.toml:4: roles.deploy.confirm: must be true or false, without quotes, not text",
    ],
    ["[roles.deploy]\nconfirm = true\n", "config.toml:1: roles.deploy: role_arn is missing"],
  ])("is checked: %j", (toml, problem) => {
    expect(problemsOf(toml)).toContain(problem);
  });

  it("is also for the profile behind the role, where a chain has that by another name", () => {
    const profiles =
      "[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/Prod\nsource_profile = base\n" +
      "[profile base]\ncredential_process = print-credentials\n" +
      "[profile next]\nrole_arn = arn:aws:iam::123456789012:role/Next\nsource_profile = prod\n";
    const config = load('[roles.prod]\nprofile = "prod"\nconfirm = true\n', profiles);
    expect(confirmed(config)).toEqual(["prod", "profile prod"]);
  });

  it.each([
    ["container", "127.0.0.1:0"],
    ["imds", "127.0.0.1:0"],
  ])("can't be kept at an endpoint of type %s, and a socket can", (type, listen) => {
    const role = `[roles.deploy]\n${program}confirm = true\n`;
    const home = new TempHome();
    home.config(`${role}[[endpoints]]\ntype = "${type}"\nlisten = "${listen}"\nroles = ["deploy"]\n`);
    expect(home.problem()).toContain(
      "config.toml:7: endpoints[0].roles[0]: has confirm = true, and clients over TCP can't be told from each other; " +
        'serve it by an endpoint of type "socket", or remove it here',
    );
    const socket = '[[endpoints]]\ntype = "socket"\npath = "app.sock"\nroles = ["deploy"]\n';
    expect(confirmed(load(role + socket))).toEqual(["deploy"]);
  });
});
