import * as fc from "fast-check";

/** Stands for every secret. No message may have it where it stands as the value of a key for secrets. */
export const canary = "CANARY0wJalrXUtnFEMIK7MDENGbPxRfiCYKEY0";

/** Names of roles and profiles, good and bad. */
export const names: readonly string[] = [
  "deploy",
  "ci",
  "base",
  "__proto__",
  "constructor",
  "a b",
  "Zürich",
  "x".repeat(200),
  "",
];
/** Values of settings, good and bad ones of every kind. */
export const values: readonly string[] = [
  ...names,
  "arn:aws:iam::123456789012:role/Deploy",
  "arn:aws-cn:iam::123456789012:role/path/Deploy",
  "arn:aws:iam::12345678901:role/Deploy",
  "arn:aws:iam::123456789012:role/Deploy ",
  "arn:aws:iam::aws:policy/ReadOnlyAccess",
  "arn:aws:iam::123456789012:mfa/alice",
  "arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/00000000-0000-0000-0000-000000000000",
  "https://d-1234567890.awsapps.com/start",
  "eu-west-1",
  "eu_west",
  "Environment",
  "container",
  "imds",
  "socket",
  "metrics",
  "127.0.0.1:9911",
  "[::1]:0",
  "0.0.0.0:80",
  "169.254.170.2:80",
  "169.254.169.254",
  "10.0.0.0/8",
  "10.0.0.0/99",
  "12h",
  "999999999999999d",
  "{user}@{host}-{pid}",
  "{nobody}",
  "ykman oath 'x",
  "/bin/true",
  "~/x.json",
  "../x",
  '{"Version":"2012-10-17","Statement":[]}',
  "é\u202e",
  "y".repeat(3000),
];

/** Keys under which somebody may have written a secret. */
export const secretKeys: readonly string[] = [
  "aws_secret_access_key",
  "aws_session_token",
  "password",
  "client_secret",
  "source_key",
];

/** So many of a kind that what takes quadratic time shows. */
export function many(of: (index: number) => string): fc.Arbitrary<string> {
  return fc
    .oneof({ weight: 20, arbitrary: fc.nat({ max: 30 }) }, { weight: 1, arbitrary: fc.constant(400) })
    .map((count) => Array.from({ length: count }, (_, index) => of(index)).join(""));
}

/** Whether all that stands for a secret stands where a secret is expected, so that no message may have it. */
export function isSecretEverywhere(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.includes(canary));
  return lines.every((line) =>
    secretKeys.some((key) => line.trimStart().startsWith(key) && /^\w+ *= *"?CANARY/.test(line.trimStart())),
  );
}
