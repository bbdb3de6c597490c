import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { configPath } from "../../../packages/agent/src/config/load.ts";
import { TempHome } from "./temp-home.ts";

const CONFIG = ".config/role-agent/config.toml";
const TOML =
  '[roles.deploy]\nrole_arn = "arn:aws:iam::123456789012:role/Deploy"\ncredential_source = "Environment"\n';

let home: TempHome;
beforeEach(() => {
  home = new TempHome();
});

describe("configPath", () => {
  test.each([
    [{}, "/home/a/.config/role-agent/config.toml"],
    [{ XDG_CONFIG_HOME: "/xdg" }, "/xdg/role-agent/config.toml"],
    [{ XDG_CONFIG_HOME: "relative" }, "/home/a/.config/role-agent/config.toml"],
    [{ XDG_CONFIG_HOME: "" }, "/home/a/.config/role-agent/config.toml"],
    [{ ROLE_AGENT_CONFIG: "/my.toml", XDG_CONFIG_HOME: "/xdg" }, "/my.toml"],
    [{ ROLE_AGENT_CONFIG: "" }, "/home/a/.config/role-agent/config.toml"],
  ])("with %j is %s", (env, path) => {
    expect(configPath(env, "/home/a")).toBe(path);
  });
});

describe("loadConfig", () => {
  test("needs no file at all", () => {
    expect(home.load()).toMatchObject({ agent: { profiles: true }, warnings: [] });
    expect(home.load().roles.size).toBe(0);
  });

  test("doesn't mind a home directory that is none", () => {
    expect(home.load({ home: "/dev/null" }).roles.size).toBe(0);
    expect(home.load({ home: join(home.path, "missing") }).roles.size).toBe(0);
  });

  test("finds config.toml by --config before ROLE_AGENT_CONFIG before the default", () => {
    home.config(TOML);
    const named = home.write("named.toml", TOML.replace("deploy", "named"));
    const flag = home.write("flag.toml", TOML.replace("deploy", "flag"));
    const env = { ROLE_AGENT_CONFIG: named };
    expect([...home.load().roles.keys()]).toEqual(["deploy"]);
    expect([...home.load({ env }).roles.keys()]).toEqual(["named"]);
    expect([...home.load({ env, configPath: flag }).roles.keys()]).toEqual(["flag"]);
  });

  test("wants a config that is named to exist", () => {
    const missing = join(home.path, "missing.toml");
    const problem = "missing.toml: doesn't exist; create it, or correct the path";
    expect(home.problem({ configPath: missing })).toBe(problem);
    expect(home.problem({ env: { ROLE_AGENT_CONFIG: missing } })).toBe(problem);
  });

  test("finds the AWS files where the environment says", () => {
    home.write("my-config", "[profile a]\n");
    const env = { AWS_CONFIG_FILE: "~/my-config", AWS_SHARED_CREDENTIALS_FILE: home.write("keys", "[b]\n") };
    expect([...home.load({ env }).roles.keys()]).toEqual(["a", "b"]);
  });

  test("reads a byte order mark and the newlines of Windows", () => {
    home.config(`\uFEFF${TOML.replaceAll("\n", "\r\n")}`);
    expect(home.load().roles.has("deploy")).toBe(true);
    home.config(`\uFEFF${TOML}x = 1`.replaceAll("\n", "\r\n"));
    expect(home.problem()).toContain(`${CONFIG}:4: roles.deploy.x: unknown key`);
  });

  test("can't be made to write to a terminal by a path", () => {
    expect(home.problem({ configPath: join(home.path, "\u001b[31m\n") })).toBe(
      "\\u{1b}[31m\\u{a}: doesn't exist; create it, or correct the path",
    );
    expect(home.problem({ configPath: "a\u0000b" })).toContain("the path has a NUL character");
    expect(home.problem({ configPath: "x".repeat(10_000) })).toContain("the path is too long");
  });
});

