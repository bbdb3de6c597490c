import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { ageFile } from "../../packages/agent/src/issuer/child/secret-store/age-file.ts";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createKeysWorld, identity, runWith, type KeysWorld } from "../support/keys.ts";
import { enableDevice } from "../support/mfa.ts";
import { childrenOf, endAgent, untilGone } from "../support/processes.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { deployArn } from "../support/world.ts";
import { writtenBelow } from "../support/written.ts";

const id = "AKIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const passphrase = "correct horse battery staple";

async function untilCalls(world: KeysWorld, call: string, count: number): Promise<void> {
  while (world.sandbox.calls.count(call, "ok") < count) await sleep(20);
}

/** The most processes that the issuer of an agent has at once until `work` is done. */
async function mostReaders(agentPid: number, work: Promise<unknown>): Promise<number> {
  const over = new AbortController();
  void work.finally(() => over.abort()).catch(() => undefined);
  let most = 0;
  while (!over.signal.aborted) {
    for (const issuer of childrenOf(agentPid)) most = Math.max(most, childrenOf(issuer).length);
    await sleep(5);
  }
  return most;
}

describe("role-agent keys, with the encrypted file", () => {
  it("adds, lists and removes keys, and shows no secret", async () => {
    const { keys, keyFile } = await createKeysWorld();
    expect(await keys(["add", "alice"], { stdin: `${id}\n${secret}\n` })).toEqual({
      stdout: `alice: key ${id} is kept\n`,
      stderr: "",
      code: 0,
    });
    const document = JSON.stringify({
      AccessKey: { AccessKeyId: id, SecretAccessKey: secret, UserName: "b" },
    });
    expect((await keys(["add", "bob"], { stdin: document })).code).toBe(0);
    expect((await keys(["list"])).stdout).toBe(`NAME   KEY\nalice  ${id}\nbob    ${id}\n`);
    expect(await keys(["remove", "alice"])).toEqual({ stdout: "alice: removed\n", stderr: "", code: 0 });
    expect(JSON.parse((await keys(["list", "--json"])).stdout)).toEqual({
      keys: [{ name: "bob", accessKeyId: id }],
    });
    expect(await keys(["remove", "alice"])).toEqual({
      stdout: "",
      stderr: 'role-agent: keys: there is no key "alice"\nhint: role-agent keys list\n',
      code: 2,
    });
    const written = readFileSync(keyFile, "latin1");
    expect(written).toMatch(/^age-encryption\.org\/v1\n/);
    expect(written).not.toContain(id);
  });

  it("takes the passphrase from a file descriptor, even from that of the key", async () => {
    const { env, keyFile } = await createKeysWorld();
    delete env["CREDENTIALS_DIRECTORY"];
    const add = ["keys", "add", "alice", "--passphrase-fd", "0"];
    expect((await runWith(env, add, { stdin: `${passphrase}\n${id}\n${secret}\n` })).code).toBe(0);
    expect(readFileSync(keyFile, "latin1")).toContain("-> scrypt ");
    const list = ["keys", "list", "--passphrase-fd", "3"];
    expect((await runWith(env, list, { passphrase })).stdout).toContain(`alice  ${id}`);
    expect(await runWith(env, list, { passphrase: "wrong" })).toEqual({
      stdout: "",
      stderr: `role-agent: keys: key file ${keyFile} is not opened by this passphrase\nhint: give the passphrase it was written with; a damaged file looks the same\n`,
      code: 2,
    });
  });

  it.each([
    ["no systemd credential", (env: NodeJS.ProcessEnv) => delete env["CREDENTIALS_DIRECTORY"]],
    [
      "those of others alone",
      (env: NodeJS.ProcessEnv) => (env["CREDENTIALS_DIRECTORY"] = temporaryDirectory()),
    ],
  ])("needs a passphrase where there are %s", async (_, leave) => {
    const { env } = await createKeysWorld();
    leave(env);
    expect(await runWith(env, ["keys", "list"])).toEqual({
      stdout: "",
      stderr:
        "role-agent: keys: the key file is locked: there is no terminal to ask for its passphrase\nhint: --passphrase-fd 3 3< FILE\n",
      code: 1,
    });
    expect(
      (await runWith(env, ["keys", "list", "--passphrase-fd", "3"], { passphrase: "" })).stderr,
    ).toContain("there is no passphrase on file descriptor 3");
    expect((await runWith(env, ["keys", "list", "--passphrase-fd", "9"])).stderr).toContain(
      "file descriptor 9 can't be read",
    );
  });

  it("can be added after an add that was killed while it encrypted", async () => {
    const { env, keys, keyFile, setCredential } = await createKeysWorld();
    setCredential(passphrase);
    const directory = dirname(keyFile);
    const killed = spawn(process.execPath, [roleAgentProgram, "keys", "add", "alice"], { env });
    killed.stdin.end(`${id}\n${secret}\n`);
    while (!existsSync(directory) || readdirSync(directory).length === 0) await sleep(10);
    const writers = childrenOf(killed.pid ?? 0);
    for (const pid of [...writers, killed.pid ?? 0]) process.kill(pid, "SIGKILL");
    await untilGone(writers);
    const [newFile = "", ...others] = readdirSync(directory);
    expect([newFile, others]).toEqual([expect.stringMatching(/\.new$/), []]);
    // A killed process may keep its number until it is waited for, which in a container may be never.
    utimesSync(join(directory, newFile), 0, 0);
    const again = await keys(["add", "alice"], { stdin: `${id}\n${secret}\n` });
    expect(again).toMatchObject({ stderr: "", code: 0 });
    expect(readdirSync(directory)).toEqual(["keys.age"]);
  });

  it("are all kept of those who added at once, but for who was told to try again", async () => {
    const { keys } = await createKeysWorld();
    const names = ["alice", "bob", "carol"];
    const added = await Promise.all(
      names.map(async (name) => {
        const { code, stderr } = await keys(["add", name], { stdin: `${id}\n${secret}\n` });
        if (code !== 0) expect(stderr).toContain("is being written by another command");
        return { name, code };
      }),
    );
    const kept = added.filter(({ code }) => code === 0).map(({ name }) => name);
    const listed: { keys: { name: string }[] } = JSON.parse((await keys(["list", "--json"])).stdout);
    expect(listed.keys.map(({ name }) => name)).toEqual(kept);
  });

  it.each([
    [["add", "alice", secret], "secrets are no arguments"],
    [["add", secret], "NAME must be the name of a key"],
    [["add", "alice", `--secret-access-key=${secret}`], "Unknown option '--secret-access-key'"],
    [["add", "alice", "--secret-access-key", secret], "Unknown option '--secret-access-key'"],
    [[secret], "ACTION is add, list or remove"],
    [["list", secret], "list takes no NAME"],
    [["add"], "NAME is missing"],
  ])("refuses %j without repeating a secret", async (args, message) => {
    const { keys } = await createKeysWorld();
    const { code, stdout, stderr } = await keys(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(secret);
  });
});

describe("a role with source_key", () => {
  it("is assumed with the key across renewals, of which no secret is seen anywhere", async () => {
    const world = await createKeysWorld("", { sessionSeconds: 3 });
    const added = await world.keys(["add", "alice"], { stdin: world.keyLines });
    const agent = await world.startAgent();
    await world.client.credentials("keyed");
    const [issuer = 0] = childrenOf(agent.pid);
    const argv = readFileSync(`/proc/${issuer}/cmdline`, "latin1");
    await untilCalls(world, "AssumeRole", 3);
    const { AccessKeyId } = await world.client.credentials("keyed");
    expect(world.sandbox.state.sessions[AccessKeyId]).toMatchObject({ roleName: "Deploy" });
    expect((await world.run("roles")).stdout).toMatch(/^keyed +assume-role .* key alice /m);
    const seen = [added.stdout, added.stderr, agent.log, argv, writtenBelow(join(world.home, ".local"))].join(
      "\n",
    );
    expect(seen).not.toContain(world.secret);
    expect(seen).not.toContain(identity);
  });

  it.each([
    ["all at once", 0],
    ["while the first key is read", 150],
  ])("shares one process at a time with others of other keys, asked for %s", async (_, pauseMs) => {
    const names = Array.from({ length: 10 }, (_item, index) => `key${index}`);
    const world = await createKeysWorld(
      names.map((name) => `[roles.${name}]\nsource_key = "${name}"\n`).join(""),
    );
    const [accessKeyId, secretAccessKey] = world.keyLines.split("\n");
    const store = ageFile(world.keyFile, identity);
    for (const name of names) await store.set(name, JSON.stringify({ accessKeyId, secretAccessKey }));
    const agent = await world.startAgent();
    const first = world.client.credentials("key0");
    await sleep(pauseMs);
    const sessions = Promise.all([first, ...names.slice(1).map((name) => world.client.credentials(name))]);
    // One that has answered may take a moment to end.
    expect(await mostReaders(agent.pid, sessions)).toBeLessThanOrEqual(2);
    expect(new Set((await sessions).map(({ AccessKeyId }) => AccessKeyId)).size).toBe(names.length);
  });

  it("is the user's own session without role_arn, and one with an MFA device with mfa_serial", async () => {
    const world = await createKeysWorld();
    const serial = await enableDevice(world.sandbox);
    const config = readFileSync(join(world.home, ".config/role-agent/config.toml"), "utf8");
    world.configure(
      `${config}\n[roles.me]\nsource_key = "alice"\n[roles.shown]\nsource_key = "alice"\nmfa_serial = "${serial}"\n`,
    );
    await world.keys(["add", "alice"], { stdin: world.keyLines });
    await world.startAgent();
    expect((await world.client.credentials("me")).RoleArn).toBeUndefined();
    await world.client.mfa("shown", world.sandbox.mfaCode(serial));
    expect((await world.client.credentials("shown")).AccessKeyId).toMatch(/^ASIA/);
    expect(world.sandbox.calls.count("GetSessionToken", "ok")).toBe(2);
  });

  it("says how to add a key that is not there, and works as soon as it is", async () => {
    const world = await createKeysWorld();
    await world.startAgent();
    await expect(world.client.credentials("keyed")).rejects.toMatchObject({
      code: "InvalidConfiguration",
      message: 'there is no key "alice"',
      hint: "role-agent keys add alice",
    });
    await world.client.credentials("deploy");
    await world.keys(["add", "alice"], { stdin: world.keyLines });
    await world.client.credentials("keyed");
  });

  // Scrypt takes two seconds alone, and more than the nine that it has on a machine that is five times as busy.
  it(
    "is opened by the passphrase that the agent reads from a descriptor at its start",
    { retry: 3 },
    async () => {
      const world = await createKeysWorld();
      delete world.env["CREDENTIALS_DIRECTORY"];
      await world.keys(["add", "alice", "--passphrase-fd", "3"], { stdin: world.keyLines, passphrase });
      const started = await runWith(world.env, ["start", "--passphrase-fd", "3"], { passphrase });
      onTestFinished(() => endAgent(world.client));
      expect(started).toMatchObject({ code: 0, stdout: expect.stringMatching(/^started/) });
      expect((await world.client.credentials("keyed")).RoleArn).toBe(deployArn);
      const { pid } = await world.client.status();
      expect(readFileSync(`/proc/${pid}/cmdline`, "latin1")).not.toContain(passphrase);
      expect(writtenBelow(join(world.home, ".local/state"))).not.toContain(passphrase);
    },
  );

  it.each<readonly [string, (world: KeysWorld) => unknown, string, string, string]>([
    [
      "has no passphrase",
      ({ setCredential }) => setCredential(""),
      "KeychainLocked",
      'key "alice": the key file is locked: nobody gave its passphrase',
      "role-agent-passphrase",
    ],
    [
      "has the wrong passphrase",
      ({ setCredential }) => setCredential(identity.toLowerCase()),
      "InvalidConfiguration",
      "is not opened by this passphrase",
      "give the passphrase it was written with",
    ],
    [
      "was tampered with",
      ({ keyFile }) => {
        const bytes = readFileSync(keyFile);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        writeFileSync(keyFile, bytes);
      },
      "InvalidConfiguration",
      "was tampered with or is damaged",
      "restore it from a backup",
    ],
    [
      "is no age file",
      ({ keyFile }) => writeFileSync(keyFile, "{}"),
      "InvalidConfiguration",
      "is no age file",
      "move it away",
    ],
    [
      "can be read by others",
      ({ keyFile }) => chmodSync(keyFile, 0o644),
      "InvalidConfiguration",
      "can be read or written by others than its owner",
      "chmod 600",
    ],
  ])(
    "keeps its session when the key file %s, and other roles go on",
    async (_, spoil, code, message, hint) => {
      const world = await createKeysWorld();
      await world.keys(["add", "alice"], { stdin: world.keyLines });
      const agent = await world.startAgent();
      const { AccessKeyId } = await world.client.credentials("keyed");
      spoil(world);
      await expect(world.client.refresh("keyed")).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      });
      expect((await world.client.credentials("keyed")).AccessKeyId).toBe(AccessKeyId);
      await world.client.refresh("deploy");
      expect(agent.log).not.toContain(world.secret);
      expect(agent.log).not.toContain(identity);
    },
  );
});
