import { homedir, hostname, userInfo } from "node:os";
import type { LoadOptions } from "../config/load.ts";
import { textOption, type CommandCall } from "./command.ts";

/** Where a command finds the configuration: `--config`, the environment, the person's home. */
export function loadOptions(call: CommandCall): LoadOptions {
  const configPath = textOption(call, "config");
  return {
    ...(configPath === undefined ? {} : { configPath }),
    env: call.env,
    home: call.env["HOME"] ?? homedir(),
    identity: { user: userInfo().username, host: hostname(), pid: process.pid },
    uid: process.geteuid?.() ?? 0,
  };
}
