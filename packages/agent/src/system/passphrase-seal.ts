import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import type { PassphraseCheck } from "../core/agent-lock.ts";

/**
 * Twice what RFC 7914 has for interactive use: 0.1 s and 32 MiB, in libuv's pool, where it delays nobody. It need not be
 * more, since the key never leaves the memory of the agent: what slows down guessing is the delay after a wrong one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7914#section-2
 */
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const keyBytes = 32;

/** Keeps a passphrase as a salted scrypt key, which tells in constant time whether another one is the same. */
export async function sealPassphrase(passphrase: string): Promise<PassphraseCheck> {
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt);
  return async (other) => timingSafeEqual(key, await derive(other, salt));
}

async function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, cost, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
