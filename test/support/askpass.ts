import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Confirmation } from "@role-agent/provider";
import { createWorld, type World } from "./world.ts";
import { linesAt } from "./written.ts";

/** What a fake program of the desktop was run with. */
export interface ShownQuestion {
  readonly pid: number;
  readonly args: readonly string[];
  /** `SSH_ASKPASS_PROMPT` */
  readonly hint?: string;
}

/** A person at a desktop, whom programs of the agent ask. */
export interface Person {
  readonly program: string;
  /** How the person answers from now on: the exit code of the program, and what it prints; not at all at first. */
  answer(code: number, text?: string): void;
  /** Every question that was shown so far. */
  shown(): readonly ShownQuestion[];
  /** The same as soon as there are as many. */
  untilShown(count: number): Promise<readonly ShownQuestion[]>;
}

/** Puts a desktop into the environment of the world's next agent, with a program of this name that asks the person. */
export function personAtDesktop(world: World, name = "askpass"): Person {
  const directory = join(world.home, "desktop bin");
  const program = join(directory, name);
  const notes = join(directory, `${name}.notes`);
  const answer = join(directory, `${name}.answer`);
  mkdirSync(directory, { recursive: true });
  const script = `const { appendFileSync, existsSync, readFileSync } = require("node:fs");
    const { argv, env, pid } = process;
    const note = { pid, args: argv.slice(2), hint: env.SSH_ASKPASS_PROMPT };
    appendFileSync(${JSON.stringify(notes)}, JSON.stringify(note) + "\\n");
    setInterval(() => {
      if (!existsSync(${JSON.stringify(answer)})) return;
      const { code, text } = JSON.parse(readFileSync(${JSON.stringify(answer)}, "utf8"));
      process.stdout.write(text);
      process.exit(code);
    }, 20);`;
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  world.env["DISPLAY"] = ":99";
  const shown = (): readonly ShownQuestion[] => linesAt(notes).map((line): ShownQuestion => JSON.parse(line));
  return {
    program,
    answer: (code, text = "") => {
      writeFileSync(`${answer}.new`, JSON.stringify({ code, text }));
      renameSync(`${answer}.new`, answer);
    },
    shown,
    untilShown: async (count) => {
      while (shown().length < count) await sleep(10);
      return shown();
    },
  };
}

/** A role `deploy` that is given to confirmed programs alone, and a role `ci` that is given to all. */
export function confirmConfig(): string {
  const role = (name: string): string =>
    `[roles.${name}]\nrole_arn = "arn:aws:iam::444455556666:role/Deploy"\nsource_profile = "sandbox"\nexternal_id = "team-core"\n`;
  return `${role("deploy")}confirm = true\n${role("ci")}`;
}

/** A world with the roles of {@link confirmConfig}. */
export async function confirmWorld(): Promise<World> {
  const world = await createWorld();
  world.configure(confirmConfig());
  return world;
}

/** The question that is open, as soon as one is. */
export async function question({ client }: World): Promise<Confirmation> {
  for (;;) {
    const [open] = (await client.status()).confirmations;
    if (open !== undefined) return open;
    await sleep(10);
  }
}
