import { lstatSync } from "node:fs";
import { RoleAgentError } from "@role-agent/provider/errors";
import { prepareSocketDirectory } from "./socket-directory.ts";
import { publishedAs, type PublishedSocket } from "./socket.ts";

/**
 * A socket that a service manager has made at `path` and holds: its path is neither made nor removed here. Throws a
 * RoleAgentError where others may get in.
 */
export function socketOfManager(
  path: string,
  checkDirectory: (socketPath: string) => void = prepareSocketDirectory,
): PublishedSocket {
  checkDirectory(path);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSocket() !== true) throw ofManager(path, "is not there any more", "start that unit again");
  if (stats.uid !== process.geteuid?.())
    throw ofManager(path, `belongs to another user (uid ${stats.uid})`, "set SocketUser= in that unit");
  if ((stats.mode & 0o077) !== 0)
    throw ofManager(
      path,
      `is open to others (mode 0${(stats.mode & 0o777).toString(8)})`,
      "set SocketMode=0600 in that unit",
    );
  return { ...publishedAs(path, path), unpublish: () => undefined };
}

function ofManager(path: string, why: string, hint: string): RoleAgentError {
  return new RoleAgentError("InvalidConfiguration", `${path}, which a socket unit has made, ${why}`, {
    hint,
  });
}
