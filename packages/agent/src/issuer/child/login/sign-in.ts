import { RoleAgentError } from "@role-agent/provider/errors";
import { utcSeconds } from "../../../core/session.ts";
import type { LoginJob } from "../../login-errand.ts";
import { fromSdkError } from "../sdk-error.ts";
import { ssoLoginRequired } from "../sso/sso-login-required.ts";
import { writeToken } from "../sso/token-file.ts";
import { authorizationCodeToken } from "./authorization-code.ts";
import { deviceCodeToken } from "./device-code.ts";
import type { Flow } from "./flow.ts";
import { pageOpener } from "./open-page.ts";

const flows: Readonly<Record<LoginJob["flow"], Flow>> = {
  "authorization-code": authorizationCodeToken,
  "device-code": deviceCodeToken,
};

/** What the service says where the person, and not the program, has failed. */
const personsFailure: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "ExpiredTokenException",
  "InvalidGrantException",
]);

/**
 * Has a person sign in, and leaves the token where the AWS CLI does, in its format. Rejects with `LoginRequired` where
 * the person does not sign in, or not in time.
 */
export async function signIn(job: LoginJob, signal: AbortSignal): Promise<{ readonly expiresAt: number }> {
  const patience = AbortSignal.timeout(job.waitMs);
  try {
    const limit = AbortSignal.any([signal, patience]);
    const { token, client } = await flows[job.flow](job, pageOpener(job.browser), limit);
    const { startUrl, ssoRegion: region, tokenFile } = job.signIn;
    writeToken(tokenFile, {
      startUrl,
      region,
      ...token,
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      registrationExpiresAt: utcSeconds(client.endsAt),
    });
    return { expiresAt: Date.parse(token.expiresAt) };
  } catch (error) {
    if (patience.aborted)
      throw ssoLoginRequired(job.signIn, `nobody signed in within ${job.waitMs / 60_000} minutes`);
    throw failure(error, job);
  }
}

function failure(error: unknown, job: LoginJob): RoleAgentError {
  if (error instanceof Error && personsFailure.has(error.name)) {
    return ssoLoginRequired(job.signIn, `the sign-in was not completed: ${error.name}`, error);
  }
  const what = `sign-in at ${job.signIn.startUrl}`;
  if (error instanceof Error && error.name === "InvalidRequestException") {
    return new RoleAgentError("InvalidConfiguration", `${what}: Identity Center refuses it: ${error.name}`, {
      hint: "check sso_start_url and sso_region",
      cause: error,
    });
  }
  return fromSdkError(error, what);
}
