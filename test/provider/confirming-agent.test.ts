import { AgentClient, fromRoleAgent } from "@role-agent/provider";
import { describe, expect, it } from "vitest";
import { documentWith, failure, json, startFakeAgent } from "../support/fake-agent.ts";

/** What each request has said of its process. */
const header = "role-agent-client";

describe("an agent that asks a person", () => {
  it("is waited for as long as it says that it does, and told of once", async () => {
    const agent = await startFakeAgent();
    agent.answer = (request, response) => {
      let left = 8;
      const timer = setInterval(() => {
        left -= 1;
        if (left > 0) return response.writeProcessing();
        clearInterval(timer);
        json(documentWith(3_600_000))(request, response);
      }, 300);
    };
    let confirming = 0;
    const client = new AgentClient({
      socketPath: agent.socketPath,
      timeoutMs: 2000,
      onConfirming: () => (confirming += 1),
    });
    expect(await client.credentials("deploy")).toMatchObject({ AccessKeyId: "ASIA000000001EXAMPLE" });
    expect(confirming).toBe(1);
    agent.answer = (_request, response) => response.writeProcessing();
    await expect(client.credentials("deploy")).rejects.toMatchObject({
      code: "AgentUnreachable",
      message: expect.stringContaining("did not answer within 2000 ms"),
    });
  });

  it("can tell this process from others by a value that it can't guess, the same in all requests", async () => {
    const agent = await startFakeAgent();
    const values: unknown[] = [];
    agent.answer = (request, response) => {
      values.push(request.headers[header]);
      failure("ConfirmationDenied", 403)(request, response);
    };
    const { socketPath } = agent;
    await expect(new AgentClient({ socketPath }).credentials("deploy")).rejects.toThrow();
    await expect(new AgentClient({ socketPath }).refresh("deploy")).rejects.toThrow();
    await expect(fromRoleAgent({ socketPath, role: "other" })()).rejects.toThrow();
    expect(values).toEqual([values[0], values[0], values[0]]);
    expect(values[0]).toMatch(/^[\w-]{22}$/);
  });
});
