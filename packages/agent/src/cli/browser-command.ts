import { delimiter } from "node:path";
import { splitCommand } from "../core/split-command.ts";

const platformCommands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["open"],
  // `start` is a word of the shell; this is what it ends in.
  win32: ["rundll32.exe", "url.dll,FileProtocolHandler"],
};

/**
 * The words of the command that shows a page, `%s` for its address: the first of `BROWSER`, else what the platform
 * opens pages with.
 */
export function browserCommand(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  const [first = ""] = (env["BROWSER"] ?? "").split(delimiter);
  // Some write an & at its end; nothing is waited for anyway.
  const named = splitCommand(first.replace(/&\s*$/, "")) ?? [];
  const words = named.length > 0 ? named : (platformCommands[platform] ?? ["xdg-open"]);
  return words.some((word) => word.includes("%s")) ? words : [...words, "%s"];
}
