import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, fstatSync } from "node:fs";
import { dirname, join, resolve as absolute } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { RoleAgentError, type AgentClient, type AgentStatus } from "@role-agent/provider";
import { pathOption, type CommandCall } from "./command.ts";
import { backgroundEnvironment } from "./background-environment.ts";
import { stateDirectory } from "../system/state-directory.ts";
import { unsafeSettings, withoutUnsafeSettings } from "../system/unsafe-settings.ts";
import { passphraseDescriptor } from "./passphrase.ts";

const patienceMs = 10_000;

/** Starts an agent that outlives this process, and waits until it answers. */
export async function startInBackground(call: CommandCall, agent: AgentClient): Promise<AgentStatus> {
  const env = withoutUnsafeSettings(backgroundEnvironment(call.env));
  for (const { name, does } of unsafeSettings(call.env, []))
    process.stderr.write(`role-agent: the agent is started without ${name}, which ${does}\n`);
  const logPath = agentLogPath(env);
  mkdirSync(dirname(logPath), { recursive: true, mode: 0o700 });
  const log = openSync(logPath, "a", 0o600);
  const logStart = fstatSync(log).size;
  const config = pathOption(call, "config");
  const passphrase = passphraseDescriptor(call);
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("../../bin/role-agent.js", import.meta.url)),
      "serve",
      "--background",
      "--socket",
      absolute(agent.socketPath),
      "--log",
      logPath,
      ...(config === undefined ? [] : ["--config", config]),
      ...(passphrase === undefined ? [] : ["--passphrase-fd", "3"]),
    ],
    // Standard error is for what an agent says that can't log: why it did not start, or what it died of.
    { detached: true, cwd: "/", stdio: ["ignore", "ignore", log, passphrase ?? "ignore"], env },
  );
  closeSync(log);
  child.unref();
  const exited = new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
    child.once("error", () => resolve(1));
  });
  const over = new AbortController();
  const status = await Promise.race([
    untilAnswering(agent, over.signal),
    exited.then((code) => whenOver(code, agent)),
  ]).finally(() => over.abort());
  // Another was quicker. Ours would say so and end, or be an agent that nobody asked for once that one is stopped.
  if (status !== undefined && status.pid !== child.pid) child.kill();
  if (status !== undefined) return status;
  const said = readFileSync(logPath).subarray(logStart).toString().trim();
  throw new RoleAgentError("InvalidConfiguration", `the agent did not start:\n${said}`, {
    hint: `its log is ${logPath}`,
  });
}

/** The log of an agent in the background: `$XDG_STATE_HOME/role-agent/agent.log`. */
export function agentLogPath(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), "agent.log");
}

/** It may have left because another agent was quicker. */
async function whenOver(code: number, agent: AgentClient): Promise<AgentStatus | undefined> {
  return code === 0 ? untilAnswering(agent) : undefined;
}

async function untilAnswering(agent: AgentClient, over?: AbortSignal): Promise<AgentStatus | undefined> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    if (over?.aborted === true) return undefined;
    try {
      return await agent.status();
    } catch (error) {
      if (!(error instanceof RoleAgentError && error.tryNextLink)) throw error;
      await sleep(20);
    }
  }
  return undefined;
}
