import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import type { PassphraseSeal } from "../core/agent-lock.ts";

/**
 * Twice what RFC 7914 has for interactive use: 0.1 s and 32 MiB, in libuv's pool, where it delays nobody. It need not be
 * more, since the key never leaves the memory of the agent: what slows down guessing is the delay after a wrong one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7914#section-2
 */
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const keyBytes = 32;

/** Keeps a passphrase as a salted scrypt key. */
export async function sealPassphrase(passphrase: string): Promise<PassphraseSeal> {
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt);
  return { salt: salt.toString("base64"), key: key.toString("base64") };
}

/** Tells in constant time whether a passphrase is the sealed one. */
export async function isSealed({ salt, key }: PassphraseSeal, passphrase: string): Promise<boolean> {
  const derived = await derive(passphrase, Buffer.from(salt, "base64"));
  return timingSafeEqual(Buffer.from(key, "base64"), derived);
}

async function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, cost, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
