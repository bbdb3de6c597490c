import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import type { Estate } from "./estate.ts";
import { parseFromSuccessor, predecessorVariable, type FromPredecessor } from "./messages.ts";

const patienceMs = 10_000;

/** What a successor is given, and what happens once it can serve. */
export interface Legacy {
  readonly estate: Estate;
  /** The TCP server of the door at a place. */
  readonly listenerAt: (place: string) => Server | undefined;
  /** Makes the process with this pid the agent. Throws where that can't be, and this one goes on. */
  readonly makeAgent: (pid: number) => void;
  /** Removes what a successor that failed has left behind. */
  readonly cleanUp: (pid: number) => void;
  /** The successor wants nobody to be given a session any more; or it is gone. */
  readonly onSilenced: () => void;
}

/**
 * Starts this program again, by the code that is there now, with the same arguments, directory and environment, and
 * has the new process become the agent. Rejects with `InvalidRequest` where it does not; it is ended then.
 *
 * @param args - of Node: those that this process was started with
 */
export async function startSuccessor(
  legacy: Legacy,
  args: readonly string[] = [...process.execArgv, ...process.argv.slice(1)],
): Promise<void> {
  const child = spawn(process.execPath, args, {
    detached: true,
    env: { ...process.env, [predecessorVariable]: String(process.pid) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  try {
    await untilAgent(child, legacy);
  } catch (error) {
    await end(child);
    if (child.pid !== undefined) legacy.cleanUp(child.pid);
    throw error;
  }
}

async function untilAgent(child: ChildProcess, legacy: Legacy): Promise<void> {
  let overdue: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(notSucceeded(why));
      overdue = setTimeout(() => fail(`the new one was not ready within ${patienceMs / 1000} s`), patienceMs);
      child.on("error", () => fail("the system can't start a process"));
      child.on("exit", (code, signal) => fail(`the new one ended by ${signal ?? `exit code ${code}`}`));
      child.on("message", (message) => {
        try {
          if (hear(message, child, legacy)) resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
  } finally {
    clearTimeout(overdue);
    child.removeAllListeners("message");
  }
  child.once("disconnect", legacy.onSilenced);
  // It alone does not keep this process from ending.
  child.channel?.unref();
}

/** Answers whether the successor is the agent now. */
function hear(message: unknown, child: ChildProcess, legacy: Legacy): boolean {
  const heard = parseFromSuccessor(message);
  if (heard === undefined) throw notSucceeded("the new one said what is not understood");
  if ("wants" in heard) {
    if (heard.wants === "estate") tell(child, { estate: legacy.estate });
    else tell(child, { place: heard.place }, legacy.listenerAt(heard.place));
    return false;
  }
  if (heard.is === "failed") throw notSucceeded(heard.why);
  legacy.makeAgent(child.pid ?? 0);
  tell(child, { is: "succeeded" });
  return true;
}

function tell(child: ChildProcess, message: FromPredecessor, server?: Server): void {
  // One that is gone is heard of by its exit.
  child.send(message, server, () => undefined);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

function notSucceeded(why: string): RoleAgentError {
  return new RoleAgentError("InvalidRequest", `the agent goes on as it is: ${why}`);
}
