import { generateKeyPairSync, type KeyExportOptions, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parsePrivateKey } from "../../../../packages/agent/src/issuer/child/roles-anywhere/private-key.ts";
import { ec, rsa } from "../../../support/pki.ts";

type Form = KeyExportOptions<"pem"> | KeyExportOptions<"der">;

const pem = (type: "pkcs8" | "pkcs1" | "sec1"): Form => ({ type, format: "pem" });
const der = (type: "pkcs8" | "pkcs1" | "sec1"): Form => ({ type, format: "der" });
const encrypted = { cipher: "aes-256-cbc", passphrase: "correct horse" };

function written({ privateKey }: { privateKey: KeyObject }, form: Form = pem("pkcs8")): Buffer {
  return form.format === "der" ? privateKey.export(form) : Buffer.from(privateKey.export(form));
}

function refusal(bytes: Buffer, passphrase?: string): unknown {
  try {
    parsePrivateKey(bytes, passphrase, "server.key");
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a private key is read", () => {
  it.each([
    ["EC P-256 in PKCS#8", ec("P-256"), pem("pkcs8")],
    ["EC P-384 in PKCS#8", ec("P-384"), pem("pkcs8")],
    ["EC in SEC1", ec("P-256"), pem("sec1")],
    ["RSA in PKCS#8", rsa(2048), pem("pkcs8")],
    ["RSA in PKCS#1", rsa(2048), pem("pkcs1")],
    ["EC in PKCS#8 DER", ec("P-256"), der("pkcs8")],
    ["EC in SEC1 DER", ec("P-256"), der("sec1")],
    ["RSA in PKCS#1 DER", rsa(2048), der("pkcs1")],
    ["encrypted PKCS#8", ec("P-256"), { ...pem("pkcs8"), ...encrypted }],
    ["encrypted PKCS#8 in DER", ec("P-256"), { ...der("pkcs8"), ...encrypted }],
    ["encrypted PKCS#1", rsa(2048), { ...pem("pkcs1"), ...encrypted }],
  ])("in the form: %s", (_form, key, form) => {
    const parsed = parsePrivateKey(written(key, form), "correct horse", "server.key");
    expect(parsed.equals(key.privateKey)).toBe(true);
  });
});

describe("a private key is refused", () => {
  it.each([
    ["on a curve that AWS doesn't take", written(ec("P-521")), "is on the curve secp521r1"],
    ["of another type", written(generateKeyPairSync("ed25519")), "is a key of the type ed25519"],
    [
      "for RSA-PSS alone",
      written(generateKeyPairSync("rsa-pss", { modulusLength: 2048 })),
      "is a key of the type rsa-pss",
    ],
    ["with a weak RSA modulus", written(rsa(1024)), "is an RSA key of 1024 bits, which is too weak"],
    ["that is something else", Buffer.from("hello"), "is no private key in PEM or DER"],
    ["that is damaged", written(ec("P-256")).subarray(0, 100), "is no private key in PEM or DER"],
  ])("%s", (_case, bytes, problem) => {
    expect(refusal(bytes)).toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining(`private key server.key ${problem}`),
      hint: expect.any(String),
    });
  });

  it.each([
    ["PEM", pem("pkcs8")],
    ["DER", der("pkcs8")],
  ])("when it is encrypted and no passphrase, or a wrong one, opens it: %s", (_form, form) => {
    const bytes = written(ec("P-256"), { ...form, ...encrypted });
    expect(refusal(bytes)).toMatchObject({
      message: "private key server.key is encrypted",
      hint: expect.stringContaining("private_key_passphrase_file"),
    });
    const wrong = refusal(bytes, "battery staple");
    expect(wrong).toMatchObject({ message: expect.stringContaining("is not opened by the passphrase") });
    expect(String(wrong)).not.toContain("battery");
  });
});
