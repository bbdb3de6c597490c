import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../../support/agent-process.ts";
import { auditLines, auditLogPath } from "../../support/audit-log.ts";
import { createWorld } from "../../support/world.ts";
import { otherUid, requireRoot } from "./other-user.ts";

const run = promisify(execFile);

/** Connects as another user while the agent is halted, and asks as root. */
const program = `
const [path, uid, agent] = process.argv.slice(1);
process.kill(Number(agent), "SIGSTOP");
process.seteuid(Number(uid));
const socket = require("node:net").connect(path);
process.seteuid(0);
process.kill(Number(agent), "SIGCONT");
let isConnected = false;
let answer = "";
socket.on("connect", () => (isConnected = true));
socket.on("data", (data) => (answer += data));
socket.on("error", () => undefined);
socket.on("close", () => console.log(JSON.stringify({ uid: process.geteuid(), isConnected, answer })));
socket.write("GET /v1/credentials/deploy HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n");
`;

describe("T18: a client's uid is all that counts, as it was when it connected", () => {
  it("a connection of another user is worth nothing in the hands of the agent's own", async () => {
    requireRoot();
    const world = await createWorld();
    const agent = await world.startAgent();
    chmodSync(world.home, 0o755);
    chmodSync(dirname(dirname(world.socketPath)), 0o755);
    chmodSync(dirname(world.socketPath), 0o755);
    chmodSync(world.socketPath, 0o666);
    const ask = async (uid: number): Promise<{ answer: string }> =>
      JSON.parse(
        (await run(process.execPath, ["-e", program, world.socketPath, String(uid), String(agent.pid)]))
          .stdout,
      );
    expect(await ask(otherUid)).toEqual({ uid: 0, isConnected: true, answer: "" });
    expect((await ask(0)).answer).toContain('"SecretAccessKey"');
  });

  it("a process that is given the pid of one before it is another client to the audit log", async () => {
    requireRoot();
    const world = await createWorld();
    const script = fileURLToPath(new URL("reused-pid.js", import.meta.url));
    const { stdout } = await run(
      "unshare",
      ["--pid", "--fork", "--mount-proc", process.execPath, script, roleAgentProgram, world.socketPath],
      { env: world.env },
    );
    const { first, second }: { first: number; second: number } = JSON.parse(stdout);
    expect(second).toBe(first);
    const uses = auditLines(auditLogPath(world), "used").filter(({ client }) => Object(client).pid === first);
    expect(uses).toHaveLength(2);
  });
});
