import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { auditLogPath, untilAudited } from "../support/audit-log.ts";
import { createWorld } from "../support/world.ts";

/** Asks over the connection that it was given, as soon as whoever gave it has ended. */
const heir = `
const { writeFileSync, renameSync } = require("node:fs");
const [answerFile, testator] = process.argv.slice(1);
const socket = new (require("node:net").Socket)({ fd: 3 });
let answer = "";
socket.on("data", (data) => (answer += data));
socket.on("close", () => {
  writeFileSync(answerFile + ".part", answer);
  renameSync(answerFile + ".part", answerFile);
});
const request = "GET /v1/credentials/deploy HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n";
const timer = setInterval(() => {
  if (process.ppid === Number(testator)) return;
  clearInterval(timer);
  socket.write(request);
}, 5);
`;

/** Connects, leaves the connection to another process, and ends. */
const testator = `
const [path, heir, answerFile] = process.argv.slice(1);
const socket = require("node:net").connect(path, () => {
  const stdio = ["ignore", "ignore", "ignore", socket];
  const args = ["-e", heir, answerFile, String(process.pid)];
  require("node:child_process").spawn(process.execPath, args, { stdio, detached: true });
  console.log(process.pid);
  process.exit();
});
`;

describe.runIf(process.platform === "linux")(
  "T18: a client's uid is all that counts, and its pid no more than a lead",
  () => {
    it("of a connection that was handed on, the audit log names who made it, and no program", async () => {
      const world = await createWorld();
      await world.startAgent();
      const answerFile = join(world.home, "answer");
      const args = ["-e", testator, world.socketPath, heir, answerFile];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      while (!existsSync(answerFile)) await sleep(10);
      expect(readFileSync(answerFile, "utf8")).toContain('"SecretAccessKey"');
      const [use] = await untilAudited(auditLogPath(world), 1, "used");
      expect(use?.["client"]).toEqual({ pid: Number(stdout), uid: process.geteuid?.() });
    });
  },
);
