import { fileURLToPath } from "node:url";
import { inside, type CommandLine, type Namespace } from "./namespace.ts";
import type { Place } from "./run.ts";
import { serve } from "./server.ts";

const program = fileURLToPath(new URL("relay.js", import.meta.url));

/** Passes connections on until the test is over; `from` and `to` are each `ADDRESS:PORT`, or the path of a socket. */
export async function relay(place: Place, from: string, to: string, namespace?: Namespace): Promise<void> {
  const command: CommandLine = [process.execPath, program, from, to];
  const [executable, ...args] = namespace === undefined ? command : inside(namespace, command);
  await serve(place, /serving/, executable, ...args);
}
