import { spawn, type ChildProcess } from "node:child_process";
import { RoleAgentError } from "@role-agent/provider/errors";
import { codeOf } from "../../core/error-code.ts";
import { printable } from "../../core/printable.ts";
import { splitCommand } from "../../core/split-command.ts";
import { issuingRole } from "./issuing-role.ts";
import { endProgram, programStarted } from "./running-programs.ts";

const defaultMaxBytes = 64 * 1024;
const maxStderrBytes = 4 * 1024;

/**
 * Runs somebody's program to its end and returns what it printed. No shell reads the command line. The program is
 * killed with all it started when `signal` fires or when it prints too much; one that it leaves behind holding its
 * output open delays nothing.
 *
 * @param what - for messages: `credential_process`
 * @param maxOutputBytes - 64 KiB by default
 */
export async function runCommand(
  command: string,
  what: string,
  signal: AbortSignal,
  maxOutputBytes: number = defaultMaxBytes,
): Promise<string> {
  const words = splitCommand(command);
  if (words === undefined) throw failed(`${what} has a quote that is not closed`);
  const [program, ...args] = words;
  if (!program) throw failed(`${what} names no program`);
  if (signal.aborted) throw new RoleAgentError("SourceUnavailable", `${what} could not start in time`);
  // A group of its own, so that what it starts can be ended with it.
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, ROLE_AGENT_ISSUING: issuingRole.getStore() },
  });
  programStarted(child.pid);
  const stdout = collect(child.stdout, maxOutputBytes, () => endProgram(child.pid));
  const stderr = collect(child.stderr, maxStderrBytes, () => undefined);
  const onAbort = (): void => endProgram(child.pid);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const code = await exitOf(child, program, what);
    await drained(child);
    if (stdout.isTooMuch) throw failed(`${what} printed more than ${maxOutputBytes} bytes`);
    if (signal.aborted) throw new RoleAgentError("SourceUnavailable", `${what} did not end in time`);
    if (code !== 0) throw failed(`${what} ended with ${code ?? "a signal"}`, stderr.text);
    return stdout.text;
  } finally {
    signal.removeEventListener("abort", onAbort);
    endProgram(child.pid);
  }
}

interface Collected {
  text: string;
  isTooMuch: boolean;
}

function collect(stream: NodeJS.ReadableStream, maxBytes: number, onTooMuch: () => void): Collected {
  const collected: Collected = { text: "", isTooMuch: false };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (collected.text.length + chunk.length <= maxBytes) collected.text += chunk;
    else {
      collected.isTooMuch = true;
      onTooMuch();
    }
  });
  return collected;
}

async function exitOf(child: ChildProcess, program: string, what: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", (error) => {
      const why = codeOf(error) === "ENOENT" ? "not found" : error.message;
      reject(failed(`${what}: ${printable(program)}: ${why}`));
    });
  });
}

/** Lets the output that is already in the pipe arrive, whoever still holds the other end. */
async function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr];
  for (let turn = 0; turn < 10 && streams.some((stream) => stream?.readableEnded === false); turn += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  for (const stream of streams) stream?.destroy();
}

/** What the program said goes to the person who asks, as a hint; hints are not logged. */
function failed(message: string, said = ""): RoleAgentError {
  const hint = said.trim() === "" ? undefined : `it said: ${printable(said.trim())}`;
  return new RoleAgentError("InvalidConfiguration", message, { hint });
}
