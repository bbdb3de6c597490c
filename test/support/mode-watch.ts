import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** What a {@link watchModes} saw. */
export interface SeenModes {
  /** Permissions of directories, of sockets and of other files, in octal. */
  readonly directories: readonly string[];
  readonly sockets: readonly string[];
  readonly files: readonly string[];
  /** How often a socket was looked at. */
  readonly looks: number;
}

/** Looks at everything below a directory, without a pause, until its standard input ends. */
const program = `
const { lstatSync, readdirSync } = require("node:fs");
const seen = { directories: new Set(), sockets: new Set(), files: new Set() };
let looks = 0;
let isOver = false;
process.stdin.resume().on("end", () => (isOver = true));
function look(directory) {
  let names = [];
  try { names = readdirSync(directory); } catch { return; }
  for (const name of names) {
    const path = directory + "/" + name;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const kind = stats.isDirectory() ? "directories" : stats.isSocket() ? "sockets" : "files";
    if (kind === "sockets") looks += 1;
    seen[kind].add((stats.mode & 0o777).toString(8));
    if (kind === "directories") look(path);
  }
}
function turn() {
  for (let again = 0; again < 50; again += 1) look(process.argv[1]);
  if (!isOver) return setImmediate(turn);
  const lists = Object.entries(seen).map(([kind, modes]) => [kind, [...modes]]);
  console.log(JSON.stringify({ ...Object.fromEntries(lists), looks }));
}
console.log("watching");
turn();
`;

/** Watches from another process, so that it sees what is there between two system calls of this one. */
export async function watchModes(directory: string): Promise<() => Promise<SeenModes>> {
  const child = spawn(process.execPath, ["-e", program, directory], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "readable");
  const said = text(child.stdout);
  return async () => {
    child.stdin.end();
    const [, last = ""] = (await said).split("\n");
    return JSON.parse(last);
  };
}
