import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it, onTestFinished } from "vitest";
import { heldCredentials } from "../../packages/provider/src/held-credentials.ts";
import { askWithEveryClient } from "../support/every-client.ts";
import { documentWith, json, startFakeAgent } from "../support/fake-agent.ts";
import { startImpostor } from "../support/impostor.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** Makes a link lead to one directory and to another in turn, as fast as it goes. */
const swapping = `
const { renameSync, symlinkSync } = require("node:fs");
const [, link, ...targets] = process.argv;
console.log("swapping");
for (let turn = 0; ; turn += 1) {
  symlinkSync(targets[turn % 2], link + ".new");
  renameSync(link + ".new", link);
}
`;

describe("T4: no client sends anything to an impostor, nor takes keys from him", () => {
  it("in a directory where others could have put his socket", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "agent.sock");
    const { heard } = await startImpostor(path);
    chmodSync(directory, 0o777);
    for (const { client, got, told } of await askWithEveryClient(path)) {
      expect({ client, got }).toEqual({ client, got: "" });
      if (client !== "heldCredentials()")
        expect(told).toContain(`${directory} is writable by others (mode 0777`);
    }
    expect(heard).toEqual([]);
    chmodSync(directory, 0o700);
    expect(await heldCredentials("deploy", { ROLE_AGENT_SOCK: path })).toMatchObject({ Token: "impostor" });
    expect(heard).not.toEqual([]);
  });

  it("behind a link that another could have made, or what is no socket at all", async () => {
    const base = temporaryDirectory();
    mkdirSync(join(base, "real"), { mode: 0o700 });
    symlinkSync(join(base, "real"), join(base, "link"));
    const { heard } = await startImpostor(join(base, "real", "agent.sock"));
    symlinkSync(join(base, "real", "agent.sock"), join(base, "agent.sock"));
    writeFileSync(join(base, "file.sock"), "");
    const ask = async (path: string): Promise<unknown> =>
      fromRoleAgent({ role: "deploy", socketPath: join(base, path) })();
    const noFurther = { code: "AgentUnreachable", tryNextLink: false };
    await expect(ask("link/agent.sock")).rejects.toMatchObject({
      ...noFurther,
      message: expect.stringContaining("link is not a directory"),
    });
    for (const path of ["agent.sock", "file.sock"]) {
      await expect(ask(path)).rejects.toMatchObject({
        ...noFurther,
        message: expect.stringContaining(`${path} is not a socket`),
      });
    }
    expect(heard).toEqual([]);
  });

  it("whose directory takes the place of the right one between the look at it and the connection", async () => {
    const base = temporaryDirectory();
    const link = join(base, "link");
    const [right, wrong] = [join(base, "right"), join(base, "wrong")];
    for (const directory of [right, wrong])
      mkdirSync(join(directory, "role-agent"), { recursive: true, mode: 0o700 });
    const agent = await startFakeAgent(join(right, "role-agent", "agent.sock"));
    agent.answer = json(documentWith(3_600_000));
    const { heard } = await startImpostor(join(wrong, "role-agent", "agent.sock"));
    chmodSync(join(wrong, "role-agent"), 0o777);
    symlinkSync(right, link);
    const swapper = spawn(process.execPath, ["-e", swapping, link, right, wrong], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(async () => {
      swapper.kill("SIGKILL");
      await once(swapper, "exit");
    });
    await once(swapper.stdout, "data");

    const socketPath = join(link, "role-agent", "agent.sock");
    const provider = fromRoleAgent({ role: "deploy", socketPath });
    const outcomes = { served: 0, refused: 0 };
    for (let tries = 0; tries < 1000 || outcomes.served < 50 || outcomes.refused < 50; tries += 1) {
      const document = await (tries % 2 === 0
        ? heldCredentials("deploy", { ROLE_AGENT_SOCK: socketPath })
        : provider({ forceRefresh: true }).catch(() => undefined));
      outcomes[document === undefined ? "refused" : "served"] += 1;
    }
    expect(heard).toEqual([]);
  });
});
