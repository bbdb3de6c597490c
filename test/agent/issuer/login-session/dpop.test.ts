import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeProtectedHeader, EmbeddedJWK, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { dpopProof } from "../../../../packages/agent/src/issuer/child/login-session/dpop.ts";

const url = "https://eu-west-1.signin.aws.amazon.com/v1/token";

describe("a DPoP proof", () => {
  it("is a JWT that jose verifies by the key in its header, which is public", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const proof = dpopProof(privateKey, url, 1_767_225_600_999);
    const { payload } = await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] });
    expect(payload).toEqual({ htm: "POST", htu: url, iat: 1_767_225_600, jti: expect.any(String) });
    expect(decodeProtectedHeader(proof).jwk).toEqual(createPublicKey(privateKey).export({ format: "jwk" }));
  });

  it("is another one each time", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(dpopProof(privateKey, url, 0)).not.toBe(dpopProof(privateKey, url, 0));
  });
});
