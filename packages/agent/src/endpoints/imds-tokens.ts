import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { elapsed, type Clock } from "../core/clock.ts";

/** Session tokens of IMDSv2. */
export interface ImdsTokens {
  issue(role: string, ttlSeconds: number): string;
  /** Whether it was issued for this role, and has not ended. */
  isValid(role: string, token: string): boolean;
}

/**
 * Tokens that carry their own end under a seal only this agent has the key of. Nothing is kept of them, so that however
 * many a client takes, it costs no memory and ends nobody else's.
 *
 * They are as long as those of EC2, 56 characters: aws-c-auth, which the SDK for C++ uses, takes no more than 64.
 */
export function imdsTokens(clock: Clock, key: Buffer = newImdsKey()): ImdsTokens {
  const seal = (role: string, content: Buffer): Buffer =>
    createHmac("sha256", key).update(content).update(role).digest().subarray(0, sealBytes);
  return {
    issue: (role, ttlSeconds) => {
      const { wall, mono } = clock.now();
      const content = randomBytes(contentBytes);
      content.writeUIntBE(Math.floor(wall), 0, 6);
      content.writeUIntBE(Math.floor(mono), 6, 6);
      content.writeUInt16BE(ttlSeconds, 12);
      return Buffer.concat([content, seal(role, content)]).toString("base64url");
    },
    isValid: (role, token) => {
      const bytes = tokenPattern.test(token) ? Buffer.from(token, "base64url") : undefined;
      if (bytes === undefined) return false;
      const content = bytes.subarray(0, contentBytes);
      if (!timingSafeEqual(seal(role, content), bytes.subarray(contentBytes))) return false;
      const since = { wall: content.readUIntBE(0, 6), mono: content.readUIntBE(6, 6) };
      return elapsed(since, clock.now()) < content.readUInt16BE(12) * 1000;
    },
  };
}

/** A key to seal tokens with. */
export function newImdsKey(): Buffer {
  return randomBytes(32);
}

/** Two times in milliseconds, a span in seconds, and four random bytes. */
const contentBytes = 18;
const sealBytes = 24;
const tokenPattern = /^[\w-]{56}$/;
