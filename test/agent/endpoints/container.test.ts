import { RoleAgentError } from "@role-agent/provider/errors";
import { describe, expect, it } from "vitest";
import { containerEndpoint } from "../../../packages/agent/src/endpoints/container.ts";
import type { CredentialSupply } from "../../../packages/agent/src/endpoints/credential-supply.ts";
import { hostsOf } from "../../../packages/agent/src/endpoints/door-guard.ts";
import type { Endpoint } from "../../../packages/agent/src/endpoints/endpoint.ts";
import { roleOfToken } from "../../../packages/agent/src/endpoints/role-tokens.ts";
import { ask, headerIn, heldBy } from "../../support/door.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const host = "127.0.0.1:9911";
const roleOf = roleOfToken(
  new Map([
    ["deploy", "token-of-deploy"],
    ["ci", "token-of-ci"],
  ]),
);
const withToken = (token: string): readonly string[] => ["Host", host, "Authorization", token];

function door(supply: CredentialSupply = heldBy("deploy", "ci"), clock = new FakeClock()): Endpoint {
  return containerEndpoint({ hosts: hostsOf({ host: "127.0.0.1", port: 9911 }), roleOf, supply, clock });
}

describe("the tokens of a container endpoint", () => {
  it("are refused where two roles have the same, which would be a token of both", () => {
    const tokens = new Map([
      ["deploy", "same"],
      ["ci", "same"],
    ]);
    expect(() => roleOfToken(tokens)).toThrow("two of the roles deploy, ci have the same token");
  });
});

describe("the container endpoint", () => {
  it.each([
    ["deploy", "ASIA000000001EXAMPLE"],
    ["ci", "ASIA000000002EXAMPLE"],
  ])("answers the role of the token of %s, by both paths and both forms of the header", async (role, key) => {
    for (const target of ["/v1/credentials", `/v1/credentials/${role}`]) {
      for (const authorization of [`token-of-${role}`, `Bearer token-of-${role}`]) {
        const answer = await ask(door(), target, withToken(authorization));
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.body)).toEqual({
          Version: 1,
          AccessKeyId: key,
          SecretAccessKey: expect.any(String),
          SessionToken: expect.any(String),
          Token: expect.any(String),
          Expiration: "2026-11-24T13:00:00Z",
          AccountId: "123456789012",
          RoleArn: "arn:aws:iam::123456789012:role/Deploy",
        });
      }
    }
  });

  it.each([
    ["no token", ["Host", host]],
    ["an empty token", withToken("")],
    ["a foreign token", withToken("token-of-nobody")],
    ["a shortened token", withToken("token-of-deplo")],
    ["a lengthened token", withToken("token-of-deployy")],
    ["a doubled token", withToken("token-of-deploytoken-of-deploy")],
    ["a token in capitals", withToken("TOKEN-OF-DEPLOY")],
    ["a token with a space", withToken("token-of-deploy ")],
    ["another scheme", withToken("Basic token-of-deploy")],
    ["two schemes", withToken("Bearer Bearer token-of-deploy")],
    ["a token under another name", ["Host", host, "X-Aws-Token", "token-of-deploy"]],
    ["the name of a role", withToken("deploy")],
    ["the name of a property", withToken("__proto__")],
  ])("answers 401 in both casings to %s", async (_name, headers) => {
    const { status, body } = await ask(door(), "/v1/credentials", headers);
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({
      code: "Unauthorized",
      Code: "Unauthorized",
      hint: expect.any(String),
    });
    expect(body).not.toMatch(/ASIA|Secret/);
  });

  it("tells the token of one role nothing of another, not even whether it is there", async () => {
    const other = await ask(door(), "/v1/credentials/ci", withToken("token-of-deploy"));
    const none = await ask(door(), "/v1/credentials/none", withToken("token-of-deploy"));
    expect(other).toEqual(none);
    expect(other.status).toBe(401);
  });

  it("accepts the host of its address with the port and without", async () => {
    const statusAt = async (port: number, name: string): Promise<number> => {
      const hosts = hostsOf({ host: "169.254.170.2", port });
      const endpoint = containerEndpoint({ hosts, roleOf, supply: heldBy("ci"), clock: new FakeClock() });
      return (await ask(endpoint, "/v1/credentials", ["Host", name, "Authorization", "token-of-ci"])).status;
    };
    expect(await statusAt(80, "169.254.170.2")).toBe(200);
    expect(await statusAt(80, "169.254.170.2:80")).toBe(200);
    expect(await statusAt(8080, "169.254.170.2:8080")).toBe(200);
    expect(await statusAt(8080, "169.254.170.2")).toBe(200);
    expect(await statusAt(80, "169.254.170.2:8080")).toBe(403);
    expect(await statusAt(8080, "169.254.170.2:80")).toBe(403);
    expect(await statusAt(8080, "169.254.170.2:")).toBe(403);
  });

  it("waits 900 ms for a first session and then says when to come back", async () => {
    const clock = new FakeClock();
    const supply = { peek: () => undefined, session: async () => new Promise<string>(() => undefined) };
    const answer = ask(door(supply, clock), "/v1/credentials", withToken("token-of-deploy"));
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    await clock.advance(899);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({ status: 503 });
    expect(headerIn(await answer, "retry-after")).toBe("1");
  });

  it("waits as long as its supply says", async () => {
    const clock = new FakeClock();
    const session = async (): Promise<string> => new Promise(() => undefined);
    const supply = { peek: () => undefined, session, patienceMs: () => 2500 };
    const answer = ask(door(supply, clock), "/v1/credentials", withToken("token-of-deploy"));
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    await clock.advance(2499);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await answer).toMatchObject({ status: 503 });
  });

  it("answers with a first session that comes in time", async () => {
    const clock = new FakeClock();
    const session = async (): Promise<string> =>
      clock.sleep(800, new AbortController().signal).then(() => '{"Version":1}');
    const answer = ask(
      door({ peek: () => undefined, session }, clock),
      "/v1/credentials",
      withToken("token-of-deploy"),
    );
    await clock.advance(800);
    expect(await answer).toMatchObject({ status: 200, body: '{"Version":1}' });
  });

  it.each([
    ["LoginRequired", 403],
    ["MfaRequired", 403],
    ["AccessDenied", 403],
    ["InvalidConfiguration", 400],
    ["SourceUnavailable", 503],
  ] as const)("passes on %s as %d with its hint", async (code, status) => {
    const failure = new RoleAgentError(code, "why", { hint: "what to do" });
    const supply = { peek: () => undefined, session: async () => Promise.reject(failure) };
    const answer = await ask(door(supply), "/v1/credentials", withToken("token-of-deploy"));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, Code: code, hint: "what to do" });
    expect(headerIn(answer, "retry-after") !== undefined).toBe(status === 503);
  });
});
