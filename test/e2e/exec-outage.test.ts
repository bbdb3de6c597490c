import { describe, expect, it, onTestFinished } from "vitest";
import { askDoor, type DoorAnswer } from "../support/lock.ts";
import { createMfaRole, enableDevice } from "../support/mfa.ts";
import { RunningCommand } from "../support/running-command.ts";
import { createWorld, type World } from "../support/world.ts";

const printEndpoint =
  'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI"; echo "$AWS_CONTAINER_AUTHORIZATION_TOKEN"; exec sleep 60';

/** Asks the endpoint of a command that runs as a role. */
async function startCommand(world: World, role: string): Promise<() => Promise<DoorAnswer>> {
  const command = new RunningCommand(world.env, ["exec", role, "--", "sh", "-c", printEndpoint]);
  onTestFinished(async () => {
    command.signal("SIGTERM");
    await command.exited();
  });
  const [uri = "", authorization = ""] = [await command.line(), await command.line()];
  const { hostname: host, port } = new URL(uri);
  return () => askDoor({ host, port }, "/v1/credentials", { headers: { authorization } });
}

describe("the endpoint of role-agent exec goes on with its session", () => {
  it("while the agent hangs", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    const ask = await startCommand(world, "deploy");
    const before = await ask();
    expect(before).toMatchObject({ status: 200 });
    agent.signal("SIGSTOP");
    expect(await ask()).toEqual(before);
    expect(await ask()).toEqual(before);
    agent.signal("SIGCONT");
    expect(await ask()).toEqual(before);
  });

  it("where an agent that was started again waits for a one-time code", async () => {
    const world = await createWorld();
    const serial = await enableDevice(world.sandbox);
    const arn = await createMfaRole(world.sandbox, "admin");
    world.configure(
      `[roles.admin]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`,
    );
    const agent = await world.startAgent();
    await world.client.credentials("admin").catch(() => undefined);
    await world.client.mfa("admin", world.sandbox.mfaCode(serial));
    const ask = await startCommand(world, "admin");
    const before = await ask();
    expect(before).toMatchObject({ status: 200 });
    await agent.end();
    await world.startAgent();
    await expect(world.client.credentials("admin")).rejects.toMatchObject({ code: "MfaRequired" });
    expect(await ask()).toEqual(before);
  });
});
