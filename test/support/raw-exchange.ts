import { connect } from "node:net";
import type { RawPlace } from "./raw-http.ts";

/**
 * All that comes back on one connection until the server ends it: each part is sent when something was answered to the
 * one before, the first at once, and then the client's side is closed. Every character is a byte.
 */
export async function exchange(place: RawPlace, parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const left = [...parts];
    let answer = "";
    const socket = connect(typeof place === "string" ? { path: place } : place, sendNext);
    function sendNext(): void {
      const part = left.shift();
      if (part === undefined) return;
      if (left.length > 0) socket.write(part, "latin1");
      else socket.end(part, "latin1");
    }
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
      sendNext();
    });
    // A server that has refused cuts the connection, whatever was still to come.
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error("the server neither answers nor ends the connection"));
    });
  });
}
