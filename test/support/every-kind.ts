import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateRoleCommand, CreateSAMLProviderCommand, IAMClient } from "@aws-sdk/client-iam";
import { RoleAgentError } from "@role-agent/provider";
import { createSamlProvider, type Sandbox } from "@role-agent/sandbox";
import { expect } from "vitest";
import { AUDIENCE, ciRole, SUBJECT } from "../sandbox/oidc/web-identity.ts";
import { loginArn } from "./login-world.ts";
import { createKeysWorld, identity, type KeysWorld } from "./keys.ts";
import { startMetadataServer } from "./metadata-server.ts";
import { enableDevice } from "./mfa.ts";
import { createAnywhere, serverArn } from "./roles-anywhere.ts";
import { corpSession, signIn } from "./sso-world.ts";
import { createRole, deployArn } from "./world.ts";

const account = "444455556666";
const instanceArn = `arn:aws:iam::${account}:role/Instance`;
const federatedArn = `arn:aws:iam::${account}:role/Federated`;
const oktaArn = `arn:aws:iam::${account}:saml-provider/Okta`;
const readOnly =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}';

/** A world with one role of each kind in its config.toml, and everything around it that they need. */
export interface EveryKind extends KeysWorld {
  /** The roles that are renewed without a person. */
  readonly names: readonly string[];
  /** Serial number of the device that the role `mfa` needs. */
  readonly serial: string;
  /** Everything secret that the agent, its issuer or its commands get to see, as far as it is known before. */
  readonly secrets: readonly string[];
}

/** Signs in, keeps a key, and writes the proofs; no agent runs yet. */
export async function createEveryKind(sessionSeconds: number): Promise<EveryKind> {
  const world = await createKeysWorld("", { sessionSeconds });
  const { sandbox, env, home } = world;
  const directory = join(home, ".config", "role-agent");
  const serial = await enableDevice(sandbox);
  // A program's session is counted by this machine's clock, which is to agree with AWS's here.
  sandbox.clock.advance(-30_000);
  await createRole(sandbox, "Audit", ["sts:AssumeRole"], deployArn);
  await createRole(sandbox, "Instance");
  await createRole(sandbox, "Around", ["sts:AssumeRole"], instanceArn);

  const around = await startMetadataServer(sandbox, instanceArn);
  const [administrator] = sandbox.accounts;
  Object.assign(env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${around.url}/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: around.token,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: around.url,
    AWS_ACCESS_KEY_ID: administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
  });
  delete env["AWS_EC2_METADATA_DISABLED"];

  const issuer = await ciRole(sandbox, { StringEquals: { "issuer.example.com:sub": SUBJECT } });
  const token = await issuer.sign({ sub: SUBJECT, aud: AUDIENCE });
  writeFileSync(join(directory, "token"), token);
  const assertion = await trustOkta(sandbox);
  writeFileSync(join(directory, "assertion.b64"), assertion);
  const anywhere = await createAnywhere(sandbox, directory);
  const { privateKey } = anywhere.authority.issue("server");
  const [, keyLine = ""] = readFileSync(privateKey, "utf8").split("\n");
  const login = await consoleLogin(home, sandbox);
  appendFileSync(env["AWS_CONFIG_FILE"] ?? "", corpSession);
  const program = join(home, "keys.cjs");
  writeFileSync(program, printsSessionOf(around.url, around.token));
  await world.keys(["add", "alice"], { stdin: world.keyLines });

  const roles: Readonly<Record<string, string>> = {
    deploy: `role_arn = "${deployArn}"\nsource_profile = "sandbox"\nexternal_id = "team-core"`,
    audit: `role_arn = "arn:aws:iam::${account}:role/Audit"\nsource_role = "deploy"\nexternal_id = "team-core"`,
    keyed: `role_arn = "${deployArn}"\nsource_key = "alice"\nexternal_id = "team-core"`,
    environment: `role_arn = "${deployArn}"\ncredential_source = "Environment"\nexternal_id = "team-core"`,
    container: `role_arn = "arn:aws:iam::${account}:role/Around"\ncredential_source = "EcsContainer"\nexternal_id = "team-core"`,
    instance: `role_arn = "arn:aws:iam::${account}:role/Around"\ncredential_source = "Ec2InstanceMetadata"\nexternal_id = "team-core"`,
    ci: `role_arn = "arn:aws:iam::111122223333:role/Ci"\nweb_identity_token_file = "token"`,
    okta: `role_arn = "${federatedArn}"\nprincipal_arn = "${oktaArn}"\nsaml_assertion_file = "assertion.b64"`,
    reader: `sso_session = "corp"\nsso_account_id = "111122223333"\nsso_role_name = "ReadOnly"`,
    server: `role_arn = "${serverArn}"\ntrust_anchor_arn = "${anywhere.anchor.trustAnchorArn}"\nprofile_arn = "${anywhere.profile.profileArn}"\ncertificate = "server.pem"\nprivate_key = "server.key"`,
    legacy: `credential_process = '"${process.execPath}" "${program}"'`,
    alice: `source_key = "alice"`,
    console: `login_session = "${loginArn}"`,
    alias: `profile = "sandbox-partner"`,
    readonly: `source_role = "deploy"\npolicy = '${readOnly}'`,
  };
  const tables = Object.entries(roles).map(([name, keys]) => `[roles.${name}]\n${keys}\n`);
  const mfa = `[roles.mfa]\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`;
  world.configure(`[agent]\nkey_store = "file"\nlog_level = "debug"\n${tables.join("")}${mfa}`);
  await signIn(world, ["corp"]);

  const secretKeys = sandbox.accounts.map(({ secretAccessKey }) => secretAccessKey);
  const secrets = [...secretKeys, identity, token, assertion, around.token, keyLine, login.refreshToken];
  return { ...world, names: Object.keys(roles), serial, secrets };
}

