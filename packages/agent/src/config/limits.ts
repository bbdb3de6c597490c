import { splitCommand } from "../core/split-command.ts";

/**
 * What AWS certainly refuses, so that it is said at the start and not at the first renewal. Each function
 * returns what is wrong with a value, or undefined.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */

/** AssumeRole's default, and the most that AWS allows when a role is assumed with a role session. */
export const hourSeconds = 3600;

/** DurationSeconds: an integer of 900 to 43200. */
export function durationProblem(seconds: number): string | undefined {
  return Number.isInteger(seconds) && seconds >= 900 && seconds <= 43_200
    ? undefined
    : "must be a whole number of seconds from 900 to 43200 (15 minutes to 12 hours)";
}

/**
 * DurationSeconds of GetScopedCredentials.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export function scopedDurationProblem(seconds: number): string | undefined {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= 129_600
    ? undefined
    : "must be a whole number of seconds from 1 to 129600 (36 hours)";
}

/** RoleSessionName and SourceIdentity, final. */
export function sessionNameProblem(name: string): string | undefined {
  return /^[\w+=,.@-]{2,64}$/.test(name)
    ? undefined
    : "must have 2 to 64 characters, only letters, digits and +=,.@_-";
}

/** ExternalId */
export function externalIdProblem(id: string): string | undefined {
  return /^[\w+=,.@:/-]{2,1224}$/.test(id)
    ? undefined
    : "must have 2 to 1224 characters, only letters, digits and +=,.@:/_-";
}

/** SerialNumber */
export function mfaSerialProblem(serial: string): string | undefined {
  return /^[\w+=/:,.@-]{9,256}$/.test(serial)
    ? undefined
    : "must be the ARN of a virtual MFA device or the serial number of a hardware one, of 9 to 256 characters";
}

/** A region becomes a part of a host name. */
export function regionProblem(region: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(region)
    ? undefined
    : "must be the name of a region, such as eu-west-1";
}

/** A command line: no shell reads it, so its quotes must be closed. */
export function commandProblem(command: string): string | undefined {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(command)) return "may hold no control characters";
  const words = splitCommand(command);
  if (words === undefined) return "has a quote that is not closed";
  return words.length === 0 ? "names no program" : undefined;
}

/** A name of `role-agent keys`. It may be a secret in the wrong place, so it is never repeated. */
export function keyNameProblem(name: string): string | undefined {
  return /^\w[\w.@-]{0,63}$/.test(name)
    ? undefined
    : "must be the name of a key: 1 to 64 characters, only letters, digits and _.@-, the first of them a letter or digit";
}
