import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openPrivateEndpoint } from "../../../../packages/agent/src/cli/exec/private-endpoint.ts";
import { SessionCache } from "../../../../packages/provider/src/session-cache.ts";
import { sendRaw } from "../../../support/raw-http.ts";

const neighbours = 600;
const most = 512;

const sessions = new SessionCache(async () => ({
  Version: 1,
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  SessionToken: "token",
  Token: "token",
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  AccountId: "111122223333",
  RoleArn: "arn:aws:iam::111122223333:role/Deploy",
}));

it("has 512 connections at most, and answers whoever has the token however many a neighbour holds", async () => {
  const endpoint = await openPrivateEndpoint("deploy", sessions);
  onTestFinished(() => endpoint.close());
  const { host, port, pathname } = new URL(endpoint.uri);
  let held = 0;
  const idle = async (): Promise<void> => {
    const socket: Socket = connect(Number(port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined);
    await once(socket, "connect");
    held += 1;
    socket.once("close", () => (held -= 1)).resume();
  };
  for (let opened = 0; opened < neighbours; opened += 100)
    await Promise.all(Array.from({ length: 100 }, idle));

  const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${endpoint.token}\r\nConnection: close\r\n\r\n`;
  const answer = await sendRaw({ host: "127.0.0.1", port: Number(port) }, request);
  expect(answer.status).toBe(200);
  await expect.poll(() => held).toBeLessThan(most);
});
