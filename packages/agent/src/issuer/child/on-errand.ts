import { toWire, type ErrandJob, type ErrandReply } from "../messages.ts";
import { endPrograms } from "./running-programs.ts";

/** Does the one errand that this process was started for, and answers. It ends when the command does. */
export function onErrand(run: (job: unknown, signal: AbortSignal) => Promise<unknown>): void {
  process.on("disconnect", () => {
    endPrograms();
    // Not exit(): that waits for the call of a native library which is under way, and a keychain may never answer.
    process.kill(process.pid, "SIGKILL");
  });
  process.once("message", ({ job, deadlineMs }: ErrandJob) => {
    void answer(run(job, AbortSignal.timeout(deadlineMs)));
  });
}

async function answer(work: Promise<unknown>): Promise<void> {
  let reply: ErrandReply;
  try {
    reply = { result: await work };
  } catch (error) {
    reply = { error: toWire(error) };
  }
  // A command that is gone by now wants no answer.
  if (process.connected) process.send?.(reply, undefined, undefined, () => undefined);
}
