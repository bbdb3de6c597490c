import { describe, expect, it } from "vitest";
import { LineQueue } from "../../../packages/agent/src/audit/line-queue.ts";

/** A queue to a sink that plays a disk: `full` refuses, `gate` keeps it busy. */
function queue(mostWaiting = 1000): {
  readonly disk: { text: string; writes: number; full: boolean; gate: Promise<void> };
  readonly lines: LineQueue;
  readonly counts: { written: number; lost: number };
  readonly problems: (string | undefined)[];
} {
  const disk = { text: "", writes: 0, full: false, gate: Promise.resolve() };
  const counts = { written: 0, lost: 0 };
  const problems: (string | undefined)[] = [];
  const lines = new LineQueue({
    sink: {
      append: async (text) => {
        disk.writes += 1;
        await disk.gate;
        if (disk.full) throw new Error("no space");
        disk.text += text;
      },
    },
    counts,
    mostWaiting,
    lostLine: (lost) => `lost ${lost}\n`,
    onChange: (problem) => problems.push(problem?.message),
  });
  return { disk, lines, counts, problems };
}

describe("a queue of lines", () => {
  it("writes what comes together in one go, in its order", async () => {
    const { disk, lines, counts } = queue();
    for (const line of ["a\n", "b\n", "c\n"]) lines.add(line);
    expect(disk.writes).toBe(0);
    await lines.drained();
    expect(disk).toMatchObject({ text: "a\nb\nc\n", writes: 1 });
    expect(counts).toEqual({ written: 3, lost: 0 });
  });

  it("lets nobody wait for a disk that hangs, and takes no more memory than it may", async () => {
    const { disk, lines, counts } = queue(10);
    let open = (): void => undefined;
    disk.gate = new Promise((resolve) => {
      open = resolve;
    });
    lines.add("0\n");
    await Promise.resolve();
    for (let number = 1; number <= 20; number += 1) lines.add(`${number % 10}\n`);
    open();
    await lines.drained();
    expect(disk.text).toBe("0\nlost 15\n1\n2\n3\n4\n5\n");
    expect(counts).toEqual({ written: 6, lost: 15 });
  });

  it("goes on where a write failed, tells in the file how much was lost, and complains once", async () => {
    const { disk, lines, counts, problems } = queue();
    disk.full = true;
    for (const line of ["a\n", "b\n", "c\n"]) {
      lines.add(line);
      await lines.drained();
    }
    disk.full = false;
    lines.add("d\n");
    await lines.drained();
    expect(disk.text).toBe("lost 3\nd\n");
    expect(counts).toEqual({ written: 1, lost: 3 });
    expect(problems).toEqual(["no space", undefined]);
  });
});
