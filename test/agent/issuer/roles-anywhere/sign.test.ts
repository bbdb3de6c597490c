import { createHash, verify } from "node:crypto";
import { appendFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  readIdentity,
  type Identity,
} from "../../../../packages/agent/src/issuer/child/roles-anywhere/identity.ts";
import { signedHeaders } from "../../../../packages/agent/src/issuer/child/roles-anywhere/sign.ts";
import { Authority, ec, rsa, type KeyPair } from "../../../support/pki.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

const now = Date.parse("2021-11-03T12:00:00Z");
const scope = { region: "us-east-1", service: "rolesanywhere", now };
const request = {
  method: "POST",
  host: "rolesanywhere.us-east-1.amazonaws.com",
  path: "/sessions",
  query: { roleArn: "arn:aws:iam::123456789012:role/a b*", profileArn: "arn:x" },
  headers: { "content-type": "application/json" },
  body: '{"durationSeconds":900}',
};

async function identity(key: KeyPair): Promise<Identity> {
  const directory = temporaryDirectory();
  const middle = Authority.root(directory, "ca").intermediate("middle");
  const server = middle.issue("server", { key });
  appendFileSync(server.certificate, middle.pem);
  return readIdentity(server, Date.now());
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("a signed request", () => {
  it.each([
    ["AWS4-X509-RSA-SHA256", rsa(2048)],
    ["AWS4-X509-ECDSA-SHA256", ec("P-256")],
    ["AWS4-X509-ECDSA-SHA256", ec("P-384")],
  ])("carries the signature of its canonical form by %s", async (algorithm, key) => {
    const signer = await identity(key);
    const { authorization = "", ...headers } = signedHeaders(request, signer, scope);
    const leaf = signer.leaf.raw.toString("base64");
    const chain = signer.intermediates[0]?.raw.toString("base64");
    expect(headers).toEqual({
      "content-type": "application/json",
      host: "rolesanywhere.us-east-1.amazonaws.com",
      "x-amz-date": "20211103T120000Z",
      "x-amz-x509": leaf,
      "x-amz-x509-chain": chain,
    });
    const [, signature = ""] = /Signature=(\w+)$/.exec(authorization) ?? [];
    const serial = BigInt(`0x${signer.leaf.serialNumber}`);
    expect(authorization).toBe(
      `${algorithm} Credential=${serial}/20211103/us-east-1/rolesanywhere/aws4_request, ` +
        `SignedHeaders=content-type;host;x-amz-date;x-amz-x509;x-amz-x509-chain, Signature=${signature}`,
    );
    const canonical = `POST
/sessions
profileArn=arn%3Ax&roleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%20b%2A
content-type:application/json
host:rolesanywhere.us-east-1.amazonaws.com
x-amz-date:20211103T120000Z
x-amz-x509:${leaf}
x-amz-x509-chain:${chain}

content-type;host;x-amz-date;x-amz-x509;x-amz-x509-chain
${sha256(request.body)}`;
    const text = `${algorithm}\n20211103T120000Z\n20211103/us-east-1/rolesanywhere/aws4_request\n${sha256(canonical)}`;
    const { publicKey } = signer.leaf;
    expect(verify("sha256", Buffer.from(text), publicKey, Buffer.from(signature, "hex"))).toBe(true);
  });

  it("names no chain where there are no intermediates", async () => {
    const signer = { ...(await identity(ec("P-256"))), intermediates: [] };
    const headers = signedHeaders(request, signer, scope);
    expect(headers).not.toHaveProperty("x-amz-x509-chain");
    expect(headers["authorization"]).toContain("SignedHeaders=content-type;host;x-amz-date;x-amz-x509, ");
  });
});
