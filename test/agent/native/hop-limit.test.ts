import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { descriptorOf } from "../../../packages/agent/src/native/descriptor.ts";
import { keepAnswersNear } from "../../../packages/agent/src/native/hop-limit.ts";
import { systemCalls } from "../../../packages/agent/src/native/system-calls.ts";

/** How many routers the answers of a server may pass. */
async function hopsOf(server: Server, host: string, level: number, name: number): Promise<number> {
  const address = server.address();
  const client = connect(typeof address === "object" ? (address?.port ?? 0) : 0, host);
  onTestFinished(() => void client.destroy());
  const [socket]: Socket[] = await once(server, "connection");
  onTestFinished(() => void socket?.destroy());
  const [value, length] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32LE(value.length);
  const fd = socket === undefined ? undefined : descriptorOf(socket);
  systemCalls().calls?.getsockopt(fd ?? -1, level, name, value, length);
  return value.readInt32LE();
}

describe.runIf(process.platform === "linux")("answers of a TCP server", () => {
  it.each([
    ["127.0.0.1", 0, 2],
    ["::1", 41, 16],
  ])("at %s pass no router, until they may again", async (host, level, name) => {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const usual = await hopsOf(server, host, level, name);
    expect(keepAnswersNear(server, true)).toBe(true);
    expect(await hopsOf(server, host, level, name)).toBe(1);
    expect(keepAnswersNear(server, false)).toBe(true);
    expect(await hopsOf(server, host, level, name)).toBe(usual);
    expect(usual).toBeGreaterThan(1);
  });
});
