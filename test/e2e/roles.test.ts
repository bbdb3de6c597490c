import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RoleSession } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createRole, createWorld, deployArn, deployConfig, type World } from "../support/world.ts";

/** The session as AWS knows it. */
async function issuedSession(world: World, role: string): Promise<RoleSession> {
  const { AccessKeyId } = await world.client.credentials(role);
  const session = world.sandbox.state.sessions[AccessKeyId];
  if (session?.kind !== "role") throw new Error(`${AccessKeyId} is no role session`);
  return session;
}

function addProfile(world: World, lines: string): void {
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n${lines}\n`);
}

describe("a role that is its own source", () => {
  it("is told so at once, where its program asks the agent for it", async () => {
    const world = await createWorld();
    const program = `"${process.execPath}" "${roleAgentProgram}" credentials app`;
    addProfile(world, `[profile app]\ncredential_process = ${program}`);
    await world.startAgent();
    const { code, stderr } = await world.run("credentials", "app");
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('role "app" is its own source'),
    });
    await world.client.credentials("deploy");
  });

  it("may get its credentials from the agent by another name", async () => {
    const world = await createWorld();
    const program = `"${process.execPath}" "${roleAgentProgram}" credentials deploy`;
    addProfile(world, `[profile app]\ncredential_process = ${program}`);
    await world.startAgent();
    const { AccessKeyId } = await world.client.credentials("app");
    expect(AccessKeyId).toBe((await world.client.credentials("deploy")).AccessKeyId);
  });
});

describe("a role of config.toml", () => {
  it("reaches AWS with everything that its keys say", async () => {
    const world = await createWorld();
    await createRole(world.sandbox, "Deploy2", ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    const policy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}';
    writeFileSync(join(world.home, ".config/role-agent/readonly.json"), policy);
    world.configure(`
[roles.deploy]
role_arn = "${deployArn}2"
source_profile = "sandbox"
external_id = "team-core"
duration_seconds = 1800
role_session_name = "ci-{pid}@build"
source_identity = "alice"
policy_file = "readonly.json"
policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
tags = { team = "core", stage = "test" }
transitive_tag_keys = ["team"]
region = "eu-west-1"
`);
    const agent = await world.startAgent();
    const session = await issuedSession(world, "deploy");
    expect(session).toMatchObject({
      sessionName: `ci-${agent.pid}@build`,
      sourceIdentity: "alice",
      tags: { team: "core", stage: "test" },
      transitiveTagKeys: ["team"],
    });
    expect(session.policies.map(({ name }) => name)).toEqual(["session policy", "AmazonS3ReadOnlyAccess"]);
    expect(session.expiresAt - session.issuedAt).toBeLessThanOrEqual(1_801_000);
  });

  it("is assumed with another role's session, which is issued once for all that need it", async () => {
    const world = await createWorld();
    await createRole(world.sandbox, "Audit", ["sts:AssumeRole"], deployArn);
    await createRole(world.sandbox, "Billing", ["sts:AssumeRole"], deployArn);
    const chained = (name: string): string =>
      `[roles.${name}]\nrole_arn = "arn:aws:iam::444455556666:role/${name}"\nsource_role = "deploy"\nexternal_id = "team-core"\n`;
    world.configure(`${deployConfig}\n${chained("Audit")}\n${chained("Billing")}`);
    await world.startAgent();
    const sessions = await Promise.all([issuedSession(world, "Audit"), issuedSession(world, "Billing")]);
    expect(sessions.map(({ roleName }) => roleName)).toEqual(["Audit", "Billing"]);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(3);
  });

  it("renews its source and asks again when AWS rejects the source's session", async () => {
    const world = await createWorld();
    await createRole(world.sandbox, "Audit", ["sts:AssumeRole"], deployArn);
    world.configure(
      `${deployConfig}\n[roles.Audit]\nrole_arn = "arn:aws:iam::444455556666:role/Audit"\nsource_role = "deploy"\nexternal_id = "team-core"\n`,
    );
    await world.startAgent();
    await issuedSession(world, "Audit");
    const { AccessKeyId } = await world.client.credentials("deploy");
    delete world.sandbox.state.sessions[AccessKeyId];
    await world.client.refresh("Audit");
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(AccessKeyId);
    expect(world.sandbox.calls.count("AssumeRole", "InvalidClientTokenId")).toBe(1);
    expect(world.sandbox.calls.count("AssumeRole", "ok")).toBe(4);
  });

  it("is assumed with the keys in the agent's environment", async () => {
    const world = await createWorld();
    const [administrator] = world.sandbox.accounts;
    Object.assign(world.env, {
      AWS_ACCESS_KEY_ID: administrator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
      AWS_ENDPOINT_URL_STS: world.sandbox.url,
    });
    world.configure(deployConfig.replace('source_profile = "sandbox"', 'credential_source = "Environment"'));
    await world.startAgent();
    expect((await issuedSession(world, "deploy")).roleName).toBe("Deploy");
  });

  it("is assumed with what a profile's credential_process prints", async () => {
    const world = await createWorld();
    const [{ accessKeyId, secretAccessKey }] = world.sandbox.accounts;
    const program = join(world.home, "print-keys.cjs");
    const document = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
    writeFileSync(program, `console.log(${JSON.stringify(JSON.stringify(document))})`);
    addProfile(
      world,
      `[profile from-process]\ncredential_process = ${process.execPath} ${program}\nendpoint_url = ${world.sandbox.url}`,
    );
    world.configure(deployConfig.replace('"sandbox"', '"from-process"'));
    await world.startAgent();
    expect((await issuedSession(world, "deploy")).roleName).toBe("Deploy");
    // The profile itself is a role too; its long-term keys are exchanged for a session.
    const { AccessKeyId } = await world.client.credentials("from-process");
    expect(world.sandbox.state.sessions[AccessKeyId]?.kind).toBe("user");
  });

  it("can be what a program prints", async () => {
    const world = await createWorld();
    const program = join(world.home, "print-session.cjs");
    const document = {
      Version: 1,
      AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
      SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      SessionToken: "token",
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      AccountId: "123456789012",
    };
    writeFileSync(program, `console.log(${JSON.stringify(JSON.stringify(document))})`);
    world.configure(`[roles.legacy]\ncredential_process = '"${process.execPath}" "${program}"'\n`);
    await world.startAgent();
    expect(await world.client.credentials("legacy")).toMatchObject({
      AccessKeyId: document.AccessKeyId,
      AccountId: "123456789012",
    });
    writeFileSync(program, "console.log('{}')");
    await expect(world.client.refresh("legacy")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: "credential_process printed a document whose Version is missing or malformed",
    });
  });

  it("can be an alias of a profile", async () => {
    const world = await createWorld();
    addProfile(
      world,
      `[profile app]\nrole_arn = ${deployArn}\nsource_profile = sandbox\nexternal_id = team-core\nendpoint_url = ${world.sandbox.url}`,
    );
    world.configure('[roles.alias]\nprofile = "app"\n');
    await world.startAgent();
    expect((await issuedSession(world, "alias")).roleName).toBe("Deploy");
  });

  it("that is prefetched is fresh before anybody asks", async () => {
    const world = await createWorld();
    world.configure(`[agent]\nprefetch = ["deploy"]\n${deployConfig}`);
    await world.startAgent();
    while ((await world.client.status()).roles[0]?.state !== "fresh") await sleep(20);
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });
});

describe("a profile that can't work", () => {
  it("stops no other role, and says what is wrong with it when asked", async () => {
    const world = await createWorld();
    addProfile(world, `[profile lost]\nrole_arn = ${deployArn}\nsource_profile = nowhere`);
    addProfile(world, `[profile child]\nrole_arn = ${deployArn}\nsource_profile = lost`);
    await world.startAgent();
    await world.client.credentials("deploy");
    for (const name of ["lost", "child"]) {
      await expect(world.client.credentials(name)).rejects.toMatchObject({
        code: "InvalidConfiguration",
        message: expect.stringContaining('"nowhere"'),
        hint: expect.stringContaining("[profile lost]"),
      });
    }
    expect((await world.run("roles")).stdout).toMatch(/^lost +invalid +.*"nowhere" doesn't exist/m);
  });
});
