import * as fc from "fast-check";
import { mutated } from "./mutate.ts";

/** The secret key of every session that is answered. No error may have it. */
export const answeredSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const times = [
  "2099-01-01T00:00:00Z",
  "2020-01-01T00:00:00Z",
  "2099-01-01T00:00:00",
  "2026-02-30T00:00:00Z",
  "2099-12-31T23:59:60Z",
  "4070908800",
  "1e309",
  "tomorrow",
  "",
];
const numbers = [
  "4070908800000",
  "3600",
  "900",
  "0",
  "-1",
  "1e309",
  "1e300",
  "0.5",
  "null",
  '"3600"',
  "8640000000000001",
];
const codes = [
  "AccessDenied",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "RequestExpired",
  "Throttling",
  "MalformedPolicyDocument",
  "InternalFailure",
  "UnauthorizedException",
  "ForbiddenException",
  "AuthorizationPendingException",
  "SlowDownException",
  "InvalidRequestException",
  "TOKEN_EXPIRED",
  "INSUFFICIENT_PERMISSIONS",
  "toString",
  "__proto__",
  "\x1b[31m",
  "",
];
const arns = [
  "arn:aws:sts::444455556666:assumed-role/Deploy/x",
  "arn:aws:sts::444455556666:assumed-role/Admin/x",
  "arn:aws:sts::111122223333:assumed-role/Deploy/x",
  "",
];

const words = [
  "<",
  ">",
  "/",
  "&",
  "&#10;",
  "&#x0;",
  "&lt;",
  "<![CDATA[",
  "]]>",
  "<!--",
  '"',
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "\\",
  "\\u0000",
  "\0",
  "\r\n",
  "null",
  "-1",
  "\uD800",
  "__proto__",
  "xmlns=",
];

/** One of these, and mostly the first. */
export const mostly = (...texts: readonly [string, ...string[]]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(texts[0]) },
    { weight: 1, arbitrary: fc.constantFrom(...texts) },
  );

const keyId = mostly("ASIAIOSFODNN7EXAMPLE", "ASIA", "", "ASIAIOSFODNN7\nEXAMPLE", "x".repeat(300));
const token = mostly("token", "", "to ken", "x".repeat(20_000), "\u2028");
const time = mostly("2099-01-01T00:00:00Z", ...times);
const number = mostly("3600", ...numbers);
const epoch = mostly("4070908800000", ...numbers);

const stsSession = (action: string): fc.Arbitrary<string> =>
  fc.tuple(mostly("arn:aws:sts::444455556666:assumed-role/Deploy/x", ...arns), keyId, token, time).map(
    ([
      arn,
      id,
      session,
      end,
    ]) => `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAEXAMPLE:x</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${answeredSecret}</SecretAccessKey><SessionToken>${session}</SessionToken><Expiration>${end}</Expiration></Credentials>
</${action}Result><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></${action}Response>`,
  );
const stsError = fc
  .constantFrom(...codes)
  .map(
    (code) =>
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no\x1b[0m</Message></Error></ErrorResponse>`,
  );
const pages = [
  "",
  "<!DOCTYPE html><p>a<br>",
  "<html><body>Blocked</body></html>",
  '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
  '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
  "<a>".repeat(3000),
  "[".repeat(3000),
  "null",
  "[]",
  '"x"',
  "1e999",
];

const jsonSso = fc
  .tuple(keyId, token, epoch)
  .map(
    ([id, session, end]) =>
      `{"roleCredentials":{"accessKeyId":${JSON.stringify(id)},"secretAccessKey":"${answeredSecret}","sessionToken":${JSON.stringify(session)},"expiration":${end}}}`,
  );
const jsonOidc = fc
  .tuple(token, number)
  .map(
    ([access, seconds]) =>
      `{"accessToken":${JSON.stringify(access)},"refreshToken":"${answeredSecret}","expiresIn":${seconds},"tokenType":"Bearer"}`,
  );
const jsonSignin = fc
  .tuple(keyId, token, number)
  .map(
    ([id, session, seconds]) =>
      `{"accessToken":{"accessKeyId":${JSON.stringify(id)},"secretAccessKey":"${answeredSecret}","sessionToken":${JSON.stringify(session)}},"expiresIn":${seconds},"refreshToken":"next","tokenType":"urn:aws:params:oauth:token-type:access_token_sigv4"}`,
  );
const jsonError = fc
  .tuple(fc.constantFrom(...codes), fc.constantFrom("error", "__type", "message"))
  .map(([code, key]) => `{${JSON.stringify(key)}:${JSON.stringify(code)},"message":"no\\u001b[0m"}`);

/** What a credential_process prints. */
export const printedDocuments: fc.Arbitrary<string> = documents(
  fc
    .tuple(
      keyId,
      fc.option(token, { nil: undefined }),
      fc.option(time, { nil: undefined }),
      mostly("1", "2", "null", '"1"'),
    )
    .map(([AccessKeyId, SessionToken, Expiration, version]) =>
      JSON.stringify({
        Version: 0,
        AccessKeyId,
        SecretAccessKey: answeredSecret,
        SessionToken,
        Expiration,
      }).replace('"Version":0', `"Version":${version}`),
    ),
);

export function documents(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: good },
    { weight: 4, arbitrary: mutated(good, words, 3) },
    { weight: 1, arbitrary: fc.constantFrom(...pages) },
  );
}

/** Bodies of each service: what it gives, and what it refuses with. */
export const bodies = {
  sts: { given: stsSession("AssumeRole"), refused: stsError },
  exchange: { given: stsSession("GetSessionToken"), refused: stsError },
  sso: { given: jsonSso, refused: jsonError },
  oidc: { given: jsonOidc, refused: jsonError },
  signin: { given: jsonSignin, refused: jsonError },
};

/** A service whose answers are made up. */
export type Service = keyof typeof bodies;
