import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../../support/temporary.ts";
import type { CommandResult } from "../../../support/world.ts";

/** A container as the runtime is told of it, be it by Compose or by Kubernetes. */
export interface ContainerPlan {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly isRootReadOnly: boolean;
  readonly mayGainPrivileges: boolean;
  readonly capabilities: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** Name of a network namespace. */
  readonly network: string;
  readonly mounts: readonly PlannedMount[];
}

/** Without a source: an empty one in memory. */
export interface PlannedMount {
  readonly source?: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

/** A container at work. */
export interface RunningContainer {
  /** What it has printed so far. */
  readonly output: () => string;
  /** Its exit code, once it has ended. */
  readonly exited: Promise<number | null>;
  /** Runs a command in it, as `docker exec` does. */
  exec(args: readonly string[]): Promise<CommandResult>;
  signal(name: string): void;
}

const checkout = fileURLToPath(new URL("../../../..", import.meta.url));

/** What stands for the content of every image: the programs of this machine, and this checkout where the Dockerfile puts it. */
function imageContent(): readonly PlannedMount[] {
  const python = execFileSync("python3", ["-c", "import sys; print(sys.base_prefix)"], { encoding: "utf8" });
  const environment = process.env["VIRTUAL_ENV"] ?? "";
  const same = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ssl", python.trim(), environment];
  return [
    ...same.filter(Boolean).map((path) => ({ source: path, target: path, isReadOnly: true })),
    ...["packages", "node_modules"].map((name) => ({
      source: join(checkout, name),
      target: `/opt/role-agent/${name}`,
      isReadOnly: true,
    })),
  ];
}

/** Starts a container with runc, as Docker and containerd do. It is gone when the test is over. */
export function startContainer(plan: ContainerPlan): RunningContainer {
  const id = `ra-${process.pid}-${randomBytes(3).toString("hex")}`;
  const bundle = makeBundle(plan);
  const child = spawn("runc", ["run", "--bundle", bundle, id], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "close").then(([code]: (number | null)[]) => code ?? null);
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  onTestFinished(async () => {
    await runc("delete", "--force", id);
    await exited;
  });
  return {
    output: () => output,
    exited,
    exec: async (args) => runc("exec", id, ...args),
    signal: (name) => execFileSync("runc", ["kill", id, name]),
  };
}

/** Runs a container to its end. */
export async function runContainer(plan: ContainerPlan): Promise<{ output: string; code: number | null }> {
  const { output, exited } = startContainer(plan);
  const code = await exited;
  return { output: output(), code };
}

/** Waits until a health check of a container ends well. */
export async function untilHealthy(container: RunningContainer, check: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await container.exec(check)).code, { timeout: 20_000, interval: 200 })
    .toBe(0);
}

async function runc(...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile("runc", args, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ stdout, stderr, code });
    });
  });
}

/** @see https://github.com/opencontainers/runtime-spec/blob/main/config.md */
function makeBundle(plan: ContainerPlan): string {
  const bundle = temporaryDirectory();
  const programs = join(bundle, "rootfs", "opt", "bin");
  mkdirSync(programs, { recursive: true });
  symlinkSync("/opt/role-agent/packages/agent/bin/role-agent.js", join(programs, "role-agent"));
  const path = ["/opt/bin", join(process.env["VIRTUAL_ENV"] ?? "", "bin"), "/usr/bin", "/bin", "/sbin"];
  const environment = { PATH: path.join(":"), ...plan.environment };
  const { capabilities, uid } = plan;
  const config = {
    ociVersion: "1.0.2",
    hostname: "container",
    process: {
      args: plan.args,
      env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      cwd: "/",
      user: { uid, gid: plan.gid, additionalGids: plan.groups },
      noNewPrivileges: !plan.mayGainPrivileges,
      // As Docker: of another user than root's they only bound what it may gain.
      capabilities: {
        bounding: capabilities,
        permitted: uid === 0 ? capabilities : [],
        effective: uid === 0 ? capabilities : [],
      },
    },
    root: { path: "rootfs", readonly: plan.isRootReadOnly },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
      ...[...imageContent(), ...plan.mounts].map(mountOf),
    ],
    linux: {
      sysctl: plan.sysctls,
      namespaces: [
        ...["pid", "mount", "ipc", "uts"].map((type) => ({ type })),
        { type: "network", path: `/run/netns/${plan.network}` },
      ],
    },
  };
  writeFileSync(join(bundle, "config.json"), JSON.stringify(config));
  return bundle;
}

function mountOf({ source, target, isReadOnly }: PlannedMount): object {
  return source === undefined
    ? { destination: target, type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "mode=1777"] }
    : { destination: target, type: "bind", source, options: ["rbind", isReadOnly ? "ro" : "rw"] };
}
