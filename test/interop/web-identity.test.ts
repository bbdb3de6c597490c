import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { createOidcIssuer } from "@role-agent/sandbox";
import { describe, expect, it } from "vitest";
import { AUDIENCE, registerIssuer, SUBJECT, trustIssuer } from "../sandbox/oidc/web-identity.ts";
import { iam, roleArn } from "../sandbox/support.ts";
import { createWorld, type World } from "../support/world.ts";
import { startMoto } from "./support/moto.ts";
import { addProcessProfile } from "./support/profile.ts";
import { answerOf, run } from "./support/run.ts";
import { roleAgentProgram } from "../support/agent-process.ts";

const whoami = "aws sts get-caller-identity --profile";
const ciSession = expect.stringMatching(/^arn:aws:sts::111122223333:assumed-role\/Ci\/build$/);

/** A world with the profile `web`, whose token the sandbox's role `Ci` trusts. */
async function createTokenWorld(): Promise<World> {
  const world = await createWorld();
  const issuer = await createOidcIssuer();
  const AssumeRolePolicyDocument = trustIssuer(await registerIssuer(world.sandbox, issuer), {
    StringEquals: { "issuer.example.com:sub": SUBJECT, "issuer.example.com:aud": AUDIENCE },
  });
  await iam(world.sandbox).send(new CreateRoleCommand({ RoleName: "Ci", AssumeRolePolicyDocument }));
  const tokenFile = join(world.home, "token");
  writeFileSync(tokenFile, await issuer.sign({ sub: SUBJECT, aud: AUDIENCE }));
  const lines = [
    "[profile web]",
    `role_arn = ${roleArn("Ci")}`,
    `web_identity_token_file = ${tokenFile}`,
    "role_session_name = build",
    `region = ${world.sandbox.region}`,
    `endpoint_url = ${world.sandbox.url}`,
  ];
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n${lines.join("\n")}\n`);
  addProcessProfile(world, "app", `"${roleAgentProgram}" credentials web`);
  return world;
}

describe("a profile with web_identity_token_file", () => {
  it("is the same to the AWS CLI, by itself and through the agent", async () => {
    const world = await createTokenWorld();
    await world.startAgent();
    for (const profile of ["web", "app"]) {
      expect(answerOf(await run(world, `${whoami} ${profile}`))).toMatchObject({ Arn: ciSession });
    }
    expect(world.sandbox.calls.count("AssumeRoleWithWebIdentity", "ok")).toBe(2);
  });

  it("is issued by moto_server as by AWS", async () => {
    const world = await createTokenWorld();
    world.env["AWS_ENDPOINT_URL_STS"] = await startMoto();
    await world.startAgent();
    expect(answerOf(await run(world, `${whoami} app`))).toMatchObject({ Arn: ciSession });
    expect(world.sandbox.calls.count("AssumeRoleWithWebIdentity")).toBe(0);
  });
});

describe("the AWS CLI", () => {
  it("creates, shows, lists and deletes the sandbox's OIDC providers", async () => {
    const world = await createTokenWorld();
    const admin = "--profile sandbox";
    const arn = "arn:aws:iam::111122223333:oidc-provider/ci.example.com/tenant";
    const create =
      "aws iam create-open-id-connect-provider --url https://ci.example.com/tenant --client-id-list one two";
    expect(answerOf(await run(world, `${create} ${admin}`))).toMatchObject({ OpenIDConnectProviderArn: arn });
    const named = `--open-id-connect-provider-arn ${arn} ${admin}`;
    expect(answerOf(await run(world, `aws iam get-open-id-connect-provider ${named}`))).toMatchObject({
      Url: "ci.example.com/tenant",
      ClientIDList: ["one", "two"],
    });
    await run(world, `aws iam delete-open-id-connect-provider ${named}`);
    expect(answerOf(await run(world, `aws iam list-open-id-connect-providers ${admin}`))).toEqual({
      OpenIDConnectProviderList: [{ Arn: "arn:aws:iam::111122223333:oidc-provider/issuer.example.com" }],
    });
  });
});
