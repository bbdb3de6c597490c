import { readFileSync } from "node:fs";

const tcpListens = "0A";
const unixIsConnecting = "02";

/**
 * How many clients are connected to this door that no program has accepted.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export function waitingAt(door: string): number {
  if (door.startsWith("/")) {
    const rows = rowsOf("unix");
    return rows.filter(([, , , , , state, , path]) => path === door && state === unixIsConnecting).length;
  }
  const [host = "", port] = door.split(":");
  const local = `${hexOf(host)}:${Number(port).toString(16).toUpperCase().padStart(4, "0")}`;
  const row = rowsOf("tcp").find(([, address, , state]) => address === local && state === tcpListens);
  // Of a listening socket the queue of what arrives is that of clients.
  return Number.parseInt(row?.[4]?.split(":")[1] ?? "0", 16);
}

function rowsOf(table: "tcp" | "unix"): readonly (readonly string[])[] {
  const lines = readFileSync(`/proc/self/net/${table}`, "latin1").split("\n");
  return lines.map((line) => line.trim().split(/\s+/));
}

/** As a number of this machine, which is a little-endian one. */
function hexOf(host: string): string {
  return Buffer.from(host.split(".").map(Number).toReversed()).toString("hex").toUpperCase();
}
