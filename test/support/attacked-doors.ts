import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { AgentProcess } from "./agent-process.ts";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "./endpoints.ts";
import { sendRaw, type RawAnswer, type RawPlace } from "./raw-http.ts";
import { RunningCommand } from "./running-command.ts";
import { createRole, createWorld, type World } from "./world.ts";

/** A door, and the one request of a client that it answers. */
export interface AttackedDoor {
  readonly name: "container" | "imds" | "restricted socket" | "command" | "metrics" | "agent socket";
  readonly place: RawPlace;
  /** The value of `Host` that its clients send. */
  readonly host: string;
  readonly path: string;
  /** What its clients send beside `Host`: a token. */
  readonly headers: readonly string[];
}

/** Every door that there is, each for `deploy`, the container's for `ci`, too. */
export interface AttackedAgent {
  readonly world: World;
  readonly agent: AgentProcess;
  readonly doors: readonly AttackedDoor[];
  /** What no answer to an attacker may hold. */
  readonly secrets: readonly string[];
}

/** Starts an agent with these arguments and a door of each kind, and a command that has one of its own. */
export async function openDoors(...args: readonly string[]): Promise<AttackedAgent> {
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
  const agent = await world.startAgent(...args);
  const [container, imds, , metrics] = await endpointsOf(world, 4);
  if (container === undefined || imds === undefined || metrics === undefined)
    throw new Error("an endpoint is missing");
  await allFresh(world);
  const token = readFileSync(roleOf(container, "deploy").tokenFile, "utf8");
  const imdsToken = await imdsTokenOf(imds.address);
  const commandDoor = await startCommand(world);
  const { SecretAccessKey: deploy, SessionToken } = await world.client.credentials("deploy");
  const { SecretAccessKey: ci } = await world.client.credentials("ci");
  const credentials = "/v1/credentials";
  return {
    world,
    agent,
    secrets: [deploy, SessionToken, ci, token, imdsToken],
    doors: [
      {
        name: "container",
        ...at(container.address),
        path: credentials,
        headers: [`Authorization: ${token}`],
      },
      {
        name: "imds",
        ...at(imds.address),
        path: "/latest/meta-data/iam/security-credentials/deploy",
        headers: [`X-aws-ec2-metadata-token: ${imdsToken}`],
      },
      {
        name: "restricted socket",
        place: path,
        host: "localhost",
        path: `${credentials}/deploy`,
        headers: [],
      },
      commandDoor,
      { name: "metrics", ...at(metrics.address), path: "/metrics", headers: [] },
      {
        name: "agent socket",
        place: world.socketPath,
        host: "localhost",
        path: `${credentials}/deploy`,
        headers: [],
      },
    ],
  };
}

function at(host: string): { readonly host: string; readonly place: RawPlace } {
  return { host, place: { host: "127.0.0.1", port: Number(host.split(":")[1]) } };
}

async function imdsTokenOf(host: string): Promise<string> {
  const lines = [
    "PUT /latest/api/token HTTP/1.1",
    `Host: ${host}`,
    "X-aws-ec2-metadata-token-ttl-seconds: 60",
  ];
  return (await sendRaw(at(host).place, text(lines))).body;
}

async function startCommand({ env }: World): Promise<AttackedDoor> {
  const print =
    'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; echo "$AWS_CONTAINER_AUTHORIZATION_TOKEN"; exec sleep 60';
  const command = new RunningCommand(env, ["exec", "deploy", "--", "sh", "-c", print]);
  onTestFinished(async () => {
    command.signal("SIGTERM");
    await command.exited();
  });
  const { host, pathname: path } = new URL((await command.line()) ?? "");
  return { name: "command", ...at(host), path, headers: [`Authorization: ${await command.line()}`] };
}

/** Lines of a request, and its body, as HTTP text. */
export function text(lines: readonly string[], body = ""): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** What a client of the door sends, but for these changes. */
export function requestTo(
  { host, path, headers }: AttackedDoor,
  {
    own = [`Host: ${host}`],
    lines = [],
    target = path,
    method = "GET",
    body = "",
  }: {
    readonly own?: readonly string[];
    readonly lines?: readonly string[];
    readonly target?: string;
    readonly method?: string;
    readonly body?: string;
  } = {},
): string {
  return text([`${method} ${target} HTTP/1.1`, ...own, ...lines, ...headers], body);
}

/** An answer that brings no secret, and lets no page of another origin read it. */
export function expectNoGift(answer: RawAnswer, secrets: readonly string[]): void {
  for (const secret of secrets) expect(answer.head + answer.body).not.toContain(secret);
  expect(answer.head.toLowerCase()).not.toMatch(/^(?:access-control-|set-cookie|timing-allow-origin)/m);
}

/** Every door still serves its clients, from the same process. */
export async function expectAllServed({ world, agent, doors }: AttackedAgent): Promise<void> {
  for (const door of doors) {
    const { status, head } = await sendRaw(door.place, requestTo(door));
    expect({ door: door.name, status }).toEqual({ door: door.name, status: 200 });
    expect(head).toMatch(/^Cache-Control: no-store$/m);
    expect(head).toMatch(/^X-Content-Type-Options: nosniff$/m);
  }
  expect((await world.client.status()).pid).toBe(agent.pid);
}
