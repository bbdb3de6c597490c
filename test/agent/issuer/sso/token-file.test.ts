import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readToken, writeToken } from "../../../../packages/agent/src/issuer/child/sso/token-file.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const token = { accessToken: "token", expiresAt: "2026-11-24T14:47:56Z" };

function tokenFile(content?: string): string {
  const path = join(temporaryDirectory(), "sso", "cache", "token.json");
  if (content !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
  }
  return path;
}

describe("readToken", () => {
  it.each(["2026-11-24T14:47:56Z", "2026-11-24T14:47:56UTC", "2026-11-24T15:47:56+01:00"])(
    "reads the time %s",
    async (expiresAt) => {
      const read = await readToken(tokenFile(JSON.stringify({ ...token, expiresAt })));
      expect(read?.expiresAt).toBe(Date.UTC(2026, 10, 24, 14, 47, 56));
    },
  );

  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    JSON.stringify({ ...token, accessToken: 1 }),
    JSON.stringify({ ...token, accessToken: "two\nlines" }),
    JSON.stringify({ ...token, expiresAt: "soon" }),
    JSON.stringify({ ...token, refreshToken: "" }),
  ])("finds no token in %j", async (content) => {
    expect(await readToken(tokenFile(content))).toBeUndefined();
  });

  it("finds none where there is no file", async () => {
    expect(await readToken(tokenFile())).toBeUndefined();
  });

  it.each<readonly [string, (path: string) => void, RegExp]>([
    ["a directory", (path) => mkdirSync(path, { recursive: true }), /is a directory, not a file/],
    [
      "larger than any token",
      (path) => writeToken(path, { ...token, padding: "x".repeat(2 ** 20) }),
      /is larger than 256 KiB/,
    ],
    [
      "a link to nothing",
      (path) => {
        mkdirSync(dirname(path), { recursive: true });
        symlinkSync("/nowhere", path);
      },
      /is a symbolic link to nothing/,
    ],
  ])("refuses what is %s", async (_name, prepare, message) => {
    const path = tokenFile();
    prepare(path);
    await expect(readToken(path)).rejects.toThrow(message);
  });
});

describe("writeToken", () => {
  it("makes the file its owner's alone, with its directory, and leaves nothing else there", () => {
    const path = tokenFile();
    writeToken(path, token);
    writeToken(path, { ...token, accessToken: "next" });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ ...token, accessToken: "next" });
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readdirSync(dirname(path))).toEqual(["token.json"]);
  });

  it("says where it can't write, and not what", () => {
    const path = join(tokenFile(""), "below-a-file.json");
    expect(() => writeToken(path, token)).toThrow(/^token file .*below-a-file\.json can't be written: E/);
  });
});
