import { describe, expect, it, test } from "vitest";
import { unsafeSettings, withoutUnsafeSettings } from "../../../packages/agent/src/system/unsafe-settings.ts";

const namesIn = (env: NodeJS.ProcessEnv, execArgv: readonly string[] = []): string[] =>
  unsafeSettings(env, execArgv).map(({ name }) => name);

describe("unsafe settings", () => {
  test.each([
    "--inspect",
    "--inspect=0.0.0.0:9229",
    "--inspect_brk",
    "--inspect-wait",
    "--inspect-publish-uid=http",
    "--debug-port=1",
    "-r ./x",
    "--require=./x",
    "--import ./x",
    "--loader ./x",
    "--experimental-loader=./x",
    "--openssl-config=./x",
    "--snapshot-blob ./x",
    "--report-on-signal",
    "--report-on-fatalerror",
    "--report_uncaught_exception",
    "--heapsnapshot-signal=SIGUSR2",
    "--heapsnapshot-near-heap-limit=1",
    "--abort-on-uncaught-exception",
    "--unhandled-rejections=warn",
  ])("are %s, in NODE_OPTIONS and for Node itself", (option) => {
    const name = (option.split(/[ =]/)[0] ?? "").replaceAll("_", "-");
    expect(namesIn({ NODE_OPTIONS: `--no-warnings ${option}` })).toEqual([`NODE_OPTIONS ${name}`]);
    expect(namesIn({}, ["--no-warnings", ...option.split(" ")])).toEqual([`node ${name}`]);
  });

  it("are found behind the quotes that Node takes", () => {
    expect(namesIn({ NODE_OPTIONS: '"--ins"pect' })).toEqual(["NODE_OPTIONS --inspect"]);
    expect(namesIn({ NODE_OPTIONS: '--title="a --inspect" --no-warnings' })).toEqual([]);
    expect(namesIn({ NODE_OPTIONS: String.raw`"--title=\" --inspect" --require "./a b"` })).toEqual([
      "NODE_OPTIONS --require",
    ]);
  });

  it("are what prints requests, and trust in any certificate", () => {
    const env = { NODE_DEBUG: "http", NODE_DEBUG_NATIVE: "x", NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    expect(namesIn(env)).toEqual(Object.keys(env));
    expect(namesIn({ NODE_DEBUG: "", NODE_TLS_REJECT_UNAUTHORIZED: "1" })).toEqual([]);
  });

  it("are not those of memory, warnings, certificates and the like", () => {
    const NODE_OPTIONS =
      "--max-old-space-size=200 --max_semi_space_size 8 --no-warnings --use-openssl-ca --dns-result-order=ipv4first";
    expect(namesIn({ NODE_OPTIONS, NODE_EXTRA_CA_CERTS: "/ca.pem", NODE_ENV: "production" })).toEqual([]);
  });
});

describe("an environment without them", () => {
  it("keeps all else", () => {
    const env = {
      NODE_DEBUG: "http",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_OPTIONS: '--max-old-space-size=200 -r "./a b" --title "a b" --inspect=1',
      NODE_EXTRA_CA_CERTS: "/ca.pem",
    };
    expect(withoutUnsafeSettings(env)).toEqual({
      NODE_OPTIONS: '--max-old-space-size=200 --title "a b"',
      NODE_EXTRA_CA_CERTS: "/ca.pem",
    });
  });

  it("has no empty NODE_OPTIONS, and safe ones as they were", () => {
    expect(withoutUnsafeSettings({ NODE_OPTIONS: "--require x" })).toEqual({});
    const odd = { NODE_OPTIONS: ' --title="a"  --no-warnings' };
    expect(withoutUnsafeSettings(odd)).toEqual(odd);
  });
});
