import { AttachUserPolicyCommand, CreateRoleCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import {
  administrator,
  HOME,
  iam,
  PARTNER,
  policy,
  refusal,
  roleArn,
  sandboxForTest,
  sts,
  trust,
} from "../support.ts";
import { assume, userWithKeys, withRole } from "./deploy-role.ts";

test("a caller that the trust policy doesn't name is denied with the statement that failed", async () => {
  const sandbox = await withRole(trust({ Service: "ec2.amazonaws.com" }));
  const { code, status, message } = await refusal(sts(sandbox).send(assume()));
  expect([code, status]).toEqual(["AccessDenied", 403]);
  expect(message).toMatch(
    `User: arn:aws:iam::${HOME}:user/Administrator is not authorized to perform: sts:AssumeRole on resource: ${roleArn("Deploy")} (`,
  );
  expect(message).toContain("statement 0");
});

test("a role that doesn't exist looks like one that doesn't trust the caller", async () => {
  const sandbox = await sandboxForTest();
  for (const accountId of [HOME, PARTNER, "999999999999"]) {
    const RoleArn = roleArn("Nobody", accountId);
    const { code, message } = await refusal(sts(sandbox).send(assume({ RoleArn })));
    expect(code).toBe("AccessDenied");
    expect(message).toContain(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
  }
});

test("across accounts the external id must be the one of the trust policy", async () => {
  const condition = { Condition: { StringEquals: { "sts:ExternalId": "unique-id" } } };
  const sandbox = await withRole(trust({ AWS: PARTNER }, condition));
  const partner = sts(sandbox, administrator(sandbox, PARTNER));
  for (const ExternalId of [undefined, "another-id"]) {
    const { code, message } = await refusal(partner.send(assume({ ExternalId })));
    expect(code).toBe("AccessDenied");
    expect(message).toContain("sts:ExternalId");
    expect(message).not.toContain("unique-id");
  }
  const { AssumedRoleUser } = await partner.send(assume({ ExternalId: "unique-id" }));
  expect(AssumedRoleUser?.Arn).toContain(HOME);
});

test("across accounts the caller's own policy must allow it too", async () => {
  const sandbox = await sandboxForTest();
  const partnerRole = { RoleName: "Deploy", AssumeRolePolicyDocument: trust({ AWS: HOME }) };
  await iam(sandbox, administrator(sandbox, PARTNER)).send(new CreateRoleCommand(partnerRole));
  const bob = sts(sandbox, await userWithKeys(sandbox, "bob"));
  const command = assume({ RoleArn: roleArn("Deploy", PARTNER) });
  expect((await refusal(bob.send(command))).code).toBe("AccessDenied");
  await iam(sandbox).send(
    new PutUserPolicyCommand({
      UserName: "bob",
      PolicyName: "deploy",
      PolicyDocument: policy("sts:AssumeRole", { Resource: roleArn("Deploy", PARTNER) }),
    }),
  );
  expect((await bob.send(command)).AssumedRoleUser?.Arn).toContain(PARTNER);
});

test("a user that the trust policy names needs no policy of their own in the same account", async () => {
  const sandbox = await sandboxForTest();
  const bob = sts(sandbox, await userWithKeys(sandbox, "bob"));
  const document = trust({ AWS: `arn:aws:iam::${HOME}:user/bob` });
  await iam(sandbox).send(new CreateRoleCommand({ RoleName: "Deploy", AssumeRolePolicyDocument: document }));
  expect((await bob.send(assume())).AssumedRoleUser?.Arn).toContain("Deploy/alice");
  expect((await refusal(sts(sandbox).send(assume()))).code).toBe("AccessDenied");
});

test("a managed policy with an explicit allow serves as the caller's own", async () => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  const bob = sts(sandbox, await userWithKeys(sandbox, "bob"));
  expect((await refusal(bob.send(assume()))).code).toBe("AccessDenied");
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam(sandbox).send(new AttachUserPolicyCommand({ UserName: "bob", PolicyArn }));
  expect((await bob.send(assume())).Credentials).toBeDefined();
});

test.each([
  ["sts:TagSession", { Tags: [{ Key: "team", Value: "core" }] }],
  ["sts:SetSourceIdentity", { SourceIdentity: "alice" }],
])("%s is a permission of its own", async (action, more) => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  const { code, message } = await refusal(sts(sandbox).send(assume(more)));
  expect(code).toBe("AccessDenied");
  expect(message).toContain(`is not authorized to perform: ${action} on resource`);
});

test.each([
  ["sts:RoleSessionName", { StringEquals: { "sts:RoleSessionName": "alice" } }],
  ["aws:SourceIp", { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } }],
  ["aws:CurrentTime", { DateGreaterThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }],
  ["aws:EpochTime", { NumericGreaterThan: { "aws:EpochTime": "1000000000" } }],
  ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${HOME}:user/Admin*` } }],
  ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": HOME } }],
  ["aws:PrincipalType", { StringEquals: { "aws:PrincipalType": "User" } }],
  ["aws:username", { StringEquals: { "aws:username": "Administrator" } }],
  ["aws:userid", { StringLike: { "aws:userid": "AIDA*" } }],
  ["aws:SecureTransport", { Bool: { "aws:SecureTransport": "true" } }],
  ["aws:RequestedRegion", { StringEquals: { "aws:RequestedRegion": "us-east-1" } }],
  ["aws:UserAgent", { StringLike: { "aws:UserAgent": "aws-sdk-js/*" } }],
  ["aws:MultiFactorAuthPresent (absent)", { Null: { "aws:MultiFactorAuthPresent": "true" } }],
  ["aws:PrincipalOrgID (absent)", { Null: { "aws:PrincipalOrgID": "true" } }],
  ["aws:RequestTag (absent)", { Null: { "aws:RequestTag/team": "true" } }],
])("a trust policy can ask for %s", async (_key, condition) => {
  const sandbox = await withRole(trust({ AWS: HOME }, { Condition: condition }));
  expect((await sts(sandbox).send(assume())).Credentials).toBeDefined();
});

test("a trust policy can ask for request tags, their keys and transitive keys", async () => {
  const sandbox = await withRole(
    trust(
      { AWS: HOME },
      {
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: { "aws:RequestTag/team": "core" },
          "ForAllValues:StringEquals": {
            "aws:TagKeys": ["team", "cost"],
            "sts:TransitiveTagKeys": ["team"],
          },
        },
      },
    ),
  );
  const Tags = [{ Key: "team", Value: "core" }];
  expect((await sts(sandbox).send(assume({ Tags, TransitiveTagKeys: ["team"] }))).Credentials).toBeDefined();
  const wrong = [
    assume(),
    assume({ Tags: [{ Key: "team", Value: "other" }] }),
    assume({ Tags: [...Tags, { Key: "more", Value: "x" }] }),
    assume({ Tags: [...Tags, { Key: "cost", Value: "1" }], TransitiveTagKeys: ["cost"] }),
  ];
  for (const command of wrong) {
    expect((await refusal(sts(sandbox).send(command))).code).toBe("AccessDenied");
  }
});
