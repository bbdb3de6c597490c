import type { Server, Socket } from "node:net";

/** The file descriptor of a socket. Node keeps it to itself: undefined where it can't be found, or there is none any more. */
export function descriptorOf(socket: Socket | Server): number | undefined {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  const { fd } = handle;
  return typeof fd === "number" && fd >= 0 ? fd : undefined;
}
