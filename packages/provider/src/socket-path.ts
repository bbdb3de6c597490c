import { join, resolve } from "node:path";
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

/** Refuses a path that the operating system would cut, and one of an abstract socket, which every user may serve at. */
export function checkSocketPath(path: string): void {
  if (path.includes("\0")) {
    throw new RoleAgentError("InvalidConfiguration", `socket path ${JSON.stringify(path)} has a NUL in it`, {
      hint: "an abstract socket is everybody's; choose the path of a file with ROLE_AGENT_SOCK",
    });
  }
  const bytes = Buffer.byteLength(path);
  if (bytes > maxSocketPathBytes) {
    throw new RoleAgentError(
      "InvalidConfiguration",
      `socket path is ${bytes} bytes: the limit is ${maxSocketPathBytes}: ${path}`,
      { hint: "choose a shorter path with ROLE_AGENT_SOCK" },
    );
  }
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
