import type { SessionTokenRole, Source } from "../core/role.ts";

/** AWS's own default for GetSessionToken: a working day for one code. */
export const mfaSessionSeconds = 43_200;

/** What is wrong with a device beside a source that is a role. */
export const mfaNeedsKeys = "AWS takes codes with long-term keys only, and the source is a role";

/** What a role says of its MFA device, and where its STS is. */
export interface MfaNeed {
  readonly role: string;
  readonly serial: string;
  readonly program?: string | undefined;
  readonly region?: string | undefined;
  readonly endpointProfile?: string | undefined;
}

/**
 * The sessions that one-time codes bring, one for each device and source, however many roles need it: AssumeRole with
 * a code of its own would ask a person at every renewal.
 */
export class MfaSessions {
  readonly #roles = new Map<string, SessionTokenRole>();

  /** What takes the place of `source` for a role that needs the device. */
  sourceFor(source: Source, { role, serial, program, region, endpointProfile }: MfaNeed): Source {
    const name = `mfa ${serial} with ${source.type === "profile" ? source.profile : source.type}`;
    const known = this.#roles.get(name);
    const mfaProcess = known?.mfaProcess ?? program;
    this.#roles.set(name, {
      type: "session-token",
      name,
      definedIn: `mfa_serial of ${known?.askedAs ?? role}`,
      source,
      mfaSerial: serial,
      askedAs: known?.askedAs ?? role,
      durationSeconds: mfaSessionSeconds,
      ...(mfaProcess !== undefined && { mfaProcess }),
      ...(region !== undefined && { region }),
      ...(endpointProfile !== undefined && { endpointProfile }),
    });
    return { type: "role", role: name };
  }

  get(name: string): SessionTokenRole | undefined {
    return this.#roles.get(name);
  }
}
