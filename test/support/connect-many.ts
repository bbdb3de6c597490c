import { connect } from "node:net";
import type { RawPlace } from "./raw-http.ts";

/** How it went for connections. */
export interface Connected {
  readonly answered: number;
  /** The client broke off in the middle of its request. */
  readonly aborted: number;
}

/**
 * Connects so many times, 50 at once, and sends one request each time; the hundredth breaks off half-way, in one of three
 * ways. Resolves when the server has ended each connection, but those that were cut.
 */
export async function connectMany(place: RawPlace, request: string, times: number): Promise<Connected> {
  let next = 0;
  let answered = 0;
  let aborted = 0;
  const client = async (): Promise<void> => {
    while (next < times) {
      const turn = next++;
      if (turn % 100 === 99) {
        await once(place, request, (["ended", "destroyed", "reset"] as const)[aborted % 3] ?? "ended");
        aborted += 1;
      } else {
        const answer = await once(place, request, "whole");
        answered += Number(answer.startsWith("HTTP/1.1 200"));
      }
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
  return { answered, aborted };
}

async function once(
  place: RawPlace,
  request: string,
  how: "whole" | "ended" | "destroyed" | "reset",
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(typeof place === "string" ? { path: place } : place, () => {
      if (how === "whole") return void socket.write(request);
      const half = request.slice(0, request.length / 2);
      if (how === "ended") return void socket.end(half);
      socket.write(half, () =>
        how === "reset" && typeof place !== "string" ? socket.resetAndDestroy() : socket.destroy(),
      );
    });
    socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
    socket.on("error", () => undefined).on("close", () => resolve(answer));
    socket.setTimeout(20_000, () => {
      socket.destroy();
      reject(new Error(`the server leaves a connection open that was ${how}`));
    });
  });
}
