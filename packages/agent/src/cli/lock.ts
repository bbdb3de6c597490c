import { durationForm, durationMs, durationPattern } from "../config/duration.ts";
import { agentClient } from "./agent-access.ts";
import { exit, textOption, UsageError, type Command, type CommandCall } from "./command.ts";
import { lockPlanText } from "./lock-plan.ts";
import { newLockPassphrase, notAnArgument } from "./lock-passphrase.ts";

/** `role-agent lock`: no credentials for anybody until `role-agent unlock`. */
export const command: Command = {
  help: `usage: role-agent lock [--when-idle TIME] [--with-screen] [--same-passphrase] [--socket PATH]

Locks the agent with a passphrase, as ssh-add -x does: it drops all sessions, renews nothing, and answers
every client "locked" until role-agent unlock is given the same passphrase. The passphrase is asked for
twice, or read from the first line of standard input. Keys that a client has already stay valid to their end.

Later instead of now: --when-idle whenever no client has asked for credentials for so long, such as 30m or
4h; --with-screen whenever the desktop's screen is locked (GNOME, KDE and their like, through D-Bus).
--same-passphrase asks nothing, and locks with the passphrase of the last time: for screen lockers.

example: role-agent lock --when-idle 4h
`,
  options: {
    socket: { type: "string" },
    "when-idle": { type: "string" },
    "with-screen": { type: "boolean" },
    "same-passphrase": { type: "boolean" },
  },
  operands: [],
  extraArgument: notAnArgument,
  run: async (call) => {
    const agent = agentClient(call);
    const whenIdleSeconds = idleSeconds(call);
    const withScreen = call.options["with-screen"] === true ? true : undefined;
    const plan = lockPlanText(whenIdleSeconds ?? null, withScreen === true);
    const isSame = call.options["same-passphrase"] === true;
    if (isSame && plan !== undefined)
      throw new UsageError("--same-passphrase is for now: without --when-idle and --with-screen");
    await agent.lock(isSame ? undefined : await newLockPassphrase(), { whenIdleSeconds, withScreen });
    process.stdout.write(`${plan ?? "locked"}\n`);
    return exit.done;
  },
};

function idleSeconds(call: CommandCall): number | undefined {
  const time = textOption(call, "when-idle");
  if (time === undefined) return undefined;
  if (durationPattern.test(time)) return durationMs(time) / 1000;
  throw new UsageError(`--when-idle ${durationForm}`);
}
