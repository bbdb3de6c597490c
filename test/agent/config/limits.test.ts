import { describe, expect, test } from "vitest";
import { ARN, problemsOf, ROLE } from "./problems-of.ts";

/** Rows of a table of tests, with a short title for a long value. */
function titled(values: readonly string[]): [title: string, value: string][] {
  return values.map((value) => [
    value.length > 60 ? `${value.slice(0, 40)}… of ${value.length} characters` : value,
    value,
  ]);
}

describe("AWS's limits", () => {
  const roleWith = (line: string): string => problemsOf(`${ROLE}${line}`);

  test.each(
    titled([
      ARN,
      "arn:aws-cn:iam::123456789012:role/Deploy",
      "arn:aws-us-gov:iam::123456789012:role/Deploy",
      "arn:aws-iso:iam::123456789012:role/Deploy",
      "arn:aws-iso-b:iam::123456789012:role/Deploy",
      "arn:aws:iam::123456789012:role/a/long/path/Deploy",
      `arn:aws:iam::123456789012:role/${"x".repeat(64)}`,
      `arn:aws:iam::123456789012:role/${"p".repeat(509)}/${"x".repeat(64)}`,
    ]),
  )("take the ARN %s", (_, arn) => {
    expect(problemsOf(`[roles.x]\nrole_arn = "${arn}"\nsource_profile = "base"`)).toBe("no problem");
  });

  test.each([
    ["Deploy", "must start with arn:"],
    ["arn:aws:iam::12345678901:role/x", "must have an account id of exactly 12 digits"],
    ["arn:aws:iam::1234567890123:role/x", "must have an account id of exactly 12 digits"],
    ["arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/x", "must have an account id of exactly 12 digits"],
    ["arn:aws:iam::123456789012:user/x", "must name a role"],
    ["arn:aws:iam::123456789012:role", "must name a role"],
    ["arn:aws:iam::123456789012:role/", "must end in a role's path and name"],
    [`arn:aws:iam::123456789012:role/${"x65".padEnd(65, "x")}`, "must end in a role's path and name"],
    ["arn:aws:iam::123456789012:role/D\u0435ploy", "must end in a role's path and name"],
    ["arn:aws:iam::123456789012:role/a b", "must end in a role's path and name"],
    ["arn:aws:iam::123456789012:role/x\\n", "has white space at its start or end"],
    [" arn:aws:iam::123456789012:role/x", "has white space at its start or end"],
    ["arn:aws:iam::123456789012:role/x\\u0000", "must end in a role's path and name"],
    ["arn:\u0430ws:iam::123456789012:role/x", "names no AWS partition"],
    ["arn:aws:sts::123456789012:assumed-role/x/me", "is the ARN of a session"],
    ["arn:aws:iam:us-east-1:123456789012:role/x", "must have :iam:: after the partition"],
    ["arn:aws:s3:::bucket", "must have :iam:: after the partition"],
  ])("refuse the ARN %s", (arn, problem) => {
    const message = problemsOf(`[roles.x]\nrole_arn = "${arn}"\nsource_profile = "base"`);
    expect(message).toContain(`config.toml:2: roles.x.role_arn: ${problem}`);
  });

  test.each(["900", "3600", "43200", "3600.0"])("take %s seconds", (seconds) => {
    expect(roleWith(`duration_seconds = ${seconds}`)).toBe("no problem");
  });

  test.each(["899", "43201", "-1", "0", "900.5", "1e309", "inf"])("refuse %s seconds", (seconds) => {
    expect(roleWith(`duration_seconds = ${seconds}`)).toBe(
      "config.toml:4: roles.deploy.duration_seconds: must be a whole number of seconds from 900 to 43200 (15 minutes to 12 hours)",
    );
  });

  test.each([
    ['"3600 "', "text"],
    ["true", "true or false"],
    ["nan", "a number"],
    ["1979-05-27", "a date"],
    ["[3600]", "a list"],
    ["{}", "a table"],
  ])("refuse %s as a number of seconds", (value, kind) => {
    expect(roleWith(`duration_seconds = ${value}`)).toBe(
      `config.toml:4: roles.deploy.duration_seconds: must be a number of seconds, not ${kind}`,
    );
  });

  test.each(titled(["ab", "x".repeat(1224), "a+b=c,d.e@f:g/h_i-j"]))("take the external id %s", (_, id) => {
    expect(roleWith(`external_id = "${id}"`)).toBe("no problem");
  });

  test.each(titled(["", "a", "x".repeat(1225), "a b", "a\\nb", "é1", "a%0a\\r"]))(
    "refuse the external id %j",
    (_, id) => {
      expect(roleWith(`external_id = "${id}"`)).toContain("external_id: must have 2 to 1224 characters");
    },
  );

  test.each(["{user}", "{user}@{host}", "ci-{pid}", "x".repeat(64), `${"x".repeat(60)}{user}`, "a+=,.@_-"])(
    "take the session name %s",
    (template) => {
      expect(roleWith(`role_session_name = "${template}"`)).toBe("no problem");
      expect(roleWith(`source_identity = "${template}"`)).toBe("no problem");
    },
  );

  test.each([
    ["{usr}", 'has the unknown placeholder "{usr}"; there are {user}, {host} and {pid}'],
    ["{}", 'has the unknown placeholder "{}"'],
    ["{constructor}", 'has the unknown placeholder "{constructor}"'],
    ["{user", "may hold only letters"],
    ["a/b", "may hold only letters"],
    ["a b", "may hold only letters"],
    ["a\\nb", "may hold only letters"],
    ["é{user}", "may hold only letters"],
    ["a", "must have 2 to 64 characters"],
    ["", "must have 2 to 64 characters"],
    ["x".repeat(65), "must have 2 to 64 characters"],
  ])("refuse the session name %j", (template, problem) => {
    expect(roleWith(`role_session_name = "${template}"`)).toContain(
      `4: roles.deploy.role_session_name: ${problem}`,
    );
    expect(roleWith(`source_identity = "${template}"`)).toContain(
      `4: roles.deploy.source_identity: ${problem}`,
    );
  });

  test.each([
    ['{"a":1 "b":2}', "isn't JSON: line 1: expected ',' or '}' after property value"],
    ["{} {}", "isn't JSON: line 1: unexpected non-whitespace character"],
    ["secret", "isn't JSON"],
    ["", "isn't JSON"],
    ["[]", "must be a JSON object, not a list"],
    ["null", "must be a JSON object, not null"],
    ["1", "must be a JSON object, not a number"],
    ['{"a":"\u0100"}', "has characters that AWS doesn't take in a policy"],
  ])("refuse the policy %j", (policy, problem) => {
    expect(roleWith(`policy = '${policy}'`)).toContain(`config.toml:4: roles.deploy.policy: ${problem}`);
  });

  test("take a policy of 2048 characters, but not of 2049", () => {
    expect(roleWith(`policy = '{"a":"${"x".repeat(2041)}"}'`)).toContain(
      "policy: has 2049 characters; AWS takes 2048 at most",
    );
    expect(roleWith(`policy = '{"a":"${"x".repeat(2040)}"}'`)).toBe("no problem");
  });

  test("refuse more than ten policies, and what is no policy", () => {
    const arns = (count: number): string =>
      `policy_arns = [${'"arn:aws:iam::aws:policy/ReadOnlyAccess",'.repeat(count)}]`;
    expect(roleWith(arns(10))).toBe("no problem");
    expect(roleWith(arns(11))).toContain("policy_arns: has 11 policies; AWS takes 10 at most");
    expect(roleWith(`policy_arns = [\n"arn:aws:iam::aws:policy/A",\n"${ARN}"]`)).toContain(
      "config.toml:6: roles.deploy.policy_arns[1]: must be the ARN of a managed policy",
    );
  });

  test.each(["eu-west-1", "us-gov-west-1", "cn-north-1", "aws-global"])("take the region %s", (region) => {
    expect(roleWith(`region = "${region}"`)).toBe("no problem");
  });

  test.each(["", "eu-west-1.evil.example/", "eu west", "-a", "x".repeat(64), "eu-west-1\\n"])(
    "refuse the region %j",
    (region) => {
      expect(roleWith(`region = "${region}"`)).toContain("region: must be the name of a region");
    },
  );

  test("know three credential sources", () => {
    const source = (name: string): string =>
      problemsOf(`[roles.x]\nrole_arn = "${ARN}"\ncredential_source = "${name}"`);
    for (const name of ["Environment", "EcsContainer", "Ec2InstanceMetadata"]) {
      expect(source(name)).toBe("no problem");
    }
    expect(source("environment")).toContain(
      'credential_source: must be "Environment", "EcsContainer" or "Ec2InstanceMetadata"',
    );
  });

  test.each(["source_profile", "source_role", "policy_file"])("refuse control characters in %s", (key) => {
    for (const bad of ["", "a\\nb", "a\\rb", "a\\u0000b", "a\\u001bb", "a\\u2028b"]) {
      expect(problemsOf(`[roles.x]\n${key} = "${bad}"`)).toContain(
        `config.toml:2: roles.x.${key}: must be a name: not empty, and without control characters`,
      );
    }
  });
});
