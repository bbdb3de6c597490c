import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { EndpointStatus } from "@role-agent/provider";
import { allFresh, endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { exchange } from "../support/raw-exchange.ts";
import { sendRaw, type RawPlace } from "../support/raw-http.ts";
import { framingTricks } from "../support/tricks/framing.ts";
import { headerTricks } from "../support/tricks/headers.ts";
import { pathTricks } from "../support/tricks/paths.ts";
import { tokenTricks } from "../support/tricks/tokens.ts";
import { otherRole, otherTarget, request, type Trick, type TrickDoor } from "../support/tricks/trick.ts";
import { createRole, createWorld, deployConfig, type World } from "../support/world.ts";

/** A door that a client of `deploy` attacks. */
type OpenDoor = TrickDoor & { readonly place: RawPlace };

const otherConfig = `
[roles.${otherRole}]
role_arn = "arn:aws:iam::444455556666:role/Zebra"
source_profile = "sandbox"
external_id = "team-core"
`;
const rolesOfInstances = "/latest/meta-data/iam/security-credentials";

let world: World;
let doors: Readonly<Record<"container" | "imds" | "socket", OpenDoor>>;
let otherInstance: OpenDoor;
let markers: readonly string[];

beforeEach(async () => {
  world = await createWorld();
  await createRole(world.sandbox, "Zebra");
  const socket = join(world.home, "shared", "app.sock");
  world.configure(
    deployConfig +
      otherConfig +
      endpoint("container", "127.0.0.1:0", "deploy", otherRole) +
      endpoint("imds", "127.0.0.1:0", "deploy") +
      endpoint("socket", socket, "deploy") +
      endpoint("imds", "127.0.0.1:0", otherRole),
  );
  await world.startAgent();
  const [container, imds, , otherImds] = await endpointsOf(world, 4);
  if (container === undefined || imds === undefined || otherImds === undefined)
    throw new Error("an endpoint is missing");
  await allFresh(world);
  const token = readFileSync(roleOf(container, "deploy").tokenFile, "utf8");
  const otherToken = readFileSync(roleOf(container, otherRole).tokenFile, "utf8");
  const common = { token, otherToken, tokenHeader: "Authorization", base: "/v1/credentials" };
  const at = (host: string): { host: string; place: RawPlace } => ({
    host,
    place: { host: "127.0.0.1", port: Number(host.split(":")[1]) },
  });
  const instance = async ({ address }: EndpointStatus, role: string): Promise<OpenDoor> => ({
    ...common,
    ...at(address),
    token: await imdsToken(address),
    tokenHeader: "X-aws-ec2-metadata-token",
    base: rolesOfInstances,
    own: `${rolesOfInstances}/${role}`,
  });
  doors = {
    container: { ...common, ...at(container.address), own: common.base },
    imds: await instance(imds, "deploy"),
    socket: { ...common, host: "localhost", place: socket, own: `${common.base}/deploy` },
  };
  otherInstance = await instance(otherImds, otherRole);
  const other = await world.client.credentials(otherRole);
  markers = [other.AccessKeyId, other.SecretAccessKey, other.SessionToken, otherToken, otherRole];
});

async function imdsToken(host: string): Promise<string> {
  const lines = [
    `PUT /latest/api/token HTTP/1.1`,
    `Host: ${host}`,
    "X-aws-ec2-metadata-token-ttl-seconds: 600",
  ];
  const [, port] = host.split(":");
  return (await sendRaw({ host: "127.0.0.1", port: Number(port) }, `${lines.join("\r\n")}\r\n\r\n`)).body;
}

/** What an answer tells of the other role. */
function leaked(answer: string): readonly string[] {
  const text = answer.toLowerCase();
  return markers.filter((marker) => text.includes(marker.toLowerCase()));
}

function allTricks(door: TrickDoor): readonly Trick[] {
  return [...pathTricks(door), ...headerTricks(door), ...tokenTricks(door), ...framingTricks(door)];
}

describe("T9: a client of one role gets no byte of another one, however it asks", () => {
  it.each(["container", "imds", "socket"] as const)(
    "by any of hundreds of tricks at the %s door",
    async (type) => {
      const door = doors[type];
      const tricks = allTricks(door);
      expect(new Set(tricks.map(([, parts]) => parts.join("\n"))).size).toBeGreaterThan(300);
      const leaks: { trick: string; leaked: readonly string[] }[] = [];
      for (const [trick, parts] of tricks) {
        const found = leaked(await exchange(door.place, parts));
        if (found.length > 0) leaks.push({ trick, leaked: found });
      }
      expect(leaks).toEqual([]);
      const own = await exchange(door.place, [request(door, door.own)]);
      expect(own).toContain((await world.client.credentials("deploy")).SecretAccessKey);
    },
  );

  it("at the door of another instance with the token of its own", async () => {
    const { token } = doors.imds;
    const targets = [otherInstance.own, `${rolesOfInstances}/`, rolesOfInstances, "/latest/meta-data/"];
    for (const target of targets) {
      const answer = await exchange(otherInstance.place, [request(otherInstance, target, [], { token })]);
      expect(answer).toMatch(/^HTTP\/1.1 401 /);
      expect(leaked(answer)).toEqual([]);
    }
  });

  it("and would be seen to get one", async () => {
    const { container } = doors;
    const good = { ...container, token: container.otherToken };
    const answers = [
      await exchange(container.place, [request(good, otherTarget(good))]),
      await exchange(otherInstance.place, [request(otherInstance, otherInstance.own)]),
    ];
    for (const answer of answers) expect(leaked(answer)).toEqual(expect.arrayContaining(markers.slice(0, 3)));
  });
});
