import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  cacheName,
  SealedFile,
  sealedFilePath,
} from "../../../packages/agent/src/session-cache/sealed-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const bytes = Buffer.from("sealed");
const never = new AbortController().signal;

/** In a directory that is yet to be made. */
function newFile(): SealedFile {
  return new SealedFile(join(temporaryDirectory(), "state", "sessions.sealed"));
}

async function writtenFile(): Promise<SealedFile> {
  const file = newFile();
  await file.replace(bytes, never);
  return file;
}

describe("a sealed file", () => {
  it("is its owner's alone, in a directory that is, too", async () => {
    const file = newFile();
    expect(file.read()).toBeUndefined();
    await file.replace(bytes, never);
    await file.replace(Buffer.from("sealed again"), never);
    expect(file.read()?.toString()).toBe("sealed again");
    expect(lstatSync(file.path).mode & 0o777).toBe(0o600);
    expect(lstatSync(dirname(file.path)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(file.path))).toEqual(["sessions.sealed"]);
  });

  it.each<[what: string, spoil: (file: SealedFile) => void, why: string]>([
    ["others may read", ({ path }) => chmodSync(path, 0o640), "others than its owner"],
    ["others may write", ({ path }) => chmodSync(path, 0o602), "others than its owner"],
    ["is much too large", ({ path }) => truncateSync(path, 17 * 1024 * 1024), "larger than"],
  ])("that %s is not read", async (_what, spoil, why) => {
    const file = await writtenFile();
    spoil(file);
    expect(() => file.read()).toThrow(why);
    expect(file.remove()).toBe(true);
  });

  it("that is a link is not followed: the link is removed, and what it leads to stays", () => {
    const file = newFile();
    const elsewhere = join(temporaryDirectory(), "elsewhere");
    writeFileSync(elsewhere, bytes, { mode: 0o600 });
    mkdirSync(dirname(file.path));
    symlinkSync(elsewhere, file.path);
    expect(() => file.read()).toThrow("symbolic link");
    expect(file.remove()).toBe(true);
    expect(readFileSync(elsewhere)).toEqual(bytes);
  });

  it("that is a directory is not read", () => {
    const file = newFile();
    mkdirSync(file.path, { recursive: true });
    expect(() => file.read()).toThrow("no regular file");
  });

  it("is never written through a link, or into a file that is there", async () => {
    const file = newFile();
    const directory = dirname(file.path);
    const elsewhere = join(temporaryDirectory(), "elsewhere");
    writeFileSync(elsewhere, "as it was");
    mkdirSync(directory);
    symlinkSync(elsewhere, file.path);
    symlinkSync(elsewhere, `${file.path}.${process.pid}.new`);
    await file.replace(bytes, never);
    linkSync(elsewhere, `${file.path}.${process.pid}.new`);
    await file.replace(bytes, never);
    expect(readFileSync(elsewhere, "utf8")).toBe("as it was");
    expect(lstatSync(file.path).isFile()).toBe(true);
  });

  it("that is no longer wanted is not put in place, and nothing is left of it", async () => {
    const file = newFile();
    await file.replace(bytes, AbortSignal.abort());
    expect(readdirSync(dirname(file.path))).toEqual([]);
  });

  it("is removed with what killed processes have left of new ones", async () => {
    const file = await writtenFile();
    const left = `${file.path}.4711.new`;
    writeFileSync(left, bytes);
    file.removeNewOnes();
    expect([existsSync(left), existsSync(file.path)]).toEqual([false, true]);
    writeFileSync(left, bytes);
    expect(file.remove()).toBe(true);
    expect(readdirSync(dirname(file.path))).toEqual([]);
    expect(file.remove()).toBe(false);
  });

  it("stays as it was where there is no room for another", async () => {
    const file = await writtenFile();
    await expect(file.replace(Buffer.alloc(17 * 1024 * 1024), never)).rejects.toThrow("larger than");
    expect(file.read()).toEqual(bytes);
  });

  it("is another one for each socket", () => {
    expect(cacheName("/run/a.sock")).not.toBe(cacheName("/run/b.sock"));
    expect(sealedFilePath("/state", "/run/a.sock")).toMatch(/^\/state\/sessions-[\da-f]{16}\.sealed$/);
  });
});
