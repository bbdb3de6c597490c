import { loadConfig } from "../config/load.ts";
import { printable } from "../core/printable.ts";
import { signInName } from "../core/sign-in-command.ts";
import { utcSeconds } from "../core/session.ts";
import { runErrand } from "../issuer/errand.ts";
import { loginAnswer, type LoginJob } from "../issuer/login-errand.ts";
import { browserCommand } from "./browser-command.ts";
import { agentOptions, exit, type Command, type CommandCall } from "./command.ts";
import { loadOptions } from "./load-options.ts";
import { findSignIn } from "./find-sign-in.ts";
import { retryWaitingRoles } from "./retry-waiting-roles.ts";

/** How long a person may take, as with the AWS CLI. */
const waitMs = 600_000;
/** What the child may take beyond that to say so. */
const graceMs = 15_000;

/** `role-agent login`: signs a person in. */
export const command: Command = {
  help: `usage: role-agent login [SSO_SESSION] [--device] [--no-browser] [--socket PATH] [--config FILE]

Signs in to IAM Identity Center in the browser, once for every role of that sso-session; the AWS CLI
and every SDK use the sign-in, too. SSO_SESSION may be left out where there is only one; for a role
without an sso-session it is the start URL or the name of the role. --device shows a code for the
browser of another machine, --no-browser only prints the address.

example: role-agent login corp
`,
  options: { ...agentOptions, device: { type: "boolean" }, "no-browser": { type: "boolean" } },
  operands: ["SSO_SESSION?"],
  run: async (call) => {
    const [operand] = call.operands;
    const signIn = findSignIn(loadConfig(loadOptions(call)), operand);
    const { expiresAt } = await runErrand({
      module: new URL("../issuer/child/login.js", import.meta.url),
      job: { signIn, flow: flowOf(call, signIn), waitMs, ...browserOf(call) } satisfies LoginJob,
      answer: loginAnswer,
      env: call.env,
      deadlineMs: waitMs + graceMs,
    });
    process.stdout.write(
      `${printable(signInName(signIn))}: signed in; the token is valid until ${utcSeconds(expiresAt)}\n`,
    );
    await retryWaitingRoles(call, signIn);
    return exit.done;
  },
};

/** The older form of sign-in has no code for this machine, with the AWS CLI, either. */
function flowOf(call: CommandCall, { sessionName }: LoginJob["signIn"]): LoginJob["flow"] {
  return call.options["device"] === true || sessionName === undefined ? "device-code" : "authorization-code";
}

function browserOf(call: CommandCall): Pick<LoginJob, "browser"> {
  const { env, options } = call;
  if (options["no-browser"] === true || options["device"] === true) return {};
  return { browser: { words: browserCommand(env, process.platform), env } };
}
