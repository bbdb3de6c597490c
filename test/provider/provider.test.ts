import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { chain } from "@smithy/core/config";
import { STSClient } from "@aws-sdk/client-sts";
import { fromRoleAgent, maxSocketPathBytes, RoleAgentError } from "@role-agent/provider";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { documentWith, failure, json, startFakeAgent } from "../support/fake-agent.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const fallbackIdentity = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "other" };

describe("fromRoleAgent", () => {
  it("returns the role's credentials in the SDK's shape, with a real date", async () => {
    const { socketPath } = await startFakeAgent();
    const credentials = await fromRoleAgent({ role: "deploy", socketPath })();
    expect(credentials).toEqual({
      accessKeyId: "ASIA000000001EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      sessionToken: "token-1",
      expiration: expect.any(Date),
      accountId: "123456789012",
    });
  });

  it("asks for a role whose name needs encoding", async () => {
    const agent = await startFakeAgent();
    await fromRoleAgent({ role: "a b/ü?", socketPath: agent.socketPath })();
    expect(agent.requests).toEqual(["GET /v1/credentials/a%20b%2F%C3%BC%3F"]);
  });

  it("takes the role and the socket from the environment", async () => {
    const agent = await startFakeAgent();
    vi.stubEnv("ROLE_AGENT_ROLE", "from-env");
    vi.stubEnv("ROLE_AGENT_SOCK", agent.socketPath);
    onTestFinished(() => void vi.unstubAllEnvs());
    await fromRoleAgent()();
    expect(agent.requests).toEqual(["GET /v1/credentials/from-env"]);
  });

  it("says what to do when no role is named", async () => {
    vi.stubEnv("ROLE_AGENT_ROLE", "");
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(fromRoleAgent()()).rejects.toMatchObject({
      code: "InvalidConfiguration",
      hint: expect.stringContaining("ROLE_AGENT_ROLE"),
      tryNextLink: false,
    });
  });

  it("makes one request for a hundred callers at once, and none while its copy is young", async () => {
    const agent = await startFakeAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    await Promise.all(Array.from({ length: 100 }, () => provider()));
    await provider();
    expect(agent.requests).toHaveLength(1);
  });

  it("shares copy and request between providers of the same role and socket", async () => {
    const agent = await startFakeAgent();
    const init = { role: "deploy", socketPath: agent.socketPath };
    await Promise.all([
      fromRoleAgent(init)(),
      fromRoleAgent(init)(),
      fromRoleAgent({ ...init, role: "other" })(),
    ]);
    expect(agent.requests.toSorted()).toEqual(["GET /v1/credentials/deploy", "GET /v1/credentials/other"]);
  });

  it("sends the policy it is given, and shares nothing with other policies", async () => {
    const agent = await startFakeAgent();
    const bodies: string[] = [];
    agent.answer = (request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => bodies.push(text));
      request.on("end", () => json(documentWith(3_600_000, bodies.length))(request, response));
    };
    const init = { role: "deploy", socketPath: agent.socketPath };
    const policy = { Version: "2012-10-17", Statement: [] };
    const providers = [
      fromRoleAgent({ ...init, policy }),
      fromRoleAgent({ ...init, policy: JSON.stringify(policy) }),
      fromRoleAgent({ ...init, policy: "{}" }),
    ];
    await Promise.all(providers.map((provider) => provider()));
    expect(agent.requests).toEqual(["POST /v1/credentials/deploy", "POST /v1/credentials/deploy"]);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { policy: JSON.stringify(policy) },
      { policy: "{}" },
    ]);
    await fromRoleAgent(init)();
    expect(agent.requests.at(-1)).toBe("GET /v1/credentials/deploy");
  });

  it("returns a new object each time, since the SDK writes into it", async () => {
    const { socketPath } = await startFakeAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath });
    expect(await provider()).not.toBe(await provider());
  });

  it("skips its copy when told to refresh, and asks the agent, not AWS", async () => {
    const agent = await startFakeAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    await provider();
    expect((await provider({ forceRefresh: true })).accessKeyId).toBe("ASIA000000002EXAMPLE");
    expect(agent.requests).toEqual(["GET /v1/credentials/deploy", "GET /v1/credentials/deploy"]);
  });

  it("asks again where the agent had not all of its request in time, as from a busy machine", async () => {
    const agent = await startFakeAgent();
    const { answer } = agent;
    agent.answer = (_request, response) => {
      agent.answer = answer;
      response.writeHead(408, { connection: "close" }).end();
    };
    await fromRoleAgent({ role: "deploy", socketPath: agent.socketPath })();
    expect(agent.requests).toHaveLength(2);
  });

  it("forgets a failed request: the next call asks again", async () => {
    const agent = await startFakeAgent();
    const good = agent.answer;
    agent.answer = failure("AccessDenied", 403);
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    await expect(provider()).rejects.toMatchObject({ code: "AccessDenied" });
    agent.answer = good;
    await provider();
  });

  it("fits into an SDK client's configuration", async () => {
    const { socketPath } = await startFakeAgent();
    const sts = new STSClient({
      region: "eu-west-1",
      credentials: fromRoleAgent({ role: "deploy", socketPath }),
    });
    expect((await sts.config.credentials()).accessKeyId).toBe("ASIA000000001EXAMPLE");
  });
});

