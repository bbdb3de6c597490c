import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { temporaryDirectory } from "../../support/temporary.ts";
import { startSdkClient } from "../support/sdk-client.ts";
import { allCells, type Cell } from "./cells.ts";
import { report, type Outcome, type Scenario } from "./results.ts";
import { startRig, type Rig } from "./rig.ts";

type Environment = NodeJS.ProcessEnv;

/** Java asks six times, JavaScript five, botocore three; all others once. */
const mostRequests = 6;

it("every client is refused without a right token or role, and asks no more than a few times", async () => {
  const rig = await startRig(allCells, 3600);
  const outcomes: Outcome[] = [];
  // One at a time for each door, since its requests are counted.
  const refuse = async (cell: Cell): Promise<void> => {
    for (const { scenario, env } of attemptsOf(cell, rig)) {
      const before = rig.requestsOf(cell);
      const answer = await startSdkClient(cell.client, env).whoami();
      const requests = rig.requestsOf(cell) - before;
      const problems = [
        ...("arn" in answer ? [`is ${answer.arn}`] : []),
        ...(requests < 1 || requests > mostRequests ? [`${requests} requests`] : []),
      ];
      outcomes.push({ cell, scenario, problems, requests });
    }
  };
  const waiting = [...allCells];
  const work = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) await refuse(cell);
  };
  await Promise.all([work(), work(), work()]);
  report("refusals", outcomes);
}, 300_000);

/** The environments in which a client must be refused. IMDS has tokens of its own and names no role. */
function attemptsOf(cell: Cell, rig: Rig): readonly { scenario: Scenario; env: Environment }[] {
  const env = rig.envOf(cell);
  switch (cell.shape) {
    case "container": {
      const right = rig.tokenOf("deploy");
      const wrong = ["wrong-token-EXAMPLE", right.slice(0, -1), right + right, rig.tokenOf("ci")];
      const uri = `${env["AWS_CONTAINER_CREDENTIALS_FULL_URI"]}/nobody`;
      return [
        ...wrong.map((token) => ({ scenario: "wrong token", env: withToken(env, token) }) as const),
        { scenario: "unknown role", env: { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: uri } },
      ];
    }
    case "process":
      return [{ scenario: "unknown role", env: withProcessOf("nobody", env) }];
    case "socket":
      return [{ scenario: "unknown role", env: { ...env, ROLE_AGENT_ROLE: "nobody" } }];
    case "imds":
      return [];
  }
}

/** By the variable that the client was given. */
function withToken(env: Environment, token: string): Environment {
  if (env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] === undefined)
    return { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
  return { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: newFile(token) };
}

function withProcessOf(role: string, env: Environment): Environment {
  const profile = readFileSync(env["AWS_CONFIG_FILE"] ?? "", "utf8");
  return { ...env, AWS_CONFIG_FILE: newFile(profile.replace("/credentials/deploy", `/credentials/${role}`)) };
}

function newFile(content: string): string {
  const file = join(temporaryDirectory(), "file");
  writeFileSync(file, content);
  return file;
}
