import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  AlreadyServed,
  listenOnSocket,
  type PublishedSocket,
} from "../../../packages/agent/src/system/socket.ts";
import { prepareSharedDirectory } from "../../../packages/agent/src/system/socket-directory.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function newServer(): Server {
  const server = createServer((_request, response) => response.end("hello"));
  onTestFinished(() => void server.close());
  return server;
}

async function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** What a killed agent leaves behind: a socket that nobody listens on. */
async function deadSocket(path: string): Promise<void> {
  const { execFileSync } = await import("node:child_process");
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  expect(() => execFileSync(process.execPath, ["-e", script])).toThrow();
  expect(lstatSync(path).isSocket()).toBe(true);
}

describe("a published socket", () => {
  it("has mode 0600 in a new directory of mode 0700, and nothing else is left there", async () => {
    const path = join(temporaryDirectory(), "agent", "agent.sock");
    await listenOnSocket(newServer(), path);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(path))).toEqual(["agent.sock"]);
    expect(await answers(path)).toBe(true);
  });

  it("leaves the process's umask as it was", async () => {
    const before = process.umask();
    await listenOnSocket(newServer(), join(temporaryDirectory(), "agent.sock"));
    expect(process.umask()).toBe(before);
  });

  it("replaces the socket of an agent that was killed", async () => {
    const path = join(temporaryDirectory(), "agent.sock");
    await deadSocket(path);
    await listenOnSocket(newServer(), path);
    expect(await answers(path)).toBe(true);
    expect(readdirSync(dirname(path))).toEqual(["agent.sock"]);
  });

  it("yields to an agent that is alive, and leaves its socket alone", async () => {
    const path = join(temporaryDirectory(), "agent.sock");
    await listenOnSocket(newServer(), path);
    const { ino } = lstatSync(path);
    await expect(listenOnSocket(newServer(), path)).rejects.toBeInstanceOf(AlreadyServed);
    expect(lstatSync(path).ino).toBe(ino);
    expect(readdirSync(dirname(path))).toEqual(["agent.sock"]);
  });

  it.each([false, true])(
    "goes to one of fifty that start at once (a dead socket there: %s)",
    async (isDead) => {
      const path = join(temporaryDirectory(), "agent.sock");
      if (isDead) await deadSocket(path);
      const starts = Array.from({ length: 50 }, () => listenOnSocket(newServer(), path));
      const results = await Promise.allSettled(starts);
      const won = results.filter((result) => result.status === "fulfilled");
      expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toBeInstanceOf(AlreadyServed);
      }
      expect(won[0]?.value.isOurs()).toBe(true);
      expect(await answers(path)).toBe(true);
    },
  );

  it("goes on after a process died in the middle of replacing a dead socket", async () => {
    const path = join(temporaryDirectory(), "agent.sock");
    await deadSocket(path);
    const { linkSync } = await import("node:fs");
    linkSync(path, join(dirname(path), ".dead"));
    await listenOnSocket(newServer(), path);
    expect(await answers(path)).toBe(true);
  });

  it("removes its path, but never the socket that has replaced it", async () => {
    const path = join(temporaryDirectory(), "agent.sock");
    const first = await listenOnSocket(newServer(), path);
    first.unpublish();
    expect(existsSync(path)).toBe(false);
    const second: PublishedSocket = await listenOnSocket(newServer(), path);
    expect([first.isOurs(), second.isOurs()]).toEqual([false, true]);
    first.unpublish();
    expect(await answers(path)).toBe(true);
  });
});

describe("a path that is not fit for a socket", () => {
  it("is refused when it is longer than the system allows, before anything is created", async () => {
    const base = temporaryDirectory();
    const path = join(base, "x".repeat(120), "agent.sock");
    await expect(listenOnSocket(newServer(), path)).rejects.toThrow(
      /socket path is \d+ bytes: the limit is 10[37]/,
    );
    expect(readdirSync(base)).toEqual([]);
  });

  it("is refused below a file, with what is wrong", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    await expect(listenOnSocket(newServer(), join(file, "agent", "agent.sock"))).rejects.toMatchObject({
      code: "InvalidConfiguration",
      hint: expect.any(String),
    });
  });

  it("is refused when the directory can't be created, with what to do", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "");
    await expect(listenOnSocket(newServer(), join(file, "run", "agent", "agent.sock"))).rejects.toMatchObject(
      {
        code: "InvalidConfiguration",
        message: expect.stringContaining("can't be created"),
        hint: expect.stringContaining("ROLE_AGENT_SOCK"),
      },
    );
  });

  it("may lead through a symbolic link to a directory where others can't write, and to no other", async () => {
    const base = temporaryDirectory();
    for (const [name, mode] of [
      ["private", 0o700],
      ["shared", 0o777],
    ] as const) {
      mkdirSync(join(base, name));
      chmodSync(join(base, name), mode);
      symlinkSync(join(base, name), join(base, `to-${name}`));
    }
    const path = join(base, "to-private", "agent", "agent.sock");
    await listenOnSocket(newServer(), path);
    expect(await answers(path)).toBe(true);
    await expect(listenOnSocket(newServer(), join(base, "to-shared", "agent", "agent.sock"))).rejects.toThrow(
      /writable by others/,
    );
  });
});

describe("the directory of a shared socket", () => {
  it("is refused where others can put another one in its place", async () => {
    const parent = join(temporaryDirectory(), "parent");
    mkdirSync(join(parent, "shared"), { recursive: true });
    chmodSync(parent, 0o777);
    const path = join(parent, "shared", "app.sock");
    await expect(listenOnSocket(newServer(), path, prepareSharedDirectory)).rejects.toMatchObject({
      message: `socket directory ${parent} is writable by others (mode 0777, uid ${process.geteuid?.()})`,
      hint: "choose another path in config.toml",
    });
    chmodSync(parent, 0o1777);
    const socket = await listenOnSocket(newServer(), path, prepareSharedDirectory);
    socket.unpublish();
  });
});
