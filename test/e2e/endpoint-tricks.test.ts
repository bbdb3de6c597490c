import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allFresh, endpoint, endpointsOf, roleOf, twoRoles } from "../support/endpoints.ts";
import { sendRaw, type RawAnswer, type RawPlace } from "../support/raw-http.ts";
import { createRole, createWorld, type World } from "../support/world.ts";

interface Door {
  readonly name: string;
  readonly place: RawPlace;
  readonly host: string;
  /** A whole request that is answered, as lines before the Host. */
  readonly path: string;
  readonly headers: readonly string[];
}

/** One door of each type for `deploy`; a container door for `ci` beside it. */
async function openDoors(): Promise<{ world: World; doors: readonly Door[]; secrets: readonly string[] }> {
  const world = await createWorld();
  await createRole(world.sandbox, "Ci");
  const path = join(world.home, "shared", "app.sock");
  world.configure(
    twoRoles +
      endpoint("container", "127.0.0.1:0", "deploy", "ci") +
      endpoint("imds", "127.0.0.1:0", "deploy") +
      endpoint("socket", path, "deploy"),
  );
  await world.startAgent();
  const [container, imds] = await endpointsOf(world, 3);
  if (container === undefined || imds === undefined) throw new Error("an endpoint is missing");
  await allFresh(world);
  const place = (address: string): RawPlace => ({ host: "127.0.0.1", port: Number(address.split(":")[1]) });
  const token = readFileSync(roleOf(container, "deploy").tokenFile, "utf8");
  const imdsRequest = `PUT /latest/api/token HTTP/1.1\r\nHost: ${imds.address}\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n`;
  const imdsToken = (await sendRaw(place(imds.address), imdsRequest)).body;
  const { SecretAccessKey: deploy } = await world.client.credentials("deploy");
  const { SecretAccessKey: ci } = await world.client.credentials("ci");
  return {
    world,
    secrets: [deploy, ci],
    doors: [
      {
        name: "container",
        place: place(container.address),
        host: container.address,
        path: "/v1/credentials",
        headers: [`Authorization: ${token}`],
      },
      {
        name: "imds",
        place: place(imds.address),
        host: imds.address,
        path: "/latest/meta-data/iam/security-credentials/deploy",
        headers: [`X-aws-ec2-metadata-token: ${imdsToken}`],
      },
      { name: "socket", place: path, host: "localhost", path: "/v1/credentials/deploy", headers: [] },
    ],
  };
}

