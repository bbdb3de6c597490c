import { isAbsolute, join } from "node:path";
import { homeDirectory } from "@role-agent/provider";

/** Where logs lie: `$XDG_STATE_HOME/role-agent`, else `~/.local/state/role-agent`. */
export function stateDirectory(env: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: xdg } = env;
  // The XDG specification has relative paths ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeDirectory(env), ".local", "state");
  return join(base, "role-agent");
}
