import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { RotatedFile } from "../../../packages/agent/src/system/rotated-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function rotated(path: string, maxBytes = 100, files = 3): RotatedFile {
  const file = new RotatedFile(path, { maxBytes, files });
  onTestFinished(() => file.close());
  return file;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

function linkElsewhere(path: string): void {
  writeFileSync(`${path}.other`, "");
  symlinkSync(`${path}.other`, path);
}

describe("a rotated file", () => {
  it("is this user's alone, and so is the directory that is made for it", async () => {
    const directory = join(temporaryDirectory(), "state", "role-agent");
    await rotated(join(directory, "audit.log")).append("a\n");
    expect([modeOf(directory), modeOf(join(directory, "audit.log"))]).toEqual([0o700, 0o600]);
  });

  it("is closed to others where it was open to them", async () => {
    const path = join(temporaryDirectory(), "audit.log");
    writeFileSync(path, "before\n");
    chmodSync(path, 0o644);
    await rotated(path).append("after\n");
    expect(readFileSync(path, "utf8")).toBe("before\nafter\n");
    expect(modeOf(path)).toBe(0o600);
  });

  it("makes way for a new one when it is full, and keeps as many as it should", async () => {
    const path = join(temporaryDirectory(), "audit.log");
    const file = rotated(path, 10);
    for (const line of ["one\n", "two\n", "three\n", "four\n", "five\n", "six\n", "seven\n", "eight\n"])
      await file.append(line);
    const texts = ["", ".1", ".2"].map((end) => readFileSync(path + end, "utf8"));
    expect(texts).toEqual(["eight\n", "six\nseven\n", "four\nfive\n"]);
    expect(existsSync(`${path}.3`)).toBe(false);
  });

  it("takes a line that is longer than a file may be", async () => {
    const path = join(temporaryDirectory(), "audit.log");
    const file = rotated(path, 10);
    await file.append(`${"x".repeat(50)}\n`);
    await file.append("y\n");
    expect(readFileSync(path, "utf8")).toBe("y\n");
    expect(readFileSync(`${path}.1`, "utf8")).toHaveLength(51);
  });

  it("goes on at its path after another program has moved it, or has moved its directory", async () => {
    const directory = join(temporaryDirectory(), "logs");
    const path = join(directory, "audit.log");
    const file = rotated(path);
    await file.append("a\n");
    renameSync(path, `${path}.moved`);
    await file.append("b\n");
    renameSync(directory, `${directory}.moved`);
    await file.append("c\n");
    expect(readFileSync(join(`${directory}.moved`, "audit.log"), "utf8")).toBe("b\n");
    expect(readFileSync(path, "utf8")).toBe("c\n");
  });

  it("is shared by two agents of one user without a line lost", async () => {
    const path = join(temporaryDirectory(), "audit.log");
    const files = [rotated(path, 1000, 50), rotated(path, 1000, 50)];
    for (let line = 0; line < 100; line += 1) await files[line % 2]?.append(`${String(line).padStart(30)}\n`);
    const whole =
      [3, 2, 1].map((end) => readFileSync(`${path}.${end}`, "utf8")).join("") + readFileSync(path, "utf8");
    expect(whole.trim().split(/\s+/)).toEqual(Array.from({ length: 100 }, (_, line) => String(line)));
  });

  it.each([
    ["a symbolic link", linkElsewhere],
    ["a directory", (path: string) => mkdirSync(path)],
    ["a pipe that nobody reads", (path: string) => void execFileSync("mkfifo", [path])],
  ])("refuses %s, and is well again when that is gone", async (_what, put) => {
    const path = join(temporaryDirectory(), "audit.log");
    put(path);
    const file = rotated(path);
    await expect(file.append("a\n")).rejects.toThrow();
    renameSync(path, `${path}.gone`);
    await file.append("b\n");
    expect(readFileSync(path, "utf8")).toBe("b\n");
  });
});
