import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CredentialsDocument } from "@role-agent/provider";
import { createKeysWorld, identity, type KeysWorld } from "../support/keys.ts";
import { passphrase } from "../support/lock.ts";
import {
  cacheFiles,
  createCacheWorld,
  killedWithSession,
  stateDirectory,
  untilLogged,
  untilSealed,
} from "../support/session-cache.ts";
import { writtenBelow } from "../support/written.ts";

/** Everything that agents have written in a home directory, as text: what a thief of the disk reads. */
function writtenIn({ home }: KeysWorld): string {
  return [".local", "run"].map((directory) => writtenBelow(join(home, directory))).join("\n");
}

/** The secrets of these sessions and of the world, in every form that they may be found in. */
function secretsOf(world: KeysWorld, ...sessions: readonly CredentialsDocument[]): readonly string[] {
  const plain = [
    ...sessions.flatMap(({ SecretAccessKey, SessionToken }) => [SecretAccessKey, SessionToken]),
    world.secret,
    identity,
    passphrase,
  ];
  const encoded = (["base64", "base64url", "hex"] as const).flatMap((encoding) =>
    // The end of base64 depends on what follows.
    plain.map((secret) => Buffer.from(secret).toString(encoding).slice(0, -4)),
  );
  return [...plain, ...encoded];
}

function secretsFound(text: string, secrets: readonly string[]): number {
  return secrets.filter((secret) => text.includes(secret)).length;
}

/** The only sealed file of a world. */
function cacheFile(world: KeysWorld): string {
  const [file, ...others] = cacheFiles(world);
  if (file === undefined || others.length > 0) throw new Error("not one sealed file");
  return file;
}

