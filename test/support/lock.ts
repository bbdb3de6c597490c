import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { roleAgentProgram } from "./agent-process.ts";
import type { CommandResult, World } from "./world.ts";

/** What the tests lock with. */
export const passphrase = "Trübe Tasse 42";

/** Runs `role-agent` with these arguments and this standard input to its end. */
export async function runWithInput({ env }: World, input: string, ...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [roleAgentProgram, ...args], { env });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { stdout, stderr, code: Number(code) };
}

/** One answer of a door, or of the agent socket. */
export interface DoorAnswer {
  readonly status: number;
  readonly body: string;
}

/** Where to ask: a socket, or a port of the loopback interface. */
export type DoorPlace = { readonly socketPath: string } | { readonly host: string; readonly port: string };

/** Asks a door as it is, without a client that reads the answer in its own way. */
export async function askDoor(
  place: DoorPlace,
  path: string,
  { method = "GET", headers = {}, body }: { method?: string; headers?: object; body?: string } = {},
): Promise<DoorAnswer> {
  const host = "socketPath" in place ? "localhost" : `${place.host}:${place.port}`;
  return new Promise((resolve, reject) => {
    const call = request({ ...place, path, method, headers: { host, ...headers }, agent: false });
    call.on("error", reject);
    call.on("response", (response) => {
      void text(response).then(
        (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
        reject,
      );
    });
    call.end(body);
  });
}
