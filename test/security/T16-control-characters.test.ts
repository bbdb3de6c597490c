import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { TempHome } from "../agent/config/temp-home.ts";
import { endpoint } from "../support/endpoints.ts";
import { askDoor } from "../support/lock.ts";
import { createWorld, deployConfig } from "../support/world.ts";

/** What ends a line, a text or an escape sequence somewhere, and one that is plain text to everybody but a URL. */
const characters = ["\n", "\r", "\0", "\u001B", "\u2028"] as const;
const harmless = "%0a";

/** All that a terminal or a reader of lines could take for more than text; lines end. */
// oxlint-disable-next-line no-control-regex
const controlling = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069]/u;

const arn = "arn:aws:iam::123456789012:";
const anywhere = "arn:aws:rolesanywhere:eu-west-1:123456789012:";

/** Every key of a role that holds text which isn't a document: a good value, and at which place it is spoiled. */
const roleKeys: Readonly<Record<string, string>> = {
  profile: "dev|",
  credential_process: "cat |file",
  login_session: `${arn}user/Ali|ce`,
  role_arn: `${arn}role/Dep|loy`,
  trust_anchor_arn: `${anywhere}trust-anchor/1|2`,
  profile_arn: `${anywhere}profile/1|2`,
  certificate: "cert|.pem",
  private_key: "key|.pem",
  private_key_passphrase_file: "pass|",
  source_profile: "ba|se",
  source_role: "ba|se",
  source_key: "ali|ce",
  credential_source: "Environ|ment",
  principal_arn: `${arn}saml-provider/Ok|ta`,
  saml_assertion_file: "assertion|",
  saml_assertion_process: "cat |file",
  web_identity_token_file: "token|",
  web_identity_token_process: "cat |file",
  sso_session: "co|rp",
  sso_account_id: "123456|789012",
  sso_role_name: "Read|Only",
  sso_start_url: "https://example.awsapps.com/st|art",
  sso_region: "eu-|west-1",
  external_id: "team|-core",
  role_session_name: "ali|ce",
  source_identity: "ali|ce",
  policy_file: "policy|.json",
  region: "eu-|west-1",
  mfa_serial: `${arn}mfa/ali|ce`,
  mfa_process: "cat |file",
};

/** Tables in which the sign stands where a character is put: of lists and tables, of names, and beside the roles. */
const otherPlaces: Readonly<Record<string, string>> = {
  policy_arns: `policy_arns = ["${arn}policy/Re|ad"]`,
  tags: 'tags = { team = "co|re" }',
  "tags.": 'tags = { "te|am" = "core" }',
  transitive_tag_keys: 'transitive_tag_keys = ["te|am"]',
  'roles."ot': `[roles."ot|her"]\nrole_arn = "${arn}role/Deploy"\ncredential_source = "Environment"`,
  prefetch: '[agent]\nprefetch = ["dep|loy"]',
  audit_log: '[agent]\naudit_log = "/tmp/aud|it"',
  path: '[[endpoints]]\ntype = "socket"\npath = "/tmp/a|b.sock"\nroles = ["deploy"]',
  listen: '[[endpoints]]\ntype = "container"\nlisten = "127.0.0.1|:9911"\nroles = ["deploy"]',
  "roles[0]": '[[endpoints]]\ntype = "imds"\nlisten = "127.0.0.1:9911"\nroles = ["dep|loy"]',
  token_file:
    '[[endpoints]]\ntype = "container"\nlisten = "127.0.0.1:9911"\nroles = ["deploy"]\ntoken_file = "/a|/{role}"',
  client_cidrs:
    '[[endpoints]]\ntype = "imds"\nlisten = "169.254.169.254:80"\nroles = ["deploy"]\nclient_cidrs = ["172.17.0.0|/16"]',
};

function escaped(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}

/** A document of credential_process, one field of it spoiled. */
function documentWith(field: string, character: string): string {
  const document: Record<string, unknown> = {
    Version: 1,
    AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
    SecretAccessKey: "wJalrXUtnFEMI",
    SessionToken: "token",
    Expiration: "2099-01-01T00:00:00Z",
    AccountId: "123456789012",
  };
  return JSON.stringify({ ...document, [field]: `${String(document[field])}${character}x` });
}

