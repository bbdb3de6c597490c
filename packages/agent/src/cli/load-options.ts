import { hostname } from "node:os";
import { agentSocketPath, homeDirectory } from "@role-agent/provider";
import type { LoadOptions } from "../config/load.ts";
import { userName } from "../system/user-name.ts";
import { pathOption, type CommandCall } from "./command.ts";

/**
 * Where a command finds the configuration: `--config`, the environment, the person's home.
 *
 * @param pid - what `{pid}` stands for in session names
 */
export function loadOptions(call: CommandCall, pid: number = process.pid): LoadOptions {
  const configPath = pathOption(call, "config");
  const home = homeDirectory(call.env);
  return {
    ...(configPath === undefined ? {} : { configPath }),
    // The issuer looks for the AWS files where the agent does.
    env: { ...call.env, HOME: home },
    home,
    identity: { user: userName(call.env), host: hostname(), pid },
    socketPath: pathOption(call, "socket") ?? agentSocketPath(call.env),
    uid: process.geteuid?.() ?? 0,
  };
}
