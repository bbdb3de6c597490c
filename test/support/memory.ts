import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** The writable memory of a process, part by part. Linux only: read from /proc. */
export function readMemory(pid: number): Buffer[] {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const parts = readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line))
    .filter((match) => match !== null)
    .map(([, start, end]) => readPart(memory, parseInt(start ?? "", 16), parseInt(end ?? "", 16)));
  closeSync(memory);
  return parts;
}

function readPart(memory: number, start: number, end: number): Buffer {
  const part = Buffer.alloc(end - start);
  try {
    readSync(memory, part, 0, part.length, start);
  } catch {
    return Buffer.alloc(0);
  }
  return part;
}