describe("config.toml", () => {
  test.each([0o620, 0o602, 0o666, 0o664])("is refused when others may write to it: %o", (mode) => {
    const path = home.config(TOML);
    chmodSync(path, mode);
    expect(home.problem()).toBe(
      `${CONFIG}: can be written by others than its owner (mode 0${mode.toString(8)}); run: chmod go-w ${CONFIG}`,
    );
    chmodSync(path, mode & 0o755);
    expect(home.problem()).toBe("no problem");
  });

  test("has its path quoted in the command where a shell needs it", () => {
    const path = home.write("it's mine.toml", TOML);
    chmodSync(path, 0o666);
    expect(home.problem({ configPath: path })).toMatch(/run: chmod go-w '.*it'\\''s mine\.toml'$/);
  });

  test("is refused when it belongs to another user", () => {
    const uid = home.makeForeign(home.config(TOML));
    expect(home.problem({ uid })).toMatch(
      /config\.toml: is a file that belongs to another user \(uid \d+\); use a file of your own, or have root own it$/,
    );
  });

  test("may be a symbolic link of the user's own", () => {
    const target = home.write("dotfiles/config.toml", TOML);
    mkdirSync(join(home.path, ".config/role-agent"), { recursive: true });
    symlinkSync(target, join(home.path, CONFIG));
    expect(home.load().roles.has("deploy")).toBe(true);
    chmodSync(target, 0o666);
    expect(home.problem()).toContain("can be written by others than its owner");
  });

  test("is refused behind another user's symbolic link", () => {
    const target = home.write("dotfiles/config.toml", TOML);
    mkdirSync(join(home.path, ".config/role-agent"), { recursive: true });
    symlinkSync(target, join(home.path, CONFIG));
    const uid = home.makeForeign(join(home.path, CONFIG));
    expect(home.problem({ uid })).toContain("is a symbolic link that belongs to another user");
  });

  test("is refused as a link to nothing or to itself, even where it may be missing", () => {
    mkdirSync(join(home.path, ".config/role-agent"), { recursive: true });
    symlinkSync("missing", join(home.path, CONFIG));
    expect(home.problem()).toBe(`${CONFIG}: is a symbolic link to nothing; correct the link`);
    symlinkSync("loop.toml", join(home.path, "loop.toml"));
    expect(home.problem({ configPath: join(home.path, "loop.toml") })).toContain(
      "is a symbolic link to nothing",
    );
  });

  test("is refused at once when it is a directory, a pipe, a socket or a device", async () => {
    const path = (name: string): string => join(home.path, name);
    expect(home.problem({ configPath: home.path })).toContain("is a directory, not a file");
    expect(home.problem({ configPath: "/dev/zero" })).toMatch(/^\/dev\/zero: is a device, not a file/);
    execFileSync("mkfifo", [path("pipe")]);
    expect(home.problem({ configPath: path("pipe") })).toContain("pipe: is a pipe, not a file");
    const server = createServer().listen(path("socket"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    expect(home.problem({ configPath: path("socket") })).toContain("socket: is a socket, not a file");
  });

  test.each([
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${TOML}`, "utf16le"), "is UTF-16"],
    ["UTF-16 without a mark", Buffer.from(TOML, "utf16le"), "has a NUL byte, so it is UTF-16 or no text"],
    ["a NUL", Buffer.from(`${TOML}\0`), "has a NUL byte, so it is UTF-16 or no text"],
    ["Latin-1", Buffer.from(`# caf\u00e9\n${TOML}`, "latin1"), "isn't valid UTF-8"],
  ])("is refused with %s", (_, content, problem) => {
    home.config(content);
    expect(home.problem()).toBe(`${CONFIG}: ${problem}; save it as UTF-8`);
  });

  test("is refused above 10 MB, unread", () => {
    const path = home.config("");
    truncateSync(path, 10 * 1024 * 1024 + 1);
    expect(home.problem()).toBe(`${CONFIG}: is larger than 10 MB; remove what doesn't belong there`);
  });

  test("may be empty", () => {
    home.config("");
    expect(home.problem()).toBe("no problem");
  });
});

describe("a policy file", () => {
  test("is trusted no more than config.toml", () => {
    home.config(`${TOML}policy_file = "read.json"`);
    const path = home.write(".config/role-agent/read.json", "{}");
    chmodSync(path, 0o666);
    expect(home.problem()).toContain(
      `${CONFIG}:4: roles.deploy.policy_file: "read.json" can be written by others than its owner (mode 0666); run: chmod go-w`,
    );
  });
});

describe("the AWS files", () => {
  test("may be written by their group, as by the umask of many systems, with a warning", () => {
    const path = home.write(".aws/config", "[profile a]\n");
    chmodSync(path, 0o664);
    const { roles, warnings } = home.load();
    expect([...roles.keys()]).toEqual(["a"]);
    expect(warnings).toEqual([
      `${path}: can be written by its group (mode 0664), and with it what programs run as you; run: chmod g-w ${path}`,
    ]);
  });

  test.each([".aws/config", ".aws/credentials"])("are refused where all may write to them: %s", (name) => {
    const path = home.write(name, name === ".aws/config" ? "[profile a]\n" : "[a]\n");
    chmodSync(path, 0o646);
    expect(home.problem()).toBe(
      `${name}: can be written by every user of this machine (mode 0646); run: chmod go-w ${name}`,
    );
    home.config(TOML);
    expect([...home.load().roles.keys()]).toEqual(["deploy"]);
  });

  test("are refused where they, or a link to them, belong to another user", () => {
    const path = home.write(".aws/config", "[profile a]\n");
    const uid = home.makeForeign(path);
    expect(home.problem({ uid })).toMatch(
      /^\.aws\/config: is a file that belongs to another user \(uid \d+\); use a file of your own/,
    );
    const link = join(home.path, "link");
    symlinkSync(home.write("own", "[profile a]\n"), link);
    const other = home.makeForeign(link);
    expect(home.problem({ uid: other, env: { AWS_CONFIG_FILE: link } })).toContain(
      "link: is a symbolic link that belongs to another user",
    );
  });

  test.each([
    [
      "a directory",
      () => mkdirSync(join(home.path, ".aws/config"), { recursive: true }),
      "is a directory, not a file; give the path of a file",
    ],
    [
      "UTF-16",
      () => home.write(".aws/config", Buffer.from("[profile a]\n", "utf16le")),
      "has a NUL byte, so it is UTF-16 or no text; save it as UTF-8",
    ],
    [
      "Latin-1",
      () => home.write(".aws/config", Buffer.from("[profile \u00e9]\n", "latin1")),
      "isn't valid UTF-8; save it as UTF-8",
    ],
  ])("that can't be read are a problem only where nothing else is configured: %s", (_, make, problem) => {
    make();
    expect(home.problem()).toBe(`.aws/config: ${problem}`);
    home.config(TOML);
    const { roles, warnings } = home.load();
    expect([...roles.keys()]).toEqual(["deploy"]);
    expect(warnings).toEqual([`${home.path}/.aws/config: ${problem}`]);
  });

  test("are empty where they are /dev/null, as role-agent exec has it", () => {
    const env = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
    expect(home.load({ env })).toMatchObject({ roles: new Map(), warnings: [] });
  });

  test("don't block as a pipe or a device", () => {
    mkdirSync(join(home.path, ".aws"));
    execFileSync("mkfifo", [join(home.path, ".aws/config")]);
    expect(home.problem()).toContain(".aws/config: is a pipe, not a file");
    expect(home.problem({ env: { AWS_CONFIG_FILE: "/dev/zero" } })).toContain(
      "/dev/zero: is a device, not a file",
    );
  });

  test("that can't be read are told beside the profiles that seem missing for it", () => {
    mkdirSync(join(home.path, ".aws/config"), { recursive: true });
    home.config(TOML.replace('credential_source = "Environment"', 'source_profile = "base"'));
    expect(home.problem().split("\n")).toEqual([
      ".aws/config: is a directory, not a file; give the path of a file",
      `${CONFIG}:3: roles.deploy.source_profile: there is no AWS profile "base"; add it to ~/.aws/config`,
    ]);
  });

  test("with a broken profile give a warning, and their other profiles", () => {
    home.write(".aws/config", "[profile a]\nrubbish\n[profile b]\n");
    const { roles, warnings } = home.load();
    expect([...roles.keys()]).toEqual(["a", "b"]);
    expect(warnings).toEqual([
      `${home.path}/.aws/config:2: profile "a": is no setting: it must be NAME = VALUE`,
    ]);
  });

  test("leave no key in the config", () => {
    home.write(
      ".aws/credentials",
      "[a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLEKEY\n",
    );
    const config = home.load();
    expect(config.roles.get("a")).toMatchObject({ type: "profile" });
    expect(JSON.stringify([...config.roles])).not.toMatch(/AKIA|EXAMPLEKEY/);
  });
});