/** An AssumeRole answer with a spoiled key or token. */
function answerWith(field: string, reference: string): Fault {
  const value = (name: string, good: string): string =>
    `<${name}>${good}${name === field ? `${reference}x` : ""}</${name}>`;
  const body = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><Arn>arn:aws:sts::444455556666:assumed-role/Deploy/x</Arn><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser>
<Credentials>${value("AccessKeyId", "ASIAIOSFODNN7EXAMPLE")}${value("SecretAccessKey", "wJalrXUtnFEMI")}${value("SessionToken", "token")}<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>`;
  return { kind: "answer", body };
}

describe("T16: no value brings a line, an end or an escape sequence of its own into what it becomes a part of", () => {
  it("of a role's text in config.toml, since it is refused there", () => {
    const home = new TempHome();
    for (const [key, value] of Object.entries(roleKeys)) {
      for (const character of characters) {
        home.config(`[roles.deploy]\n${key} = "${value.replace("|", escaped(character))}"\n`);
        const problem = home.problem();
        expect({ key, character, problem }).toMatchObject({
          problem: expect.stringContaining(`roles.deploy.${key}: `),
        });
        expect(problem).not.toMatch(controlling);
      }
      home.config(`[roles.deploy]\n${key} = "${value.replace("|", "")}"\n`);
      expect({ key, problem: home.problem() }).not.toMatchObject({
        problem: expect.stringMatching(`roles.deploy.${key}: (?:must|may|has)`),
      });
    }
  });

  it("of anything else in config.toml, names of roles and tags among it", () => {
    const home = new TempHome();
    for (const [key, place] of Object.entries(otherPlaces)) {
      for (const character of characters) {
        home.config(`${deployConfig}${place.replace("|", escaped(character))}\n`);
        const problem = home.problem();
        expect({ key, character, problem }).toMatchObject({ problem: expect.stringContaining(key) });
        expect(problem).not.toMatch(controlling);
      }
    }
  });

  it("of what a credential_process prints, which is an error then, and no secret in it", async () => {
    const world = await createWorld();
    const fields = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"];
    const cases = fields.flatMap((field) => characters.map((character) => [field, character] as const));
    const roles = cases.map(([field, character], index) => {
      const file = join(world.home, `${index}.json`);
      writeFileSync(file, documentWith(field, character));
      return `[roles.r${index}]\ncredential_process = "cat ${file}"\n`;
    });
    const good = join(world.home, "good.json");
    writeFileSync(good, documentWith("SecretAccessKey", harmless));
    world.configure(`${roles.join("")}[roles.good]\ncredential_process = "cat ${good}"\n`);
    const agent = await world.startAgent();
    const outcomes = await Promise.allSettled(
      cases.map((_case, index) => world.client.credentials(`r${index}`)),
    );
    for (const [index, outcome] of outcomes.entries()) {
      expect({ case: cases[index], outcome }).toMatchObject({
        outcome: {
          status: "rejected",
          reason: {
            code: "InvalidConfiguration",
            message: expect.stringContaining(`whose ${cases[index]?.[0]} is`),
          },
        },
      });
    }
    expect(agent.log).not.toContain("wJalrXUtnFEMI");
    const { stdout } = await world.run("credentials", "good", "--format", "env");
    expect(stdout).toContain(`export AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI${harmless}x'\n`);
  });

  it("of what AWS answers: keys, and words that are shown", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    for (const field of ["AccessKeyId", "SecretAccessKey", "SessionToken"]) {
      for (const reference of ["&#10;", "&#13;", "&#x1B;", "&#x2028;"]) {
        world.sandbox.fault("AssumeRole", answerWith(field, reference));
        await expect(world.client.refresh("deploy"), `${field} ${reference}`).rejects.toMatchObject({
          code: "SourceUnavailable",
        });
      }
    }
    const words =
      "no&#10;hint: role-agent stop&#13;&#x1b;[2J\u001B]0;x\u0007 \u009B2J \u2028 \u202E \u200B end";
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${words}</Message></Error></ErrorResponse>`;
    world.sandbox.fault("AssumeRole", { kind: "answer", status: 403, body });
    const refused = await world.run("refresh", "deploy");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(" end");
    expect(refused.stderr).not.toMatch(controlling);
    expect(refused.stderr.split("\n").filter((line) => line.startsWith("hint: role-agent stop"))).toEqual([]);
    const { stdout } = await world.run("status");
    expect(stdout).not.toMatch(controlling);
    expect(stdout).not.toMatch(/^hint: role-agent stop/m);
    expect(agent.log).not.toMatch(controlling);
    for (const line of agent.log.trimEnd().split("\n"))
      expect(line).toMatch(/^\d{4}-\S+Z (?:info|warn|error) /);
  });

  it("of what a client asks for", async () => {
    const world = await createWorld();
    world.configure(`${deployConfig}${endpoint("imds", "127.0.0.1:0", "deploy")}`);
    const agent = await world.startAgent();
    for (const name of [...characters, harmless, "\u202E", "\u009B2J"].map((each) => `a${each}b`)) {
      const { code, stderr } = await world.run("credentials", name.replaceAll("\0", "%00"));
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(stderr).not.toMatch(controlling);
      const path = `/v1/credentials/${encodeURIComponent(name)}`;
      const { body } = await askDoor({ socketPath: world.socketPath }, path);
      expect(JSON.parse(body)).toMatchObject({
        code: expect.stringMatching(/^(?:RoleNotFound|InvalidRequest)$/),
      });
    }
    expect(agent.log).not.toMatch(controlling);
  });
});
