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
  readonly #byDevice = new Map<string, SessionTokenRole>();

  /** What takes the place of `source` for a role that needs the device. */
  sourceFor(source: Source, { role, serial, program, region, endpointProfile }: MfaNeed): Source {
    const device = deviceName(serial, source);
    const known = this.#byDevice.get(device);
    const mfaProcess = known?.mfaProcess ?? program;
    if (known === undefined || known.mfaProcess !== mfaProcess) {
      this.#byDevice.set(device, {
        type: "session-token",
        name: device,
        definedIn: `mfa_serial of ${role}`,
        source,
        mfaSerial: serial,
        askedAs: role,
        durationSeconds: mfaSessionSeconds,
        ...(region !== undefined && { region }),
        ...(endpointProfile !== undefined && { endpointProfile }),
        ...known,
        ...(mfaProcess !== undefined && { mfaProcess }),
      });
    }
    return { type: "role", role: known?.name ?? device };
  }

  /** Has a role that is such a session itself serve all that need the same; the first of a device does. */
  add(role: SessionTokenRole): void {
    const device = deviceName(role.mfaSerial, role.source);
    if (!this.#byDevice.has(device)) this.#byDevice.set(device, role);
  }

  /** A session by the name that `sourceFor` gave. */
  get(name: string): SessionTokenRole | undefined {
    return this.#byDevice.get(name);
  }
}

function deviceName(serial: string, source: Source): string {
  return `mfa ${serial} with ${nameOf(source)}`;
}

function nameOf(source: Source): string {
  switch (source.type) {
    case "profile":
      return source.profile;
    case "key":
      return `key ${source.name}`;
    case "role":
      return `role ${source.role}`;
    case "credential-source":
      return source.from;
  }
}
