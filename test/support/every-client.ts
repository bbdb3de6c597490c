import { fromRoleAgent } from "@role-agent/provider";
import { heldCredentials } from "../../packages/provider/src/held-credentials.ts";
import { runWith } from "./keys.ts";
import { temporaryDirectory } from "./temporary.ts";

/** What becomes of one who asks at a socket: what it got, and what it was told. */
export interface ClientOutcome {
  readonly client: string;
  readonly got: string;
  readonly told: string;
}

/** Commands that ask an agent, with what each would send beside the role's name. */
const commands: readonly (readonly [line: string, stdin?: string])[] = [
  ["credentials deploy"],
  ["credentials deploy --format env"],
  ["env deploy"],
  ["exec deploy -- true"],
  ["refresh deploy"],
  ["roles"],
  ["status"],
  ["mfa deploy 123456"],
  ["lock", "passphrase\n"],
  ["unlock", "passphrase\n"],
  ["reload"],
  ["stop"],
];

/** Everything of ours that asks at an agent socket, once; of the commands only these. */
export async function askWithEveryClient(
  socketPath: string,
  ofCommands: readonly string[] = commands.map(([line]) => line),
): Promise<readonly ClientOutcome[]> {
  const env = {
    PATH: process.env["PATH"],
    HOME: temporaryDirectory(),
    ROLE_AGENT_SOCK: socketPath,
    ROLE_AGENT_AUTOSTART: "0",
  };
  const outcomes = [await providerOutcome(socketPath), await heldOutcome(env)];
  for (const [line, stdin = ""] of commands.filter(([each]) => ofCommands.includes(each))) {
    const { stdout, stderr } = await runWith(env, line.split(" "), { stdin });
    outcomes.push({ client: `role-agent ${line}`, got: stdout, told: stderr });
  }
  return outcomes;
}

async function providerOutcome(socketPath: string): Promise<ClientOutcome> {
  const client = "fromRoleAgent()";
  return fromRoleAgent({ role: "deploy", socketPath, timeoutMs: 2000 })().then(
    (identity) => ({ client, got: JSON.stringify(identity), told: "" }),
    (error: unknown) => ({ client, got: "", told: String(error) }),
  );
}

async function heldOutcome(env: NodeJS.ProcessEnv): Promise<ClientOutcome> {
  const document = await heldCredentials("deploy", env);
  const isThere = document !== undefined;
  // It says nothing: whoever called it asks again in the long way, and is told.
  return { client: "heldCredentials()", got: isThere ? JSON.stringify(document) : "", told: "" };
}