function text(lines: readonly string[], body = ""): string {
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Every row of the table of hostile HTTP, for one door: what it is, the bytes, the status. */
function hostile({ host, path, headers }: Door): readonly (readonly [string, string, number])[] {
  const own = `Host: ${host}`;
  const get = (lines: readonly string[], target = path, method = "GET", body = ""): string =>
    text([`${method} ${target} HTTP/1.1`, ...lines, ...headers], body);
  const port = host.split(":")[1] ?? "80";
  const foreignHosts = [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1.evil.example",
    "127.0.0.1@evil.example",
    "[::ffff:127.0.0.1]",
    `[::ffff:127.0.0.1]:${port}`,
    "0.0.0.0",
    `0.0.0.0:${port}`,
    "2130706433",
    "LOCALHOST.",
    "127.0.0.2",
    `127.0.0.1:1${port}`,
    "169.254.169.254",
    "169.254.169.254.nip.io",
    "",
    "a b",
    "exämple",
    `${host}.`,
    `${host} evil.example`,
    `${host}, evil.example`,
  ];
  return [
    ...foreignHosts.map((name) => [`host ${name}`, get([`Host: ${name}`]), 403] as const),
    ["no host", get([]), 400],
    ["HTTP/1.0 without host", text([`GET ${path} HTTP/1.0`, ...headers]), 400],
    ["HTTP/1.0", text([`GET ${path} HTTP/1.0`, own, ...headers]), 400],
    ["two hosts", get([own, own]), 400],
    ["two Authorization", get([own, "Authorization: a", "Authorization: b"]), 400],
    ["an absolute URL", get([own], `http://${host}${path}`), 400],
    ["an authority for a path", get([own], `//evil.example${path}`), 400],
    ["a path that climbs", get([own], `/a/../..${path}`), 400],
    ["an escaped NUL", get([own], `${path}%00`), 400],
    ["a broken escape", get([own], `${path}%zz`), 400],
    ["a star", get([own], "*", "OPTIONS"), 400],
    ["a preflight", get([own], path, "OPTIONS"), 403],
    ["a preflight of a browser", get([own, "Origin: https://evil.example"], path, "OPTIONS"), 403],
    ["an origin", get([own, "Origin: null"]), 403],
    ["an empty origin", get([own, "Origin:"]), 403],
    ["a referer", get([own, "Referer: https://evil.example/"]), 403],
    ["fetch metadata", get([own, "Sec-Fetch-Mode: no-cors"]), 403],
    ["X-Forwarded-For", get([own, "X-Forwarded-For: 10.0.0.1"]), 403],
    ["an empty x-forwarded-for", get([own, "x-forwarded-for:"]), 403],
    ["X_Forwarded_For", get([own, "X_Forwarded_For: 10.0.0.1"]), 403],
    ["Forwarded", get([own, "Forwarded: for=10.0.0.1"]), 400],
    ["Via", get([own, "Via: 1.1 proxy"]), 400],
    ["X-Real-IP", get([own, "X-Real-IP: 10.0.0.1"]), 400],
    ["CF-Connecting-IP", get([own, "CF-Connecting-IP: 10.0.0.1"]), 400],
    ["length and chunked", get([own, "Content-Length: 1", "Transfer-Encoding: chunked"]), 400],
    ["two lengths", get([own, "Content-Length: 0", "Content-Length: 1"]), 400],
    ["a folded header", get([own, "X: a", " b"]), 400],
    ["a bare line feed", `GET ${path} HTTP/1.1\n${own}\nX: y\n\n`, 400],
    ["a NUL", get([own, "X: a\0b"]), 400],
    ["20 KB of headers", get([own, `X: ${"x".repeat(20_000)}`]), 431],
    ["a token of 200 KB", get([own, `X-Token: ${"x".repeat(200_000)}`]), 431],
    ["a space before the colon", get([own, "X : y"]), 400],
    ["a method in small letters", get([own], path, "get"), 400],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00", 400],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ["an upgrade", get([own, "Connection: Upgrade", "Upgrade: websocket"]), 400],
    ["CONNECT", text(["CONNECT evil.example:443 HTTP/1.1", own]), 0],
    ["an expectation", get([own, "Expect: foo", "Connection: close"]), 417],
    ["a GET with a body", get([own, "Content-Length: 1"], path, "GET", "x"), 400],
    ["an endless body", get([own, "Content-Length: 10000000000"], path, "POST"), 413],
    ["HEAD", get([own], path, "HEAD"), 405],
    ["TRACE", get([own], path, "TRACE"), 405],
    ["PROPFIND", get([own], path, "PROPFIND"), 405],
    ["DELETE", get([own], path, "DELETE"), 405],
    ["POST", get([own, "Content-Length: 0"], path, "POST"), 405],
    [
      "an overridden method",
      get([own, "X-HTTP-Method-Override: GET", "Content-Length: 0"], path, "POST"),
      405,
    ],
    ["another path", get([own], `${path}x`), 404],
    ["capitals", get([own], path.toUpperCase()), 404],
    ["a query", get([own], `${path}?x=1`), 404],
    ["a route of the agent socket", get([own], "/v1/status"), 404],
    ["the list of roles", get([own], "/v1/roles"), 404],
    ["the end of the agent", get([own, "Content-Length: 0"], "/v1/stop", "POST"), 405],
  ];
}

function expectNothingIn(answer: RawAnswer, secrets: readonly string[]): void {
  for (const secret of secrets) expect(answer.head + answer.body).not.toContain(secret);
  expect(answer.head.toLowerCase()).not.toContain("access-control-");
}

describe("every door", () => {
  it("answers what its clients send, and nothing that no client sends", async () => {
    const { world, doors, secrets } = await openDoors();
    for (const door of doors) {
      const good = await sendRaw(
        door.place,
        text([`GET ${door.path} HTTP/1.1`, `Host: ${door.host}`, ...door.headers]),
      );
      expect(good).toMatchObject({ status: 200 });
      expect(good.head).toMatch(/^Cache-Control: no-store$/m);
      for (const [name, bytes, status] of hostile(door)) {
        const answer = await sendRaw(door.place, bytes);
        expect({ door: door.name, name, status: answer.status }).toEqual({ door: door.name, name, status });
        expectNothingIn(answer, secrets);
      }
    }
    await expect(world.client.status()).resolves.toMatchObject({ pid: expect.any(Number) });
  });
});
