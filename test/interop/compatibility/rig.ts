import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { profileSections } from "../../../packages/agent/src/cli/profile-sections.ts";
import { ActivatedAgent } from "../../support/activated-agent.ts";
import type { AgentProcess } from "../../support/agent-process.ts";
import { allFresh, endpoint, twoRoles } from "../../support/endpoints.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { createRole, createWorld, type World } from "../../support/world.ts";
import { startSignedServices } from "../support/signed-services.ts";
import type { Quirk } from "../support/sdk-client.ts";
import type { Cell } from "./cells.ts";
import { freePorts } from "../../support/free-ports.ts";
import { logRequests, type ArrivedRequest, watchedAgent } from "./request-log.ts";

/** An agent that has a door of its own for each cell, so that the requests of each can be counted. */
export interface Rig {
  readonly world: World;
  readonly agent: AgentProcess;
  /** Has a service manager hold all doors, and start the agents; nobody else may serve at them. */
  readonly activate: () => Promise<ActivatedAgent>;
  /** Where the cell's client asks: a path, or an address with its port. */
  readonly doorOf: (cell: Cell) => string;
  /** What the documentation has the cell's client set. */
  readonly envOf: (cell: Cell) => NodeJS.ProcessEnv;
  /** How many requests have arrived at the cell's door. */
  readonly requestsOf: (cell: Cell) => number;
  /** The content of the token file of a role: `deploy`, which all doors serve, or `ci`, which none does. */
  readonly tokenOf: (role: string) => string;
}

/** Starts it with the role `deploy`, whose session is there already. */
export async function startRig(cells: readonly Cell[], sessionSeconds: number): Promise<Rig> {
  const world = await createWorld({ sessionSeconds });
  await createRole(world.sandbox, "Ci");
  const requests = logRequests(world);
  const doors = await doorsFor(cells, world);
  const [spare = 0] = await freePorts(1);
  const tables = cells.map((cell) => endpoint(doorType(cell), doors.get(cell) ?? "", "deploy"));
  world.configure(twoRoles + tables.join("") + endpoint("container", `127.0.0.1:${spare}`, "ci"));
  const agent = await world.startAgent(watchedAgent);
  await allFresh(world);
  const common = await commonEnvironment(world);
  const tokenFile = (role: string): string => join(world.socketPath, "..", "tokens", role);
  const { roles } = await world.client.roles();
  const home = temporaryDirectory();

  const envOf = (cell: Cell): NodeJS.ProcessEnv => {
    const door = doors.get(cell) ?? "";
    switch (cell.shape) {
      case "container":
        return {
          ...common,
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://${door}/v1/credentials`,
          ...(hasQuirk(cell, "no token file")
            ? { AWS_CONTAINER_AUTHORIZATION_TOKEN: readFileSync(tokenFile("deploy"), "utf8") }
            : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile("deploy") }),
        };
      case "imds":
        return {
          ...common,
          AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${door}${hasQuirk(cell, "slash after the endpoint") ? "/" : ""}`,
        };
      case "process": {
        const deploy = roles.filter(({ name }) => name === "deploy");
        const commands = { socketPath: door, curl: "/usr/bin/curl", roleAgent: "role-agent credentials" };
        const file = join(home, `config-of-${cells.indexOf(cell)}`);
        writeFileSync(
          file,
          profileSections(deploy, commands)
            .map(({ text }) => text)
            .join(""),
        );
        return { ...common, AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: file, AWS_PROFILE: "deploy" };
      }
      case "socket":
        return { ...common, ROLE_AGENT_SOCK: door, ROLE_AGENT_ROLE: "deploy" };
    }
  };

  return {
    world,
    agent,
    activate: async () => {
      const activated = await ActivatedAgent.start(
        world,
        [world.socketPath, ...doors.values()],
        watchedAgent,
      );
      await allFresh(world);
      return activated;
    },
    doorOf: (cell) => doors.get(cell) ?? "",
    envOf,
    requestsOf: (cell) => requests().filter((request) => isAt(doors.get(cell) ?? "", request)).length,
    tokenOf: (role) => readFileSync(tokenFile(role), "utf8"),
  };
}

/** A socket is listened on by another name in the directory of its path. */
function isAt(door: string, { address }: ArrivedRequest): boolean {
  return address.startsWith("/") ? dirname(address) === dirname(door) : address === door;
}

function hasQuirk({ client }: Cell, quirk: Quirk): boolean {
  return client.quirks?.includes(quirk) === true;
}

function doorType({ shape }: Cell): "container" | "imds" | "socket" {
  return shape === "process" ? "socket" : shape;
}

/** Addresses, and paths in a directory each: they stay the same when the agent starts again. */
async function doorsFor(cells: readonly Cell[], { home }: World): Promise<ReadonlyMap<Cell, string>> {
  const ports = await freePorts(cells.length);
  return new Map(
    cells.map((cell, index) => [
      cell,
      doorType(cell) === "socket" ? join(home, String(index), "agent.sock") : `127.0.0.1:${ports[index]}`,
    ]),
  );
}

/** Of a user who has never seen AWS: where it is, and nothing of who one is there. */
async function commonEnvironment({ sandbox }: World): Promise<NodeJS.ProcessEnv> {
  const home = temporaryDirectory();
  const services = await startSignedServices(sandbox);
  return {
    PATH: process.env["PATH"],
    HOME: home,
    AWS_CONFIG_FILE: join(home, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, "no-credentials"),
    AWS_REGION: sandbox.region,
    AWS_DEFAULT_REGION: sandbox.region,
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ENDPOINT_URL_STS: sandbox.url,
    AWS_ENDPOINT_URL_S3: services.url,
    AWS_ENDPOINT_URL_DYNAMODB: services.url,
  };
}
