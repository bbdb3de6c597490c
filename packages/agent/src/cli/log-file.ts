import { LineQueue } from "../audit/line-queue.ts";
import { RotatedFile, type Rotation } from "../system/rotated-file.ts";

const megabyte = 1024 * 1024;
const usualRotation: Rotation = { maxBytes: 10 * megabyte, files: 2 };

/** A log that is a file. */
export interface LogFile {
  /** @param line - with its end */
  readonly write: (line: string) => void;
  /** Resolves when every line is in the file. */
  readonly close: () => Promise<void>;
}

/** A log that makes way for a new one, `FILE.1`, at 10 MiB. A disk that takes no lines loses them, and ends no agent. */
export function logFile(path: string, rotation: Rotation = usualRotation): LogFile {
  const sink = new RotatedFile(path, rotation);
  const queue = new LineQueue({
    sink,
    counts: { written: 0, lost: 0 },
    mostWaiting: megabyte,
    lostLine: (lost) => `${lost} lines were lost here\n`,
    onChange: () => undefined,
  });
  return {
    write: (line) => queue.add(line),
    close: async () => {
      await queue.drained();
      await sink.close();
    },
  };
}
