import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import type { CredentialSupply } from "../../../packages/agent/src/endpoints/credential-supply.ts";
import type { Endpoint } from "../../../packages/agent/src/endpoints/endpoint.ts";
import { imdsEndpoint } from "../../../packages/agent/src/endpoints/imds.ts";
import { imdsTokens } from "../../../packages/agent/src/endpoints/imds-tokens.ts";
import { ask, headerIn, heldBy } from "../../support/door.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const host = ["Host", "169.254.169.254"];
const ttlHeader = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds";
const tokenHeader = "X-Aws-Ec2-Metadata-Token";
const roles = "/latest/meta-data/iam/security-credentials/";
const extended = "/latest/meta-data/iam/security-credentials-extended/";

interface Setup {
  readonly supply?: CredentialSupply;
  readonly clock?: FakeClock;
  readonly isV1Served?: boolean;
  readonly region?: string | undefined;
}

function door({
  supply = heldBy("deploy"),
  clock = new FakeClock(),
  isV1Served = false,
  ...rest
}: Setup = {}): Endpoint {
  return imdsEndpoint({
    hosts: ["169.254.169.254:80", "169.254.169.254"],
    role: "deploy",
    region: "region" in rest ? rest.region : "eu-west-1",
    isV1Served,
    tokens: imdsTokens(clock),
    supply,
    clock,
  });
}

async function tokenOf(endpoint: Endpoint, ttl = "21600"): Promise<string> {
  return (await ask(endpoint, "/latest/api/token", [...host, ttlHeader, ttl], "PUT")).body;
}

const document = {
  Code: "Success",
  LastUpdated: "2026-11-24T12:00:00Z",
  Type: "AWS-HMAC",
  AccessKeyId: "ASIA000000001EXAMPLE",
  SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  Token: "token-1",
  Expiration: "2026-11-24T13:00:00Z",
  AccountId: "123456789012",
};

/** What each SDK asks after its token, and what it has to get; a string is a whole body. */
const sequences: readonly (readonly [string, string, readonly (readonly [string, number, unknown?])[]])[] = [
  [
    "JavaScript and botocore",
    "21600",
    [
      [roles, 200, "deploy"],
      [`${roles}deploy`, 200, document],
    ],
  ],
  [
    "Rust",
    "21600",
    [
      ["/latest/meta-data/placement/region", 200, "eu-west-1"],
      [roles, 200, "deploy"],
      [`${roles}deploy`, 200, document],
    ],
  ],
  [
    "Go",
    "300",
    [
      [roles, 200, "deploy"],
      [`${roles}deploy`, 200, document],
      [
        "/latest/dynamic/instance-identity/document",
        200,
        { region: "eu-west-1", availabilityZone: "eu-west-1a" },
      ],
    ],
  ],
  [
    "Ruby, Kotlin, PHP",
    "21600",
    [
      [extended, 404],
      [roles, 200, "deploy"],
      [`${roles}deploy`, 200, document],
    ],
  ],
  [
    "Java with a slash at the endpoint's end",
    "21600",
    [
      [`/${extended}`, 404],
      [`/${roles}`, 200, "deploy"],
      [`/${roles}deploy`, 200, document],
      ["//latest/dynamic/instance-identity/document", 200],
    ],
  ],
  [
    "Kotlin, told the role's name",
    "21600",
    [
      [`${extended}deploy`, 404],
      [`${roles}deploy`, 200, document],
    ],
  ],
  ["botocore's region", "21600", [["/latest/meta-data/placement/availability-zone/", 200, "eu-west-1a"]]],
  ["C++'s region", "21600", [["/latest/meta-data/placement/availability-zone", 200, "eu-west-1a"]]],
];

