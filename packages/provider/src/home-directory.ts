import { userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { RoleAgentError } from "./errors.ts";

/**
 * The user's home directory: `HOME` if it is an absolute path, since an empty or a relative one would lead to wherever
 * a program happens to run; else the one of the system's user database. Throws `InvalidConfiguration` where neither is
 * there, as for a uid in a container that has no user.
 */
export function homeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const { HOME: home } = env;
  if (home !== undefined && isAbsolute(home)) return home;
  try {
    return userInfo().homedir;
  } catch (cause) {
    throw new RoleAgentError("InvalidConfiguration", "this user has no home directory, and HOME names none", {
      hint: "set HOME to an absolute path",
      cause,
    });
  }
}
