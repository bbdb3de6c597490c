import { text } from "node:stream/consumers";
import { RoleAgentError } from "@role-agent/provider";
import type * as v from "valibot";
import { keyNameProblem } from "../config/limits.ts";
import { loadConfig } from "../config/load.ts";
import { runErrand } from "../issuer/errand.ts";
import {
  interactiveDeadlineMs,
  kept,
  keyErrandModule,
  keyList,
  wasThere,
  type AccessKey,
  type KeyTask,
} from "../issuer/key-errand.ts";
import { ask, askSecret, hasTerminal } from "../system/prompt.ts";
import { agentClient } from "./agent-access.ts";
import { agentOptions, exit, UsageError, type Command, type CommandCall } from "./command.ts";
import { commandPassphrase } from "./key-file-passphrase.ts";
import { parseAccessKey } from "./key-input.ts";
import { loadOptions } from "./load-options.ts";
import { passphraseOptions } from "./passphrase.ts";
import { table } from "./table.ts";

const actions: Readonly<Record<string, (call: CommandCall) => Promise<void>>> = { add, list, remove };

/** `role-agent keys`: long-term access keys, for `source_key`. */
export const command: Command = {
  help: `usage: role-agent keys add NAME | list | remove NAME
                       [--json] [--passphrase-fd N] [--socket PATH] [--config FILE]

Long-term access keys, which roles name as source_key: in the OS keychain, or with key_store = "file"
in the encrypted file. add asks for the key, or reads it from standard input: the access key id and the
secret on two lines, or the JSON that the AWS CLI prints. list shows names and access key ids.
The first line of descriptor N is the passphrase of the file; else it is asked for.

example: aws iam create-access-key | role-agent keys add alice
`,
  options: { ...agentOptions, ...passphraseOptions, json: { type: "boolean" } },
  operands: ["ACTION", "NAME?"],
  extraArgument: "secrets are no arguments, which every process can see: give them on standard input",
  run: async (call) => {
    const [name = "", key] = call.operands;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined) throw new UsageError("ACTION is add, list or remove");
    if ((action === list) !== (key === undefined))
      throw new UsageError(action === list ? "list takes no NAME" : "NAME is missing");
    const problem = key === undefined ? undefined : keyNameProblem(key);
    if (problem !== undefined) throw new UsageError(`NAME ${problem}`);
    await action(call);
    return exit.done;
  },
};

async function add(call: CommandCall): Promise<void> {
  const name = call.operands[1] ?? "";
  // Before the key: a descriptor may be standard input, whose first line is the passphrase then.
  const run = await keyRunner(call);
  const key = await newKey();
  await run({ type: "add", name, key }, kept);
  process.stdout.write(`${name}: key ${key.accessKeyId} is kept\n`);
  await wakeAgent(call);
}

async function list(call: CommandCall): Promise<void> {
  const keys = await (await keyRunner(call))({ type: "list" }, keyList);
  if (call.options["json"] === true) process.stdout.write(`${JSON.stringify({ keys })}\n`);
  else {
    const rows = keys.map(({ name, accessKeyId }) => [name, accessKeyId ?? "(not readable)"]);
    process.stdout.write(table([["NAME", "KEY"], ...rows]));
  }
}

async function remove(call: CommandCall): Promise<void> {
  const name = call.operands[1] ?? "";
  const run = await keyRunner(call);
  if (!(await run({ type: "remove", name }, wasThere))) {
    throw new RoleAgentError("InvalidConfiguration", `there is no key "${name}"`, {
      hint: "role-agent keys list",
    });
  }
  process.stdout.write(`${name}: removed\n`);
  await wakeAgent(call);
}

type KeyRunner = <Output>(task: KeyTask, answer: v.GenericSchema<unknown, Output>) => Promise<Output>;

/** Does tasks in the store that config.toml names. */
async function keyRunner(call: CommandCall): Promise<KeyRunner> {
  const { keyStore: store } = loadConfig(loadOptions(call)).agent;
  const passphrase = store === "file" ? await commandPassphrase(call) : undefined;
  return (task, answer) =>
    runErrand({
      module: keyErrandModule,
      job: { store, ...(passphrase !== undefined && { passphrase }), task },
      answer,
      env: call.env,
      deadlineMs: interactiveDeadlineMs,
      overdue: () =>
        new RoleAgentError("KeychainUnavailable", `no answer in ${interactiveDeadlineMs / 1000} s`, {
          hint: "does a prompt on the screen wait for the keychain's password?",
        }),
    });
}

async function newKey(): Promise<AccessKey> {
  if (!hasTerminal()) return parseAccessKey(await text(process.stdin));
  return parseAccessKey(`${await ask("access key id: ")}\n${await askSecret("secret access key: ")}\n`);
}

/** Roles that wait for the key are tried again at once. */
async function wakeAgent(call: CommandCall): Promise<void> {
  try {
    await agentClient(call).reload();
  } catch (error) {
    if (!(error instanceof RoleAgentError && error.tryNextLink)) throw error;
  }
}
