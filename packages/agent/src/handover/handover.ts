import { isDeepStrictEqual } from "node:util";
import type { Server } from "node:http";
import { RoleAgentError } from "@role-agent/provider/errors";
import { removeBeside, replaceSocket } from "../system/socket.ts";
import type { Estate } from "./estate.ts";
import { startSuccessor } from "./successor.ts";

/** The agent, as its handover sees it. */
export interface HandingAgent {
  /** Nobody waits for this very process. */
  readonly isInBackground: boolean;
  /** What it leaves right now. Throws where that can't be told, such as while a passphrase is being looked at. */
  readonly estate: () => Estate;
  /** The configuration in force: another object after each reload. */
  readonly config: () => object;
  /** The TCP server of the door at a place. */
  readonly listenerAt: (place: string) => Server | undefined;
  /** Whether it is about to end, or its socket belongs to another by now. */
  readonly isEnding: () => boolean;
  /** Another process is the agent from now on. */
  readonly onSucceeded: () => void;
  /** Nobody may be given a session by this process any more. */
  readonly onSilenced: () => void;
}

/** Hands an agent over to a process that it starts: one at a time, whoever asks. */
export class Handover {
  readonly #agent: HandingAgent;
  #underWay: Promise<void> | undefined;

  constructor(agent: HandingAgent) {
    this.#agent = agent;
  }

  /** Resolves when another process is the agent. Rejects with `InvalidRequest` where this one goes on. */
  async run(): Promise<void> {
    this.#underWay ??= this.#handOver().finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  async #handOver(): Promise<void> {
    const agent = this.#agent;
    if (!agent.isInBackground) throw inForeground();
    const estate = agent.estate();
    const config = agent.config();
    await startSuccessor({
      estate,
      listenerAt: agent.listenerAt,
      makeAgent: (pid) => {
        if (agent.isEnding()) throw overtaken("it is ending");
        if (agent.config() !== config) throw overtaken("its configuration was read again meanwhile");
        if (!isSameLock(agent.estate(), estate)) throw overtaken("it was locked or unlocked meanwhile");
        const [agentSocket, ...doors] = estate.sockets;
        // The next process tries its doors again, and says what is wrong with one.
        for (const path of doors) attempt(() => replaceSocket(path, pid));
        // Where this can't be, nothing else was done that matters: this process goes on.
        if (agentSocket !== undefined) replaceSocket(agentSocket, pid);
        agent.onSucceeded();
      },
      cleanUp: (pid) => {
        for (const path of estate.sockets) attempt(() => removeBeside(path, pid));
      },
      onSilenced: agent.onSilenced,
    });
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // What it is about is told of elsewhere.
  }
}

/** But for when the agent was used last. */
function isSameLock(now: Estate, then: Estate): boolean {
  const { usedAt } = then.lock;
  return (
    isDeepStrictEqual({ ...now.lock, usedAt }, then.lock) &&
    now.isLockedWithScreen === then.isLockedWithScreen
  );
}

function inForeground(): RoleAgentError {
  return new RoleAgentError(
    "InvalidRequest",
    "the agent runs in the foreground, and whoever started it waits for that very process",
    { hint: "restart it there, as by systemctl --user restart; or run it by: role-agent start" },
  );
}

function overtaken(why: string): RoleAgentError {
  return new RoleAgentError("InvalidRequest", `the agent was not restarted: ${why}`, {
    hint: "role-agent status",
  });
}
