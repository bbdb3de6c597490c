import { fork, type ChildProcess } from "node:child_process";
import { RoleAgentError } from "@role-agent/provider/errors";
import * as v from "valibot";
import { childEnvironment } from "./child-environment.ts";
import { fromWire, parseErrandReply } from "./messages.ts";
import { killGroup } from "./kill-group.ts";

const partingMs = 500;

/** One thing that a command has done by a child process of its own. */
export interface Errand<Output> {
  /** The child's module; it calls `onErrand`. */
  readonly module: URL;
  /** Plain data. It goes over IPC, never through the command line, and may hold a secret. */
  readonly job: unknown;
  /** What the child must answer. */
  readonly answer: v.GenericSchema<unknown, Output>;
  /** What the child sees of it is cut to what it needs. */
  readonly env: NodeJS.ProcessEnv;
  /** The child is killed then, with everything it started. */
  readonly deadlineMs: number;
  /** What is wrong then, where the errand knows better than "no answer". */
  readonly overdue?: () => RoleAgentError;
  /** Gives it up, and ends the child. */
  readonly signal?: AbortSignal;
}

/**
 * Has a child process do what a command can't do itself without loading an AWS SDK or risking to hang: a login, an
 * entry of the OS keychain. What the child has to tell a person goes to standard error. Rejects with a RoleAgentError.
 */
export async function runErrand<Output>(errand: Errand<Output>): Promise<Output> {
  const child = fork(errand.module, [], {
    execArgv: [],
    env: childEnvironment(errand.env),
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const seconds = errand.deadlineMs / 1000;
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Output>((resolve, reject) => {
      const fail = (why: string): void => reject(new RoleAgentError("SourceUnavailable", why));
      timer = setTimeout(() => {
        if (errand.overdue === undefined) fail(`no answer within ${seconds} s`);
        else reject(errand.overdue());
      }, errand.deadlineMs);
      errand.signal?.addEventListener("abort", () => fail("nobody waits for it any more"), over);
      child.once("error", () => fail("the issuer could not be started"));
      child.once("exit", () => fail("the issuer ended without an answer"));
      child.once("message", (message) => {
        const reply = parseErrandReply(message);
        if (reply === undefined) return fail("the issuer's answer is malformed");
        if ("error" in reply) return reject(fromWire(reply.error));
        const answer = v.safeParse(errand.answer, reply.result);
        return answer.success ? resolve(answer.output) : fail("the issuer's answer is malformed");
      });
      if (child.pid === undefined) return;
      child.send({ job: errand.job, deadlineMs: errand.deadlineMs }, (error) => {
        if (error !== null) fail("the issuer ended without an answer");
      });
    });
  } finally {
    clearTimeout(timer);
    over.abort();
    endChild(child);
  }
}

/** It ends by itself, with the programs that it runs, when the channel is closed; one that hangs is killed. */
function endChild(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const hangs = setTimeout(() => killGroup(child.pid), partingMs);
  child.once("exit", () => clearTimeout(hangs));
  if (child.connected) child.disconnect();
}
