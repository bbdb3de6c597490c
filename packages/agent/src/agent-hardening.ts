import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { Hardening } from "@role-agent/provider/protocol";
import type { AnswerReach } from "./doors/door.ts";
import { descriptorOf } from "./native/descriptor.ts";
import { isMemoryClosed } from "./native/memory-protection.ts";
import { systemCalls } from "./native/system-calls.ts";

/** Where it is looked which protections are in force. */
export interface HardeningSources {
  /** Of the agent socket. */
  readonly server: Server;
  /** Addresses of the TCP endpoints that give credentials, and why their answers may go far, where they may. */
  readonly reaches: readonly AnswerReach[];
  /** It was started to be looked into. */
  readonly isUnsafe: boolean;
}

/** Which protections of this process are in force right now, for `GET /v1/status`. */
export function agentHardening({ server, reaches, isUnsafe }: HardeningSources): readonly Hardening[] {
  return [
    protection("memory-closed", whyMemoryIsOpen(isUnsafe)),
    protection("no-core", whyCoresAreWritten(isUnsafe)),
    protection("own-clients", whyPeersAreUnknown(server)),
    protection("no-inspector", whyInspectorMayOpen()),
    // Without such an endpoint there is nothing to tell.
    ...(reaches.length === 0 ? [] : [protection("near-answers", whyAnswersGoFar(reaches))]),
  ];
}

function protection(name: string, why: string | null): Hardening {
  return { name, active: why === null, why };
}

function whyMemoryIsOpen(isUnsafe: boolean): string | null {
  if (isMemoryClosed() === true) return null;
  return systemCalls().why ?? whyUnsafe(isUnsafe);
}

/** A limit of 0 says nothing to a system that has cores sent to a program. */
function whyCoresAreWritten(isUnsafe: boolean): string | null {
  if (isMemoryClosed() === true) return null;
  const isLimited = /^Max core file size +0 /m.test(readOrNothing("/proc/self/limits"));
  const isPiped = readOrNothing("/proc/sys/kernel/core_pattern").startsWith("|");
  if (isLimited && !isPiped) return null;
  return systemCalls().why ?? whyUnsafe(isUnsafe);
}

function whyPeersAreUnknown(server: Server): string | null {
  const { why } = systemCalls();
  if (why !== undefined) return why;
  return descriptorOf(server) === undefined
    ? "this version of Node does not tell a socket's descriptor"
    : null;
}

function whyInspectorMayOpen(): string | null {
  if (process.listenerCount("SIGUSR1") === 0) return "nothing listens for SIGUSR1";
  return process.execArgv.some((option) => option.startsWith("--inspect")) ? "it was started with it" : null;
}

function whyAnswersGoFar(reaches: readonly AnswerReach[]): string | null {
  const far = reaches.filter(({ whyFar }) => whyFar !== null);
  return far.length === 0 ? null : far.map(({ address, whyFar }) => `${address}: ${whyFar}`).join("; ");
}

function whyUnsafe(isUnsafe: boolean): string {
  return isUnsafe ? "it was started with --unsafe-debug" : "the system refuses it";
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