describe("the IMDS endpoint", () => {
  it.each(sequences)("answers the requests of %s", async (_sdk, ttl, steps) => {
    const endpoint = door();
    const token = await ask(
      endpoint,
      "/latest/api/token",
      [...host, ttlHeader.toLowerCase(), ttl, "Content-Length", "0"],
      "PUT",
    );
    expect(token).toMatchObject({ status: 200, body: expect.stringMatching(/^[\w-]{56}$/) });
    expect(headerIn(token, ttlHeader.toLowerCase())).toBe(ttl);
    expect(headerIn(token, "content-type")).toBe("text/plain");
    for (const [target, status, body] of steps) {
      const answer = await ask(endpoint, target, [...host, tokenHeader.toLowerCase(), token.body]);
      expect({ target, status: answer.status }).toEqual({ target, status });
      if (typeof body === "string") expect(answer.body).toBe(body);
      else if (body !== undefined) expect(JSON.parse(answer.body)).toEqual(body);
    }
  });

  it("answers 401 to every path without a token, and to a token that is none", async () => {
    const endpoint = door();
    const token = await tokenOf(endpoint);
    const foreign = await tokenOf(door());
    const wrong = [
      "",
      "deploy",
      foreign,
      token.slice(0, -1),
      `${token}A`,
      token + token,
      token.toUpperCase(),
      ` ${token}`,
    ];
    for (const target of [
      roles,
      `${roles}deploy`,
      `${roles}other`,
      "/latest/meta-data/placement/region",
      "/nothing",
    ]) {
      expect(await ask(endpoint, target, host)).toMatchObject({ status: 401, close: true });
      for (const value of wrong) {
        const answer = await ask(endpoint, target, [...host, tokenHeader, value]);
        expect({ target, value, status: answer.status }).toEqual({ target, value, status: 401 });
        expect(answer.body).not.toMatch(/ASIA|deploy/);
      }
    }
  });

  it("takes a token that was changed in any one character for none", async () => {
    const endpoint = door();
    const token = await tokenOf(endpoint);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === "A" ? "Q" : "A";
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      expect(await ask(endpoint, roles, [...host, tokenHeader, changed])).toMatchObject({ status: 401 });
    }
  });

  it("ends a token after its time, by either clock", async () => {
    const clock = new FakeClock();
    const endpoint = door({ clock });
    const get = async (token: string): Promise<number> =>
      (await ask(endpoint, roles, [...host, tokenHeader, token])).status;
    const short = await tokenOf(endpoint, "60");
    const long = await tokenOf(endpoint, "21600");
    await clock.advance(59_999);
    expect(await get(short)).toBe(200);
    await clock.advance(1);
    expect([await get(short), await get(long)]).toEqual([401, 200]);
    clock.suspend(21_600_000);
    expect(await get(long)).toBe(401);
  });

  it("keeps a client's token valid however many tokens others take", async () => {
    const endpoint = door();
    const token = await tokenOf(endpoint);
    for (let count = 0; count < 10_000; count += 1) await tokenOf(endpoint);
    expect(await ask(endpoint, roles, [...host, tokenHeader, token])).toMatchObject({ status: 200 });
  });

  it.each([
    "",
    "0",
    "-1",
    "21601",
    "1e3",
    " 60",
    "60 ",
    "+60",
    "060",
    "0x10",
    "٦٠",
    "6.0",
    "99999999999999999999",
  ])("refuses a token for %j seconds", async (ttl) => {
    const answer = await ask(door(), "/latest/api/token", [...host, ttlHeader, ttl], "PUT");
    expect(answer.status).toBe(400);
  });

  it("refuses a token for no stated time, and one that a proxy or a browser asks for", async () => {
    const put = async (...headers: string[]): Promise<number> =>
      (await ask(door(), "/latest/api/token", [...host, ...headers], "PUT")).status;
    expect(await put()).toBe(400);
    expect(await put(ttlHeader, "60", "X-Forwarded-For", "")).toBe(403);
    expect(await put(ttlHeader, "60", "Origin", "null")).toBe(403);
    expect(await put(ttlHeader, "60", ttlHeader.toLowerCase(), "60")).toBe(400);
  });

  it("gives tokens to PUT alone, and all else to GET alone", async () => {
    const endpoint = door();
    const withToken = [...host, tokenHeader, await tokenOf(endpoint)];
    for (const method of ["GET", "POST", "HEAD", "DELETE"]) {
      expect(await ask(endpoint, "/latest/api/token", [...withToken, ttlHeader, "60"], method)).toMatchObject(
        { status: 405 },
      );
    }
    for (const method of ["PUT", "POST", "HEAD"]) {
      expect(await ask(endpoint, roles, withToken, method)).toMatchObject({ status: 405 });
    }
  });

  it.each([
    "/latest//meta-data/iam/security-credentials/",
    "///latest/meta-data/iam/security-credentials/",
    "//evil/latest/meta-data/iam/security-credentials/",
    "//latest//meta-data/iam/security-credentials/",
  ])("accepts no other doubled slash than the first: %s", async (target) => {
    const endpoint = door();
    const answer = await ask(endpoint, target, [...host, tokenHeader, await tokenOf(endpoint)]);
    expect(answer.status).toBe(400);
  });

  it("answers IMDSv1 only where that was asked for, and a wrong token not even there", async () => {
    const endpoint = door({ isV1Served: true });
    expect(await ask(endpoint, roles, host)).toMatchObject({ status: 200, body: "deploy" });
    expect(await ask(endpoint, roles, [...host, tokenHeader, "wrong"])).toMatchObject({ status: 401 });
  });

  it("holds the role's name for 900 ms at most while its first session is being issued", async () => {
    const clock = new FakeClock();
    let issued = (): void => undefined;
    const first = new Promise<string>((resolve) => (issued = () => resolve('{"Version":1}')));
    const endpoint = door({ supply: { peek: () => undefined, session: async () => first }, clock });
    const token = [...host, tokenHeader, await tokenOf(endpoint)];
    const answers: string[] = [];
    const list = async (): Promise<void> => void answers.push((await ask(endpoint, roles, token)).body);
    const slow = list();
    await clock.advance(899);
    expect(answers).toEqual([]);
    await clock.advance(1);
    await slow;
    expect(answers).toEqual(["deploy"]);
    const prompt = list();
    issued();
    await prompt;
    expect(answers).toEqual(["deploy", "deploy"]);
  });

  it("tells the role's name at once where no session is to be had", async () => {
    const supply = { peek: () => undefined, session: async () => Promise.reject(new Error("locked")) };
    const endpoint = door({ supply });
    const token = [...host, tokenHeader, await tokenOf(endpoint)];
    expect(await ask(endpoint, roles, token)).toMatchObject({ status: 200, body: "deploy" });
  });

  it("has no region to tell where none is known", async () => {
    const endpoint = door({ region: undefined, isV1Served: true });
    expect(await ask(endpoint, "/latest/meta-data/placement/region", host)).toMatchObject({ status: 404 });
  });

  it.each([
    ["LoginRequired", 403],
    ["SourceUnavailable", 503],
  ] as const)("answers %s with %d, and never Success", async (code, status) => {
    const failure = new RoleAgentError(code, "why");
    const supply = { peek: () => undefined, session: async () => Promise.reject(failure) };
    const answer = await ask(door({ supply, isV1Served: true }), `${roles}deploy`, host);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ Code: code, code });
  });
});
