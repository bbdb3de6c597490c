import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { World } from "../support/world.ts";

/** How it went for clients since they were asked last. */
export interface AskedRoles {
  readonly ok: number;
  /** Of these, how many AWS was shown, and knew. */
  readonly shown: number;
  readonly failures: readonly string[];
  /** How long each answer took. */
  readonly ms: readonly number[];
}

/** Clients of a world's roles `role-0`, `role-1` and so on. */
export interface AskingClients {
  readonly processes: number;
  readonly clientsOfEach: number;
  readonly roles: number;
  /** Of each client between two questions. */
  readonly pauseMs: number;
}

const program = fileURLToPath(new URL("clients/ask-roles.js", import.meta.url));

/** Starts the clients, which are gone with the test; answers what tells how it went for all of them. */
export function askingClients(
  { env, socketPath, sandbox }: World,
  { processes, clientsOfEach, roles, pauseMs }: AskingClients,
): () => Promise<AskedRoles> {
  const args = [socketPath, `${clientsOfEach}`, `${roles}`, `${pauseMs}`, sandbox.url];
  const warning = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const children = Array.from({ length: processes }, () =>
    fork(program, args, { env: { ...env, ...warning }, execArgv: [] }),
  );
  onTestFinished(() => children.forEach((child) => void child.kill("SIGKILL")));
  return async () => {
    const tallies = await Promise.all(children.map(tallyOf));
    return {
      ok: sum(tallies.map(({ ok }) => ok)),
      shown: sum(tallies.map(({ shown }) => shown)),
      failures: tallies.flatMap(({ failures }) => failures),
      ms: tallies.flatMap(({ ms }) => ms),
    };
  };
}

async function tallyOf(child: ChildProcess): Promise<AskedRoles> {
  if (!child.connected) throw new Error("the clients' process has ended");
  const answered = once(child, "message");
  child.send("tell");
  const [tally]: AskedRoles[] = await answered;
  if (tally === undefined) throw new Error("the clients say nothing");
  return tally;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
