import { connect } from "node:net";
import type { RawPlace } from "../support/raw-http.ts";
import type { HostileCall } from "./http-grammar.ts";

/** How long a client listens that leaves its side open. */
const listenMs = 15;
/** The server ends an unfinished request after 5 s, and looks for them every second. */
const patienceMs = 20_000;

/** Sends what a hostile client does, and resolves with all that came back once the connection is gone. */
export async function call(place: RawPlace, { parts, ending }: HostileCall): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(typeof place === "string" ? { path: place } : place, () => {
      socket.setNoDelay(true);
      writeNext(0);
    });
    function writeNext(index: number): void {
      const part = parts[index];
      if (part === undefined) return finish();
      socket.write(part, "latin1");
      setImmediate(writeNext, index + 1);
    }
    function finish(): void {
      if (ending === "close") socket.end();
      else if (ending === "cut") socket.destroy();
      else setTimeout(() => socket.destroy(), listenMs);
    }
    socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
    // A server that has refused cuts the connection, whatever was still to come.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(answer));
    socket.setTimeout(patienceMs, () => {
      reject(new Error("the server neither answers nor ends the connection"));
      socket.destroy();
    });
  });
}
