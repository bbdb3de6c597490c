import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { RoleAgentError } from "@role-agent/provider/errors";
import { exit, type Command } from "./command.ts";

/** `role-agent sandbox`: runs `role-agent-sandbox` where that package is installed. */
export const command: Command = {
  help: "",
  options: {},
  isPassedOn: true,
  operands: [],
  run: async ({ operands, env }) => {
    const child = spawn(process.execPath, [sandboxProgram(), ...operands], { stdio: "inherit", env });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on("SIGTERM", forward);
    // The terminal sends this one to the whole group; the child decides when to end.
    process.on("SIGINT", () => undefined);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        resolve(code ?? (signal === null ? exit.failed : 128 + constants.signals[signal]));
      });
    });
  },
};

function sandboxProgram(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("@role-agent/sandbox/package.json");
    return join(dirname(manifest), "bin", "role-agent-sandbox.js");
  } catch (error) {
    throw new RoleAgentError("InvalidConfiguration", "the package @role-agent/sandbox is not installed", {
      hint: "npm install --save-dev @role-agent/sandbox",
      cause: error,
    });
  }
}
