import { appendFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  Authority,
  digitalSignature,
  keyCertSign,
  keyEncipherment,
  type CertificateOptions,
} from "../../support/pki.ts";
import { createAnywhere } from "../../support/roles-anywhere.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { sandboxForTest } from "../support.ts";
import { ask } from "./ask.ts";

describe("a certificate", () => {
  it("may be issued by an intermediate that comes with it", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const upper = anywhere.authority.intermediate("upper");
    const lower = upper.intermediate("lower");
    const server = lower.issue("web-1");
    const without = await ask(sandbox, anywhere, server);
    expect(without.body.message).toContain("is not trusted by the trust anchor");
    // In any order: the path is looked for.
    appendFileSync(server.certificate, upper.pem + lower.pem);
    expect(await ask(sandbox, anywhere, server)).toMatchObject({ status: 201 });
  });

  it("of a CA that only has the anchor's name is refused", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const impostor = Authority.root(temporaryDirectory(), "ca").issue("web-1");
    expect(await ask(sandbox, anywhere, impostor)).toMatchObject({ status: 403 });
  });

  it("issued by another leaf is refused", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const poser = anywhere.authority.intermediate("poser", {
      ca: false,
      keyUsage: digitalSignature | keyCertSign,
    });
    const server = poser.issue("web-1");
    appendFileSync(server.certificate, poser.pem);
    const answer = await ask(sandbox, anywhere, server);
    expect(answer.body.message).toContain("is not trusted by the trust anchor");
  });

  it.each<[string, CertificateOptions, string]>([
    ["for encryption alone", { keyUsage: keyEncipherment }, "key usage Digital Signature"],
    ["without a key usage", { keyUsage: undefined }, "key usage Digital Signature"],
    ["of a CA that may sign no certificates", { ca: true }, "basic constraints with CA: false"],
    ["without basic constraints", { ca: undefined }, "basic constraints with CA: false"],
    ["signed with SHA-1", { digest: "sha1" }, "SHA-256 or stronger"],
  ])("%s is refused", async (_case, options, problem) => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const answer = await ask(sandbox, anywhere, anywhere.authority.issue("web-1", options));
    expect(answer).toMatchObject({ status: 403, error: "AccessDeniedException" });
    expect(answer.body.message).toContain(problem);
  });

  it("is refused when its time, by the sandbox's clock, is over or not yet come", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const server = anywhere.authority.issue("web-1");
    sandbox.clock.advance(-2 * 86_400_000);
    expect((await ask(sandbox, anywhere, server)).body.message).toContain("is not yet valid");
    sandbox.clock.advance(40 * 86_400_000);
    expect((await ask(sandbox, anywhere, server)).body.message).toContain("has expired");
  });
});

describe("a trust anchor", () => {
  it.each<[string, CertificateOptions, string]>([
    ["is no CA", { ca: false }, "CA: true"],
    ["may sign no certificates", { keyUsage: digitalSignature }, "Certificate Sign"],
    ["is signed with SHA-1", { digest: "sha1" }, "SHA-256 or stronger"],
  ])("is refused when its certificate %s", async (_case, options, problem) => {
    const sandbox = await sandboxForTest();
    const { pem } = Authority.root(temporaryDirectory(), "ca", options);
    expect(() => sandbox.addTrustAnchor({ pem })).toThrow(RangeError);
    expect(() => sandbox.addTrustAnchor({ pem })).toThrow(problem);
  });
});
