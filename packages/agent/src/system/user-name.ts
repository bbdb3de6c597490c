import { userInfo } from "node:os";

/** The name of this user for session names; a container may run under a uid that no user has: then `USER`, or `uid-N`. */
export function userName(env: NodeJS.ProcessEnv, lookUp: () => string = () => userInfo().username): string {
  try {
    return lookUp();
  } catch {
    return env["USER"] || `uid-${process.geteuid?.()}`;
  }
}
