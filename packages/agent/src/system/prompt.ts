import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { RoleAgentError } from "@role-agent/provider/errors";

/** Whether somebody sits at standard input. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY;
}

/** Asks on the terminal. Rejects with `InvalidRequest` where the answer is Ctrl-C or Ctrl-D. */
export async function ask(question: string): Promise<string> {
  return readLine(question, process.stderr);
}

/** The same for a secret: what is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  try {
    return await readLine(question, new Writable({ write: (_chunk, _encoding, done) => done() }));
  } finally {
    process.stderr.write("\n");
  }
}

async function readLine(question: string, echo: NodeJS.WritableStream): Promise<string> {
  // A terminal in readline's eyes: it switches the terminal's own echo off, and writes to `echo` instead.
  const terminal = createInterface({ input: process.stdin, output: echo, terminal: true });
  // Only now: whoever answers at once is not shown either.
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    // Closed within the event: what was pasted after the line is neither read nor shown.
    terminal.once("line", (line) => {
      resolve(line);
      terminal.close();
    });
    terminal.once("close", () => reject(new RoleAgentError("InvalidRequest", "cancelled")));
  });
}
