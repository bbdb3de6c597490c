import { docs } from "../aws-docs.ts";
import { conditionCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const age = "aws:MultiFactorAuthAge";
const mfa = "aws:MultiFactorAuthPresent";
const now = "aws:CurrentTime";
const epoch = "aws:EpochTime";
const ip = "aws:SourceIp";
const arn = "aws:PrincipalArn";
const deployers = "arn:aws:iam::111122223333:role/deploy/*";

export const typedCases: TrustPolicyCase[] = [
  ...conditionCases(docs.mfaAge, { NumericLessThan: { [age]: "3600" } }, [
    ["NumericLessThan holds below the limit", { [age]: "3599" }, "holds"],
    ["NumericLessThan does not hold at the limit", { [age]: "3600" }, "fails"],
    ["NumericLessThan compares numbers, not texts", { [age]: "900" }, "holds"],
  ]),
  ...conditionCases(docs.numeric, { NumericLessThanEquals: { [age]: 3600 } }, [
    ["NumericLessThanEquals holds at the limit, which may be a JSON number", { [age]: "3600" }, "holds"],
    ["NumericLessThanEquals does not hold above the limit", { [age]: "3601" }, "fails"],
  ]),
  ...conditionCases(docs.numeric, { NumericGreaterThan: { [age]: "60" } }, [
    ["NumericGreaterThan holds above the limit", { [age]: "61" }, "holds"],
    ["NumericGreaterThan does not hold at the limit", { [age]: "60" }, "fails"],
  ]),
  ...conditionCases(docs.numeric, { NumericGreaterThanEquals: { [age]: "60" } }, [
    ["NumericGreaterThanEquals holds at the limit", { [age]: "60" }, "holds"],
    ["NumericGreaterThanEquals does not hold below the limit", { [age]: "59" }, "fails"],
  ]),
  ...conditionCases(docs.numeric, { NumericEquals: { [age]: "10" } }, [
    ["NumericEquals holds for the same number written as a decimal", { [age]: "10.0" }, "holds"],
    ["NumericEquals does not hold for another number", { [age]: "10.5" }, "fails"],
    ["NumericEquals does not hold for a text", { [age]: "ten" }, "fails"],
  ]),
  ...conditionCases(docs.numeric, { NumericNotEquals: { [age]: ["10", "20"] } }, [
    ["NumericNotEquals holds for a third number", { [age]: "15" }, "holds"],
    ["NumericNotEquals does not hold for one of its numbers", { [age]: "20" }, "fails"],
  ]),

  ...conditionCases(docs.date, { DateGreaterThan: { [now]: "2026-07-01T00:00:00Z" } }, [
    ["DateGreaterThan holds after the date", { [now]: "2026-07-01T00:00:01Z" }, "holds"],
    ["DateGreaterThan does not hold at the date", { [now]: "2026-07-01T00:00:00Z" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateGreaterThanEquals: { [now]: "2026-07-01" } }, [
    [
      "DateGreaterThanEquals holds at midnight UTC of a date without a time",
      { [now]: "2026-07-01T00:00:00Z" },
      "holds",
    ],
    ["DateGreaterThanEquals does not hold the second before", { [now]: "2026-06-30T23:59:59Z" }, "fails"],
  ]),
  ...conditionCases(docs.cannotAssume, { DateLessThan: { [now]: "2026-05-01T12:00:00Z" } }, [
    ["DateLessThan holds before the date", { [now]: "2026-05-01T11:59:59Z" }, "holds"],
    ["a role whose trust has ended can't be assumed", { [now]: "2026-05-01T12:00:00Z" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateLessThanEquals: { [now]: "2026-05-01T14:00:00+02:00" } }, [
    ["DateLessThanEquals minds the zone of the policy's date", { [now]: "2026-05-01T12:00:00Z" }, "holds"],
    ["DateLessThanEquals does not hold after it", { [now]: "2026-05-01T12:00:01Z" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateEquals: { [now]: "2026-05-01T12:00:00Z" } }, [
    ["DateEquals holds for the same moment in another zone", { [now]: "2026-05-01T14:00:00+02:00" }, "holds"],
    ["DateEquals does not hold for another moment", { [now]: "2026-05-01T14:00:00Z" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateNotEquals: { [now]: "2026-05-01T12:00:00Z" } }, [
    ["DateNotEquals holds for another moment", { [now]: "2026-05-01T12:00:01Z" }, "holds"],
    ["DateNotEquals does not hold for the same moment", { [now]: "2026-05-01T12:00:00Z" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateLessThan: { [now]: "1777636800" } }, [
    ["a date condition may be in seconds since the epoch", { [now]: "2026-05-01T11:59:59Z" }, "holds"],
    ["a date condition in seconds since the epoch ends then", { [now]: "2026-05-01T12:00:00Z" }, "fails"],
  ]),
  ...conditionCases(docs.epochTime, { DateGreaterThan: { [epoch]: "2026-05-01T12:00:00Z" } }, [
    ["aws:EpochTime works with date operators", { [epoch]: "1777636801" }, "holds"],
    ["aws:EpochTime before the date fails", { [epoch]: "1777636799" }, "fails"],
  ]),
  ...conditionCases(docs.epochTime, { NumericLessThan: { [epoch]: "1777636800" } }, [
    ["aws:EpochTime works with numeric operators", { [epoch]: "1777636799" }, "holds"],
    ["aws:EpochTime at the limit of a numeric operator fails", { [epoch]: "1777636800" }, "fails"],
  ]),
  ...conditionCases(docs.date, { DateLessThan: { [now]: "2026-*" } }, [
    ["a date may not have a wildcard", { [now]: "2025-01-01T00:00:00Z" }, "fails"],
  ]),
  ...conditionCases(
    docs.currentTime,
    {
      DateGreaterThan: { [now]: "2026-07-01T00:00:00Z" },
      DateLessThan: { [now]: "2026-12-31T23:59:59Z" },
    },
    [
      ["a role can be assumed within its span of time", { [now]: "2026-09-01T00:00:00Z" }, "holds"],
      ["a role can't be assumed before its span of time", { [now]: "2026-06-01T00:00:00Z" }, "fails"],
      ["a role can't be assumed after its span of time", { [now]: "2027-01-01T00:00:00Z" }, "fails"],
    ],
  ),

  ...conditionCases(docs.bool, { Bool: { [mfa]: "true" } }, [
    ["Bool true holds for true", { [mfa]: "true" }, "holds"],
    ["Bool true does not hold for false", { [mfa]: "false" }, "fails"],
  ]),
  ...conditionCases(docs.grammar, { Bool: { [mfa]: true } }, [
    ["Bool may be a JSON boolean", { [mfa]: "true" }, "holds"],
  ]),
  ...conditionCases(docs.bool, { Bool: { [mfa]: "false" } }, [
    ["Bool false holds for false", { [mfa]: "false" }, "holds"],
    ["Bool false does not hold for true", { [mfa]: "true" }, "fails"],
  ]),
  ...conditionCases(docs.bool, { Bool: { [mfa]: "yes" } }, [
    ["Bool knows no word but true and false", { [mfa]: "yes" }, "fails"],
  ]),
  ...conditionCases(docs.binary, { BinaryEquals: { "sts:Binary": "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }, [
    [
      "BinaryEquals compares the bytes that the policy has in Base64",
      { "sts:Binary": "BinaryValueInBase64" },
      "holds",
    ],
    ["BinaryEquals does not hold for other bytes", { "sts:Binary": "binaryvalueinbase64" }, "fails"],
  ]),

  ...conditionCases(docs.ip, { IpAddress: { [ip]: "203.0.113.0/24" } }, [
    ["IpAddress holds for the first address of the range", { [ip]: "203.0.113.0" }, "holds"],
    ["IpAddress holds for the last address of the range", { [ip]: "203.0.113.255" }, "holds"],
    ["IpAddress does not hold for the address after the range", { [ip]: "203.0.114.0" }, "fails"],
    ["IpAddress does not hold for the address before the range", { [ip]: "203.0.112.255" }, "fails"],
    ["IpAddress does not hold for an IPv6 address", { [ip]: "2001:db8::1" }, "fails"],
  ]),
  ...conditionCases(docs.ip, { IpAddress: { [ip]: "203.0.113.7" } }, [
    ["an address without a prefix length is itself", { [ip]: "203.0.113.7" }, "holds"],
    ["an address without a prefix length is not its neighbour", { [ip]: "203.0.113.8" }, "fails"],
  ]),
  ...conditionCases(docs.ip, { IpAddress: { [ip]: ["203.0.113.0/24", "2001:DB8:1234:5678::/64"] } }, [
    ["IpAddress holds for IPv6 whatever its spelling", { [ip]: "2001:db8:1234:5678:0:0:0:1" }, "holds"],
    ["IpAddress does not hold for the next IPv6 network", { [ip]: "2001:db8:1234:5679::1" }, "fails"],
    ["IpAddress holds for IPv4 where both kinds are listed", { [ip]: "203.0.113.9" }, "holds"],
  ]),
  ...conditionCases(
    docs.ip,
    { IpAddress: { [ip]: ["203.0.113.0/33", "203.0.113.0/24/8", "203.0.113/24"] } },
    [["what is not in CIDR format holds for no address", { [ip]: "203.0.113.0" }, "fails"]],
  ),
  ...conditionCases(docs.ip, { IpAddress: { [ip]: "0.0.0.0/0" } }, [
    ["the range of all IPv4 addresses holds for any", { [ip]: "198.51.100.1" }, "holds"],
  ]),
  ...conditionCases(docs.sourceIp, { NotIpAddress: { [ip]: "203.0.113.0/24" } }, [
    ["NotIpAddress holds outside the range", { [ip]: "198.51.100.1" }, "holds"],
    ["NotIpAddress does not hold inside the range", { [ip]: "203.0.113.1" }, "fails"],
  ]),

  ...conditionCases(docs.arn, { ArnLike: { [arn]: deployers } }, [
    [
      "ArnLike takes * for any text of a component",
      { [arn]: "arn:aws:iam::111122223333:role/deploy/eu/Api" },
      "holds",
    ],
    ["ArnLike minds the path", { [arn]: "arn:aws:iam::111122223333:role/Deploy" }, "fails"],
    ["ArnLike minds the account", { [arn]: "arn:aws:iam::444455556666:role/deploy/Api" }, "fails"],
    ["ArnLike minds case", { [arn]: "arn:aws:iam::111122223333:role/DEPLOY/Api" }, "fails"],
  ]),
  ...conditionCases(docs.arn, { ArnEquals: { [arn]: deployers } }, [
    [
      "ArnEquals takes wildcards as ArnLike does",
      { [arn]: "arn:aws:iam::111122223333:role/deploy/Api" },
      "holds",
    ],
  ]),
  ...conditionCases(
    docs.arn,
    { ArnLike: { "aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*" } },
    [
      [
        "a wildcard of ArnLike does not reach over a colon",
        { "aws:SourceArn": "arn:aws:someservice:us-east-2:444455556666:store/abc:111122223333:finance/a" },
        "fails",
      ],
      [
        "a wildcard of ArnLike stands for a whole component",
        { "aws:SourceArn": "arn:aws:someservice:us-east-2:111122223333:finance/a" },
        "holds",
      ],
    ],
  ),
  ...conditionCases(
    docs.arn,
    { StringLike: { "aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*" } },
    [
      [
        "a wildcard of StringLike reaches over a colon",
        { "aws:SourceArn": "arn:aws:someservice:us-east-2:444455556666:store/abc:111122223333:finance/a" },
        "holds",
      ],
    ],
  ),
  ...conditionCases(docs.arn, { ArnLike: { [arn]: "arn:aws:iam:*" } }, [
    ["ArnLike wants all six components", { [arn]: "arn:aws:iam::111122223333:role/Api" }, "fails"],
  ]),
  ...conditionCases(docs.arn, { ArnLike: { [arn]: "arn:*:*:*:*:*" } }, [
    [
      "ArnLike with a wildcard for each component holds for any ARN",
      { [arn]: "arn:aws:iam::111122223333:role/Api" },
      "holds",
    ],
    [
      "ArnLike with a wildcard for each component does not hold for a shorter text",
      { [arn]: "arn:aws:iam" },
      "fails",
    ],
  ]),
  ...conditionCases(docs.arn, { ArnLike: { [arn]: "arn:aws:iam::11112222333?:role/Api" } }, [
    ["ArnLike takes ? for one character", { [arn]: "arn:aws:iam::111122223333:role/Api" }, "holds"],
    ["ArnLike does not hold for what is no ARN", { [arn]: "Api" }, "fails"],
  ]),
  ...conditionCases(docs.arn, { ArnNotLike: { [arn]: deployers } }, [
    [
      "ArnNotLike holds for what the pattern does not match",
      { [arn]: "arn:aws:iam::111122223333:user/alice" },
      "holds",
    ],
    [
      "ArnNotLike does not hold for what it matches",
      { [arn]: "arn:aws:iam::111122223333:role/deploy/Api" },
      "fails",
    ],
  ]),
  ...conditionCases(docs.arn, { ArnNotEquals: { [arn]: deployers } }, [
    [
      "ArnNotEquals takes wildcards as ArnNotLike does",
      { [arn]: "arn:aws:iam::111122223333:role/deploy/Api" },
      "fails",
    ],
  ]),
];
