import { readdirSync, readFileSync } from "node:fs";

/** What a process holds. Linux only: read from /proc. */
export interface ProcessFigures {
  readonly descriptors: number;
  /** Resident memory. */
  readonly megabytes: number;
}

export function figuresOf(pid: number): ProcessFigures {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}
