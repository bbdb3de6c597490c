import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The encrypted key file: `$XDG_DATA_HOME/role-agent/keys.age`, else under `~/.local/share`. */
export function keyFilePath(env: NodeJS.ProcessEnv): string {
  const { XDG_DATA_HOME: data, HOME: home } = env;
  // The XDG specification has relative paths ignored.
  const base = data && isAbsolute(data) ? data : join(home || homedir(), ".local", "share");
  return join(base, "role-agent", "keys.age");
}
