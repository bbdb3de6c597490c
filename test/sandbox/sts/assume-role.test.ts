import { CreateRoleCommand, DeleteRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import {
  frozenClock,
  HOME,
  iam,
  keysOf,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  sts,
  trust,
} from "../support.ts";
import { assume, withRole } from "./deploy-role.ts";

describe("what it answers", () => {
  test("a session of the role, for one hour of the sandbox's clock by default", async () => {
    const { clock, expiration } = frozenClock();
    const sandbox = await withRole(trust({ AWS: HOME }), { clock });
    clock.advance(600_000);
    const answer = await sts(sandbox).send(assume());
    const { Credentials, AssumedRoleUser, PackedPolicySize, SourceIdentity } = answer;
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Credentials?.SecretAccessKey).toHaveLength(40);
    expect(Credentials?.Expiration).toEqual(expiration(600 + 3600));
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${HOME}:assumed-role/Deploy/alice`);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:alice$/);
    expect([PackedPolicySize, SourceIdentity]).toEqual([undefined, undefined]);

    const identity = await sts(sandbox, keysOf(Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
    expect(identity.UserId).toBe(AssumedRoleUser?.AssumedRoleId);
    expect(identity.Account).toBe(HOME);
  });

  test("the source identity and the packed size of policies and tags", async () => {
    const sandbox = await withRole(
      trust({ AWS: HOME }, { Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] }),
    );
    const { SourceIdentity, PackedPolicySize } = await sts(sandbox).send(
      assume({
        SourceIdentity: "alice",
        Tags: [{ Key: "team", Value: "core" }],
        Policy: policy("s3:*"),
        PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
      }),
    );
    expect(SourceIdentity).toBe("alice");
    expect(PackedPolicySize).toBeGreaterThan(1);
    expect(PackedPolicySize).toBeLessThan(20);
  });

  test("a session of a role under a path, whose session ARN leaves the path out", async () => {
    const sandbox = await sandboxForTest();
    await iam(sandbox).send(
      new CreateRoleCommand({
        RoleName: "Deep",
        Path: "/a/b/",
        AssumeRolePolicyDocument: trust({ AWS: HOME }),
      }),
    );
    const answer = await sts(sandbox).send(assume({ RoleArn: roleArn("a/b/Deep") }));
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${HOME}:assumed-role/Deep/alice`);
    const pathless = await refusal(sts(sandbox).send(assume({ RoleArn: roleArn("Deep") })));
    expect(pathless.code).toBe("AccessDenied");
  });
});

describe("how long a session lives", () => {
  test("minSessionSeconds lowers the shortest duration", async () => {
    const { clock, expiration } = frozenClock();
    const sandbox = await withRole(trust({ AWS: HOME }), { minSessionSeconds: 5, clock });
    const { Credentials } = await sts(sandbox).send(assume({ DurationSeconds: 5 }));
    expect(Credentials?.Expiration).toEqual(expiration(5));
    expect((await refusal(sts(sandbox).send(assume({ DurationSeconds: 4 })))).code).toBe("ValidationError");
  });

  test("sessionSeconds decides, whatever was asked", async () => {
    const { clock, expiration } = frozenClock();
    const sandbox = await withRole(trust({ AWS: HOME }), { sessionSeconds: 7, clock });
    const { Credentials } = await sts(sandbox).send(assume({ DurationSeconds: 3600 }));
    expect(Credentials?.Expiration).toEqual(expiration(7));
  });

  test("a session outlives a change of the trust policy and ends with the role", async () => {
    const sandbox = await withRole(trust({ AWS: HOME }));
    const { Credentials } = await sts(sandbox).send(assume());
    const session = sts(sandbox, keysOf(Credentials));
    await iam(sandbox).send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: "Deploy",
        PolicyDocument: trust({ Service: "ec2.amazonaws.com" }),
      }),
    );
    expect((await session.send(new GetCallerIdentityCommand({}))).Account).toBe(HOME);

    await iam(sandbox).send(new DeleteRoleCommand({ RoleName: "Deploy" }));
    const { code, status } = await refusal(session.send(new GetCallerIdentityCommand({})));
    expect([code, status]).toEqual(["InvalidClientTokenId", 403]);

    const again = { RoleName: "Deploy", AssumeRolePolicyDocument: trust({ AWS: HOME }) };
    await iam(sandbox).send(new CreateRoleCommand(again));
    expect((await refusal(session.send(new GetCallerIdentityCommand({})))).code).toBe("InvalidClientTokenId");
  });
});
