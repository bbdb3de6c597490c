import { lchownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfigError } from "../../../packages/agent/src/config/config.ts";
import type { Config } from "../../../packages/agent/src/config/config.ts";
import { loadConfig } from "../../../packages/agent/src/config/load.ts";
import type { LoadOptions } from "../../../packages/agent/src/config/load.ts";

const NOBODY = 65_534;
const OWN_UID = process.getuid?.() ?? 0;

/** A home directory of its own for one test, gone at its end. */
export class TempHome {
  readonly path: string = mkdtempSync(join(tmpdir(), "role-agent-config-"));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, content: string | Buffer, mode: number = 0o600): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode });
    return path;
  }

  config(toml: string | Buffer): string {
    return this.write(".config/role-agent/config.toml", toml);
  }

  /** Makes a file another user's, and says as whom to look at it so. Works for root and everybody else. */
  makeForeign(path: string): number {
    if (OWN_UID !== 0) return OWN_UID + 1;
    lchownSync(path, NOBODY, NOBODY);
    return 0;
  }

  load(options: Partial<LoadOptions> = {}): Config {
    return loadConfig({
      env: {},
      home: this.path,
      identity: { user: "alice", host: "laptop", pid: 4242 },
      socketPath: join(this.path, "run", "agent.sock"),
      uid: OWN_UID,
      ...options,
    });
  }

  /** The message of the ConfigError, with this directory's path taken out. */
  problem(options: Partial<LoadOptions> = {}): string {
    try {
      this.load(options);
    } catch (error) {
      if (error instanceof ConfigError) return error.message.replaceAll(`${this.path}/`, "");
      throw error;
    }
    return "no problem";
  }
}
