import { lstatSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../../config/config.ts";
import { configPath, loadConfig, type LoadOptions } from "../../config/load.ts";
import { shellWord } from "../../core/shell-word.ts";
import { finding, type Finding } from "./finding.ts";

/** Of the finding that says whether there is a configuration to go by. */
export const subject = "config";

/** Whether the configuration can be read and is right. Its file and those it names have to be the user's own. */
export function configFindings(options: LoadOptions): readonly Finding[] {
  const path = options.configPath ?? configPath(options.env, options.home);
  try {
    const { roles, warnings } = loadConfig(options);
    const isThere = attempt(() => statSync(path)) !== undefined;
    const count = `${roles.size} ${roles.size === 1 ? "role" : "roles"}`;
    const message = `${path}: ${isThere ? "" : "there is none, so that AWS profiles are all: "}${count}`;
    return [
      finding("ok", subject, message),
      ...warnings.map((warning) => finding("note", subject, warning)),
      ...(isThere ? openDirectory(path) : []),
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [finding("wrong", subject, error.message)];
  }
}

/** Whoever can write to the directory can take the file away, and with it every role. */
function openDirectory(path: string): readonly Finding[] {
  const directory = dirname(path);
  const stats = attempt(() => statSync(directory));
  if (stats === undefined || !isWritableByOthers(stats)) return [];
  const message = `${directory} can be written by others than its owner`;
  return [finding("wrong", "config directory", message, `chmod go-w ${shellWord(directory)}`)];
}

/** Whether the agent socket is for its user alone, as the agent has made it. */
export function socketFindings(path: string): readonly Finding[] {
  if (process.platform === "win32") return [];
  const places = [
    [dirname(path), "700"],
    [path, "600"],
  ] as const;
  const open = places.filter(([place]) => ((attempt(() => lstatSync(place))?.mode ?? 0) & 0o077) !== 0);
  if (open.length === 0) return [finding("ok", "socket", `${path}: for its user alone`)];
  return open.map(([place, mode]) =>
    finding("wrong", "socket", `${place} is open to others`, `chmod ${mode} ${shellWord(place)}`),
  );
}

function isWritableByOthers({ mode }: Stats): boolean {
  return process.platform !== "win32" && (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
}

function attempt<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
