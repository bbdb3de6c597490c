import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AgentProcess, roleAgentProgram } from "../support/agent-process.ts";
import { childrenOf, endAgent } from "../support/processes.ts";
import { createWorld, type World } from "../support/world.ts";

/** Ends a Node process of no defence by the signal, once it has tried to open its inspector. */
async function untilOrdinaryProcessHeardOf(signal: NodeJS.Signals): Promise<string> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000); console.log()"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.kill(signal);
  const [said]: unknown[] = await once(child.stderr, "data");
  return String(said);
}

function agentWith(world: World, nodeOptions: readonly string[], ...options: string[]): AgentProcess {
  const command = [process.execPath, ...nodeOptions, roleAgentProgram, "serve", ...options] as const;
  const agent = new AgentProcess(world.env, world.socketPath, command);
  onTestFinished(async () => void (await agent.end("SIGKILL")));
  return agent;
}

describe("T13: no debugger, no foreign code and no dump gets at what the agent holds", () => {
  it("SIGUSR1 opens the inspector of any Node process, but not the agent's nor its issuer's", async () => {
    const world = await createWorld();
    const agent = await world.startAgent();
    await world.client.credentials("deploy");
    const [issuer = 0] = childrenOf(agent.pid);
    expect(issuer).toBeGreaterThan(0);
    process.kill(issuer, "SIGUSR1");
    agent.signal("SIGUSR1");
    // On the port that is everybody's, unless another test has it just now.
    expect(await untilOrdinaryProcessHeardOf("SIGUSR1")).toMatch(/Debugger listening|Starting inspector/);
    await world.client.refresh("deploy");
    expect(childrenOf(agent.pid)).toContain(issuer);
    expect(agent.log).not.toMatch(/Debugger|inspector/);
  });

  it.each([
    ["NODE_DEBUG", { NODE_DEBUG: "http,net" }, []],
    ["NODE_TLS_REJECT_UNAUTHORIZED", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, []],
    ["NODE_OPTIONS --inspect", { NODE_OPTIONS: "--inspect=127.0.0.1:0" }, []],
    ["NODE_OPTIONS --require", { NODE_OPTIONS: "--no-warnings --require node:fs" }, []],
    ["NODE_OPTIONS --report-on-signal", { NODE_OPTIONS: "--report-on-signal" }, []],
    ["node --heapsnapshot-signal", {}, ["--heapsnapshot-signal=SIGUSR2"]],
    ["node --import", {}, ["--import", "node:fs"]],
  ])("does not start with %s, and says so", async (name, env, nodeOptions) => {
    const world = await createWorld();
    Object.assign(world.env, env);
    const agent = agentWith(world, nodeOptions);
    const end = agent.ready().then(
      () => "serves",
      () => agent.exited(),
    );
    expect(await end).toBe(2);
    expect(agent.log).toContain(`role-agent: serve: it does not start with ${name}, which `);
    expect(existsSync(world.socketPath)).toBe(false);
  });

  it("starts with all other settings of Node", async () => {
    const world = await createWorld();
    world.env["NODE_OPTIONS"] = '--max-old-space-size=200 --title="role agent"';
    const agent = await agentWith(world, ["--no-warnings"]).ready();
    await world.client.credentials("deploy");
    expect(agent.log).not.toContain("unsafe");
  });

  it("start leaves a shell's debugger behind, and says so", async () => {
    const world = await createWorld();
    onTestFinished(() => endAgent(world.client));
    const [script, seen] = [join(world.home, "bootloader.cjs"), join(world.home, "seen")];
    const line = `require("fs").appendFileSync(${JSON.stringify(seen)}, process.argv[2] + "\\n")`;
    writeFileSync(script, line);
    Object.assign(world.env, {
      NODE_OPTIONS: `--require ${script} --max-old-space-size=200`,
      NODE_DEBUG: "http",
    });
    const { code, stderr } = await world.run("start");
    expect(code).toBe(0);
    expect(stderr).toContain("role-agent: the agent is started without NODE_OPTIONS --require, which ");
    expect(stderr).toContain("role-agent: the agent is started without NODE_DEBUG, which ");
    await world.client.credentials("deploy");
    expect(readFileSync(seen, "utf8")).toBe("start\n");
  });

  it("lets all of that be with --unsafe-debug, says so, and keeps it from the issuer", async () => {
    const world = await createWorld();
    const seen = join(world.home, "issuer-environment");
    const program = join(world.home, "program.cjs");
    writeFileSync(
      program,
      `require("fs").writeFileSync(${JSON.stringify(seen)}, Object.keys(process.env).join("\\n"));`,
    );
    world.configure(`[roles.legacy]\ncredential_process = '"${process.execPath}" "${program}"'\n`);
    Object.assign(world.env, { NODE_OPTIONS: "--report-on-signal", NODE_DEBUG: "timer" });
    const agent = await agentWith(world, [], "--unsafe-debug").ready();
    expect(agent.log).toContain("role-agent: unsafe: NODE_OPTIONS --report-on-signal ");
    expect(agent.log).toContain("role-agent: unsafe: NODE_DEBUG ");
    await expect(world.client.credentials("legacy")).rejects.toThrow("credential_process");
    expect(readFileSync(seen, "utf8")).toMatch(/^AWS_CONFIG_FILE$/m);
    expect(readFileSync(seen, "utf8")).not.toMatch(/^NODE_/m);
  });
});
