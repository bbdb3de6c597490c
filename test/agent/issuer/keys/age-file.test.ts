import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { notOpened } from "../../../../packages/agent/src/issuer/child/secret-store/age-error.ts";
import { ageFile } from "../../../../packages/agent/src/issuer/child/secret-store/age-file.ts";
import { identity } from "../../../support/keys.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

/** Another one, made for tests. */
const otherIdentity = "AGE-SECRET-KEY-1CYFSXPLU77P8CC67U7QJVHUE3K07R46PUYE8WKTH4VC75UHYAA5QLN6K74";
const isRoot = process.geteuid?.() === 0;

/** The path of a file with the entry `alice`, in a directory that is made with it. */
async function writtenFile(): Promise<string> {
  const path = join(temporaryDirectory(), "role-agent", "keys.age");
  await ageFile(path, identity).set("alice", "secret of alice");
  return path;
}

function ageByMinutes(path: string, minutes: number): void {
  const time = new Date(Date.now() - minutes * 60_000);
  utimesSync(path, time, time);
}

function unusable(problem: string): object {
  return {
    code: "InvalidConfiguration",
    message: expect.stringMatching(new RegExp(`^key file /.*/keys\\.age ${problem}`)),
    hint: expect.any(String),
  };
}

describe("the encrypted file", () => {
  it("keeps secrets for its owner alone", async () => {
    const path = await writtenFile();
    const store = ageFile(path, identity);
    await store.set("bob", "secret of bob");
    expect(await store.get("alice")).toBe("secret of alice");
    expect(await store.get("__proto__")).toBeUndefined();
    expect(await store.delete("alice")).toBe(true);
    expect(await store.delete("alice")).toBe(false);
    expect(await store.find()).toEqual([{ name: "bob", secret: "secret of bob" }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(readFileSync(path, "latin1")).not.toContain("secret of");
    expect(readdirSync(join(path, ".."))).toEqual(["keys.age"]);
  });

  it("is empty where there is none, and is not made by looking", async () => {
    const path = join(temporaryDirectory(), "keys.age");
    const store = ageFile(path, identity);
    expect(await store.get("alice")).toBeUndefined();
    expect(await store.find()).toEqual([]);
    expect(await store.delete("alice")).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it("is written by one at a time", async () => {
    const path = await writtenFile();
    const newPath = `${path}.${process.ppid}.${randomUUID()}.new`;
    writeFileSync(newPath, "");
    await expect(ageFile(path, identity).set("bob", "x")).rejects.toMatchObject({
      ...unusable("is being written by another command"),
      hint: "try again in a minute",
    });
    expect(await ageFile(path, identity).find()).toHaveLength(1);
    expect(readdirSync(join(path, ".."))).toEqual(["keys.age", basename(newPath)]);
  });

  it("can be written after a writer that died, whose new file is removed", async () => {
    const path = await writtenFile();
    const { pid: deadPid } = spawnSync(process.execPath, ["--version"]);
    for (const pid of [deadPid, process.pid, process.ppid]) {
      const newPath = `${path}.${pid}.${randomUUID()}.new`;
      writeFileSync(newPath, "");
      // The number of a dead process may be a living one's by then.
      if (pid === process.ppid) ageByMinutes(newPath, 2);
    }
    await ageFile(path, identity).set("bob", "x");
    expect(await ageFile(path, identity).find()).toHaveLength(2);
    expect(readdirSync(join(path, ".."))).toEqual(["keys.age"]);
  });

  it("stays as it was when it can't be opened for writing", async () => {
    const path = await writtenFile();
    const before = readFileSync(path);
    await expect(ageFile(path, "wrong").set("bob", "x")).rejects.toMatchObject(
      unusable("is not opened by this"),
    );
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  const scrypt30 = `age-encryption.org/v1\n-> scrypt ${"A".repeat(22)} 30\n${"A".repeat(43)}\n--- ${"A".repeat(43)}\n${"x".repeat(40)}`;
  it.each<readonly [string, (path: string) => void, string, string]>([
    ["opened with another identity", () => undefined, otherIdentity, "is not opened by this passphrase"],
    ["cut short", (path) => truncateSync(path, statSync(path).size - 1), identity, "was tampered with"],
    ["without its end", (path) => truncateSync(path, 100), identity, "was tampered with"],
    ["plain text", (path) => writeFileSync(path, '{"alice":"x"}\n'), identity, "is no age file"],
    ["some bytes", (path) => writeFileSync(path, Buffer.from([0xff, 0xfe])), identity, "is no age file"],
    ["made to cost a minute", (path) => writeFileSync(path, scrypt30), "passphrase", "asks for more work"],
    ["empty", (path) => writeFileSync(path, ""), identity, "is empty"],
  ])("says so where it is %s", async (_, spoil, passphrase, problem) => {
    const path = await writtenFile();
    spoil(path);
    await expect(ageFile(path, passphrase).get("alice")).rejects.toMatchObject(unusable(problem));
  });

  it("takes no malformed identity, which its error does not repeat", async () => {
    const malformed = `${identity}X`;
    const path = join(temporaryDirectory(), "keys.age");
    expect(() => ageFile(path, malformed)).toThrow(
      expect.objectContaining(unusable("needs another age identity: this one is malformed")),
    );
    expect(() => ageFile(path, malformed)).not.toThrow(malformed);
  });

  it("that is not opened in time is said to be, with what opens it faster", () => {
    expect(notOpened("/home/keys.age", 9)).toMatchObject({
      code: "KeychainUnavailable",
      message: "key file /home/keys.age was not opened in 9 s",
      hint: expect.stringContaining("an age identity"),
    });
  });

  it("is not read through a link, nor where it belongs to somebody else", async () => {
    const path = await writtenFile();
    const link = join(temporaryDirectory(), "keys.age");
    symlinkSync(path, link);
    await expect(ageFile(link, identity).get("alice")).rejects.toMatchObject(unusable("is no regular file"));
    if (!isRoot) return;
    chownSync(path, 65_534, 65_534);
    await expect(ageFile(path, identity).get("alice")).rejects.toMatchObject(
      unusable("belongs to another user \\(uid 65534\\)"),
    );
  });
});
