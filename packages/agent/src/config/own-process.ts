import { parentOf, type Role } from "../core/role.ts";
import { splitCommand } from "../core/split-command.ts";
import type { AwsProfile } from "./aws-profiles.ts";
import { cycleText, findCycles } from "./cycles.ts";

/**
 * Makes roles invalid that would wait for themselves: a `credential_process` on their way asks this agent for them, by
 * the line with curl that `role-agent roles --profiles` prints.
 */
export function refuseOwnProcesses(
  roles: Map<string, Role>,
  profiles: ReadonlyMap<string, AwsProfile>,
  socketPath: string,
): void {
  const next = (name: string): string | undefined => {
    const role = roles.get(name);
    if (role === undefined) return undefined;
    return parentOf(role) ?? roleAskedFor(commandOf(role, profiles), socketPath);
  };
  for (const cycle of findCycles(roles.keys(), next)) {
    for (const name of cycle) {
      const definedIn = roles.get(name)?.definedIn ?? "";
      const problem = `is its own source: a credential_process asks this agent for it: ${cycleText(cycle)}`;
      const hint = "give it another source, or remove the profile with this credential_process";
      roles.set(name, { name, definedIn, type: "invalid", problem, hint });
    }
  }
}

/** The program that brings a role's credentials, where one does. Static keys come before it. */
function commandOf(role: Role, profiles: ReadonlyMap<string, AwsProfile>): string | undefined {
  if (role.type === "process") return role.command;
  const profile = profiles.get(profileOf(role) ?? "");
  return profile === undefined || profile.hasStaticKeys ? undefined : profile.settings.credential_process;
}

function profileOf(role: Role): string | undefined {
  if (role.type === "profile") return role.profile;
  return "source" in role && role.source.type === "profile" ? role.source.profile : undefined;
}

function roleAskedFor(command: string | undefined, socketPath: string): string | undefined {
  const words = command === undefined ? undefined : splitCommand(command);
  if (words?.[words.indexOf("--unix-socket") + 1] !== socketPath) return undefined;
  const name = words
    .map((word) => /^http:\/\/[^/]+\/v1\/credentials\/([^/?]+)$/.exec(word)?.[1])
    .find(Boolean);
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
