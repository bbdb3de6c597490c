import { isAbsolute, join } from "node:path";
import { homeDirectory } from "@role-agent/provider";

/** The encrypted key file: `$XDG_DATA_HOME/role-agent/keys.age`, else under `~/.local/share`. */
export function keyFilePath(env: NodeJS.ProcessEnv): string {
  const { XDG_DATA_HOME: data } = env;
  // The XDG specification has relative paths ignored.
  const base = data && isAbsolute(data) ? data : join(homeDirectory(env), ".local", "share");
  return join(base, "role-agent", "keys.age");
}
