import { docs } from "../aws-docs.ts";
import { conditionCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const externalId = "sts:ExternalId";
const sessionName = "sts:RoleSessionName";

export const stringCases: TrustPolicyCase[] = [
  ...conditionCases(docs.string, { StringEquals: { [externalId]: "Partner-7" } }, [
    ["StringEquals holds for the same text", { [externalId]: "Partner-7" }, "holds"],
    ["StringEquals minds case", { [externalId]: "partner-7" }, "fails"],
    ["StringEquals does not hold for a longer text", { [externalId]: "Partner-77" }, "fails"],
    ["StringEquals does not hold for an empty text", { [externalId]: "" }, "fails"],
    ["StringEquals minds white space", { [externalId]: "Partner-7 " }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringEquals: { [externalId]: "Partner-*" } }, [
    ["StringEquals takes a wildcard for a character", { [externalId]: "Partner-7" }, "fails"],
    ["StringEquals matches the wildcard character itself", { [externalId]: "Partner-*" }, "holds"],
  ]),
  ...conditionCases(docs.manyConditions, { StringEquals: { [externalId]: ["A1", "B2"] } }, [
    ["StringEquals holds for the second of several values", { [externalId]: "B2" }, "holds"],
    ["StringEquals does not hold for none of several values", { [externalId]: "C3" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringNotEquals: { [externalId]: "Partner-7" } }, [
    ["StringNotEquals holds for another text", { [externalId]: "Partner-8" }, "holds"],
    ["StringNotEquals holds for another case", { [externalId]: "PARTNER-7" }, "holds"],
    ["StringNotEquals does not hold for the same text", { [externalId]: "Partner-7" }, "fails"],
  ]),
  ...conditionCases(docs.manyNegated, { StringNotEquals: { [externalId]: ["A1", "B2"] } }, [
    ["StringNotEquals of several values holds for none of them", { [externalId]: "C3" }, "holds"],
    ["StringNotEquals of several values does not hold for one of them", { [externalId]: "B2" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringEqualsIgnoreCase: { [sessionName]: "Release" } }, [
    ["StringEqualsIgnoreCase ignores case", { [sessionName]: "rELEASE" }, "holds"],
    ["StringEqualsIgnoreCase still wants the whole text", { [sessionName]: "release-1" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringNotEqualsIgnoreCase: { [sessionName]: "Release" } }, [
    ["StringNotEqualsIgnoreCase does not hold for another case", { [sessionName]: "RELEASE" }, "fails"],
    ["StringNotEqualsIgnoreCase holds for another text", { [sessionName]: "Debug" }, "holds"],
  ]),
  ...conditionCases(docs.string, { StringLike: { [sessionName]: "ci-*" } }, [
    ["StringLike takes * for any text", { [sessionName]: "ci-build-7" }, "holds"],
    ["StringLike takes * for no text", { [sessionName]: "ci-" }, "holds"],
    ["StringLike wants the text before *", { [sessionName]: "cd-build-7" }, "fails"],
    ["StringLike minds case", { [sessionName]: "CI-build-7" }, "fails"],
    ["StringLike does not search within the text", { [sessionName]: "my-ci-build" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringLike: { [sessionName]: "*-build-*" } }, [
    ["StringLike takes * on both sides", { [sessionName]: "ci-build-7" }, "holds"],
    ["StringLike wants what stands between two *", { [sessionName]: "ci-test-7" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringLike: { [sessionName]: "build-?" } }, [
    ["StringLike takes ? for one character", { [sessionName]: "build-7" }, "holds"],
    ["StringLike does not take ? for two characters", { [sessionName]: "build-77" }, "fails"],
    ["StringLike does not take ? for none", { [sessionName]: "build-" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringLike: { [sessionName]: "build" } }, [
    ["StringLike without a wildcard wants the whole text", { [sessionName]: "build-7" }, "fails"],
    ["StringLike without a wildcard holds for the whole text", { [sessionName]: "build" }, "holds"],
  ]),
  ...conditionCases(docs.string, { StringLike: { [sessionName]: "a.c" } }, [
    ["StringLike takes a dot for a dot", { [sessionName]: "abc" }, "fails"],
  ]),
  ...conditionCases(docs.string, { StringNotLike: { [sessionName]: "test-*" } }, [
    ["StringNotLike holds for what the pattern does not match", { [sessionName]: "ci-1" }, "holds"],
    ["StringNotLike does not hold for what the pattern matches", { [sessionName]: "test-1" }, "fails"],
  ]),
  ...conditionCases(docs.manyNegated, { StringNotLike: { [sessionName]: ["test-*", "tmp-*"] } }, [
    ["StringNotLike of several patterns does not hold for one of them", { [sessionName]: "tmp-1" }, "fails"],
    ["StringNotLike of several patterns holds for none of them", { [sessionName]: "ci-1" }, "holds"],
  ]),
  ...conditionCases(docs.manyConditions, { StringEquals: { [externalId]: "A1", [sessionName]: "ci" } }, [
    ["two keys of one operator hold together", { [externalId]: "A1", [sessionName]: "ci" }, "holds"],
    ["two keys of one operator fail with either", { [externalId]: "A1", [sessionName]: "cd" }, "fails"],
  ]),
  ...conditionCases(
    docs.manyConditions,
    { StringEquals: { [externalId]: "A1" }, StringLike: { [sessionName]: "ci-*" } },
    [
      ["two operators hold together", { [externalId]: "A1", [sessionName]: "ci-1" }, "holds"],
      ["two operators fail with the first", { [externalId]: "A2", [sessionName]: "ci-1" }, "fails"],
      ["two operators fail with the second", { [externalId]: "A1", [sessionName]: "cd-1" }, "fails"],
    ],
  ),
  ...conditionCases(docs.condition, { StringEquals: { "STS:externalid": "A1" } }, [
    ["the name of a condition key ignores case", { [externalId]: "A1" }, "holds"],
  ]),
  ...conditionCases(docs.condition, {}, [["an empty Condition asks for nothing", {}, "holds"]]),
  ...conditionCases(docs.emptyCondition, { StringEquals: {} }, [
    ["an operator without keys asks for nothing", {}, "holds"],
  ]),
];
