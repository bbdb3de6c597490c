import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { chosenToken, chosenTokenPath } from "../../../packages/agent/src/system/chosen-token.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const token = "8".repeat(64);

function given(text: string, mode = 0o600): string {
  const path = join(temporaryDirectory(), "token");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe("a token at a place of the user's choosing", () => {
  it("is new where none was given, for this user alone, and stays", () => {
    const path = join(temporaryDirectory(), "role-agent", "token");
    const made = chosenToken(path);
    expect(made).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(path, "utf8")).toBe(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(chosenToken(path)).toBe(made);
  });

  it.each([0o600, 0o400, 0o440])("is the given one, which is left as it is, with mode %o", (mode) => {
    const path = given(token, mode);
    const before = statSync(path);
    expect(chosenToken(path)).toBe(token);
    expect(statSync(path)).toMatchObject({ ino: before.ino, mode: before.mode, mtimeMs: before.mtimeMs });
  });

  it("may be a link, as the files of a Kubernetes secret are", () => {
    const link = join(temporaryDirectory(), "app");
    symlinkSync(given(token, 0o440), link);
    expect(chosenToken(link)).toBe(token);
  });

  it.each([
    ["with a newline", `${token}\n`],
    ["short", "short"],
    ["empty", ""],
    ["of other characters", `${token.slice(1)} `],
    ["huge", "8".repeat(1_000_000)],
  ])("is refused, and never replaced, where the file is %s", (_name, text) => {
    const path = given(text);
    expect(() => chosenToken(path)).toThrow(`token file ${path} holds no token`);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it.each([0o604, 0o620, 0o644, 0o666])("is refused where others can read or write it: mode %o", (mode) => {
    expect(() => chosenToken(given(token, mode))).toThrow("is open to others than its owner and group");
  });

  it("is refused where it belongs to another user", () => {
    const path = given(token);
    const own = process.geteuid?.() ?? 0;
    if (own === 0) chownSync(path, 65_534, 65_534);
    else vi.spyOn(process, "geteuid").mockReturnValueOnce(own + 1);
    expect(() => chosenToken(path)).toThrow("is no file of this user's or root's");
  });

  it("is refused where it is no file", () => {
    const path = join(temporaryDirectory(), "token");
    mkdirSync(path);
    expect(() => chosenToken(path)).toThrow("is no file of this user's or root's");
  });

  it("is not put where others can walk in", () => {
    const path = join(temporaryDirectory(), "open", "token");
    mkdirSync(dirname(path));
    chmodSync(dirname(path), 0o755);
    expect(() => chosenToken(path)).toThrow("is no directory of this user's alone");
  });

  it("has a place of its own for each role, whatever its name", () => {
    expect(chosenTokenPath("/run/{role}/{role}.token", "a/../b")).toBe("/run/a%2F..%2Fb/a%2F..%2Fb.token");
    expect(chosenTokenPath("/run/{role}/token", "..")).toBe("/run/%2E./token");
    expect(chosenTokenPath("/run/{role}", "$&")).toBe("/run/%24%26");
  });
});
