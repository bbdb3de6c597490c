import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IAMClient, CreateRoleCommand } from "@aws-sdk/client-iam";
import { expect, it } from "vitest";
import { createWorld } from "../support/world.ts";
import { run } from "./support/run.ts";

const page = readFileSync(new URL("../../docs/sources/roles-anywhere.md", import.meta.url), "utf8");

/** The first block of code in a language. */
function block(language: string): string {
  const text = page.split(`\`\`\`${language}\n`)[1]?.split("```")[0];
  if (text === undefined) throw new Error(`no ${language} on the page`);
  return text;
}

it("the commands, the trust policy and the config of its page make a role of a certificate", async () => {
  const world = await createWorld();
  const { sandbox } = world;
  const directory = join(world.home, ".config", "role-agent");
  const commands = await run({ env: world.env, home: directory }, `set -e\n${block("sh")}`);
  expect(commands.code, commands.stderr).toBe(0);

  const [, anchorArn = "", profileArn = ""] =
    /trust_anchor_arn = "(.*)"\nprofile_arn = "(.*)"/.exec(block("toml")) ?? [];
  const anchor = sandbox.addTrustAnchor({ pem: readFileSync(join(directory, "ca.pem"), "utf8") });
  sandbox.state.trustAnchors[anchorArn] = { ...anchor, trustAnchorArn: anchorArn };
  const roleArns = ["arn:aws:iam::111122223333:role/Server"];
  sandbox.state.anywhereProfiles[profileArn] = { ...sandbox.addProfile({ roleArns }), profileArn };
  const [credentials] = sandbox.accounts;
  const iam = new IAMClient({ region: sandbox.region, endpoint: sandbox.url, credentials });
  await iam.send(new CreateRoleCommand({ RoleName: "Server", AssumeRolePolicyDocument: block("json") }));
  iam.destroy();

  world.env["AWS_ENDPOINT_URL_ROLESANYWHERE"] = sandbox.url;
  world.configure(block("toml"));
  await world.startAgent();
  expect(await world.client.credentials("server")).toHaveProperty("RoleArn", roleArns[0]);
});
