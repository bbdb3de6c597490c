import { Secret, TOTP } from "otpauth";

const stepSeconds = 30;
const seedBytes = 40;

/** Of a new device: 64 characters of base32, as long as AWS's. */
export function newTotpSeed(): string {
  return new Secret({ size: seedBytes }).base32;
}

/**
 * The code of a seed at a time in milliseconds since the epoch: RFC 6238 with SHA-1, six digits and steps of
 * 30 seconds, which is what AWS's virtual devices are.
 */
export function totp(seed: string, at: number): string {
  return generator(seed).generate({ timestamp: at });
}

/** The code of a step, counted from the epoch. */
export function totpOfStep(seed: string, step: number): string {
  return totp(seed, step * stepSeconds * 1000);
}

/** The step that `code` is of: the present one, the one before or the one after; else undefined. */
export function matchingStep(seed: string, code: string, now: number): number | undefined {
  const delta = generator(seed).validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : TOTP.counter({ period: stepSeconds, timestamp: now }) + delta;
}

function generator(seed: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(seed), algorithm: "SHA1", digits: 6, period: stepSeconds });
}
