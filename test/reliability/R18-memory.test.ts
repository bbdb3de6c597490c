import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { allFresh, endpoint, endpointsOf } from "../support/endpoints.ts";
import { startMeasuredAgent } from "../support/measured-agent.ts";
import { createWorld, deployConfig } from "../support/world.ts";

const mostGrownBytes = 400_000;
const requests = 6000;
const renewals = 300;

interface Place {
  readonly host: string;
  readonly port: string;
}

/** Asks an IMDS endpoint over connections that are kept. */
function imdsClient({
  host,
  port,
}: Place): (path: string, method: string, headers: Record<string, string>) => Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  onTestFinished(() => agent.destroy());
  return async (path, method, headers) =>
    new Promise((resolve, reject) => {
      const call = request({ host, port, path, method, headers, agent }, (response) => {
        void text(response).then(resolve, reject);
      });
      call.on("error", reject).end();
    });
}

async function times(count: number, action: () => Promise<unknown>): Promise<void> {
  for (let left = count; left > 0; left -= 20)
    await Promise.all(Array.from({ length: Math.min(20, left) }, action));
}

/** The hour of 200 roles is test/soak/one-hour.test.ts. */
describe("R18: what clients ask for, and sessions that have successors, cost no memory for longer than the answer", () => {
  it(`${requests} tokens of IMDS, none of which ends another, and as many answers`, async () => {
    const world = await createWorld();
    world.configure(deployConfig + endpoint("imds", "127.0.0.1:0", "deploy"));
    const { heapBytes } = await startMeasuredAgent(world);
    await allFresh(world);
    const [door] = await endpointsOf(world, 1);
    const [host = "", port = ""] = door?.address.split(":") ?? [];
    const ask = imdsClient({ host, port });
    const token = (): Promise<string> =>
      ask("/latest/api/token", "PUT", { "x-aws-ec2-metadata-token-ttl-seconds": "21600" });
    const first = await token();
    const credentials = (): Promise<string> =>
      ask("/latest/meta-data/iam/security-credentials/deploy", "GET", { "x-aws-ec2-metadata-token": first });

    await times(requests / 4, token);
    await times(requests / 4, credentials);
    const before = await heapBytes();
    await times(requests, token);
    await times(requests, credentials);
    expect((await heapBytes()) - before).toBeLessThan(mostGrownBytes);
    expect(await credentials()).toContain("AccessKeyId");
  });

  it(`${renewals} renewals of a session`, async () => {
    const world = await createWorld();
    const { heapBytes } = await startMeasuredAgent(world);
    const renew = (): Promise<unknown> => world.client.refresh("deploy");
    for (let count = 0; count < renewals / 3; count += 1) await renew();
    const before = await heapBytes();
    for (let count = 0; count < renewals; count += 1) await renew();
    expect((await heapBytes()) - before).toBeLessThan(mostGrownBytes);
  });
});
