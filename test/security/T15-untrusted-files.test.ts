import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsConfigFile } from "@role-agent/sandbox";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, serveCommand } from "../support/agent-process.ts";
import { createWorld, deployArn, deployConfig, type World } from "../support/world.ts";

const configOf = ({ home }: World): string => join(home, ".config", "role-agent", "config.toml");

/** How an agent that is not to start ends. */
async function endOf(world: World): Promise<{ code: number | null | "serves"; log: string }> {
  const agent = world.spawnAgent();
  const code = await agent.ready().then(
    () => "serves" as const,
    () => agent.exited(),
  );
  return { code, log: agent.log };
}

async function roleNames(world: World): Promise<string[]> {
  return (await world.client.status()).roles.map(({ name }) => name);
}

describe("T15: no file that others may write to, and none of a directory that somebody happens to be in, decides what runs and who one is", () => {
  it("looks for nothing in the directory that it is started in", async () => {
    const world = await createWorld();
    const project = join(world.home, "project");
    const decoy = `[roles.decoy]\ncredential_process = "touch ${join(world.home, "ran")}"\n`;
    for (const place of [".", "role-agent", ".role-agent", ".config/role-agent"]) {
      mkdirSync(join(project, place), { recursive: true });
      writeFileSync(join(project, place, "config.toml"), decoy);
    }
    mkdirSync(join(project, ".aws"));
    writeFileSync(join(project, ".aws", "config"), "[profile decoy]\ncredential_process = touch ran\n");
    // As the XDG specification has it, a relative one counts for nothing.
    world.env["XDG_CONFIG_HOME"] = ".config";
    delete world.env["AWS_CONFIG_FILE"];
    const inProject = ["sh", "-c", 'cd "$0" && exec "$@"', project, ...serveCommand] as const;
    const agent = new AgentProcess(world.env, world.socketPath, inProject);
    onTestFinished(async () => void (await agent.end("SIGKILL")));
    world.configure("");
    await agent.ready();
    expect(await roleNames(world)).toEqual([]);
  });

  it.each([
    ["by its group", 0o664],
    ["by all", 0o646],
  ])("does not start with a config.toml that can be written %s, and says what to do", async (_, mode) => {
    const world = await createWorld();
    chmodSync(configOf(world), mode);
    const { code, log } = await endOf(world);
    expect(code).toBe(2);
    expect(log).toContain(
      `config.toml: can be written by others than its owner (mode 0${mode.toString(8)}); run: chmod go-w `,
    );
  });

  it("takes no policy from a file that others may write to", async () => {
    const world = await createWorld();
    const policy = join(world.home, ".config", "role-agent", "policy.json");
    writeFileSync(policy, '{"Version":"2012-10-17","Statement":[]}');
    chmodSync(policy, 0o666);
    world.configure(`${deployConfig}policy_file = "policy.json"\n`);
    const { code, log } = await endOf(world);
    expect(code).toBe(2);
    expect(log).toContain(`"policy.json" can be written by others than its owner (mode 0666)`);
  });

  it("takes no identity token from a file that all may write to", async () => {
    const world = await createWorld();
    const token = join(world.home, ".config", "role-agent", "token");
    writeFileSync(token, "e30.e30.e30");
    chmodSync(token, 0o646);
    world.configure(`[roles.ci]\nrole_arn = "${deployArn}"\nweb_identity_token_file = "token"\n`);
    await world.startAgent();
    await expect(world.client.credentials("ci")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: expect.stringMatching(/token can be written by every user of this machine \(mode 0646\)$/),
    });
  });

  it("serves no profile of an AWS file that all may write to, nor lets its issuer use one", async () => {
    const world = await createWorld();
    // Keys in this file come before those of the other, in the issuer's AWS SDK, too.
    const credentials = world.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "";
    const [, { accessKeyId, secretAccessKey }] = world.sandbox.accounts;
    const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    writeFileSync(credentials, `[decoy]\n${keys}[sandbox]\n${keys}`);
    chmodSync(credentials, 0o646);
    const agent = await world.startAgent();
    expect(await roleNames(world)).not.toContain("decoy");
    expect(agent.log).toContain(
      `${credentials}: can be written by every user of this machine (mode 0646); run: chmod go-w `,
    );
    // The role trusts the first account alone.
    await world.client.credentials("deploy");
    chmodSync(credentials, 0o600);
    await world.client.reload();
    expect(await roleNames(world)).toContain("decoy");
    await expect(world.client.refresh("deploy")).rejects.toMatchObject({ code: "AccessDenied" });
  });

  it("serves those of one that the group may write to, by a link of one's own, and warns of it", async () => {
    const world = await createWorld();
    const file = join(world.home, "dotfiles-aws-config");
    writeFileSync(file, awsConfigFile(world.sandbox));
    chmodSync(file, 0o664);
    const link = join(world.home, "link");
    symlinkSync(file, link);
    world.env["AWS_CONFIG_FILE"] = link;
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    expect(agent.log).toContain(`warn ${link}: can be written by its group (mode 0664), `);
  });

  it("gives a program its words as they are: no shell reads them", async () => {
    const world = await createWorld();
    const program = join(world.home, "words.cjs");
    const said = join(world.home, "said");
    writeFileSync(
      program,
      `require("fs").writeFileSync(${JSON.stringify(said)}, JSON.stringify(process.argv.slice(2)))`,
    );
    const words = ["$(touch a)", "`touch b`", ";touch", "c", "&&", "touch", "d", ">e", "$HOME", "*"];
    const line = words.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
    world.configure(`[roles.legacy]\ncredential_process = '"${process.execPath}" "${program}" ${line}'\n`);
    await world.startAgent();
    await expect(world.client.credentials("legacy")).rejects.toMatchObject({ code: "InvalidConfiguration" });
    expect(JSON.parse(readFileSync(said, "utf8"))).toEqual(words);
    expect(readdirSync(world.home)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^[a-e]$/)]));
  });
});
