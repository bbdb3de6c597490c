import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shells } from "../../packages/agent/src/cli/shells.ts";
import { roleAgentProgram } from "../support/agent-process.ts";
import { difficultValues } from "../support/difficult-values.ts";
import { createWorld, type World } from "../support/world.ts";
import { answerOf, run } from "./support/run.ts";
import { onTerminal } from "./support/terminal.ts";

const deploySession = expect.stringMatching(/^arn:aws:sts::444455556666:assumed-role\/Deploy\/./);
const keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMIEXAMPLE\n";

/** A person who has been somebody else all along: by a profile, by keys and by `[default]`. */
async function settledWorld(): Promise<World> {
  const world = await createWorld();
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n[default]\nregion = eu-central-1\n${keys}`);
  writeFileSync(world.env["AWS_SHARED_CREDENTIALS_FILE"] ?? "", `[default]\n${keys}`);
  Object.assign(world.env, {
    AWS_ENDPOINT_URL: world.sandbox.url,
    AWS_PROFILE: "sandbox",
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMIEXAMPLE",
  });
  await world.startAgent();
  return world;
}

describe("role-agent exec", () => {
  it("makes the AWS CLI the role where AWS_PROFILE, keys and [default] were set before", async () => {
    const world = await settledWorld();
    const line = `'${roleAgentProgram}' exec deploy -- sh -c 'aws sts get-caller-identity'`;
    expect(answerOf(await run(world, line))).toMatchObject({ Arn: deploySession });
    const region = await run(world, `'${roleAgentProgram}' exec deploy -- aws configure get region`);
    expect(region).toMatchObject({ stdout: "eu-central-1\n" });
    expect(world.sandbox.calls.count("AssumeRole")).toBe(1);
  });

  it("makes the AWS CLI the role by variables, too", async () => {
    const world = await settledWorld();
    const line = `'${roleAgentProgram}' exec --env deploy -- aws sts get-caller-identity`;
    expect(answerOf(await run(world, line))).toMatchObject({ Arn: deploySession });
  });
});

describe("role-agent env", () => {
  it("makes the AWS CLI of a shell the role", async () => {
    const world = await settledWorld();
    const line = `eval "$('${roleAgentProgram}' env deploy)"; aws sts get-caller-identity`;
    expect(answerOf(await run(world, line))).toMatchObject({ Arn: deploySession });
  });

  it("gives fish a session", async () => {
    const world = await settledWorld();
    world.env["SCRIPT"] =
      `'${roleAgentProgram}' env deploy --shell fish | source; echo "$AWS_ACCESS_KEY_ID/$AWS_PROFILE"`;
    const { AccessKeyId } = await world.client.credentials("deploy");
    expect(await run(world, 'fish -c "$SCRIPT"')).toMatchObject({ stdout: `${AccessKeyId}/\n` });
  });

  it.each(difficultValues)("would give fish the value %j as it is", (value) => {
    const script = `${shells.fish.set("X", value)}env -0`;
    expect(execFileSync("fish", ["--no-config", "-c", script], { encoding: "utf8" }).split("\0")).toContain(
      `X=${value}`,
    );
  });
});

describe("role-agent init on a terminal", () => {
  it.each([
    ["y", true],
    ["", false],
    ["no", false],
  ])("adds profiles to the AWS config after the answer %j: %s", async (answer, isAdded) => {
    const world = await createWorld();
    const aws = world.env["AWS_CONFIG_FILE"] ?? "";
    const before = readFileSync(aws, "utf8");
    rmSync(join(world.home, ".config"), { recursive: true });
    const screen = await onTerminal(world.env, "init", [["[y/N] ", `${answer}\r`]]);
    expect(screen).toContain("[profile agent-sandbox]");
    expect(readFileSync(aws, "utf8") === before).toBe(!isAdded);
    if (!isAdded) return;
    await world.startAgent();
    world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
    expect(answerOf(await run(world, "aws sts get-caller-identity --profile agent-sandbox"))).toMatchObject({
      Account: "111122223333",
    });
  });
});
