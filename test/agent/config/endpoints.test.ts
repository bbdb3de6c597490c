import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EndpointConfig } from "../../../packages/agent/src/config/endpoint-config.ts";
import { TempHome } from "./temp-home.ts";

const roles = `[roles.deploy]
credential_process = "print-credentials"
[roles.ci]
credential_process = "print-credentials"
[roles."my role"]
credential_process = "print-credentials"
`;

function endpoints(toml: string): readonly EndpointConfig[] {
  const home = new TempHome();
  home.config(roles + toml);
  return home.load().endpoints;
}

/** The message for one endpoint with these lines, without the name of the file. */
function problem(...lines: readonly string[]): string {
  const home = new TempHome();
  home.config(["[[endpoints]]", ...lines, roles].join("\n"));
  return home.problem().replaceAll(".config/role-agent/config.toml:", "");
}

describe("[[endpoints]] of config.toml", () => {
  it("are none where none are listed", () => {
    expect(endpoints("")).toEqual([]);
  });

  it("take each type with its keys, in the order of the file", () => {
    const toml = `
[[endpoints]]
type = "container"
listen = "127.0.0.1:9911"
roles = ["deploy", "ci"]
[[endpoints]]
type = "imds"
listen = "169.254.169.254:80"
client_cidrs = ["172.17.0.0/16", "10.0.0.0/8"]
roles = ["deploy"]
v1 = true
[[endpoints]]
type = "container"
listen = "[::1]:0"
roles = ["my role"]
[[endpoints]]
type = "socket"
path = "/run/app/role-agent.sock"
roles = ["ci"]
`;
    expect(endpoints(toml)).toEqual([
      {
        type: "container",
        listen: { host: "127.0.0.1", port: 9911 },
        clientCidrs: [],
        roles: ["deploy", "ci"],
      },
      {
        type: "imds",
        listen: { host: "169.254.169.254", port: 80 },
        clientCidrs: ["172.17.0.0/16", "10.0.0.0/8"],
        role: "deploy",
        isV1Served: true,
      },
      { type: "container", listen: { host: "::1", port: 0 }, clientCidrs: [], roles: ["my role"] },
      { type: "socket", path: "/run/app/role-agent.sock", roles: ["ci"] },
    ]);
  });

  it("take a socket's path from the directory of config.toml, and ~ as the home directory", () => {
    const home = new TempHome();
    const socket = (path: string): string =>
      `[[endpoints]]\ntype = "socket"\npath = "${path}"\nroles = ["ci"]\n`;
    home.config(roles + socket("app.sock") + socket("~/shared/app.sock"));
    expect(home.load().endpoints).toMatchObject([
      { path: join(home.path, ".config/role-agent/app.sock") },
      { path: join(home.path, "shared/app.sock") },
    ]);
  });

  it("take the place of tokens from the directory of config.toml, with the role's name to be filled in", () => {
    const home = new TempHome();
    const lines = ['type = "container"', 'listen = "127.0.0.1:0"', 'roles = ["ci", "deploy"]'];
    home.config(`${roles}[[endpoints]]\n${lines.join("\n")}\ntoken_file = "clients/{role}/token"\n`);
    expect(home.load().endpoints).toMatchObject([
      { tokenFile: join(home.path, ".config/role-agent/clients/{role}/token") },
    ]);
  });

  it.each([
    ["0.0.0.0:80"],
    ["192.168.1.2:80"],
    ["localhost:80"],
    ["127.0.0.2:80"],
    ["::1:80"],
    ["[::]:80"],
    ["169.254.169.253:80"],
    ["127.0.0.1.evil.example:80"],
    [" 127.0.0.1:80"],
    ["9911"],
    ["/run/x.sock"],
  ])("refuse to listen at %s", (listen) => {
    expect(problem('type = "container"', `listen = "${listen}"`, 'roles = ["ci"]')).toMatch(
      /^3: endpoints\[0\]\.listen: must be an address and a port, as in "127.0.0.1:9911": the address one of "127.0.0.1", /,
    );
  });

  it.each(["", ":", ":65536", ":-1", ":080", ":1e3", ": 80"])("refuse the port in 127.0.0.1%s", (port) => {
    expect(problem('type = "imds"', `listen = "127.0.0.1${port}"`, 'roles = ["ci"]')).toContain(
      "3: endpoints[0].listen: must ",
    );
  });

  it.each([
    ["127.0.0.1:9913", "127.0.0.1"],
    ["0.0.0.0:9913", "0.0.0.0"],
    ["192.168.1.2:9913", "192.168.1.2"],
    ["[::]:9913", "::"],
    ["[2001:db8::1]:9913", "2001:db8::1"],
  ])("let metrics be read at %s", (listen, host) => {
    expect(endpoints(`[[endpoints]]\ntype = "metrics"\nlisten = "${listen}"\n`)).toEqual([
      { type: "metrics", listen: { host, port: 9913 } },
    ]);
  });

  it.each([
    "localhost:9913",
    "0.0.0.0",
    ":9913",
    "[::1:9913",
    "::1:9913",
    "[127.0.0.1]:9913",
    "300.0.0.1:9913",
  ])("refuse to let metrics be read at %s", (listen) => {
    expect(problem('type = "metrics"', `listen = "${listen}"`)).toContain("3: endpoints[0].listen: must ");
  });

  it("refuse roles for metrics: no credentials are to be had there", () => {
    expect(problem('type = "metrics"', 'listen = "127.0.0.1:0"', 'roles = ["ci"]')).toContain(
      "4: endpoints[0].roles: does not belong to an endpoint of type metrics; remove it",
    );
  });

  const container = ['type = "container"', 'listen = "127.0.0.1:0"'];
  const socket = ['type = "socket"', 'roles = ["ci"]'];
  it.each([
    [
      ['listen = "127.0.0.1:0"'],
      '1: endpoints[0]: type is missing; add type = "container", "imds", "socket" or "metrics"',
    ],
    [['type = "docker"'], '2: endpoints[0].type: must be "container", "imds", "socket" or "metrics"'],
    [["type = 1"], '2: endpoints[0].type: must be "container", "imds", "socket" or "metrics"'],
    [container, '1: endpoints[0]: roles is missing; name the roles that it serves, as in roles = ["deploy"]'],
    [
      [...container, 'role = "ci"', 'roles = ["ci"]'],
      '4: endpoints[0].role: unknown key; did you mean "roles"?',
    ],
    [
      [...container, "roles = []"],
      "4: endpoints[0].roles: is empty; name the roles that it serves, or remove the endpoint",
    ],
    [[...container, 'roles = "ci"'], "4: endpoints[0].roles: must be a list of texts, not text"],
    [[...container, 'roles = ["ci", "ci"]'], "4: endpoints[0].roles: names a role twice; name each once"],
    [
      [...container, 'roles = ["ci",', '"deplyo"]'],
      '5: endpoints[0].roles[1]: there is no role "deplyo"; did you mean "deploy"?',
    ],
    [
      [...container, 'roles = ["ci"]', "v1 = true"],
      "5: endpoints[0].v1: does not belong to an endpoint of type container; remove it",
    ],
    [
      [...container, 'roles = ["ci"]', 'path = "/x"'],
      "5: endpoints[0].path: does not belong to an endpoint of type container; remove it",
    ],
    [
      [...container, 'roles = ["ci"]', 'token_file = "/run/token"'],
      '5: endpoints[0].token_file: must hold {role}, the role\'s name, as in "/run/clients/{role}/role-agent/token"',
    ],
    [
      [...container, 'roles = ["ci"]', 'token_file = "/run/{role}/{uid}"'],
      '5: endpoints[0].token_file: has the unknown placeholder "{uid}"; there is {role}',
    ],
    [
      [...socket, 'token_file = "/run/{role}"', 'path = "/x"'],
      "4: endpoints[0].token_file: does not belong to an endpoint of type socket; remove it",
    ],
    [
      [...socket, 'listen = "127.0.0.1:0"', 'path = "/x"'],
      "4: endpoints[0].listen: does not belong to an endpoint of type socket; remove it",
    ],
    [
      socket,
      '1: endpoints[0]: path is missing; add the path of the socket, as in path = "/run/app/role-agent.sock"',
    ],
    [
      [...socket, `path = "/${"x".repeat(200)}"`],
      "4: endpoints[0].path: is 201 bytes long: the limit of a socket is 107; choose a shorter path",
    ],
    [
      [...socket, 'path = "~/run/app.sock"'],
      "4: endpoints[0].path: lies in the directory of the agent socket, which a container must not see; choose a directory that is for this socket",
    ],
    [
      [...socket, 'path = "~/run/deep/app.sock"'],
      "4: endpoints[0].path: lies in the directory of the agent socket",
    ],
    [
      [...socket, 'path = "~/app.sock"'],
      "4: endpoints[0].path: lies above the directory of the agent socket, which a container must not see; choose a directory that is for this socket",
    ],
    [[...socket, 'path = "/app.sock"'], "4: endpoints[0].path: lies above the directory of the agent socket"],
    [
      [...socket, 'path = "~/x/../run/app.sock"'],
      "4: endpoints[0].path: lies in the directory of the agent socket",
    ],
    [
      ['type = "imds"', 'listen = "127.0.0.1:0"', 'roles = ["ci", "deploy"]'],
      "4: endpoints[0].roles: has several roles; one endpoint of IMDS is one role",
    ],
    [
      ['type = "imds"', 'listen = "127.0.0.1:0"', 'roles = ["my role"]'],
      "4: endpoints[0].roles[0]: can't be served by IMDS",
    ],
    [
      ['type = "imds"', 'listen = "127.0.0.1:0"', 'roles = ["ci"]', 'v1 = "yes"'],
      "5: endpoints[0].v1: must be true or false, without quotes, not text",
    ],
  ])("refuse %j", (lines, message) => {
    expect(problem(...lines)).toContain(message);
  });

  it.each([
    ["172.17.0.0", 'must be an IPv4 network of /8 to /32, as in "172.17.0.0/16"'],
    ["0.0.0.0/0", 'must be an IPv4 network of /8 to /32, as in "172.17.0.0/16"'],
    ["10.0.0.0/7", "must be an IPv4 network"],
    ["10.0.0.0/33", "must be an IPv4 network"],
    ["10.0.0.256/32", "must be an IPv4 network"],
    ["fd00::/8", "must be an IPv4 network"],
    ["172.17.0.1/16", 'is no whole network: write "172.17.0.0/16"'],
    ["169.254.170.18/28", 'is no whole network: write "169.254.170.16/28"'],
  ])("refuse %s as a network of clients", (cidr, message) => {
    const lines = ['type = "imds"', 'listen = "169.254.169.254:80"', 'roles = ["ci"]'];
    expect(problem(...lines, `client_cidrs = ["${cidr}"]`)).toContain(
      `5: endpoints[0].client_cidrs[0]: ${message}`,
    );
  });

  it("refuse networks of clients where this machine alone can be a client", () => {
    expect(problem(...container, 'roles = ["ci"]', 'client_cidrs = ["10.0.0.0/8"]')).toContain(
      "5: endpoints[0].client_cidrs: means nothing at 127.0.0.1:0, which this machine alone reaches; remove it, or listen at an address of 169.254",
    );
    expect(problem(...socket, 'path = "/run/a.sock"', 'client_cidrs = ["10.0.0.0/8"]')).toContain(
      "5: endpoints[0].client_cidrs: does not belong to an endpoint of type socket; remove it",
    );
  });

  it("refuse a second endpoint at the same place, in its own line", () => {
    const at = (place: string, type = "container"): string =>
      `[[endpoints]]\ntype = "${type}"\n${place}\nroles = ["ci"]\n`;
    const home = new TempHome();
    home.config(at('listen = "127.0.0.1:80"') + at('listen = "127.0.0.1:80"', "imds") + roles);
    expect(home.problem()).toContain("config.toml:7: endpoints[1].listen: another endpoint listens there");
    home.config(at('path = "/run/a.sock"', "socket") + at('path = "/run/a.sock"', "socket") + roles);
    expect(home.problem()).toContain("config.toml:7: endpoints[1].path: another endpoint is there");
    home.config(at('listen = "127.0.0.1:0"') + at('listen = "127.0.0.1:0"') + roles);
    expect(home.load().endpoints).toHaveLength(2);
  });

  it("refuse what is no list of tables", () => {
    const home = new TempHome();
    home.config(`endpoints = "container"\n`);
    expect(home.problem()).toContain("1: endpoints: must be a list of tables, not text; write [[endpoints]]");
    home.config(`[endpoints]\ntype = "container"\n`);
    expect(home.problem()).toContain(
      "1: endpoints: must be a list of tables, not a table; write [[endpoints]]",
    );
    home.config(`endpoints = [1]\n`);
    expect(home.problem()).toContain("1: endpoints[0]: must be a table, not a number");
  });
});
