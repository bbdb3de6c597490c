import type { AssumeRoleCommand, AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { HOME, PARTNER, policy, refusal, roleArn, sandboxForTest, sts, trust } from "../support.ts";
import { assume, withRole } from "./deploy-role.ts";

const tooLong = (max: number): string => `Member must have length less than or equal to ${max}`;
const tooShort = (min: number): string => `Member must have length greater than or equal to ${min}`;
const pattern = "Member must satisfy regular expression pattern";
const tag = (Key: string, Value = "v"): { Key: string; Value: string } => ({ Key, Value });

test.each<[string, Partial<AssumeRoleCommandInput>, string]>([
  [
    "role ARN of 19 characters",
    { RoleArn: "arn:aws:iam::123:ro" },
    `'roleArn' failed to satisfy constraint: ${tooShort(20)}`,
  ],
  [
    "role ARN of 2049",
    { RoleArn: roleArn("x".repeat(2020)) },
    `'roleArn' failed to satisfy constraint: ${tooLong(2048)}`,
  ],
  [
    "session name of 1",
    { RoleSessionName: "a" },
    `'roleSessionName' failed to satisfy constraint: ${tooShort(2)}`,
  ],
  ["session name of 65", { RoleSessionName: "a".repeat(65) }, tooLong(64)],
  ["session name with a space", { RoleSessionName: "a b" }, pattern],
  ["session name with a slash", { RoleSessionName: "a/b" }, pattern],
  ["session name with a line end", { RoleSessionName: "ab\n" }, pattern],
  ["external id of 1", { ExternalId: "x" }, `'externalId' failed to satisfy constraint: ${tooShort(2)}`],
  ["external id of 1225", { ExternalId: "x".repeat(1225) }, tooLong(1224)],
  ["external id with a quote", { ExternalId: "it's" }, pattern],
  [
    "source identity with a colon",
    { SourceIdentity: "aws:x" },
    `'sourceIdentity' failed to satisfy constraint: ${pattern}`,
  ],
  [
    "duration of 899",
    { DurationSeconds: 899 },
    "'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  ],
  ["duration of 43201", { DurationSeconds: 43_201 }, "Member must have value less than or equal to 43200"],
  [
    "MFA serial of 8",
    { SerialNumber: "12345678" },
    `'serialNumber' failed to satisfy constraint: ${tooShort(9)}`,
  ],
  ["MFA code of 5 digits", { TokenCode: "12345" }, tooShort(6)],
  ["MFA code of letters", { TokenCode: "abcdef" }, pattern],
  [
    "51 tags",
    { Tags: Array.from({ length: 51 }, (_, i) => tag(`k${i}`)) },
    `'tags' failed to satisfy constraint: ${tooLong(50)}`,
  ],
  ["empty tag key", { Tags: [tag("")] }, `'tags.1.member.key' failed to satisfy constraint: ${tooShort(1)}`],
  [
    "tag key of 129",
    { Tags: [tag("a"), tag("k".repeat(129))] },
    `'tags.2.member.key' failed to satisfy constraint: ${tooLong(128)}`,
  ],
  [
    "tag value of 257",
    { Tags: [tag("k", "v".repeat(257))] },
    `'tags.1.member.value' failed to satisfy constraint: ${tooLong(256)}`,
  ],
  ["tag value with a line end", { Tags: [tag("k", "a\tb")] }, pattern],
  [
    "51 transitive keys",
    { TransitiveTagKeys: Array.from({ length: 51 }, (_, i) => `k${i}`) },
    "'transitiveTagKeys'",
  ],
  [
    "11 policy ARNs",
    { PolicyArns: Array.from({ length: 11 }, () => ({ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })) },
    tooLong(10),
  ],
  ["policy outside Latin-1", { Policy: "\u0100" }, `'policy' failed to satisfy constraint: ${pattern}`],
  [
    "policy ARN of nobody's",
    { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/NoSuchPolicy" }] },
    "NoSuchPolicy",
  ],
  ["no ARN at all", { RoleArn: "this-is-not-an-arn-at-all" }, "is invalid"],
])("%s is a ValidationError that names the place", async (_case, more, words) => {
  const sandbox = await withRole(trust({ AWS: "*" }, { Action: ["sts:AssumeRole", "sts:TagSession"] }));
  const { code, status, message } = await refusal(sts(sandbox).send(assume(more)));
  expect([code, status]).toEqual(["ValidationError", 400]);
  expect(message).toContain(words);
  expect(Object.keys(sandbox.state.sessions)).toEqual([]);
});

test("the limits themselves are in range", async () => {
  const sandbox = await withRole(
    trust({ AWS: HOME }, { Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] }),
  );
  const answer = await sts(sandbox).send(
    assume({
      RoleSessionName: "a".repeat(64),
      ExternalId: "x".repeat(1224),
      SourceIdentity: "=,.@-_+a",
      DurationSeconds: 900,
      Tags: Array.from({ length: 50 }, (_, i) => tag(`é .:/=+-@${i}`, "")),
      TransitiveTagKeys: [],
    }),
  );
  expect(answer.AssumedRoleUser?.Arn).toContain("a".repeat(64));
});

test("everything that is wrong is said at once", async () => {
  const sandbox = await sandboxForTest();
  const { message } = await refusal(
    sts(sandbox).send(assume({ RoleSessionName: "a b", DurationSeconds: 1 })),
  );
  expect(message).toMatch(/^2 validation errors detected: Value 'a b' at 'roleSessionName' .*; Value '1' at/);
});

test.each<[string, Partial<AssumeRoleCommandInput>]>([
  ["keys that differ by case alone", { Tags: [tag("team"), tag("Team")] }],
  ["a key of AWS's own namespace", { Tags: [tag("aws:team")] }],
  ["a transitive key without its tag", { Tags: [tag("team")], TransitiveTagKeys: ["cost"] }],
])("tags with %s are an InvalidParameterValue", async (_case, more) => {
  const sandbox = await withRole(trust({ AWS: HOME }, { Action: ["sts:AssumeRole", "sts:TagSession"] }));
  const { code, status } = await refusal(sts(sandbox).send(assume(more)));
  expect([code, status]).toEqual(["InvalidParameterValue", 400]);
});

test.each([
  ["no JSON", '{"Version": "2012-10-17" "Statement": []}', "line 1, column"],
  ["a principal", trust({ AWS: "*" }), "Statement[0].Principal"],
])("a session policy with %s is a MalformedPolicyDocument with the place", async (_case, Policy, place) => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  const { code, status, message } = await refusal(sts(sandbox).send(assume({ Policy })));
  expect([code, status]).toEqual(["MalformedPolicyDocument", 400]);
  expect(message).toContain(place);
});

test("session policies of more than 2,048 characters together are a PackedPolicyTooLarge", async () => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  const inline = (length: number): string => policy("s3:*").padEnd(length);
  const PolicyArns = [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }];
  expect((await sts(sandbox).send(assume({ Policy: inline(2048) }))).PackedPolicySize).toBe(100);
  for (const more of [{ Policy: inline(2049) }, { Policy: inline(2048), PolicyArns }]) {
    const { code, status, message } = await refusal(sts(sandbox).send(assume(more)));
    expect([code, status]).toEqual(["PackedPolicyTooLarge", 400]);
    expect(message).toMatch(/1\d\d%/);
  }
});

test("managed session policies are AWS's or the role's account's", async () => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  for (const accountId of [HOME, PARTNER]) {
    const own = { policyName: "own", document: policy("s3:*") };
    sandbox.state.managedPolicies[`arn:aws:iam::${accountId}:policy/own`] = own;
  }
  const withPolicyOf = (accountId: string): AssumeRoleCommand =>
    assume({ PolicyArns: [{ arn: `arn:aws:iam::${accountId}:policy/own` }] });
  expect((await sts(sandbox).send(withPolicyOf(HOME))).Credentials).toBeDefined();
  expect((await refusal(sts(sandbox).send(withPolicyOf(PARTNER)))).code).toBe("ValidationError");
});

test("a session longer than the role's MaxSessionDuration is refused", async () => {
  const sandbox = await withRole(trust({ AWS: HOME }));
  const { code, message } = await refusal(sts(sandbox).send(assume({ DurationSeconds: 3601 })));
  expect(code).toBe("ValidationError");
  expect(message).toBe("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
});
