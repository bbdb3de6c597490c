import { randomBytes, randomInt } from "node:crypto";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * A unique id with AWS's prefix: AIDA user, AROA role, AKIA long-term key, ASIA temporary key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function uniqueId(prefix: "AIDA" | "AROA" | "AKIA" | "ASIA"): string {
  const length = prefix.startsWith("AK") || prefix.startsWith("AS") ? 16 : 17;
  return prefix + Array.from({ length }, () => base32.charAt(randomInt(base32.length))).join("");
}

/** 40 characters. */
export function newSecretAccessKey(): string {
  return randomBytes(30).toString("base64");
}

/** Opaque and as long as AWS's. */
export function newSessionToken(): string {
  return randomBytes(240).toString("base64");
}
