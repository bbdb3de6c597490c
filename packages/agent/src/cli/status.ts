import { setTimeout as sleep } from "node:timers/promises";
import type { AgentStatus, RoleStatus } from "@role-agent/provider";
import { agentClient, withAgent } from "./agent-access.ts";
import { agentOptions, exit, type Command } from "./command.ts";
import { clockNotice } from "../core/clock-watch.ts";
import { printable } from "../core/printable.ts";
import { lockPlanText } from "./lock-plan.ts";
import { table } from "./table.ts";

const watchPauseMs = 1000;

/** `role-agent status`: how the roles are doing. */
export const command: Command = {
  help: `usage: role-agent status [--json] [--watch] [--socket PATH] [--config FILE]

Sessions, time left, next renewal and last error of every role. --watch shows it again each second.

example: role-agent status --watch
`,
  options: { ...agentOptions, json: { type: "boolean" }, watch: { type: "boolean" } },
  operands: [],
  run: async (call) => {
    const isJson = call.options["json"] === true;
    const show = (status: AgentStatus): string =>
      isJson ? `${JSON.stringify(status)}\n` : statusText(status, Date.now());
    const first = await withAgent(call, (agent) => agent.status());
    process.stdout.write(show(first));
    const agent = agentClient(call);
    const clear = process.stdout.isTTY && !isJson ? "\u001B[H\u001B[2J" : "";
    while (call.options["watch"] === true) {
      await sleep(watchPauseMs);
      process.stdout.write(clear + show(await agent.status()));
    }
    return exit.done;
  },
};

/** The status for people, as of `now` (milliseconds since 1970). */
export function statusText(status: AgentStatus, now: number): string {
  const asked = status.roles.filter((role) => role.state !== "idle");
  const idle = status.roles.length - asked.length;
  const heading = `role-agent ${status.version}, pid ${status.pid}, since ${status.startedAt}\n${status.socket}\n`;
  const rows = asked.map((role) => [
    role.name,
    role.state,
    role.accessKeyId ?? "-",
    fromNow(role.expiration, now),
    fromNow(role.nextRenewal, now),
  ]);
  const roles =
    rows.length === 0 ? "" : `\n${table([["ROLE", "STATE", "KEY", "EXPIRES", "NEXT TRY"], ...rows])}`;
  const idleLine = idle === 0 ? "" : `\n${idle} ${idle === 1 ? "role was" : "roles were"} not asked for\n`;
  const notice = clockNotice(status.clockSkewSeconds ?? 0);
  const noticeLine = notice === undefined ? "" : `\n${notice}\n`;
  return `${heading}${lockText(status)}${roles}${asked.map(notesText).join("")}${idleLine}${endpointsText(status)}${cacheText(status)}${noticeLine}`;
}

function lockText({ lockedSince, lockWhenIdleSeconds, lockWithScreen }: AgentStatus): string {
  if (lockedSince !== null) return `\nlocked since ${lockedSince}\nhint: role-agent unlock\n`;
  const plan = lockPlanText(lockWhenIdleSeconds, lockWithScreen);
  return plan === undefined ? "" : `${plan}\n`;
}

function endpointsText({ endpoints }: AgentStatus): string {
  if (endpoints.length === 0) return "";
  const rows = endpoints.map(({ type, address, roles, lastError }) => [
    type,
    address,
    lastError === null ? "open" : "shut",
    roles.map(({ name }) => name).join(", "),
  ]);
  const errors = endpoints.map(({ address, lastError }) => errorText({ name: address, lastError }));
  return `\n${table([["ENDPOINT", "ADDRESS", "STATE", "ROLES"], ...rows])}${errors.join("")}`;
}

function cacheText({ sessionCache }: AgentStatus): string {
  return errorText({ name: "session cache", lastError: sessionCache?.lastError ?? null });
}

function notesText(role: RoleStatus): string {
  const scoped = role.scopedBy === undefined ? "" : `\n${printable(role.name)}: scoped by ${role.scopedBy}\n`;
  return scoped + errorText(role);
}

function errorText({ name, lastError }: Pick<RoleStatus, "name" | "lastError">): string {
  if (lastError === null) return "";
  const hint = lastError.hint === null ? "" : `hint: ${printable(lastError.hint)}\n`;
  return `\n${printable(name)}: ${lastError.code} at ${lastError.at}: ${printable(lastError.message)}\n${hint}`;
}

function fromNow(time: string | null, now: number): string {
  if (time === null) return "-";
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 100) return `in ${seconds} s`;
  return seconds < 6000 ? `in ${Math.round(seconds / 60)} min` : `in ${(seconds / 3600).toFixed(1)} h`;
}
