import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { World } from "../../support/world.ts";

const watcher = fileURLToPath(new URL("request-log.js", import.meta.url));

/** A request as it arrived at a door of the agent. */
export interface ArrivedRequest {
  /** `127.0.0.1:PORT`, or the path that a socket was made at. */
  readonly address: string;
  readonly method: string;
  readonly url: string;
}

/** Has an agent start that runs what writes down its requests. */
export const watchedAgent = "--unsafe-debug";

/** Has the agents that this world starts from now on, by {@link watchedAgent}, write down the requests that arrive; returns how to read them. */
export function logRequests({ env, home }: World): () => readonly ArrivedRequest[] {
  const file = join(home, "requests.jsonl");
  env["NODE_OPTIONS"] = `--import=${watcher}`;
  env["REQUEST_LOG"] = file;
  return () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(parse) : []);
}

function parse(line: string): ArrivedRequest {
  return JSON.parse(line);
}
