import { RoleAgentError } from "@role-agent/provider/errors";

/** What callers get while an attempt has failed and the next one is not due: the failure, since when, and until when. */
export class StandingError extends RoleAgentError {
  /** The failure itself. */
  readonly failure: RoleAgentError;

  constructor(failure: RoleAgentError, lastedMs: number, msUntilNext: number) {
    const { code, hint } = failure;
    const retryAfterSeconds = Math.max(1, Math.ceil(msUntilNext / 1000));
    const lasted = Math.round(lastedMs / 1000);
    super(code, `${failure.message} (for ${lasted} s; next try in ${retryAfterSeconds} s)`, {
      hint,
      retryAfterSeconds,
      cause: failure,
    });
    this.failure = failure;
  }
}
