import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import type { RoleSession, Sandbox } from "@role-agent/sandbox";
import {
  anywhereActions,
  createAnywhere,
  serverArn,
  type AnywhereOptions,
} from "../../support/roles-anywhere.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { policy, sandboxForTest, sts } from "../support.ts";
import { ask, type Answer, type Deviation } from "./ask.ts";

interface Asked {
  sandbox: Sandbox;
  answer: Answer;
  session: RoleSession | undefined;
}

async function asked(options: AnywhereOptions = {}, deviation: Deviation = {}): Promise<Asked> {
  const sandbox = await sandboxForTest();
  const anywhere = await createAnywhere(sandbox, temporaryDirectory(), options);
  const server = anywhere.authority.issue("web-1", {
    subject: [
      ["O", "Example"],
      ["OU", "Web"],
      ["CN", "web-1"],
    ],
    dns: ["web-1.example", "other.example"],
    uri: ["spiffe://example/web"],
  });
  const answer = await ask(sandbox, anywhere, server, deviation);
  const session = Object.values(sandbox.state.sessions)[0];
  return { sandbox, answer, session: session?.kind === "role" ? session : undefined };
}

describe("CreateSession", () => {
  it("gives keys of the role, named and tagged after the certificate", async () => {
    const { sandbox, answer, session } = await asked();
    expect(session).toMatchObject({
      roleName: "Server",
      sessionName: expect.stringMatching(/^[0-9a-f]{20,64}$/),
      sourceIdentity: "web-1",
      tags: {
        "x509Subject/O": "Example",
        "x509Subject/OU": "Web",
        "x509Subject/CN": "web-1",
        "x509Issuer/CN": "ca",
        "x509SAN/DNS": "web-1.example",
        "x509SAN/URI": "spiffe://example/web",
      },
    });
    if (session === undefined) throw new Error("no session");
    const { Arn } = await sts(sandbox, session).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::111122223333:assumed-role/Server/${session.sessionName}`);
    expect(answer.body.credentialSet).toMatchObject([
      { assumedRoleUser: { arn: Arn }, roleArn: serverArn, sourceIdentity: "web-1" },
    ]);
    expect(sandbox.calls.entries).toMatchObject([
      {},
      { action: "CreateSession", outcome: "ok", callerArn: Arn },
      { action: "GetCallerIdentity" },
    ]);
  });

  it.each([
    ["the profile's duration", {}, {}, 3600],
    ["the call's where that is less", {}, { durationSeconds: 900 }, 900],
    ["the profile's where that is less", { durationSeconds: 1800 }, { durationSeconds: 3600 }, 1800],
    ["the role's maximum where that is less", { durationSeconds: 43_200 }, {}, 3600],
  ])("lasts %s", async (_case, profile, input, seconds) => {
    const { session } = await asked({ profile }, { input });
    const { expiresAt = 0, issuedAt = 0 } = session ?? {};
    expect(Math.floor((expiresAt - issuedAt) / 1000)).toBe(seconds);
  });

  it("takes a session name only where the profile says so", async () => {
    const input = { roleSessionName: "ci@build" };
    expect((await asked({}, { input })).answer.body.message).toContain("roleSessionName");
    const { session } = await asked({ profile: { acceptRoleSessionName: true } }, { input });
    expect(session?.sessionName).toBe("ci@build");
  });

  it("limits a session by the profile's policies", async () => {
    const { session } = await asked({ profile: { sessionPolicies: [policy("s3:GetObject")] } });
    expect(session?.policies).toHaveLength(1);
  });

  it.each<[string, Deviation, number, string]>([
    ["an unknown trust anchor", { query: { trustAnchorArn: "arn:x" } }, 404, "ResourceNotFoundException"],
    ["an unknown profile", { query: { profileArn: "arn:x" } }, 404, "ResourceNotFoundException"],
    [
      "a role that is not the profile's",
      { query: { roleArn: `${serverArn}2` } },
      403,
      "AccessDeniedException",
    ],
    ["no role", { query: { roleArn: "" } }, 400, "ValidationException"],
    ["too short a session", { input: { durationSeconds: 899 } }, 400, "ValidationException"],
    ["too long a session", { input: { durationSeconds: 43_201 } }, 400, "ValidationException"],
    ["a malformed session name", { input: { roleSessionName: "a b" } }, 400, "ValidationException"],
  ])("refuses %s", async (_case, deviation, status, error) => {
    expect((await asked({}, deviation)).answer).toMatchObject({ status, error });
  });
});

describe("the trust policy of a role for Roles Anywhere", () => {
  it.each(anywhereActions)("must allow %s", async (action) => {
    const { answer } = await asked({ actions: anywhereActions.filter((each) => each !== action) });
    expect(answer).toMatchObject({ status: 403, error: "AccessDeniedException" });
    expect(answer.body.message).toContain(`Unable to assume role for ${serverArn}: ${action}`);
  });

  it.each([
    ["aws:PrincipalTag/x509Subject/CN", "web-1"],
    ["aws:PrincipalTag/x509Issuer/CN", "ca"],
    ["aws:RequestTag/x509SAN/DNS", "web-1.example"],
    ["sts:SourceIdentity", "web-1"],
    ["aws:SourceAccount", "111122223333"],
  ])("may ask for %s", async (key, value) => {
    const condition = (expected: string) => (): object => ({ StringEquals: { [key]: expected } });
    expect((await asked({ condition: condition(value) })).answer.status).toBe(201);
    const { answer } = await asked({ condition: condition("other") });
    expect(answer.body.message).toContain(`condition StringEquals ${key} does not match`);
  });

  it("may name the trust anchor", async () => {
    const arnEquals = (arn: string): object => ({ ArnEquals: { "aws:SourceArn": arn } });
    const own = await asked({ condition: ({ trustAnchorArn }) => arnEquals(trustAnchorArn) });
    expect(own.answer.status).toBe(201);
    const other = await asked({ condition: ({ trustAnchorArn }) => arnEquals(`${trustAnchorArn}0`) });
    expect(other.answer.status).toBe(403);
  });
});

describe("a fault", () => {
  it("speaks JSON to CreateSession", async () => {
    const sandbox = await sandboxForTest();
    const anywhere = await createAnywhere(sandbox, temporaryDirectory());
    const server = anywhere.authority.issue("web-1");
    sandbox.fault("CreateSession", { kind: "status", status: 503 }, { times: 1 });
    expect(await ask(sandbox, anywhere, server)).toMatchObject({ status: 503, error: "ServiceUnavailable" });
    expect(await ask(sandbox, anywhere, server)).toMatchObject({ status: 201 });
  });
});