/** Asks for all roles until each has had so many sessions; every answer must be good by the sandbox's clock. */
export async function untilSessions(world: EveryKind, count: number): Promise<void> {
  const keys = new Map(world.names.map((name) => [name, new Set<string>()]));
  while ([...keys.values()].some((seen) => seen.size < count)) {
    await Promise.all(
      world.names.map(async (name) => {
        const { AccessKeyId } = await world.client.credentials(name);
        const end = world.sandbox.state.sessions[AccessKeyId]?.expiresAt;
        expect(end, name).toBeGreaterThan(world.sandbox.clock.now());
        keys.get(name)?.add(AccessKeyId);
      }),
    );
    await sleep(100);
  }
}

/** The device's role, which waits for a person each time that its session has ended. */
export async function untilMfaSessions(world: EveryKind, count: number): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < count) {
    try {
      await world.client.credentials("mfa");
    } catch (error) {
      if (!(error instanceof RoleAgentError && error.code === "MfaRequired")) throw error;
      world.sandbox.clock.advance(30_000);
      const code = world.sandbox.mfaCode(world.serial);
      codes.push(code);
      await world.client.mfa("mfa", code);
    }
    await sleep(100);
  }
  return codes;
}

async function trustOkta(sandbox: Sandbox): Promise<string> {
  const provider = createSamlProvider();
  const [, credentials] = sandbox.accounts;
  const iam = new IAMClient({ region: sandbox.region, endpoint: sandbox.url, credentials });
  await iam.send(new CreateSAMLProviderCommand({ Name: "Okta", SAMLMetadataDocument: provider.metadata }));
  const statement = {
    Effect: "Allow",
    Principal: { Federated: oktaArn },
    Action: "sts:AssumeRoleWithSAML",
    Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
  };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: "Federated", AssumeRolePolicyDocument: trust }));
  iam.destroy();
  return provider.assertion({ roles: [`${federatedArn},${oktaArn}`], sessionName: "alice@example.com" });
}

async function consoleLogin(home: string, sandbox: Sandbox): Promise<{ refreshToken: string }> {
  const file = `${createHash("sha256").update(loginArn).digest("hex")}.json`;
  const path = join(home, ".aws", "login", "cache", file);
  const login = await sandbox.signIn();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(login), { mode: 0o600 });
  return login;
}

/** A program that prints the container's session as credential_process wants it. */
function printsSessionOf(url: string, token: string): string {
  return `fetch("${url}/credentials", { headers: { authorization: "${token}" } })
    .then((response) => response.json())
    .then(({ Token, ...rest }) => console.log(JSON.stringify({ Version: 1, SessionToken: Token, ...rest })));`;
}
