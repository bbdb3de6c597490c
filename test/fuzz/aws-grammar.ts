import * as fc from "fast-check";
import { roleTable } from "../../packages/agent/src/config/schema/role-table.ts";
import { canary, many, values } from "./config-words.ts";
import { mutated } from "./mutate.ts";

/** Settings of the AWS shared config beside those of roles. */
const awsKeys = [
  ...roleTable.keys,
  "aws_access_key_id",
  "endpoint_url",
  "services",
  "sso_registration_scopes",
  "s3 =\n  max_concurrent_requests",
];
const awsHeaders = [
  "[default]",
  "[profile base]",
  '[profile "a b"]',
  "[profile __proto__]",
  "[base]",
  "[sso-session corp]",
  "[services x]",
  "[profile]",
  "[",
  "[profile base] ; x",
  "[profile x\u202e]",
];
const awsLine = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...awsKeys), fc.constantFrom(" = ", "=", ":", " "), fc.constantFrom(...values))
      .map((parts) => parts.join("")),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      `aws_secret_access_key = ${canary}`,
      `aws_session_token=${canary}`,
      `  aws_secret_access_key = ${canary}`,
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("# comment", "", "  indented = x", "= x", "no setting") },
);
const goodSections = [
  `[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${canary}\n`,
  "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n",
  "[sso-session corp]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n",
  "[profile reader]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = ReadOnly\n",
  "[profile loop]\nrole_arn = arn:aws:iam::123456789012:role/Loop\nsource_profile = loop\n",
];

/** The text of an AWS shared config file. */
export const awsTexts: fc.Arbitrary<string> = mutated(
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...goodSections) },
        {
          weight: 3,
          arbitrary: fc
            .tuple(fc.constantFrom(...awsHeaders), fc.array(awsLine, { maxLength: 6 }))
            .map(([head, lines]) => [head, ...lines, ""].join("\n")),
        },
        {
          weight: 1,
          arbitrary: many(
            (index) =>
              `[profile q${index}]\nrole_arn = arn:aws:iam::123456789012:role/Q\nsource_profile = q${index + 1}\n`,
          ),
        },
      ),
      { maxLength: 5 },
    )
    .map((sections) => sections.join("")),
  [
    "[",
    "]",
    "=",
    ":",
    "#",
    ";",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\x1b",
    "\uFEFF",
    "\u2028",
    "profile ",
    "'",
    '"',
    "  ",
  ],
  3,
);
