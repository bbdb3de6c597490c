import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../packages/sandbox/bin/role-agent-sandbox.js", import.meta.url));

let temporary = "";
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "sandbox-command-"));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

interface Running {
  stdout: string;
  stderr: string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

function start(args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env["PATH"], TMPDIR: temporary, ...env },
  });
  const running: Running = {
    stdout: "",
    stderr: "",
    kill: (signal) => child.kill(signal),
    ended: once(child, "close").then(([code, signal]) => ({ code, signal })),
  };
  child.stdout.on("data", (chunk: Buffer) => (running.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (running.stderr += chunk.toString()));
  return running;
}

async function run(
  args: string[],
  env?: NodeJS.ProcessEnv,
): Promise<Running & { code: number | null; signal: NodeJS.Signals | null }> {
  const running = start(args, env);
  const { code, signal } = await running.ended;
  return Object.assign(running, { code, signal });
}

const script = (source: string): string[] => ["--", process.execPath, "-e", source];

describe("serving", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "prints its environment, serves until %s and leaves nothing",
    async (signal) => {
      const running = start(["--min-session-seconds", "5"]);
      await expect.poll(() => running.stderr, { timeout: 10_000 }).toContain("serving on");
      const exported = new Map(
        [...running.stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
      );
      const endpoint = exported.get("AWS_ENDPOINT_URL") ?? "";
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(exported.get("AWS_REGION")).toBe("us-east-1");
      expect(exported.get("AWS_CONFIG_FILE")).toContain(temporary);
      expect(running.stdout).toMatch(/^unset .*\bAWS_SESSION_TOKEN\b.*\bAWS_WEB_IDENTITY_TOKEN_FILE$/m);

      const client = new STSClient({
        endpoint,
        region: "us-east-1",
        credentials: {
          accessKeyId: exported.get("AWS_ACCESS_KEY_ID") ?? "",
          secretAccessKey: exported.get("AWS_SECRET_ACCESS_KEY") ?? "",
        },
      });
      expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe("111122223333");
      client.destroy();

      running.kill(signal);
      expect(await running.ended).toEqual({ code: 0, signal: null });
      expect(await readdir(temporary)).toEqual([]);
    },
  );

  test("with --json prints one line", async () => {
    const running = start(["--json"]);
    await expect.poll(() => running.stderr, { timeout: 10_000 }).toContain("serving on");
    running.kill("SIGTERM");
    await running.ended;
    expect(running.stdout.trimEnd()).not.toContain("\n");
    const { endpoint, region, accounts } = JSON.parse(running.stdout);
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(region).toBe("us-east-1");
    expect(accounts).toEqual([
      {
        id: "111122223333",
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: expect.stringMatching(/EXAMPLEKEY$/),
      },
      {
        id: "444455556666",
        accessKeyId: "AKIAI44QH8DHBEXAMPLE",
        secretAccessKey: expect.stringMatching(/EXAMPLEKEY$/),
      },
    ]);
  });
});

describe("running a command", () => {
  test("gives it the environment, without what would lead it elsewhere", async () => {
    const { stdout, code } = await run(script("console.log(JSON.stringify(process.env))"), {
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "left-over",
      AWS_ENDPOINT_URL_STS: "https://sts.example.com",
      HTTP_PROXY: "http://127.0.0.1:9",
      no_proxy: "internal.example.com",
    });
    expect(code).toBe(0);
    const env: Record<string, string> = JSON.parse(stdout);
    expect(env).toMatchObject({
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      NO_PROXY: "internal.example.com,127.0.0.1",
    });
    for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_STS"]) {
      expect(env).not.toHaveProperty(name);
    }
  });

  test("lets it find a profile for each account and no real credentials", async () => {
    const { stdout } = await run(
      script(
        "const fs = require('fs');" +
          "console.log(fs.readFileSync(process.env.AWS_CONFIG_FILE, 'utf8'));" +
          "console.log('size', fs.statSync(process.env.AWS_SHARED_CREDENTIALS_FILE).size);" +
          "console.log('mode', (fs.statSync(process.env.AWS_CONFIG_FILE).mode & 0o777).toString(8));" +
          "console.log('directory', (fs.statSync(require('path').dirname(process.env.AWS_CONFIG_FILE)).mode & 0o777).toString(8));",
      ),
    );
    expect(stdout).toMatch(
      /^\[profile sandbox\]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = \S+\nregion = us-east-1\nendpoint_url = http:\/\/127\.0\.0\.1:\d+\n\n\[profile sandbox-partner\]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\n/,
    );
    expect(stdout).toContain("size 0\nmode 600\ndirectory 700\n");
  });

  test("ends with its exit code and leaves nothing", async () => {
    expect(await run(script("process.exit(7)"))).toMatchObject({ code: 7, signal: null, stdout: "" });
    expect(await readdir(temporary)).toEqual([]);
  });

  test("ends by the signal that ended it", async () => {
    const { signal } = await run(script("process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 5000)"));
    expect(signal).toBe("SIGKILL");
    expect(await readdir(temporary)).toEqual([]);
  });

  test("passes a signal on to it", async () => {
    const running = start(
      script(
        "process.on('SIGTERM', () => process.exit(42)); console.log('ready'); setTimeout(() => {}, 20000)",
      ),
    );
    await expect.poll(() => running.stdout, { timeout: 10_000 }).toContain("ready");
    running.kill("SIGTERM");
    expect(await running.ended).toEqual({ code: 42, signal: null });
  });

  test("that doesn't exist is an error that names it", async () => {
    const { code, stderr } = await run(["--", "no-such-command-here"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      "role-agent-sandbox: can't run no-such-command-here: not found, or not executable\nhint: check the name after --\n",
    );
    expect(await readdir(temporary)).toEqual([]);
  });
});

describe("the command line", () => {
  test("--help explains itself with an example", async () => {
    const { code, stdout, stderr } = await run(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Usage: role-agent-sandbox");
    expect(stdout).toContain("Example:\n  role-agent-sandbox -- aws sts get-caller-identity");
  });

  test.each([
    [["--prot", "1"], "Unknown option '--prot'"],
    [["--port"], "argument missing"],
    [["--port", "65536"], "'65536' is no value of --port"],
    [["--port=-1"], "'-1' is no value of --port"],
    [["--min-session-seconds", "0"], "'0' is no value of --min-session-seconds"],
    [["--min-session-seconds", "soon"], "'soon' is no value of --min-session-seconds"],
    [["aws", "sts"], "unexpected argument 'aws'"],
    [["--"], "nothing follows --"],
  ])("%j is refused with a hint and exit code 2", async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^role-agent-sandbox: .+\nhint: .+\n$/);
    expect(stderr).toContain(words);
  });

  test("a port in use is an error with a hint", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { code, stderr } = await run(["--port", String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      "role-agent-sandbox: can't listen: the port is in use\nhint: leave out --port for any free port\n",
    );
  });
});
