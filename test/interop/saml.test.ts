import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSamlProvider, startSandbox } from "@role-agent/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../support/temporary.ts";
import { answerOf, run, type Place } from "./support/run.ts";

const identityProvider = createSamlProvider();
const roles = ["arn:aws:iam::111122223333:role/Federated,arn:aws:iam::111122223333:saml-provider/Okta"];
const signedParts = ["assertion", "response"] as const;

function emptyPlace(): Place {
  return { home: temporaryDirectory(), env: { PATH: process.env["PATH"] } };
}

/** The certificate of the metadata, as a file `idp.pem`. */
function writeCertificate({ home }: Place): void {
  const [, base64 = ""] = /<ds:X509Certificate>([^<]+)</.exec(identityProvider.metadata) ?? [];
  const lines = base64.replaceAll(/.{64}/g, "$&\n");
  writeFileSync(join(home, "idp.pem"), `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
}

async function xmlsec1(place: Place, xml: string): Promise<{ code: number; stderr: string }> {
  writeFileSync(join(place.home, "response.xml"), xml);
  const ids = ["protocol:Response", "assertion:Assertion"].map(
    (name) => `--id-attr:ID urn:oasis:names:tc:SAML:2.0:${name}`,
  );
  return run(
    place,
    `xmlsec1 --verify --enabled-key-data x509 --trusted-pem idp.pem --pubkey-cert-pem idp.pem ${ids.join(" ")} response.xml`,
  );
}

describe("the signatures of createSamlProvider", () => {
  it.each(signedParts)("of the %s are valid to xmlsec1", async (signed) => {
    const place = emptyPlace();
    writeCertificate(place);
    const response = identityProvider.assertion({ roles, sessionName: "alice@example.com", signed });
    const xml = Buffer.from(response, "base64").toString();
    expect(await xmlsec1(place, xml)).toMatchObject({ code: 0 });
    expect(await xmlsec1(place, xml.replaceAll("alice", "mallory"))).toMatchObject({ code: 1 });
  });

  it("belong to a certificate that OpenSSL finds well formed and self-signed", async () => {
    const place = emptyPlace();
    writeCertificate(place);
    expect(await run(place, "openssl verify -check_ss_sig -CAfile idp.pem idp.pem")).toMatchObject({
      code: 0,
    });
  });
});

describe("a signature that xmlsec1 made", () => {
  it("makes the AWS CLI the role in the sandbox, from the provider's metadata to the session", async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.stop());
    const place = emptyPlace();
    Object.assign(place.env, sandbox.environment(join(place.home, "aws-config")), { HOME: place.home });
    await run(
      place,
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=idp.example.com",
    );
    const certificate = (await run(place, "openssl x509 -in cert.pem -outform DER | base64 -w0")).stdout;
    const metadata = identityProvider.metadata.replace(/(<ds:X509Certificate>)[^<]+/, `$1${certificate}`);
    writeFileSync(join(place.home, "metadata.xml"), metadata);
    writeFileSync(
      join(place.home, "trust.json"),
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/Okta" },
            Action: "sts:AssumeRoleWithSAML",
            Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
          },
        ],
      }),
    );
    writeFileSync(join(place.home, "template.xml"), unsignedTemplate());
    const created = [
      "aws iam create-saml-provider --name Okta --saml-metadata-document file://metadata.xml",
      "aws iam create-role --role-name Federated --assume-role-policy-document file://trust.json",
    ];
    for (const line of created) answerOf(await run(place, line));
    const signed = await run(
      place,
      "xmlsec1 --sign --privkey-pem key.pem --id-attr:ID urn:oasis:names:tc:SAML:2.0:assertion:Assertion --output signed.xml template.xml && base64 -w0 signed.xml > assertion.b64",
    );
    expect(signed).toMatchObject({ code: 0 });
    const answer = answerOf(
      await run(
        place,
        `aws sts assume-role-with-saml --role-arn ${roles[0]?.split(",")[0]} --principal-arn arn:aws:iam::111122223333:saml-provider/Okta --saml-assertion file://assertion.b64`,
      ),
    );
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: "arn:aws:sts::111122223333:assumed-role/Federated/alice@example.com" },
    });
  });
});

/** A response of ours whose signature has neither digest nor value: xmlsec1 fills them in. */
function unsignedTemplate(): string {
  const response = identityProvider.assertion({ roles, sessionName: "alice@example.com" });
  return Buffer.from(response, "base64")
    .toString()
    .replace(/(<ds:DigestValue>)[^<]+/, "$1")
    .replace(/(<ds:SignatureValue>)[^<]+/, "$1")
    .replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, "");
}
