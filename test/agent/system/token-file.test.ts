import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureToken, tokenFilePath } from "../../../packages/agent/src/system/token-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function file(role = "deploy"): string {
  return tokenFilePath(join(temporaryDirectory(), "agent.sock"), role);
}

describe("a token file", () => {
  it("holds 256 random bits and nothing else, for its owner alone", () => {
    const path = file();
    const token = ensureToken(path);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(path, "utf8")).toBe(token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(path))).toEqual(["deploy"]);
    expect(ensureToken(file())).not.toBe(token);
  });

  it("is left as it is while it is intact", () => {
    const path = file();
    const token = ensureToken(path);
    const { ino } = statSync(path);
    expect(ensureToken(path)).toBe(token);
    expect(statSync(path).ino).toBe(ino);
  });

  it.each([
    ["cut", (path: string) => writeFileSync(path, "short")],
    ["empty", (path: string) => writeFileSync(path, "")],
    ["with a newline", (path: string) => writeFileSync(path, `${"a".repeat(43)}\n`)],
    ["huge", (path: string) => writeFileSync(path, "a".repeat(1_000_000))],
    ["readable by others", (path: string) => chmodSync(path, 0o644)],
  ])("is replaced where it is %s", (_name, spoil) => {
    const path = file();
    const token = ensureToken(path);
    spoil(path);
    const renewed = ensureToken(path);
    expect(renewed).not.toBe(token);
    expect(readFileSync(path, "utf8")).toBe(renewed);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is never read or written through a link", () => {
    const path = file();
    const elsewhere = join(dirname(dirname(path)), "elsewhere");
    const planted = "x".repeat(43);
    writeFileSync(elsewhere, planted, { mode: 0o600 });
    mkdirSync(dirname(path), { mode: 0o700 });
    symlinkSync(elsewhere, path);
    expect(ensureToken(path)).not.toBe(planted);
    expect(readFileSync(elsewhere, "utf8")).toBe(planted);
  });

  it("is not put into a directory that others can walk into, or that is a link", () => {
    const open = file();
    mkdirSync(dirname(open), { mode: 0o755 });
    chmodSync(dirname(open), 0o755);
    expect(() => ensureToken(open)).toThrow("is no directory of this user's alone");
    const linked = file();
    const target = join(dirname(dirname(linked)), "target");
    mkdirSync(target, { mode: 0o700 });
    symlinkSync(target, dirname(linked));
    expect(() => ensureToken(linked)).toThrow("is no directory of this user's alone");
  });

  it.each([
    ["my role", "my%20role"],
    ["..", "%2E."],
    [".", "%2E"],
    ["a/../../b", "a%2F..%2F..%2Fb"],
  ])("of the role %j is named %s", (role, name) => {
    expect(tokenFilePath("/run/agent.sock", role)).toBe(`/run/tokens/${name}`);
  });
});

describe("the token file of a role", () => {
  const nameOf = (role: string): string => basename(tokenFilePath("/run/agent.sock", role));

  it("is another for each role, also where capitals are small letters", () => {
    const roles = ["deploy", "Deploy", "DEPLOY", "%44eploy", "%64eploy", ".", "..", "a/b", "Ä", "ä"];
    const names = roles.map((role) => nameOf(role).toLowerCase());
    expect(new Set(names).size).toBe(roles.length);
    expect(nameOf("Deploy")).toBe("%44eploy");
  });

  it("has a name that a file can have", () => {
    const long = [`${"ä".repeat(100)}1`, `${"ä".repeat(100)}2`, "A".repeat(255)].map(nameOf);
    for (const name of long) expect(name.length).toBeLessThanOrEqual(240);
    expect(new Set(long).size).toBe(3);
  });
});
