import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { roleAgentProgram } from "./agent-process.ts";
import { temporaryDirectory } from "./temporary.ts";
import type { CommandResult } from "./world.ts";

/** Something that is where an agent is to put its socket, or the directory of it. */
export interface Squatter {
  readonly name: string;
  /** Makes it, given the path of the socket, whose directory is there, with mode 0700, unless it is the matter itself. */
  readonly put: (path: string) => void | Promise<void>;
  /** Whether it stands for the directory of the socket. */
  readonly isDirectory?: true;
  /** What the agent says of it; of another user's objects it says another thing. */
  readonly says: RegExp;
}

const noSocket = /is there already, and is no socket of this user/;

/** What can be there, by whoever. */
export const squatters: readonly Squatter[] = [
  { name: "a directory", put: (path) => mkdirSync(path), says: noSocket },
  { name: "a file", put: (path) => writeFileSync(path, "precious"), says: noSocket },
  { name: "an empty file", put: (path) => writeFileSync(path, ""), says: noSocket },
  { name: "a FIFO", put: makeFifo, says: noSocket },
  { name: "a link to nothing", put: (path) => symlinkSync("/nonexistent/agent.sock", path), says: noSocket },
  {
    name: "a link to a file",
    put: (path) => {
      writeFileSync(`${path}.target`, "precious");
      symlinkSync(`${path}.target`, path);
    },
    says: noSocket,
  },
  {
    name: "a link to a socket",
    put: async (path) => {
      await listening(`${path}.target`);
      symlinkSync(`${path}.target`, path);
    },
    says: noSocket,
  },
  {
    name: "a second name of a file",
    put: (path) => {
      writeFileSync(`${path}.target`, "precious");
      linkSync(`${path}.target`, path);
    },
    says: noSocket,
  },
  {
    name: "a file for a directory",
    put: (path) => writeFileSync(dirname(path), "precious"),
    isDirectory: true,
    says: /socket directory \S+ is not a directory/,
  },
  {
    name: "a link for a directory",
    put: (path) => {
      mkdirSync(`${dirname(path)}.target`, { mode: 0o700 });
      symlinkSync(`${dirname(path)}.target`, dirname(path));
    },
    isDirectory: true,
    says: /socket directory \S+ is not a directory/,
  },
  {
    name: "a directory that others may look into",
    put: (path) => makeDirectory(dirname(path), 0o750),
    isDirectory: true,
    says: /socket directory \S+ is open to others \(mode 0750\)/,
  },
  {
    name: "a directory that others may write to",
    put: (path) => makeDirectory(dirname(path), 0o1777),
    isDirectory: true,
    says: /socket directory \S+ is open to others \(mode 0777\)/,
  },
];

/** How an agent ends that is to serve at the path; one that goes on serving is ended, with the code -1. */
export async function serveAt(path: string): Promise<CommandResult> {
  const env = { PATH: process.env["PATH"], HOME: temporaryDirectory() };
  const args = [roleAgentProgram, "serve", "--socket", path];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: 15_000 }, (error, stdout, stderr) => {
      resolve({
        stdout,
        stderr,
        code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
      });
    });
  });
}

/** A live socket at the path, of this process. */
export async function listening(path: string): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(path);
  onTestFinished(() => void server.close());
  await once(server, "listening");
}

/** What a killed agent leaves behind: a socket that nobody listens on. */
export function deadSocket(path: string): void {
  const script = `require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))`;
  try {
    execFileSync(process.execPath, ["-e", script, path], { stdio: "ignore" });
  } catch {
    // It has killed itself.
  }
}

/** Everything below a directory, so that it can be compared: what was changed, came or went is told. */
export function inventory(directory: string): readonly string[] {
  const list: string[] = [];
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stats = lstatSync(path);
    const { dev, ino, mode, uid, gid, nlink, mtimeMs, size } = stats;
    const own = [path, dev, ino, mode.toString(8), uid, gid, nlink].join(" ");
    if (stats.isDirectory()) list.push(own, ...inventory(path));
    else list.push(`${own} ${mtimeMs} ${size} ${contentOf(path, stats)}`);
  }
  return list;
}

function contentOf(path: string, stats: Stats): string {
  if (stats.isFile()) return readFileSync(path, "utf8");
  return stats.isSymbolicLink() ? readlinkSync(path) : "";
}

function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}

function makeFifo(path: string): void {
  execFileSync("mkfifo", [path]);
}
