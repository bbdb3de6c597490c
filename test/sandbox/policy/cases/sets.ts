import { docs } from "../aws-docs.ts";
import { conditionCases, type TrustPolicyCase } from "../trust-policy-case.ts";

const keys = "aws:TagKeys";
const transitive = "sts:TransitiveTagKeys";

/** ForAllValues, ForAnyValue and keys of several values. */
export const setCases: TrustPolicyCase[] = [
  ...conditionCases(docs.setOperators, { "ForAllValues:StringEquals": { [keys]: ["team", "cost"] } }, [
    ["ForAllValues holds when every value of the request is listed", { [keys]: ["cost", "team"] }, "holds"],
    ["ForAllValues holds for a part of the list", { [keys]: ["cost"] }, "holds"],
    ["ForAllValues fails for one value that is not listed", { [keys]: ["cost", "owner"] }, "fails"],
    ["ForAllValues holds without the key", {}, "holds"],
    ["ForAllValues holds for an empty value", { [keys]: [""] }, "holds"],
    ["ForAllValues:StringEquals minds case", { [keys]: ["Team"] }, "fails"],
  ]),
  ...conditionCases(docs.setOperators, { "ForAnyValue:StringEquals": { [keys]: ["team", "cost"] } }, [
    ["ForAnyValue holds when one value of the request is listed", { [keys]: ["owner", "team"] }, "holds"],
    ["ForAnyValue fails when none is listed", { [keys]: ["owner", "stage"] }, "fails"],
    ["ForAnyValue fails without the key", {}, "fails"],
    ["ForAnyValue fails for an empty value", { [keys]: [""] }, "fails"],
  ]),
  ...conditionCases(docs.setOperators, { "ForAllValues:StringLike": { [keys]: "app-*" } }, [
    ["ForAllValues:StringLike holds when every value fits", { [keys]: ["app-a", "app-b"] }, "holds"],
    ["ForAllValues:StringLike fails when one value doesn't fit", { [keys]: ["app-a", "b"] }, "fails"],
  ]),
  ...conditionCases(docs.setOperators, { "ForAnyValue:StringLike": { [keys]: "app-*" } }, [
    ["ForAnyValue:StringLike holds when one value fits", { [keys]: ["a", "app-b"] }, "holds"],
    ["ForAnyValue:StringLike fails when none fits", { [keys]: ["a", "b"] }, "fails"],
  ]),
  ...conditionCases(docs.setOperators, { "ForAllValues:StringNotEquals": { [keys]: ["admin", "root"] } }, [
    [
      "ForAllValues of a negated operator holds when no value is listed",
      { [keys]: ["team", "cost"] },
      "holds",
    ],
    [
      "ForAllValues of a negated operator fails when one value is listed",
      { [keys]: ["team", "root"] },
      "fails",
    ],
    ["ForAllValues of a negated operator holds without the key", {}, "holds"],
  ]),
  ...conditionCases(docs.setOperators, { "ForAnyValue:StringNotEquals": { [keys]: ["admin", "root"] } }, [
    [
      "ForAnyValue of a negated operator holds when one value is not listed",
      { [keys]: ["root", "team"] },
      "holds",
    ],
    ["ForAnyValue of a negated operator fails when all are listed", { [keys]: ["root", "admin"] }, "fails"],
    ["ForAnyValue of a negated operator fails without the key", {}, "fails"],
    ["ForAnyValue of a negated operator fails for an empty value", { [keys]: [""] }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { "ForAnyValue:StringEqualsIfExists": { [keys]: "team" } }, [
    ["ForAnyValue with IfExists holds without the key", {}, "holds"],
    ["ForAnyValue with IfExists fails when none is listed", { [keys]: ["cost"] }, "fails"],
  ]),
  ...conditionCases(docs.ifExists, { "ForAllValues:StringLikeIfExists": { [keys]: "t*" } }, [
    ["ForAllValues with IfExists fails for one that doesn't fit", { [keys]: ["team", "cost"] }, "fails"],
  ]),
  ...conditionCases(
    docs.sessionTags,
    { "ForAllValues:StringEquals": { [transitive]: ["Project", "Department"] } },
    [
      ["a listed tag may be made transitive", { [transitive]: ["Project"] }, "holds"],
      ["no tag need be made transitive", {}, "holds"],
      ["a tag that is not listed may not be made transitive", { [transitive]: ["Project", "Cost"] }, "fails"],
    ],
  ),
  ...conditionCases(
    docs.sessionTags,
    {
      "ForAllValues:StringEquals": { [transitive]: ["Project", "Department"] },
      Null: { [transitive]: "false" },
    },
    [["Null false asks for at least one transitive tag", {}, "fails"]],
  ),
  ...conditionCases(docs.nullWithQualifier, { "ForAllValues:Null": { [keys]: "true" } }, [
    ["Null with ForAllValues always holds", { [keys]: ["team"] }, "holds"],
  ]),
  ...conditionCases(docs.nullWithQualifier, { "ForAnyValue:Null": { [keys]: "true" } }, [
    ["Null with ForAnyValue never holds", {}, "fails"],
  ]),
  ...conditionCases(docs.emptyForAllValues, { "ForAllValues:StringEquals": { [keys]: [] } }, [
    ["ForAllValues of no values holds without the key", {}, "holds"],
    ["ForAllValues of no values fails with the key", { [keys]: ["team"] }, "fails"],
  ]),
  ...conditionCases(docs.emptyForAnyValue, { "ForAnyValue:StringEquals": { [keys]: [] } }, [
    ["ForAnyValue of no values never holds", { [keys]: ["team"] }, "fails"],
  ]),
  ...conditionCases(docs.emptyIfExists, { StringEqualsIfExists: { "sts:ExternalId": [] } }, [
    ["IfExists of no values holds without the key", {}, "holds"],
    ["IfExists of no values fails with the key", { "sts:ExternalId": "A1" }, "fails"],
  ]),
];
