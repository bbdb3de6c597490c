import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a {@link watchModes} saw. */
export interface SeenModes {
  /** Permissions of directories, of sockets and of other files, in octal. */
  readonly directories: readonly string[];
  readonly sockets: readonly string[];
  readonly files: readonly string[];
}

/** Looks at everything below a directory, without a pause, until its standard input ends. */
const program = `
const { lstatSync, readdirSync } = require("node:fs");
const seen = { directories: new Set(), sockets: new Set(), files: new Set() };
const enough = Number(process.argv[2]);
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
    if (kind === "sockets" && ++looks === enough) console.log("enough");
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

/** A watch that goes on. */
export interface ModeWatch {
  /** Whether sockets were looked at so often that a moment of wrong modes would have been seen. */
  readonly hasSeenEnough: () => boolean;
  readonly stop: () => Promise<SeenModes>;
}

/** Watches from another process, so that it sees what is there between two system calls of this one. */
export async function watchModes(directory: string): Promise<ModeWatch> {
  const enough = 100;
  const child = spawn(process.execPath, ["-e", program, directory, String(enough)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  await once(child.stdout, "data");
  return {
    hasSeenEnough: () => said.includes("enough"),
    stop: async () => {
      child.stdin.end();
      await once(child, "close");
      const { looks, ...seen }: SeenModes & { looks: number } = JSON.parse(
        said.trim().split("\n").at(-1) ?? "",
      );
      if (looks === 0) throw new Error("no socket was seen at all");
      return seen;
    },
  };
}
