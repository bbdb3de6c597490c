import { docs } from "../aws-docs.ts";
import { conditionCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const externalId = "sts:ExternalId";
const mfa = "aws:MultiFactorAuthPresent";
const age = "aws:MultiFactorAuthAge";
const ip = "aws:SourceIp";
const team = "aws:PrincipalTag/team";
const tagKeys = "aws:TagKeys";

/** Keys that a request doesn't have: …IfExists, Null and the operators without either. */
export const presenceCases: TrustPolicyCase[] = [
  ...conditionCases(docs.absentKey, { StringEquals: { [externalId]: "A1" } }, [
    ["StringEquals fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { StringNotEquals: { [externalId]: "A1" } }, [
    ["StringNotEquals holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.absentKey, { StringEqualsIgnoreCase: { [team]: "red" } }, [
    ["StringEqualsIgnoreCase fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { StringNotEqualsIgnoreCase: { [team]: "red" } }, [
    ["StringNotEqualsIgnoreCase holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.absentKey, { StringLike: { [team]: "*" } }, [
    ["StringLike * fails without the key", {}, "fails"],
    ["StringLike * holds with the key", { [team]: "red" }, "holds"],
  ]),
  ...conditionCases(docs.absentKey, { StringNotLike: { [team]: "*" } }, [
    ["StringNotLike * holds without the key", {}, "holds"],
    ["StringNotLike * fails with the key", { [team]: "red" }, "fails"],
  ]),
  ...conditionCases(docs.mfaAge, { NumericLessThan: { [age]: "3600" } }, [
    ["NumericLessThan fails without MFA, which leaves out the age", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { NumericNotEquals: { [age]: "0" } }, [
    ["NumericNotEquals holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.absentKey, { DateLessThan: { "aws:TokenIssueTime": "2027-01-01T00:00:00Z" } }, [
    ["DateLessThan fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { DateNotEquals: { "aws:TokenIssueTime": "2027-01-01T00:00:00Z" } }, [
    ["DateNotEquals holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.mfaPresent, { Bool: { [mfa]: "true" } }, [
    ["Bool true fails with long-term keys, which leave out MFA", {}, "fails"],
  ]),
  ...conditionCases(docs.mfaPresent, { Bool: { [mfa]: "false" } }, [
    ["Bool false fails with long-term keys too", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { IpAddress: { [ip]: "0.0.0.0/0" } }, [
    ["IpAddress fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { NotIpAddress: { [ip]: "0.0.0.0/0" } }, [
    ["NotIpAddress holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.absentKey, { ArnLike: { "aws:SourceArn": "arn:*:*:*:*:*" } }, [
    ["ArnLike fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.absentKey, { ArnNotLike: { "aws:SourceArn": "arn:*:*:*:*:*" } }, [
    ["ArnNotLike holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.binary, { BinaryEquals: { "sts:Binary": "" } }, [
    ["BinaryEquals fails without the key", {}, "fails"],
  ]),

  ...conditionCases(docs.ifExists, { StringEqualsIfExists: { [team]: "red" } }, [
    ["StringEqualsIfExists holds without the key", {}, "holds"],
    ["StringEqualsIfExists holds for the value", { [team]: "red" }, "holds"],
    ["StringEqualsIfExists fails for another value", { [team]: "blue" }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { StringNotEqualsIfExists: { [team]: "red" } }, [
    ["StringNotEqualsIfExists holds without the key", {}, "holds"],
    ["StringNotEqualsIfExists fails for the value", { [team]: "red" }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { StringLikeIfExists: { [team]: "r*" } }, [
    ["StringLikeIfExists takes wildcards", { [team]: "red" }, "holds"],
    ["StringLikeIfExists fails for another value", { [team]: "blue" }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { NumericLessThanIfExists: { [age]: "3600" } }, [
    ["NumericLessThanIfExists holds without the key", {}, "holds"],
    ["NumericLessThanIfExists fails above the limit", { [age]: "7200" }, "fails"],
  ]),
  ...conditionCases(docs.mfaPresent, { BoolIfExists: { [mfa]: "true" } }, [
    ["BoolIfExists true lets long-term keys in", {}, "holds"],
    ["BoolIfExists true lets MFA in", { [mfa]: "true" }, "holds"],
    ["BoolIfExists true keeps temporary keys without MFA out", { [mfa]: "false" }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { IpAddressIfExists: { [ip]: "203.0.113.0/24" } }, [
    ["IpAddressIfExists holds without the key", {}, "holds"],
    ["IpAddressIfExists fails outside the range", { [ip]: "198.51.100.1" }, "fails"],
  ]),
  ...conditionCases(
    docs.ifExists,
    { StringEqualsIfExists: { [team]: "red" }, StringEquals: { [externalId]: "A1" } },
    [["an IfExists that holds does not make up for another condition", { [externalId]: "A2" }, "fails"]],
  ),

  ...conditionCases(docs.null, { Null: { [team]: "true" } }, [
    ["Null true holds without the key", {}, "holds"],
    ["Null true fails with the key", { [team]: "red" }, "fails"],
  ]),
  ...conditionCases(docs.null, { Null: { [team]: "false" } }, [
    ["Null false holds with the key", { [team]: "red" }, "holds"],
    ["Null false fails without the key", {}, "fails"],
  ]),
  ...conditionCases(docs.setOperators, { Null: { [tagKeys]: "false" } }, [
    ["Null false fails for a key with an empty value", { [tagKeys]: [""] }, "fails"],
    ["Null false holds for a key with several values", { [tagKeys]: ["team", "cost"] }, "holds"],
  ]),
  ...conditionCases(docs.mfaPresent, { Null: { [mfa]: "false" } }, [
    ["Null false asks that MFA be known, not that it be used", { [mfa]: "false" }, "holds"],
  ]),
  ...conditionCases(docs.grammar, { Null: { [team]: true } }, [
    ["Null may be a JSON boolean", { [team]: "red" }, "fails"],
  ]),
];
