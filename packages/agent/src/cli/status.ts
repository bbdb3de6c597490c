import { setTimeout as sleep } from "node:timers/promises";
import { RoleAgentError, type AgentClient, type AgentStatus, type RoleStatus } from "@role-agent/provider";
import { agentClient, withAgent } from "./agent-access.ts";
import { agentOptions, exit, type Command } from "./command.ts";
import { clockNotice } from "../core/clock-watch.ts";
import { printable } from "../core/printable.ts";
import { confirmationsText, firstQuestion } from "./confirmations-text.ts";
import { lockPlanText } from "./lock-plan.ts";
import { table } from "./table.ts";
import { isInteractive, listenToKeys } from "./terminal-keys.ts";

const watchPauseMs = 1000;
const clearScreen = "\u001B[H\u001B[2J";
const keysHint = "y: yes, n: no; to the first of them";

/** `role-agent status`: how the roles are doing. */
export const command: Command = {
  help: `usage: role-agent status [--json] [--watch] [--socket PATH] [--config FILE]

Sessions, time left, next renewal and last error of every role. --watch shows it again each second,
and on a terminal takes y or n for the oldest question of a role with confirm = true.

example: role-agent status --watch
`,
  options: { ...agentOptions, json: { type: "boolean" }, watch: { type: "boolean" } },
  operands: [],
  run: async (call) => {
    const isJson = call.options["json"] === true;
    const show = (status: AgentStatus, hint?: string): string =>
      isJson ? `${JSON.stringify(status)}\n` : statusText(status, Date.now(), hint);
    const first = await withAgent(call, (agent) => agent.status());
    const agent = agentClient(call);
    if (call.options["watch"] === true) await watch(agent, first, show, !isJson);
    else process.stdout.write(show(first));
    return exit.done;
  },
};

async function watch(
  agent: AgentClient,
  first: AgentStatus,
  show: (status: AgentStatus, hint?: string) => string,
  isForPeople: boolean,
): Promise<void> {
  const canAnswer = isForPeople && isInteractive();
  const clear = isForPeople && process.stdout.isTTY ? clearScreen : "";
  let status = first;
  let asked: string | undefined;
  const answer = async (allow: boolean): Promise<void> => {
    const id = asked;
    // A key is for the question that was shown, not for the next one.
    asked = undefined;
    if (id !== undefined) await agent.confirm(id, allow).catch(ignoreLate);
  };
  const stop = canAnswer
    ? listenToKeys((key) => {
        if (key === "y" || key === "n") void answer(key === "y");
      })
    : () => undefined;
  try {
    for (let isFirst = true; ; isFirst = false) {
      process.stdout.write((isFirst ? "" : clear) + show(status, canAnswer ? keysHint : undefined));
      asked = firstQuestion(status)?.id;
      await sleep(watchPauseMs);
      status = await agent.status();
    }
  } finally {
    stop();
  }
}

/** Somebody was quicker, or the client has gone: the next look at the status shows it. */
function ignoreLate(error: unknown): void {
  if (!(error instanceof RoleAgentError)) throw error;
}

/** The status for people, as of `now` (milliseconds since 1970). */
export function statusText(status: AgentStatus, now: number, hint?: string): string {
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
  return `${heading}${lockText(status)}${roles}${asked.map(notesText).join("")}${idleLine}${endpointsText(status)}${cacheText(status)}${noticeLine}${confirmationsText(status, now, hint)}`;
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
  // It waits for minutes, which whoever has mended what was wrong need not.
  const atOnce =
    role.state === "denied" ? `hint: role-agent refresh ${printable(role.name)} tries again at once\n` : "";
  return scoped + errorText(role) + atOnce;
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
