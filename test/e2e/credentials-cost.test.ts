import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { roleAgentProgram } from "../support/agent-process.ts";
import { createWorld } from "../support/world.ts";

const root = new URL("../../packages/", import.meta.url).pathname;

describe("role-agent credentials ROLE", () => {
  it("brings an answer of the agent with these few files, and no HTTP client", async () => {
    const world = await createWorld();
    await world.startAgent();
    await world.client.credentials("deploy");
    const note = join(world.home, "note.cjs");
    const list = join(world.home, "loaded.json");
    writeFileSync(
      note,
      `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify({
        files: Object.keys(require.cache), parts: process.moduleLoadList })))`,
    );
    const args = ["--require", note, roleAgentProgram, "credentials", "deploy"];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: world.env });
    expect(JSON.parse(stdout)).toMatchObject({ Version: 1 });
    const loaded: { files: string[]; parts: string[] } = JSON.parse(readFileSync(list, "utf8"));
    const own = loaded.files.filter((file) => file.startsWith(root)).map((file) => file.slice(root.length));
    expect(own.toSorted()).toEqual([
      "agent/bin/role-agent.js",
      "agent/commonjs/cli/broken-output.js",
      "agent/commonjs/cli/print-held.js",
      "agent/commonjs/hardening.js",
      "provider/commonjs/errors.js",
      "provider/commonjs/held-credentials.js",
      "provider/commonjs/home-directory.js",
      "provider/commonjs/protocol.js",
      "provider/commonjs/socket-path.js",
      "provider/commonjs/trusted-socket.js",
    ]);
    expect(loaded.files).toHaveLength(own.length + 1);
    expect(loaded.parts.filter((part) => /_http_|internal\/crypto\/|child_process/.test(part))).toEqual([]);
  });
});
