import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "@role-agent/sandbox";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "../../../support/temporary.ts";
import { createRole } from "../../../support/world.ts";
import { createBridge, type Bridge } from "./networks.ts";

/** AWS, for containers: the sandbox, at an address of the network that all of them are in. */
export interface ContainerAws {
  readonly sandbox: Sandbox;
  /** The network that leads there. */
  readonly bridge: Bridge;
  readonly url: string;
  /** An address of that network that no container has yet, with its prefix length. */
  nextAddress(): string;
  /** A ~/.aws with the profile `base`, which may assume the roles of the examples, for a user. */
  directoryFor(uid: number): string;
}

/** Starts it, with the roles `App` and `Report`. */
export async function awsForContainers(): Promise<ContainerAws> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.stop());
  await createRole(sandbox, "App");
  await createRole(sandbox, "Report");
  const network = `10.${process.pid % 256}.${Math.floor(Math.random() * 256)}`;
  const bridge = createBridge(`${network}.1/24`);
  const url = await relay(`${network}.1`, Number(new URL(sandbox.url).port));
  let last = 1;
  return {
    sandbox,
    bridge,
    url,
    nextAddress: () => `${network}.${++last}/24`,
    directoryFor: (uid) => {
      const directory = join(temporaryDirectory(), ".aws");
      const [{ accessKeyId, secretAccessKey }] = sandbox.accounts;
      const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
      mkdirSync(directory, { mode: 0o700 });
      writeFileSync(join(directory, "config"), `[profile base]\n${keys}endpoint_url = ${url}\n`, {
        mode: 0o600,
      });
      for (const path of [directory, join(directory, "config")]) chownSync(path, uid, uid);
      return directory;
    },
  };
}

/** The sandbox listens on loopback, which a container has of its own. */
async function relay(host: string, port: number): Promise<string> {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream])
      socket.on("error", () => void [client, upstream].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the relay has no port");
  return `http://${host}:${address.port}`;
}
