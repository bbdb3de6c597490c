import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, type Config } from "../../packages/agent/src/config/config.ts";
import { loadConfig } from "../../packages/agent/src/config/load.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { awsTexts } from "./aws-grammar.ts";
import { canary, isSecretEverywhere } from "./config-words.ts";
import { fuzz, report } from "./fuzz.ts";
import { tomlTexts } from "./toml-grammar.ts";

interface ConfigCase {
  readonly toml: string;
  readonly aws: string;
  readonly credentials: string;
}

const goodToml =
  '[roles.deploy]\nrole_arn = "arn:aws:iam::123456789012:role/Deploy"\nsource_profile = "base"\n';
const goodAws = "[profile base]\nregion = eu-west-1\n";
const mostMs = 1000;

/** Loads the three files from a home directory of its own. */
function loader(): (files: ConfigCase) => Config | ConfigError {
  const home = temporaryDirectory();
  mkdirSync(join(home, ".aws"));
  mkdirSync(join(home, ".config", "role-agent"), { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(home, name), text, { mode: 0o600 });
  return ({ toml, aws, credentials }) => {
    write(".config/role-agent/config.toml", toml);
    write(".aws/config", aws);
    write(".aws/credentials", credentials);
    try {
      return loadConfig({
        env: {},
        home,
        identity: { user: "alice", host: "laptop", pid: 4242 },
        socketPath: join(home, "run", "agent.sock"),
        uid: process.getuid?.() ?? 0,
      });
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
  };
}

/** All that is told of the files. */
function wordsOf(result: Config | ConfigError): string {
  return result instanceof ConfigError
    ? result.message
    : JSON.stringify({ ...result, roles: [...result.roles], ssoSessions: [...result.ssoSessions] });
}

describe.each<[string, fc.Arbitrary<ConfigCase>]>([
  ["toml", fc.record({ toml: tomlTexts, aws: fc.constant(goodAws), credentials: fc.constant("") })],
  ["aws", fc.record({ toml: fc.constant(goodToml), aws: awsTexts, credentials: awsTexts })],
])("configuration files with anything in them (%s)", (name, cases) => {
  it("are taken or refused with a ConfigError, soon, and without a secret in any word", async () => {
    const load = loader();
    const counts = { taken: 0, refused: 0 };
    let slowest = 0;
    const figures = await fuzz<ConfigCase>({
      name: `config:${name}`,
      cases,
      check: (files) => {
        const before = process.cpuUsage();
        const result = load(files);
        const { user, system } = process.cpuUsage(before);
        slowest = Math.max(slowest, (user + system) / 1000);
        if ((user + system) / 1000 > mostMs) throw new Error("it takes more than a second");
        counts[result instanceof ConfigError ? "refused" : "taken"] += 1;
        const areSecret = Object.values(files).every(isSecretEverywhere);
        if (areSecret && wordsOf(result).includes(canary))
          throw new Error(`a secret is told: ${wordsOf(result)}`);
      },
      shortly: 100,
      share: 1 / 2,
    });
    report(
      `config:${name}`,
      figures,
      `, ${counts.taken} taken, ${counts.refused} refused, ${slowest.toFixed(0)} ms of CPU at most`,
    );
    if (figures.cases > 0) expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  });
});
