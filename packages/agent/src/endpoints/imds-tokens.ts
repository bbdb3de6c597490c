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
 */
export function imdsTokens(clock: Clock): ImdsTokens {
  const key = randomBytes(32);
  const seal = (role: string, content: Buffer): Buffer =>
    createHmac("sha256", key).update(content).update(role).digest();
  return {
    issue: (role, ttlSeconds) => {
      const { wall, mono } = clock.now();
      const content = Buffer.alloc(contentBytes);
      content.writeDoubleBE(wall, 0);
      content.writeDoubleBE(mono, 8);
      content.writeUInt32BE(ttlSeconds, 16);
      randomBytes(12).copy(content, 20);
      return Buffer.concat([content, seal(role, content)]).toString("base64url");
    },
    isValid: (role, token) => {
      const bytes = tokenPattern.test(token) ? Buffer.from(token, "base64url") : undefined;
      if (bytes === undefined) return false;
      const content = bytes.subarray(0, contentBytes);
      if (!timingSafeEqual(seal(role, content), bytes.subarray(contentBytes))) return false;
      const since = { wall: content.readDoubleBE(0), mono: content.readDoubleBE(8) };
      return elapsed(since, clock.now()) < content.readUInt32BE(16) * 1000;
    },
  };
}

const contentBytes = 32;
/** 64 bytes: the last character has four bits too many, which are never set. */
const tokenPattern = /^[\w-]{85}[AQgw]$/;
