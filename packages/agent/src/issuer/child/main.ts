import "../../hardening.ts";
import "../../native/close-memory.ts";
import "../../uncaught.ts";
import type { IssuedSession } from "../../core/session.ts";
import { checkedSession } from "./checked-session.ts";
import { issuingRole } from "./issuing-role.ts";
import { machineMs } from "../machine-clock.ts";
import { longestRenewalMs, toWire, type IssueRequest, type Job } from "../messages.ts";
import type { KeptRenewal, Reply, RunningPrograms, RunningRenewals } from "../messages.ts";
import { renewalsEnded, watchRenewals } from "./renewals.ts";
import { endPrograms, watchPrograms } from "./running-programs.ts";
import { skewIs } from "./signing-time.ts";
import { assumeRole } from "./sources/assume-role.ts";
import { processSession } from "./sources/process.ts";
import { profileSession } from "./sources/profile.ts";
import { sessionToken } from "./sources/session-token.ts";
import { waitedFor } from "./waited-for.ts";
import { webIdentitySession } from "./sources/web-identity.ts";

/** How long a renewal under way may take to keep what AWS issues for a token that it takes once. */
const partingMs = 3000;

// The agent kills it where it can't wait so long, as when it stops itself.
process.once("disconnect", () => end(longestRenewalMs + partingMs));
// A service manager may send it to the agent's children, too.
process.once("SIGTERM", () => end(partingMs));
watchPrograms((groups) => tell({ groups }));
watchRenewals({
  onCount: (renewals) => tell({ renewals }),
  onKept: (renewed) => tell({ renewed }),
});
process.on("message", (job: Job) => void answer(job));

function tell(message: Reply | RunningPrograms | RunningRenewals | KeptRenewal): void {
  // The agent may be gone, and its end not yet be heard of: without a callback that would be an uncaught error.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function end(withinMs: number): void {
  endPrograms();
  void renewalsEnded(withinMs).finally(() => process.exit());
}

async function answer({ id, request, endsAt }: Job): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(1, endsAt - machineMs()));
  skewIs(request.clockSkewMs);
  let reply: Reply;
  try {
    const session = await issuingRole.run(request.role.name, () =>
      waitedFor.run(request.isWaitedFor === true, () => issue(request, signal)),
    );
    reply = { id, session: checkedSession(session) };
  } catch (error) {
    reply = { id, error: toWire(error) };
  }
  tell(reply);
}

/** What is loaded here, and what it loads, delays every first session: kinds that bring much of their own come on use. */
async function issue(request: IssueRequest, signal: AbortSignal): Promise<IssuedSession> {
  const { role, source, input, heldKey, passphrase } = request;
  switch (role.type) {
    case "assume-role":
      return assumeRole(role, source, signal, passphrase);
    case "session-token":
      return sessionToken(role, input, signal, passphrase);
    case "key": {
      const { keySession } = await import("./sources/key.ts");
      return keySession(role, passphrase, signal);
    }
    case "profile":
      return profileSession(role, signal);
    case "process":
      return processSession(role, signal);
    case "saml": {
      const { samlSession } = await import("./sources/saml.ts");
      return samlSession(role, signal);
    }
    case "roles-anywhere": {
      const { rolesAnywhereSession } = await import("./sources/roles-anywhere.ts");
      return rolesAnywhereSession(role, signal);
    }
    case "web-identity":
      return webIdentitySession(role, signal);
    case "sso": {
      const { ssoSession } = await import("./sources/sso.ts");
      return ssoSession(role, signal);
    }
    case "login": {
      const { loginSession } = await import("./sources/login.ts");
      return loginSession(role, heldKey, signal);
    }
    case "scoped": {
      const { scopedSession } = await import("./sources/scoped.ts");
      return scopedSession(role, source, signal);
    }
  }
}
