import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory of this test's own, mode 0700, gone when the test is over. Its path is short enough for a socket. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "ra-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}
