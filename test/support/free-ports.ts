import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that the system gives to whoever wants any: nobody takes one while an agent is away. */
const [first, last] = [20_000, 32_000];

/** TCP ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let port = first + Math.floor(Math.random() * (last - first)); ports.length < count; port++) {
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    server.close();
    return true;
  } catch {
    return false;
  }
}