describe("when the agent can't be reached", () => {
  it("the last good credentials are returned while they are valid", async () => {
    const agent = await startFakeAgent();
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    const good = await provider();
    await agent.die();
    expect(await provider({ forceRefresh: true })).toEqual(good);
  });

  it("credentials that are as good as over are not returned", async () => {
    const agent = await startFakeAgent();
    agent.answer = json(documentWith(-1000));
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    await provider();
    agent.answer = failure("SourceUnavailable", 503);
    await expect(provider()).rejects.toMatchObject({ code: "SourceUnavailable" });
  });

  it("a provider without any waits for an agent that is restarting", async () => {
    const agent = await startFakeAgent();
    agent.answer = (request) => {
      request.socket.destroy();
      agent.answer = json(documentWith(3_600_000));
    };
    await fromRoleAgent({ role: "deploy", socketPath: agent.socketPath })();
    expect(agent.requests).toHaveLength(2);
  });

  it("a chain goes on to its next link only where no agent is there", async () => {
    const socketPath = join(temporaryDirectory(), "agent.sock");
    const provider = fromRoleAgent({ role: "deploy", socketPath });
    await expect(provider()).rejects.toMatchObject({ code: "AgentUnreachable", tryNextLink: true });
    expect(await chain(provider, async () => fallbackIdentity)()).toBe(fallbackIdentity);
  });

  it.each([
    ["AccessDenied", 403],
    ["MfaRequired", 403],
    ["LoginRequired", 403],
    ["ConfirmationDenied", 403],
    ["RoleNotFound", 404],
    ["InvalidConfiguration", 400],
    ["Locked", 423],
    ["KeychainLocked", 503],
    ["SourceUnavailable", 503],
  ])("a chain ends with %s, which the agent answered", async (code, status) => {
    const agent = await startFakeAgent();
    agent.answer = failure(code, status);
    const provider = fromRoleAgent({ role: "deploy", socketPath: agent.socketPath });
    const result = chain(provider, async () => fallbackIdentity)();
    await expect(result).rejects.toBeInstanceOf(RoleAgentError);
    await expect(result).rejects.toMatchObject({
      code,
      message: `${code} it is`,
      hint: "do this",
      tryNextLink: false,
    });
  });

  it.each([
    ["another program's page", json("<html>")],
    ["another program's error", json({ error: "no" }, 500)],
    ["credentials without keys", json({ Version: 1, Expiration: "2099-01-01T00:00:00Z" })],
    ["credentials that end at no time", json({ ...documentWith(1000), Expiration: "soon" })],
  ])("a chain ends with an answer that is %s", async (_name, answer) => {
    const agent = await startFakeAgent();
    agent.answer = answer;
    await expect(fromRoleAgent({ role: "deploy", socketPath: agent.socketPath })()).rejects.toMatchObject({
      code: "AgentUnreachable",
      hint: expect.stringContaining("role-agent status"),
      tryNextLink: false,
    });
  });

  it("an agent that never answers is given up after timeoutMs, and a chain ends", async () => {
    const socketPath = join(temporaryDirectory(), "agent.sock");
    const server = createTcpServer(() => undefined).listen(socketPath);
    onTestFinished(() => void server.close());
    await expect(fromRoleAgent({ role: "deploy", socketPath, timeoutMs: 100 })()).rejects.toMatchObject({
      code: "AgentUnreachable",
      message: expect.stringContaining("within 100 ms"),
      hint: expect.stringContaining("try again"),
      tryNextLink: false,
    });
  });

  it("the logger hears of it, and of no secret", async () => {
    const agent = await startFakeAgent();
    agent.answer = failure("AccessDenied", 403);
    const warn = vi.fn();
    await fromRoleAgent({ role: "deploy", socketPath: agent.socketPath, logger: { warn } })().catch(
      () => undefined,
    );
    expect(warn).toHaveBeenCalledExactlyOnceWith("role-agent: AccessDenied it is");
  });
});

it("a socket whose name alone is nearly as long as the system allows is reached", async () => {
  const directory = temporaryDirectory();
  const name = "s".repeat(maxSocketPathBytes - directory.length - 1);
  const { socketPath } = await startFakeAgent(join(directory, name));
  expect(Buffer.byteLength(socketPath)).toBe(maxSocketPathBytes);
  expect((await fromRoleAgent({ role: "deploy", socketPath })()).accessKeyId).toBe("ASIA000000001EXAMPLE");
});

it("a socket whose path is longer than the system allows is refused", async () => {
  const socketPath = join(temporaryDirectory(), "x".repeat(120), "agent.sock");
  await expect(fromRoleAgent({ role: "deploy", socketPath })()).rejects.toThrow(/the limit is 10[37]/);
});
