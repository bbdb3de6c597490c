import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** The first line of the file. Its number is another one whenever older programs could misread what follows. */
const format: Buffer = Buffer.from("role-agent session cache 1\n");
const nonceBytes = 12;
const tagBytes = 16;

/** How long a key is, in bytes. */
export const sealKeyBytes = 32;

/** Where a sealed text belongs. It is part of what is authenticated, and not in the file: elsewhere the text can't be opened. */
export interface SealPlace {
  readonly uid: number;
  readonly socketPath: string;
  readonly configPath: string;
}

/**
 * Seals a text with AES-256-GCM: the format's line, a random nonce of 96 bits, the tag of 128 bits, the text.
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function seal(text: Uint8Array, key: Uint8Array, place: SealPlace): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(bound(place));
  const sealed = [cipher.update(text), cipher.final()];
  return Buffer.concat([format, nonce, cipher.getAuthTag(), ...sealed]);
}

/** Opens what was sealed with the key, for the place; `undefined` where it was not, or is not what it was. */
export function unseal(bytes: Uint8Array, key: Uint8Array, place: SealPlace): Buffer | undefined {
  const textStart = format.length + nonceBytes + tagBytes;
  if (bytes.length < textStart || !format.equals(bytes.subarray(0, format.length))) return undefined;
  const nonce = bytes.subarray(format.length, format.length + nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bound(place));
  decipher.setAuthTag(bytes.subarray(format.length + nonceBytes, textStart));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function bound({ uid, socketPath, configPath }: SealPlace): Buffer {
  return Buffer.concat([format, Buffer.from(JSON.stringify([uid, socketPath, configPath]))]);
}