describe("T20: who steals what an agent has left on disk has no session of it", () => {
  it("there is none by default, before and after a kill -9", async () => {
    const world = await createKeysWorld();
    await world.keys(["add", "alice"], { stdin: world.keyLines });
    const agent = await world.startAgent();
    const sessions = [await world.client.credentials("deploy"), await world.client.credentials("keyed")];
    await sleep(1200);
    await agent.end("SIGKILL");
    expect(readdirSync(stateDirectory(world))).toEqual(["audit.log"]);
    expect(secretsFound(writtenIn(world), secretsOf(world, ...sessions))).toBe(0);
  });

  it("with session_cache they are sealed, in a file for their owner alone", async () => {
    const world = await createCacheWorld();
    await world.keys(["add", "alice"], { stdin: world.keyLines });
    const agent = await world.startAgent();
    const ask = async (): Promise<CredentialsDocument> => world.client.credentials("deploy");
    await untilSealed(world, ask);
    await untilSealed(world, async () => world.client.credentials("keyed"));
    const sessions = [await ask(), await world.client.credentials("keyed")];
    await agent.end("SIGKILL");
    const file = cacheFile(world);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(lstatSync(stateDirectory(world)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, "latin1")).not.toMatch(/deploy|ASIA|arn:aws|team-core/);
    expect(secretsFound(writtenIn(world) + agent.log, secretsOf(world, ...sessions))).toBe(0);
  });

  it("it is never written through a link, nor into a file that is there", async () => {
    const world = await createCacheWorld();
    const agent = await world.startAgent();
    await untilSealed(world, async () => world.client.credentials("deploy"));
    const file = cacheFile(world);
    const bait = join(world.home, "bait");
    writeFileSync(bait, "as it was", { mode: 0o644 });
    rmSync(file);
    symlinkSync(bait, file);
    symlinkSync(bait, `${file}.${agent.pid}.new`);
    await world.client.refresh("deploy");
    while (lstatSync(file).isSymbolicLink()) await sleep(10);
    expect(readFileSync(bait, "utf8")).toBe("as it was");
    expect(lstatSync(bait).mode & 0o777).toBe(0o644);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
  });

  it("one that was tampered with, cut, opened to others or replaced by a link is ignored, and removed", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    const file = cacheFile(world);
    const good = join(world.home, "good");
    renameSync(file, good);
    const bytes = readFileSync(good);
    const bent = Buffer.from(bytes);
    // Where one letter becomes another, so that nothing but the tag tells.
    const middle = Math.floor(bent.length / 2);
    bent[middle] = (bent[middle] ?? 0) ^ 1;
    const spoilt: readonly (readonly [why: string, spoil: () => void])[] = [
      ["it is damaged", () => writeFileSync(file, bent, { mode: 0o600 })],
      ["it is damaged", () => writeFileSync(file, bytes.subarray(0, -1), { mode: 0o600 })],
      ["others than its owner", () => (copyFileSync(good, file), chmodSync(file, 0o644))],
      ["it is a symbolic link", () => symlinkSync(good, file)],
    ];
    for (const [why, spoil] of spoilt) {
      spoil();
      const agent = await world.startAgent();
      await untilLogged(agent, "session cache: ");
      expect(agent.log).toContain(`is ignored: ${why}`);
      expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
      await agent.end("SIGKILL");
      expect(agent.log.split("is ignored")).toHaveLength(2);
      expect(agent.log).not.toContain("going on with");
      rmSync(file, { force: true });
      expect(readFileSync(good)).toEqual(bytes);
    }
  });

  it("it is of no use elsewhere: for another configuration file, or another AWS", async () => {
    const world = await createCacheWorld();
    const id = await killedWithSession(world);
    const file = cacheFile(world);
    const bytes = readFileSync(file);
    const elsewhere: readonly (readonly [why: string, variable: string, value: string])[] = [
      ["it is damaged, or was sealed for another", "ROLE_AGENT_CONFIG", join(world.home, "other.toml")],
      ["other AWS_ variables", "AWS_ENDPOINT_URL_STS", `${world.sandbox.url}/`],
    ];
    const config = readFileSync(join(world.home, ".config/role-agent/config.toml"));
    writeFileSync(join(world.home, "other.toml"), config);
    for (const [why, variable, value] of elsewhere) {
      const before = world.env[variable];
      world.env[variable] = value;
      const agent = await world.startAgent();
      await untilLogged(agent, "session cache: ");
      expect(agent.log).toContain(why);
      expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
      await agent.end("SIGKILL");
      if (before === undefined) delete world.env[variable];
      else world.env[variable] = before;
      writeFileSync(file, bytes, { mode: 0o600 });
    }
  });

  it("nothing is left once the agent was locked, and a copy from before can't be opened any more", async () => {
    const world = await createCacheWorld();
    const agent = await world.startAgent();
    await untilSealed(world, async () => world.client.credentials("deploy"));
    const { AccessKeyId: id } = await world.client.credentials("deploy");
    const file = cacheFile(world);
    const copy = join(world.home, "copy");
    copyFileSync(file, copy);
    await world.client.lock(passphrase);
    expect(existsSync(file)).toBe(false);
    await world.client.unlock(passphrase);
    await untilSealed(world, async () => world.client.credentials("deploy"));
    await agent.end("SIGKILL");
    copyFileSync(copy, file);
    const next = await world.startAgent();
    await untilLogged(next, "session cache: ");
    expect(next.log).toContain("is ignored: it is damaged, or was sealed");
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
  });

  it("sessions that ended meanwhile are dropped", async () => {
    const world = await createCacheWorld({ sessionSeconds: 6 });
    const agent = await world.startAgent();
    await untilSealed(world, async () => world.client.credentials("deploy"));
    const { AccessKeyId: id, Expiration } = await world.client.credentials("deploy");
    await agent.end("SIGKILL");
    await sleep(Date.parse(Expiration ?? "") + 1000 - Date.now());
    const next = await world.startAgent();
    await untilLogged(next, "session cache: ");
    expect(next.log).toContain("going on with 0 of 1 sessions");
    expect((await world.client.credentials("deploy")).AccessKeyId).not.toBe(id);
  });
});
