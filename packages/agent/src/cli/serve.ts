import { agentSocketPath, RoleAgentError } from "@role-agent/provider";
import type { Agent } from "../agent.ts";
import { Secret } from "../core/secret.ts";
import { meetPredecessor } from "../handover/predecessor.ts";
import { takeSecrets } from "../issuer/environment-secrets.ts";
import { closeMemory, refuseCores } from "../native/memory-protection.ts";
import { activationOf } from "../system/activation.ts";
import { createLog } from "../system/log.ts";
import { AlreadyServed } from "../system/socket.ts";
import { systemClock } from "../system/system-clock.ts";
import { unsafeSettings, type UnsafeSetting } from "../system/unsafe-settings.ts";
import { agentOptions, pathOption, type Command } from "./command.ts";
import { loadOptions } from "./load-options.ts";
import { logFile } from "./log-file.ts";
import { passphraseFromDescriptor, passphraseOptions } from "./passphrase.ts";

/** `role-agent serve`: the agent, in the foreground. */
export const command: Command = {
  help: `usage: role-agent serve [--socket PATH] [--config FILE] [--log FILE] [--passphrase-fd N]
                        [--background] [--unsafe-debug]

The agent, in the foreground: what a service manager or a container runs. SIGHUP reads the
configuration again, SIGTERM and SIGINT end it. The log goes to standard error, or to FILE, which
becomes FILE.1 at 10 MiB. The first line of descriptor N opens the encrypted key file. With
--background nobody waits for this very process: role-agent restart may put another in its place.

It does not start with NODE_DEBUG, nor with options of Node that open a debugger, run other code in
it or write down what it holds. --unsafe-debug, for those who work on role-agent, lets all of that be.

example: role-agent serve --config ./config.toml
`,
  options: {
    ...agentOptions,
    ...passphraseOptions,
    log: { type: "string" },
    background: { type: "boolean" },
    "unsafe-debug": { type: "boolean" },
  },
  operands: [],
  run: async (call) => {
    const unsafeDebug = call.options["unsafe-debug"] === true;
    const unsafe = unsafeSettings(call.env, process.execArgv);
    if (!unsafeDebug) refuseAny(unsafe);
    // Before there is anything to hide.
    if (!unsafeDebug) {
      closeMemory();
      refuseCores();
    }
    const socketPath = pathOption(call, "socket") ?? agentSocketPath(call.env);
    const activation = activationOf(call.env);
    const predecessor = await meetPredecessor(call.env);
    const passphrase =
      predecessor === undefined ? passphraseFromDescriptor(call) : predecessor.estate?.passphrase;
    const environmentSecrets = takeSecrets(Object.assign(call.env, predecessor?.estate?.environment));
    const logPath = pathOption(call, "log");
    const file = logPath === undefined ? undefined : logFile(logPath);
    const write = file?.write ?? ((line: string): void => void process.stderr.write(line));
    try {
      for (const { name, does } of unsafe) write(`role-agent: unsafe: ${name} ${does}\n`);
      const TheAgent = await loadAgent();
      const agent = new TheAgent({
        socketPath,
        clock: systemClock,
        // Only what goes to standard error can go to the journal.
        createLog: (level) => createLog(level, write, file === undefined ? call.env : {}),
        config: loadOptions(call, predecessor?.estate?.sessionPid),
        unsafeDebug,
        isInBackground: call.options["background"] === true,
        ...(predecessor && { predecessor }),
        ...(activation && { activation }),
        ...(passphrase !== undefined && { passphrase: new Secret(passphrase) }),
        environmentSecrets,
      });
      process.on("SIGTERM", () => agent.stop());
      process.on("SIGINT", () => agent.stop());
      // A broken file is logged by the agent, which goes on with the old one.
      process.on("SIGHUP", () => void agent.reload().catch(() => undefined));
      await agent.run();
    } catch (error) {
      await predecessor?.fail(error instanceof Error ? error.message : String(error));
      if (!(error instanceof AlreadyServed)) throw error;
      write(`role-agent: another agent already serves at ${socketPath}\n`);
    } finally {
      await file?.close();
    }
    return 0;
  },
};

function refuseAny([first]: readonly UnsafeSetting[]): void {
  if (first === undefined) return;
  const { name, does } = first;
  throw new RoleAgentError("InvalidConfiguration", `it does not start with ${name}, which ${does}`, {
    hint: "start it without; only who works on role-agent itself wants: role-agent serve --unsafe-debug",
  });
}

/** In parts: modules that are imported together are all open at once, where a process may have few files open. */
async function loadAgent(): Promise<typeof Agent> {
  await import("../config/load.ts");
  await import("../issuer/issuer.ts");
  await import("../doors/doors.ts");
  return (await import("../agent.ts")).Agent;
}
