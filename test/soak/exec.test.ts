import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RunningCommand } from "../support/running-command.ts";
import { createWorld } from "../support/world.ts";

/** Of sessions and of the command; `SOAK_SECONDS` makes the latter shorter, to try the test itself. */
const sessionSeconds = 60;
const commandSeconds = Number(process.env["SOAK_SECONDS"] ?? 600);
const pauseSeconds = 0.5;

const clients = fileURLToPath(new URL("clients", import.meta.url));

interface Answer {
  readonly client: "javascript" | "boto3";
  readonly accessKeyId?: string;
  readonly error?: string;
}

describe("a command of role-agent exec that runs for many sessions", () => {
  it("never sees an expired key, with the SDK for JavaScript or with boto3", async () => {
    const world = await createWorld({ sessionSeconds });
    world.env["AWS_ENDPOINT_URL"] = world.sandbox.url;
    world.env["AWS_REGION"] = world.sandbox.region;
    world.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    await world.startAgent();
    const duration = `${commandSeconds} ${pauseSeconds}`;
    const script = `'${process.execPath}' '${clients}/whoami-for.js' ${duration} & python3 '${clients}/whoami_for.py' ${duration}; wait`;
    const command = new RunningCommand(world.env, ["exec", "deploy", "--", "sh", "-c", script]);

    const answers: Answer[] = [];
    for (let line = await command.line(); line !== undefined; line = await command.line())
      answers.push(JSON.parse(line));
    expect(await command.exited()).toBe(0);

    const { calls } = world.sandbox;
    const failures = answers.filter(({ error }) => error !== undefined);
    console.log({
      seconds: commandSeconds,
      calls: answers.length,
      failures: failures.length,
      javascript: distinctKeys(answers, "javascript"),
      boto3: distinctKeys(answers, "boto3"),
      sessionsIssued: calls.count("AssumeRole"),
    });
    expect(failures).toEqual([]);
    // An SDK would try again before it tells of an expired key; AWS counts each attempt.
    expect(calls.count("GetCallerIdentity")).toBe(calls.count("GetCallerIdentity", "ok"));
    const renewals = Math.floor(commandSeconds / sessionSeconds);
    for (const client of ["javascript", "boto3"] as const)
      expect(distinctKeys(answers, client)).toBeGreaterThan(renewals);
    expect(calls.count("AssumeRole")).toBeLessThan(4 * (renewals + 1));
  });
});

function distinctKeys(answers: readonly Answer[], client: Answer["client"]): number {
  return new Set(answers.filter((each) => each.client === client).map((each) => each.accessKeyId)).size;
}
