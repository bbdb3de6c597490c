import { appendFileSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { anywhereWorld, sessionOf } from "../support/anywhere-world.ts";
import { ec } from "../support/pki.ts";
import { serverArn } from "../support/roles-anywhere.ts";

describe("a role of a certificate", () => {
  it("is had by Roles Anywhere, as the certificate and the keys of the role say", async () => {
    const world = await anywhereWorld('duration_seconds = 900\nrole_session_name = "ci@{host}"', {
      profile: { acceptRoleSessionName: true },
    });
    await world.startAgent();
    expect(await sessionOf(world)).toMatchObject({
      roleName: "Server",
      sourceIdentity: "server",
      sessionName: expect.stringMatching(/^ci@./),
    });
    expect(await world.client.credentials("server")).toMatchObject({
      AccountId: "111122223333",
      RoleArn: serverArn,
    });
    expect((await world.run("roles")).stdout).toMatch(
      /^server +roles-anywhere +.*Server +certificate .*server\.pem/m,
    );
  });

  it("is renewed twice, with the certificate that lies there by then", async () => {
    const world = await anywhereWorld("", { sessionSeconds: 4 });
    await world.startAgent();
    const names = new Set<string>();
    while (names.size < 3) {
      const session = await sessionOf(world);
      if (session !== undefined && "sessionName" in session && !names.has(String(session.sessionName))) {
        names.add(String(session.sessionName));
        const next = world.authority.issue(`next-${names.size}`);
        copyFileSync(next.certificate, world.server.certificate);
        copyFileSync(next.privateKey, world.server.privateKey);
      }
      await sleep(50);
    }
    const { calls } = world.sandbox;
    expect(calls.count("CreateSession", "ok")).toBe(calls.count("CreateSession"));
  });

  it("takes an encrypted key and a chain", async () => {
    const world = await anywhereWorld('private_key_passphrase_file = "passphrase"');
    const middle = world.authority.intermediate("middle");
    const key = ec("P-384");
    copyFileSync(middle.issue("next", { key }).certificate, world.server.certificate);
    appendFileSync(world.server.certificate, middle.pem);
    const encrypted = { cipher: "aes-256-cbc", passphrase: "correct horse" };
    writeFileSync(
      world.server.privateKey,
      key.privateKey.export({ type: "pkcs8", format: "pem", ...encrypted }),
    );
    const passphrase = join(world.home, ".config", "role-agent", "passphrase");
    writeFileSync(passphrase, "correct horse\n", { mode: 0o600 });
    const agent = await world.startAgent();
    expect(await sessionOf(world)).toMatchObject({ sourceIdentity: "next" });

    writeFileSync(passphrase, "battery staple\n");
    const failure: unknown = await world.client.refresh("server").catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringContaining("is not opened by the passphrase"),
    });
    expect(`${String(failure)} ${agent.log}`).not.toMatch(/correct horse|battery staple/);
  });

  it("can be the source of another role", async () => {
    const world = await anywhereWorld(
      '[roles.chained]\nrole_arn = "arn:aws:iam::444455556666:role/Deploy"\nsource_role = "server"\nexternal_id = "team-core"',
    );
    world.env["AWS_ENDPOINT_URL_STS"] = world.sandbox.url;
    await world.startAgent();
    // The session arrives at STS; the Server role has no policy that lets it assume anything.
    await expect(world.client.credentials("chained")).rejects.toMatchObject({
      code: "AccessDenied",
      message: expect.stringContaining("assumed-role/Server/"),
    });
  });
});
