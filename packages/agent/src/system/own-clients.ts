import type { Server } from "node:http";
import type { Socket } from "node:net";
import { refusal } from "../endpoints/guards.ts";
import type { RequestCounts } from "../metrics/request-counts.ts";
import { peerCredentials } from "../native/peer-credentials.ts";
import { identifyPeer } from "./peer.ts";

/**
 * Cuts off whoever is neither this process's user nor root, before anything is read or answered, as ssh-agent does. The
 * modes of the socket and of its directory keep others out already: this is for the day that somebody changes them.
 * Where the system doesn't tell who connects, they alone do.
 */
export function admitOwnClients(server: Server, counts: RequestCounts): void {
  const own = process.geteuid?.();
  // Before the server's own listener, which would read the request.
  server.prependListener("connection", (socket: Socket) => {
    const uid = peerCredentials(socket)?.uid;
    if (uid === undefined || uid === own || uid === 0) return;
    const peer = identifyPeer(socket);
    socket.destroy();
    counts.count(refusal(403, `uid ${uid} connected, and this is the agent of uid ${own}`), peer);
  });
}
