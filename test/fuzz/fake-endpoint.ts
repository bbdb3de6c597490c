import { createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server that answers whatever it is told to, HTTP or not. */
export interface FakeEndpoint {
  readonly url: string;
  /** To every request from now on: its characters are bytes, after which the connection ends. */
  answer: string;
}

/** Starts one on the loopback interface. Gone when the test is over. */
export async function startFakeEndpoint(): Promise<FakeEndpoint> {
  const open = new Set<Socket>();
  const endpoint = { url: "", answer: "" };
  const server = createServer((socket) => {
    open.add(socket);
    let request = "";
    socket.setEncoding("latin1");
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => undefined);
    socket.on("data", (text: string) => {
      request += text;
      if (!isWhole(request)) return;
      request = "";
      socket.end(endpoint.answer, "latin1");
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  endpoint.url = `http://127.0.0.1:${portOf(server.address())}`;
  return endpoint;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

function isWhole(request: string): boolean {
  const bodyAt = request.indexOf("\r\n\r\n") + 4;
  if (bodyAt < 4) return false;
  return request.length - bodyAt >= Number(/\r\ncontent-length: (\d+)/i.exec(request)?.[1] ?? 0);
}
