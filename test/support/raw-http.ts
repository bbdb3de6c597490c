import { connect } from "node:net";

/** What came back on a connection, until the other side closed it or sent one whole answer. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Where a server listens: the path of a Unix socket, or a TCP address. */
export type RawPlace = string | { readonly host: string; readonly port: number };

/** Sends bytes as they are and reads one answer; status 0 where the connection just ended. */
export async function sendRaw(place: RawPlace, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(typeof place === "string" ? { path: place } : place, () => socket.write(bytes));
    let text = "";
    const finish = (): void => {
      socket.destroy();
      const [head = "", body = ""] = text.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body });
    };
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error("no answer"));
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (isWhole(text)) finish();
    });
    socket.on("end", finish);
    socket.on("error", finish);
  });
}

function isWhole(text: string): boolean {
  const length = /\r\nContent-Length: (\d+)\r\n/i.exec(text)?.[1];
  const bodyStart = text.indexOf("\r\n\r\n") + 4;
  return length !== undefined && bodyStart > 3 && text.length - bodyStart >= Number(length);
}
