import { join } from "node:path";
import { onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../../support/agent-process.ts";
import { allFresh, twoRoles } from "../../support/endpoints.ts";
import { createRole, createWorld, type World } from "../../support/world.ts";
import { inside, type CommandLine, type Namespace } from "./namespace.ts";
import { relay } from "./relay.ts";

/** A world with the roles `deploy` and `ci`, whose agent and programs run in namespaces. */
export interface NamespaceWorld extends World {
  /** Starts the world's agent in a namespace; another command line may start it with fewer rights. */
  spawnAgentIn(namespace: Namespace, command?: CommandLine): Promise<AgentProcess>;
  /** The same, and waits until every role of its endpoints is there. */
  startAgentIn(namespace: Namespace): Promise<AgentProcess>;
  /** Lets programs in a namespace that has no agent of this world reach the sandbox by its own URL. */
  bringSandboxTo(namespace: Namespace): Promise<void>;
}

/** Its sandbox listens outside, on 127.0.0.1, and is reached over a socket file: no packet passes between namespaces. */
export async function createNamespaceWorld(endpoints: string): Promise<NamespaceWorld> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  world.configure(twoRoles + endpoints);
  world.env["AWS_REGION"] = world.sandbox.region;
  const socket = join(world.home, "sandbox.sock");
  const place = `127.0.0.1:${world.sandbox.port}`;
  await relay(world, socket, place);
  const bringSandboxTo = async (namespace: Namespace): Promise<void> =>
    relay(world, place, socket, namespace);
  const spawnAgentIn = async (namespace: Namespace, command = serveCommand): Promise<AgentProcess> => {
    await bringSandboxTo(namespace);
    const agent = new AgentProcess(world.env, world.socketPath, inside(namespace, command));
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    return agent.ready();
  };
  const startAgentIn = async (namespace: Namespace): Promise<AgentProcess> => {
    const agent = await spawnAgentIn(namespace);
    await allFresh(world);
    return agent;
  };
  return { ...world, bringSandboxTo, spawnAgentIn, startAgentIn };
}
