import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { agentSocketPath, type RoleSummary } from "@role-agent/provider";
import { credentialsPath } from "@role-agent/provider/protocol";
import { shellWord } from "../core/shell-word.ts";

/** What the lines of a profile are made of. */
export interface ProfileCommands {
  readonly socketPath: string;
  /** Absolute path of curl; `undefined` where there is none. */
  readonly curl: string | undefined;
  /** How role-agent is called, as one word of a command line or more. */
  readonly roleAgent: string;
}

/** A `[profile NAME]` for `~/.aws/config`. */
export interface ProfileSection {
  readonly name: string;
  readonly text: string;
}

/** Over the seconds without an agent when one was killed and starts again; where none was, curl fails at once. */
const retry = "--retry 3 --retry-delay 1 --retry-connrefused --retry-max-time 5";

/** What can't stand in a section's name. */
const hasNoSection = /["'\]\\\p{Cc}]/u;

/** Keeps the profile of a profile's role apart from the profile itself. */
const prefix = "agent-";

/**
 * A profile for each role that works, with a `credential_process` that costs what curl costs. A role of config.toml
 * gives the profile its name; the role of an AWS profile gives it the name `agent-NAME`.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export function profileSections(
  roles: readonly RoleSummary[],
  commands: ProfileCommands,
): readonly ProfileSection[] {
  return roles.flatMap((role) => {
    const isOfConfig = role.definedIn.startsWith("config.toml");
    const isOurs = !isOfConfig && role.name.startsWith(prefix);
    return role.problem !== null || isOurs || hasNoSection.test(role.name)
      ? []
      : [section(role, isOfConfig, commands)];
  });
}

/** How this machine's commands are called: absolute paths, since programs look for them in PATHs of their own. */
export function profileCommands(socketPath: string, env: NodeJS.ProcessEnv): ProfileCommands {
  const isDefault = socketPath === agentSocketPath({ ...env, ROLE_AGENT_SOCK: undefined });
  const option = isDefault ? "" : ` --socket ${shellWord(socketPath)}`;
  // Where Node was started by hand, too, the launcher lies beside the program.
  const program = process.argv[1]?.replace(/(?<=\/bin\/role-agent)\.js$/, "") ?? "role-agent";
  const roleAgent = `${shellWord(program)} credentials${option}`;
  return { socketPath, curl: findProgram("curl", env), roleAgent };
}

function section(
  { name, region }: RoleSummary,
  isOfConfig: boolean,
  { socketPath, curl, roleAgent }: ProfileCommands,
): ProfileSection {
  const profile = isOfConfig ? name : `${prefix}${name}`;
  const own = `credential_process = ${roleAgent} ${shellWord(name)}`;
  const url = shellWord(`http://localhost${credentialsPath(name)}`);
  const lines = [
    `[profile ${/\s/.test(profile) ? `"${profile}"` : profile}]`,
    ...(curl === undefined
      ? [own]
      : [
          `credential_process = ${shellWord(curl)} -sSf ${retry} --unix-socket ${shellWord(socketPath)} ${url}`,
          "# slower by half, but it starts the agent and says what to do about an error:",
          `# ${own}`,
        ]),
    ...(region === null ? [] : [`region = ${region}`]),
  ];
  return { name: profile, text: `${lines.join("\n")}\n` };
}

function findProgram(name: string, { PATH: path = "" }: NodeJS.ProcessEnv): string | undefined {
  return path
    .split(delimiter)
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
