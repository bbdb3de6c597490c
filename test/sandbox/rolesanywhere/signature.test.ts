import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ec, rsa } from "../../support/pki.ts";
import { createAnywhere, serverArn } from "../../support/roles-anywhere.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { frozenClock, sandboxForTest } from "../support.ts";
import { ask, type Deviation } from "./ask.ts";

const skew = 15 * 60_000;

describe("CreateSession takes a request", () => {
  it.each([
    ["RSA", rsa(2048)],
    ["EC on P-256", ec("P-256")],
    ["EC on P-384", ec("P-384")],
  ])("that a key signed: %s", async (_name, key) => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const answer = await ask(sandbox, anywhere, anywhere.authority.issue("web-1", { key }));
    expect(answer).toMatchObject({ status: 201, body: { credentialSet: [{ roleArn: serverArn }] } });
  });

  it.each([-skew, skew])("whose clock is %d ms off", async (skewMs) => {
    const sandbox = await sandboxForTest({ clock: frozenClock().clock });
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    // The signature's date is in whole seconds, rounded down.
    const answer = await ask(sandbox, anywhere, anywhere.authority.issue("web-1"), {
      skewMs: skewMs + (skewMs < 0 ? 1000 : 0),
    });
    expect(answer.status).toBe(201);
  });
});

describe("CreateSession refuses a request", () => {
  const header =
    (name: string, change: (value: string) => string): NonNullable<Deviation["tamper"]> =>
    ({ headers }) => {
      headers[name] = change(headers[name] ?? "");
    };
  const unsigned = (name: string): NonNullable<Deviation["tamper"]> =>
    header("authorization", (value) => value.replace(`;${name}`, ""));

  it.each<[string, Deviation, string]>([
    ["whose body was changed", { tamper: (request) => void (request.body = '{"a":1}') }, "does not match"],
    ["whose query was changed", { tamper: (request) => void (request.url += "&x=1") }, "does not match"],
    [
      "whose signed header was changed",
      { tamper: header("content-type", () => "text/plain") },
      "does not match",
    ],
    ["whose certificate is not signed", { tamper: unsigned("x-amz-x509") }, "'x-amz-x509' must be signed"],
    [
      "without a certificate",
      { tamper: ({ headers }) => delete headers["x-amz-x509"] },
      "Missing certificate",
    ],
    ["with half a certificate", { tamper: header("x-amz-x509", (text) => text.slice(0, 80)) }, "Malformed"],
    ["without a signature", { tamper: ({ headers }) => delete headers["authorization"] }, "Unsupported AWS"],
    [
      "that names another serial number",
      { tamper: header("authorization", (text) => text.replace(/Credential=\d+/, "Credential=1")) },
      "serial number",
    ],
    [
      "that names another algorithm",
      { tamper: header("authorization", (text) => text.replace("ECDSA", "RSA")) },
      "algorithm",
    ],
    ["for another service", { service: "sts" }, "correct service"],
    ["signed too long ago", { skewMs: -skew - 2000 }, "Signature expired"],
    ["signed in the future", { skewMs: skew + 2000 }, "not yet current"],
  ])("%s", async (_case, deviation, message) => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const answer = await ask(sandbox, anywhere, anywhere.authority.issue("web-1"), deviation);
    expect(answer).toMatchObject({ status: 403, error: "AccessDeniedException" });
    expect(answer.body.message).toContain(message);
    expect(sandbox.state.sessions).toEqual({});
  });

  it("that another key signed than the certificate's", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const victim = new X509Certificate(readFileSync(anywhere.authority.issue("web-2").certificate));
    const answer = await ask(sandbox, anywhere, anywhere.authority.issue("web-1"), {
      tamper({ headers }) {
        const serial = BigInt(`0x${victim.serialNumber}`).toString();
        headers["x-amz-x509"] = victim.raw.toString("base64");
        headers["authorization"] = (headers["authorization"] ?? "").replace(
          /(Credential=)\d+/,
          `$1${serial}`,
        );
      },
    });
    expect(answer).toMatchObject({ status: 403, body: { message: "The signature does not match" } });
  });
});
