import type { AgentStatus, RoleList, RoleStatus } from "@role-agent/provider";
import { clockNotice } from "../../core/clock-watch.ts";
import { finding, type Finding } from "./finding.ts";

/** What an agent tells of itself, as findings; of its roles all but those that nobody asked for. */
export function agentFindings(status: AgentStatus): readonly Finding[] {
  const { version, pid, startedAt, lockedSince, endpoints, hardening = [] } = status;
  return [
    finding("ok", "agent", `version ${version}, pid ${pid}, since ${startedAt}`),
    ...(lockedSince === null
      ? []
      : [finding("note", "agent", `locked since ${lockedSince}`, "role-agent unlock")]),
    clockFinding(status),
    ...endpoints.map(({ type, address, lastError }) =>
      lastError === null
        ? finding("ok", `endpoint ${address}`, `${type}, open`)
        : finding("wrong", `endpoint ${address}`, `${type}: ${lastError.message}`, lastError.hint),
    ),
    ...cacheFindings(status),
    ...hardening.map(({ name, active, why }) =>
      active
        ? finding("ok", `hardening ${name}`, "in force")
        : finding("note", `hardening ${name}`, `not in force: ${why}`),
    ),
  ];
}

/** An agent of an older version says nothing of it. */
function cacheFindings({ sessionCache }: AgentStatus): readonly Finding[] {
  if (!sessionCache) return [];
  const { path, lastError } = sessionCache;
  return lastError === null
    ? [finding("ok", "session cache", path)]
    : [finding("note", "session cache", `not in use: ${lastError.message}`, lastError.hint)];
}

function clockFinding({ clockSkewSeconds }: AgentStatus): Finding {
  if (clockSkewSeconds === null)
    return finding("ok", "clock", "not compared with AWS's before the first session");
  const notice = clockNotice(clockSkewSeconds);
  const off = Math.abs(clockSkewSeconds);
  return notice === undefined
    ? finding("ok", "clock", `within ${off} s of AWS's`)
    : finding("wrong", "clock", notice, "have the system set it: timedatectl set-ntp true");
}

/** How the roles are doing, and what is to be done. */
export function roleFindings({ roles }: AgentStatus, list: RoleList): readonly Finding[] {
  const problems = new Map(list.roles.map(({ name, problem }) => [name, problem]));
  const asked = roles.filter(({ state }) => state !== "idle");
  const idle = roles.filter(({ state }) => state === "idle");
  const unusable = idle.filter(({ name }) => (problems.get(name) ?? null) !== null);
  const fine = idle.length - unusable.length;
  return [
    ...asked.map(roleFinding),
    // Not asked for, a profile that nobody can use harms nobody.
    ...unusable.map(({ name }) => finding("note", `role ${name}`, problems.get(name) ?? "")),
    ...(fine === 0 ? [] : [finding("ok", "roles", `${fine} not asked for yet`)]),
  ];
}

function roleFinding({ name, state, expiration, lastError }: RoleStatus): Finding {
  const subject = `role ${name}`;
  const until = expiration === null ? "" : `, valid until ${expiration}`;
  if (lastError === null) return finding("ok", subject, `${state}${until}`);
  const { code, message, hint } = lastError;
  return finding("wrong", subject, `${state}${until}: ${code}: ${message}`, hint);
}
