import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoginDocument, SandboxOptions } from "@role-agent/sandbox";
import { createWorld, deployConfig, type World } from "./world.ts";

export const loginArn = "arn:aws:iam::111122223333:user/Administrator";

/** A world with the profile `console`, which is signed in. */
export interface LoginWorld extends World {
  readonly tokenFile: string;
  readonly read: () => LoginDocument;
  /** Replaces the login, or a part of it. */
  readonly write: (login: object) => void;
  /** Until as many renewals have ended so. */
  readonly untilRenewals: (count: number, outcome?: string) => Promise<void>;
}

export async function createLoginWorld(options?: SandboxOptions): Promise<LoginWorld> {
  const world = await createWorld(options);
  const tokenFile = join(world.home, ".aws/login/cache", `${sha256(loginArn)}.json`);
  mkdirSync(dirname(tokenFile), { recursive: true });
  const write = (login: object): void => writeFileSync(tokenFile, JSON.stringify(login), { mode: 0o600 });
  write(await world.sandbox.signIn());
  const lines = [
    "[profile console]",
    `login_session = ${loginArn}`,
    `region = ${world.sandbox.region}`,
    `endpoint_url = ${world.sandbox.url}`,
  ];
  appendFileSync(world.env["AWS_CONFIG_FILE"] ?? "", `\n${lines.join("\n")}\n`);
  world.configure(deployConfig);
  return {
    ...world,
    tokenFile,
    // What the file holds is of the test's own making.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    read: () => JSON.parse(readFileSync(tokenFile, "utf8")) as LoginDocument,
    write,
    untilRenewals: async (count, outcome = "ok") => {
      while (world.sandbox.calls.count("CreateOAuth2Token", outcome) < count) await sleep(20);
    },
  };
}

/** The login with keys that are all but over. */
export function nearlyEnded(login: LoginDocument, seconds: number = 60): LoginDocument {
  const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
  return { ...login, accessToken: { ...login.accessToken, expiresAt } };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
