import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { awsForContainers } from "./support/aws-for-containers.ts";
import { createProject, type CreatedProject } from "./support/compose-up.ts";
import { buildReader, examples, readCompose } from "./support/reader.ts";
import { runContainer, startContainer, untilHealthy, type RunningContainer } from "./support/runc.ts";

const uid = 1234;
const role = (name: string): RegExp => new RegExp(`arn:aws:sts::444455556666:assumed-role/${name}/`);

beforeAll(buildReader, 600_000);

/** A project that is up but for its clients. */
interface World {
  readonly project: CreatedProject;
  readonly agent: RunningContainer;
}

/** Starts these services of an example in turn, each when the one before is healthy; the last is the agent. */
async function up(way: string, ...services: readonly string[]): Promise<World> {
  const aws = await awsForContainers();
  const env = { ROLE_AGENT_USER: `${uid}:${uid}`, ROLE_AGENT_AWS: aws.directoryFor(uid) };
  const project = createProject(readCompose(join(examples, way, "compose.yaml"), env), aws);
  let agent: RunningContainer | undefined;
  for (const name of services) {
    agent = startContainer(project.plan(name));
    await untilHealthy(agent, project.healthCheck(name));
  }
  if (agent === undefined) throw new Error("there is no agent");
  return { project, agent };
}

/** What a shell prints in the place of a service's own command. */
async function shell({ project }: World, service: string, line: string): Promise<string> {
  return (await runContainer(project.plan(service, ["sh", "-c", `${line} 2>&1`]))).output;
}

describe("the compose file with a socket", () => {
  it("makes the app the role, by fromRoleAgent", async () => {
    const { project } = await up("socket", "agent");
    const app = startContainer(project.plan("app"));
    await expect.poll(app.output, { timeout: 20_000 }).toMatch(role("App"));
  });

  it("gives the app this role's credentials, and neither a list nor a command", async () => {
    const world = await up("socket", "agent");
    const ask = async (line: string): Promise<string> =>
      shell(world, "app", `curl -s -w ' %{http_code}' --unix-socket $ROLE_AGENT_SOCK ${line}`);
    expect(await ask("http://localhost/v1/credentials/app")).toMatch(/"AccessKeyId":"ASIA.* 200$/);
    expect(await ask("http://localhost/v1/roles")).toMatch(/ 404$/);
    expect(await ask("-X POST http://localhost/v1/stop")).toMatch(/ 40[45]$/);
    expect(await shell(world, "app", "ls /run /run/app")).not.toContain("role-agent/private");
  });

  it("ends at SIGTERM as the first process of its container", async () => {
    const { agent } = await up("socket", "agent");
    agent.signal("TERM");
    expect(await agent.exited).toBe(0);
    expect(agent.output()).toMatch(/ info stopped\n$/);
  });
});

describe("the compose file with link-local addresses", () => {
  it("makes each client its role: in the form of ECS, and in that of EKS", async () => {
    const { project } = await up("link-local", "agent");
    expect(await runContainer(project.plan("app"))).toEqual({
      output: expect.stringMatching(role("App")),
      code: 0,
    });
    expect(await runContainer(project.plan("report"))).toEqual({
      output: expect.stringMatching(role("Report")),
      code: 0,
    });
  });

  it("lets no client see the other's token, or reach the other's address", async () => {
    const world = await up("link-local", "agent");
    expect(await shell(world, "app", "find /run -type f")).toBe("/run/clients/app/role-agent/token\n");
    const ask =
      'curl -s -m 2 -w "%{http_code}" -H "Authorization: $(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)"';
    expect(await shell(world, "app", `${ask} http://169.254.170.2/v1/credentials/app`)).toMatch(
      /ASIA.*200$/s,
    );
    expect(await shell(world, "app", `${ask} http://169.254.170.2/v1/credentials/report`)).toMatch(/401$/);
    expect(await shell(world, "app", `${ask} http://169.254.170.23/v1/credentials`)).toBe("000");
  });
});

describe("the compose file with a shared network", () => {
  it("makes a client the role that has neither a variable nor a file of the agent's", async () => {
    const { project } = await up("shared-network", "network", "agent");
    expect(await runContainer(project.plan("app"))).toEqual({
      output: expect.stringMatching(role("App")),
      code: 0,
    });
  });

  it("keeps the network when the agent is started again", async () => {
    const { project, agent } = await up("shared-network", "network", "agent");
    agent.signal("KILL");
    await agent.exited;
    await untilHealthy(startContainer(project.plan("agent")), project.healthCheck("agent"));
    expect((await runContainer(project.plan("app"))).output).toMatch(role("App"));
  });
});
