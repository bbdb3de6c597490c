import { execFile } from "node:child_process";
import { chmodSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { auditLogPath, untilAudited } from "../../support/audit-log.ts";
import { parseExposition } from "../../support/exposition.ts";
import { getOnSocket } from "../../support/get-on-socket.ts";
import { createWorld, type World } from "../../support/world.ts";
import { otherUid, requireRoot } from "./other-user.ts";

/** What became of a client's request: how it ended, and what it was sent. */
interface Attempt {
  readonly isConnected: boolean;
  readonly end: string;
  readonly answer: string;
}

const request = "GET /v1/credentials/deploy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/** Needs no file of ours, which the other user may not be able to read. */
const program = `
const [path, request] = process.argv.slice(1);
const attempt = { isConnected: false, end: "", answer: "" };
const socket = require("node:net").connect(path);
socket.on("connect", () => { attempt.isConnected = true; socket.write(request); });
socket.on("data", (data) => (attempt.answer += data));
socket.on("end", () => (attempt.end ||= "end"));
socket.on("error", ({ code }) => (attempt.end = code));
socket.on("close", () => console.log(JSON.stringify(attempt)));
`;

async function ask({ socketPath }: World, uid: number): Promise<Attempt> {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, socketPath, request], {
    uid,
    gid: uid,
    cwd: "/",
    env: {},
  });
  return JSON.parse(stdout);
}

/** A world that other users may walk into, as far as the directory of the agent socket. */
async function openWorld(): Promise<World> {
  requireRoot();
  const world = await createWorld();
  for (const directory of [world.home, dirname(dirname(world.socketPath))]) chmodSync(directory, 0o755);
  await world.startAgent();
  await world.client.credentials("deploy");
  return world;
}

describe("T1: another user of the machine gets nothing at the agent socket", () => {
  it("can't connect, by the modes that the agent makes the socket and its directory with", async () => {
    const world = await openWorld();
    expect(await ask(world, otherUid)).toEqual({ isConnected: false, end: "EACCES", answer: "" });
    // Each of the two is enough.
    const { mode } = statSync(world.socketPath);
    chmodSync(world.socketPath, 0o666);
    expect(await ask(world, otherUid)).toMatchObject({ isConnected: false, end: "EACCES" });
    chmodSync(world.socketPath, mode & 0o777);
    chmodSync(dirname(world.socketPath), 0o755);
    expect(await ask(world, otherUid)).toMatchObject({ isConnected: false, end: "EACCES" });
  });

  it("is cut off by the agent itself, with nothing sent, where somebody has opened both", async () => {
    const world = await openWorld();
    chmodSync(dirname(world.socketPath), 0o755);
    chmodSync(world.socketPath, 0o666);
    expect(await ask(world, otherUid)).toMatchObject({ isConnected: true, answer: "" });
    expect((await ask(world, 0)).answer).toContain('"SecretAccessKey"');
    expect(await untilAudited(auditLogPath(world), 1, "refused")).toMatchObject([
      {
        door: "agent",
        client: { uid: otherUid, pid: expect.any(Number) },
        decision: "deny",
        why: `uid ${otherUid} connected, and this is the agent of uid 0`,
      },
    ]);
    const metrics = parseExposition((await getOnSocket(world, "/metrics")).body);
    expect(metrics.value("role_agent_requests_total", { door: "agent", outcome: "refused" })).toBe(1);
  });
});
