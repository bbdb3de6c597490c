import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { HttpHandler } from "./http-handler.ts";

const loopbackAddress = "127.0.0.1";
const backlogSize = 4096;
/**
 * Longer than clients keep idle connections, so that it's they who close them and no request meets a closing
 * one.
 */
const keepAliveMs = 120_000;

export interface LoopbackServer {
  readonly port: number;
  /** Listens (again), on the same port. */
  resume(): Promise<void>;
  /** Cuts every connection and refuses new ones. */
  pause(): Promise<void>;
}

/** Port 0 is any free port. Rejects with the system's error where the port can't be had. */
export async function startLoopbackServer(port: number, handle: HttpHandler): Promise<LoopbackServer> {
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = keepAliveMs;
  await listen(server, port);
  const boundPort = portOf(server);
  return {
    port: boundPort,
    async resume() {
      if (!server.listening) await listen(server, boundPort);
    },
    async pause() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen({ host: loopbackAddress, port, backlog: backlogSize });
  await once(server, "listening");
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no TCP address");
  return address.port;
}
