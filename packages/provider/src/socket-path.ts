import { lstatSync, type Stats } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RoleAgentError } from "./errors.ts";
import { homeDirectory } from "./home-directory.ts";

/**
 * Longest path of a Unix socket in bytes (`sun_path` less its final NUL). Node 20 cuts longer ones silently and
 * would listen or connect somewhere else.
 */
export const maxSocketPathBytes: number = process.platform === "darwin" ? 103 : 107;

/**
 * Where the agent socket lies: `ROLE_AGENT_SOCK`, else `$XDG_RUNTIME_DIR/role-agent/agent.sock` on Linux, else
 * `~/.role-agent/agent.sock`.
 */
export function agentSocketPath(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env["ROLE_AGENT_SOCK"];
  if (chosen !== undefined && chosen !== "") return resolve(chosen);
  const runtimeDirectory = env["XDG_RUNTIME_DIR"];
  if (process.platform === "linux" && runtimeDirectory?.startsWith("/") === true) {
    return join(runtimeDirectory, "role-agent", "agent.sock");
  }
  return join(homeDirectory(env), ".role-agent", "agent.sock");
}

/** Refuses a path that the operating system would cut. */
export function checkSocketPathLength(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > maxSocketPathBytes) {
    throw new RoleAgentError(
      "InvalidConfiguration",
      `socket path is ${bytes} bytes: the limit is ${maxSocketPathBytes}: ${path}`,
      { hint: "choose a shorter path with ROLE_AGENT_SOCK" },
    );
  }
}

/**
 * Makes sure that whoever listens on `path` is this user or root, before anything is sent: another user who can
 * put a socket there could hand out credentials of an identity of his own.
 */
export function checkSocketOwner(path: string): void {
  const uid = process.getuid?.();
  if (uid === undefined) return;
  const socket = stat(path, path);
  if (!socket.isSocket()) throw untrusted(`${path} is not a socket`);
  if (!isOwn(socket, uid)) throw untrusted(`socket ${path} belongs to another user (uid ${socket.uid})`);
  const directory = stat(dirname(path), path);
  const writableByOthers = (directory.mode & 0o022) !== 0 && (directory.mode & 0o1000) === 0;
  if (!isOwn(directory, uid) || writableByOthers) {
    throw untrusted(
      `socket directory ${dirname(path)} is writable by others (mode 0${(directory.mode & 0o777).toString(8)}, uid ${directory.uid})`,
    );
  }
}

function stat(path: string, socketPath: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw unreachable(socketPath, error);
  }
}

function isOwn(stats: Stats, uid: number): boolean {
  return stats.uid === uid || stats.uid === 0;
}

function untrusted(message: string): RoleAgentError {
  return new RoleAgentError("AgentUnreachable", message, {
    hint: "nothing was sent; check who created it, or choose another path with ROLE_AGENT_SOCK",
  });
}

/** Words a failed connection. Only where nothing listens may a credential chain go on to its next link. */
export function unreachable(socketPath: string, cause: unknown): RoleAgentError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    return new RoleAgentError("AgentUnreachable", `no agent is running at ${socketPath}`, {
      hint: "role-agent start",
      tryNextLink: true,
      cause,
    });
  }
  const why =
    code === "EACCES" ? "permission denied" : cause instanceof Error ? cause.message : String(cause);
  return new RoleAgentError("AgentUnreachable", `the agent at ${socketPath} can't be reached: ${why}`, {
    hint:
      code === "EACCES"
        ? "the agent belongs to another user; choose another path with ROLE_AGENT_SOCK"
        : "try again; if it stays so: role-agent stop && role-agent start",
    cause,
  });
}
