import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentProcess } from "../support/agent-process.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { sendRaw, type RawPlace } from "../support/raw-http.ts";
import { createRole, createWorld, type World } from "../support/world.ts";
import type { KnownDoor } from "./http-grammar.ts";

/** A door under fire, and what must never come out of it. */
export interface TargetDoor extends KnownDoor {
  readonly place: RawPlace;
  /** Of these, an answer may hold none. */
  readonly secrets: readonly string[];
  /** Of these, an answer may hold none but to a call with `token`; to any where there is no token. */
  readonly ownSecrets: readonly string[];
  readonly token?: string;
}

export const doorNames = ["agent", "container", "imds", "restricted", "metrics"] as const;

/**
 * One agent with a door of each kind: `deploy` may be had of them, `ci` of the agent socket alone.
 *
 * @param prepare - changes the home directory before the agent starts
 */
export async function openDoors(prepare: (home: string) => void = () => undefined): Promise<{
  world: World;
  agent: AgentProcess;
  doors: Readonly<Record<(typeof doorNames)[number], TargetDoor>>;
}> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  const path = join(world.home, "shared", "app.sock");
  world.configure(
    twoRoles +
      endpoint("container", "127.0.0.1:0", "deploy", "ci") +
      endpoint("imds", "127.0.0.1:0", "deploy") +
      endpoint("socket", path, "deploy") +
      '[[endpoints]]\ntype = "metrics"\nlisten = "127.0.0.1:0"\n',
  );
  prepare(world.home);
  // Its descriptors are counted.
  const agent = await world.startAgent("--unsafe-debug");
  const [container, imds, , metrics] = await endpointsOf(world, 4);
  if (container === undefined || imds === undefined || metrics === undefined)
    throw new Error("a door is missing");
  await allFresh(world);
  const { SecretAccessKey: deploy, Token: deployToken } = await world.client.credentials("deploy");
  const { SecretAccessKey: ci, Token: ciToken } = await world.client.credentials("ci");
  const tokenOf = (role: string): string => readFileSync(roleOf(container, role).tokenFile, "utf8");
  const [token, foreignToken] = [tokenOf("deploy"), tokenOf("ci")];
  const [{ secretAccessKey: sourceKey }] = world.sandbox.accounts;
  const half = foreignToken.slice(0, foreignToken.length / 2);
  const imdsToken = await takeImdsToken(imds.address);
  const credentials = (role: string): string => `/v1/credentials/${role}`;
  const metadata = "/latest/meta-data/iam/security-credentials";
  const never = [sourceKey, foreignToken];
  const ofCi = [...never, ci, ciToken];
  const ofDeploy = [deploy, deployToken];
  return {
    world,
    agent,
    doors: {
      agent: {
        place: world.socketPath,
        host: "localhost",
        targets: [
          credentials("deploy"),
          credentials("%64eploy"),
          credentials("deploy/refresh"),
          credentials("__proto__"),
          ...["status", "roles", "events", "reload", "mfa", "unlock", "stop", "lock", "confirm"].map(
            (name) => `/v1/${name}`,
          ),
          "/metrics",
          "/livez",
          "/readyz",
        ],
        tokens: ["Authorization: x"],
        secrets: never,
        ownSecrets: [],
      },
      container: {
        place: placeOf(container.address),
        host: container.address,
        targets: ["/v1/credentials", credentials("deploy"), credentials("ci"), "/v1/status"],
        tokens: [`Authorization: ${token}`, `Authorization: Bearer ${token}`, `Authorization: ${half}`],
        secrets: ofCi,
        ownSecrets: ofDeploy,
        token,
      },
      imds: {
        place: placeOf(imds.address),
        host: imds.address,
        targets: [
          "/latest/api/token",
          `${metadata}/deploy`,
          `${metadata}/ci`,
          `${metadata}/`,
          `/${metadata}/deploy`,
          "/latest/dynamic/instance-identity/document",
        ],
        tokens: [`X-aws-ec2-metadata-token: ${imdsToken}`, "X-aws-ec2-metadata-token-ttl-seconds: 60"],
        secrets: ofCi,
        ownSecrets: ofDeploy,
        token: imdsToken,
      },
      restricted: {
        place: path,
        host: "localhost",
        targets: [
          credentials("deploy"),
          credentials("ci"),
          credentials("deploy/refresh"),
          "/v1/roles",
          "/v1/stop",
          "/v1/mfa",
        ],
        tokens: ["Authorization: x"],
        secrets: ofCi,
        ownSecrets: [],
      },
      metrics: {
        place: placeOf(metrics.address),
        host: metrics.address,
        targets: ["/metrics", "/livez", "/readyz", credentials("deploy"), "/v1/status"],
        tokens: [`Authorization: ${token}`],
        secrets: [...ofCi, ...ofDeploy],
        ownSecrets: [],
      },
    },
  };
}

function placeOf(address: string): RawPlace {
  return { host: "127.0.0.1", port: Number(address.split(":")[1]) };
}

async function takeImdsToken(host: string): Promise<string> {
  const request = `PUT /latest/api/token HTTP/1.1\r\nHost: ${host}\r\nX-aws-ec2-metadata-token-ttl-seconds: 21600\r\n\r\n`;
  return (await sendRaw(placeOf(host), request)).body;
}
