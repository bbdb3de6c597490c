import { spawn } from "node:child_process";
import { once } from "node:events";
import { roleAgentProgram } from "../../support/agent-process.ts";

/**
 * Runs `role-agent` on a terminal and gives each answer after its question, and not before it is there; what the terminal
 * shows.
 */
export async function onTerminal(
  env: NodeJS.ProcessEnv,
  command: string,
  answers: readonly (readonly [question: string, answer: string | Promise<string>])[],
): Promise<string> {
  const line = `'${process.execPath}' '${roleAgentProgram}' ${command}`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], { env });
  const left = [...answers];
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [next] = left;
    if (next === undefined || !screen.includes(next[0])) return;
    left.splice(0, 1);
    void Promise.resolve(next[1]).then((answer) => child.stdin.write(answer));
  });
  await once(child, "close");
  return screen;
}
