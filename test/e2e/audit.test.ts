import { readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { fromHttp, fromInstanceMetadata } from "@aws-sdk/credential-providers";
import { auditLines, auditLogPath, untilAudited } from "../support/audit-log.ts";
import { allFresh, endpoint, endpointsOf, roleOf } from "../support/endpoints.ts";
import { parseExposition } from "../support/exposition.ts";
import { getOnSocket } from "../support/get-on-socket.ts";
import { createMfaRole, enableDevice } from "../support/mfa.ts";
import { sendRaw } from "../support/raw-http.ts";
import { createWorld, deployArn, deployConfig } from "../support/world.ts";

const role = "deploy";

/** This process, as the audit log tells of it. */
const clientHere =
  process.platform === "linux"
    ? { pid: process.pid, uid: process.geteuid?.(), executable: realpathSync(process.execPath) }
    : null;

describe("the audit log", () => {
  it("tells of each session who has it by CloudTrail's names, and of its first use through each door", async () => {
    const world = await createWorld();
    const socket = join(world.home, "app", "app.sock");
    const doors = [
      endpoint("container", "127.0.0.1:0", role),
      endpoint("imds", "127.0.0.1:0", role),
      endpoint("socket", socket, role),
    ];
    world.configure(`${deployConfig}role_session_name = "alice@laptop"\n${doors.join("")}`);
    const agent = await world.startAgent();
    await allFresh(world);
    const [container, imds] = await endpointsOf(world, 3);
    if (container === undefined || imds === undefined) throw new Error("an endpoint is missing");
    const { uri, tokenFile } = roleOf(container, role);
    vi.stubEnv("AWS_EC2_METADATA_SERVICE_ENDPOINT", roleOf(imds, role).uri);
    onTestFinished(() => void vi.unstubAllEnvs());
    const accessKeyId = (await world.client.credentials(role)).AccessKeyId;
    for (let times = 0; times < 3; times += 1) {
      await fromHttp({
        awsContainerCredentialsFullUri: uri,
        awsContainerAuthorizationTokenFile: tokenFile,
      })();
      await fromInstanceMetadata()();
      await sendRaw(socket, "GET /v1/credentials/deploy HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await world.client.credentials(role);
    }
    expect(await agent.end()).toBe(0);
    const path = auditLogPath(world);
    expect(auditLines(path, "issued")).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/),
        event: "issued",
        role,
        accessKeyId,
        roleArn: deployArn,
        accountId: "444455556666",
        roleSessionName: "alice@laptop",
        expiration: expect.stringMatching(/Z$/),
        decision: "allow",
        why: "there was none",
      },
    ]);
    const uses = auditLines(path, "used");
    expect(uses.map(({ door }) => door)).toEqual(["agent", "container", "imds", "socket"]);
    // A TCP connection tells nothing of the program at its other end.
    const clients = [clientHere, null, null, clientHere];
    for (const [index, use] of uses.entries())
      expect(use).toMatchObject({ role, accessKeyId, client: clients[index], decision: "allow" });
    expect(auditLines(path, "started", "stopped").map(({ event }) => event)).toEqual(["started", "stopped"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("has one line for ten thousand uses by one client, and one more for the next session", async () => {
    const world = await createWorld();
    await world.startAgent();
    await world.client.credentials(role);
    const request = "GET /v1/credentials/deploy HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (let turn = 0; turn < 20; turn += 1)
      await Promise.all(Array.from({ length: 500 }, () => sendRaw(world.socketPath, request)));
    await world.client.refresh(role);
    const uses = await untilAudited(auditLogPath(world), 2, "used");
    expect(uses).toHaveLength(2);
  });

  it("tells what was refused, by whom of AWS and the agent, and what a person did; never a secret", async () => {
    const world = await createWorld();
    const serial = await enableDevice(world.sandbox);
    const arn = await createMfaRole(world.sandbox, "Guarded");
    const guarded = `[roles.guarded]\nrole_arn = "${arn}"\nsource_profile = "sandbox"\nmfa_serial = "${serial}"\n`;
    world.configure(deployConfig.replace("team-core", "team-other") + guarded);
    const agent = await world.startAgent();
    await sendRaw(world.socketPath, "GET /v1/status HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    await expect(world.client.credentials(role)).rejects.toMatchObject({ code: "AccessDenied" });
    await expect(world.client.credentials("guarded")).rejects.toMatchObject({ code: "MfaRequired" });
    const code = world.sandbox.mfaCode(serial);
    await world.client.mfa("guarded", code);
    await expect(world.client.mfa("guarded", "000000")).rejects.toThrow();
    const credentials = await world.client.credentials("guarded");
    await world.client.reload();
    await world.client.stop();
    await agent.exited();
    const path = auditLogPath(world);
    expect(auditLines(path, "refused", "mfa", "reload", "stop")).toMatchObject([
      { event: "refused", door: "agent", decision: "deny", why: expect.stringContaining("host is refused") },
      { event: "mfa", role: "guarded", decision: "allow" },
      { event: "mfa", role: "guarded", decision: "deny" },
      { event: "reload", decision: "allow" },
      { event: "stop", decision: "allow" },
    ]);
    expect(auditLines(path, "denied")).toContainEqual(
      expect.objectContaining({ role, decision: "deny", code: "AccessDenied" }),
    );
    const text = readFileSync(path, "utf8");
    for (const secret of [credentials.SecretAccessKey, credentials.SessionToken, code])
      expect(text).not.toContain(secret);
  });

  it("tells what role-agent reload could not read, and moves to where the new configuration has it", async () => {
    const world = await createWorld();
    await world.startAgent();
    const path = auditLogPath(world);
    world.configure("[agent]\naudit_log = 7\n");
    await expect(world.client.reload()).rejects.toMatchObject({ code: "InvalidConfiguration" });
    expect(await untilAudited(path, 1, "reload")).toMatchObject([{ decision: "deny" }]);
    world.configure(`[agent]\naudit_log = "audit/here.log"\n${deployConfig}`);
    await world.client.reload();
    const moved = join(world.home, ".config", "role-agent", "audit", "here.log");
    expect(await untilAudited(moved, 1, "reload")).toMatchObject([{ decision: "allow" }]);
    world.configure(`[agent]\naudit_log = false\n${deployConfig}`);
    await world.client.reload();
    const before = readFileSync(moved, "utf8");
    await world.client.credentials(role);
    expect(readFileSync(moved, "utf8")).toBe(before);
    expect(auditLines(path, "used")).toEqual([]);
  });

  it("keeps nobody from being served where it can't be written; metrics count what is lost", async () => {
    const world = await createWorld();
    writeFileSync(join(world.home, "file"), "");
    world.configure(`[agent]\naudit_log = "${world.home}/file/audit.log"\n${deployConfig}`);
    const agent = await world.startAgent();
    await world.client.credentials(role);
    const { body } = await getOnSocket(world, "/metrics");
    expect(parseExposition(body).value("role_agent_audit_lines_total", { outcome: "lost" })).toBeGreaterThan(
      1,
    );
    expect(agent.log.match(/audit log: lines are lost, serving goes on: ENOTDIR/g)).toHaveLength(1);
    expect(await agent.end()).toBe(0);
  });
});
