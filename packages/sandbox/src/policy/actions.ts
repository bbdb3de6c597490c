import { asStrings, didYouMean, inside, oneOf, refuse, required, type Place } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { matchesPattern, wildcardPattern } from "./wildcard.ts";

/** A role's trust policy, or a policy of an identity or a session. */
export type PolicyKind = "trust" | "identity";

const trustActions = [
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:SetContext",
  "sts:SetSourceIdentity",
  "sts:TagSession",
];

/**
 * The Action or NotAction of a statement; those of a trust policy must be among the actions that assume a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function parseActions(
  statement: JsonObject,
  place: Place,
  kind: PolicyKind,
): { actions: string[] } | { notActions: string[] } {
  const element = oneOf(statement, "Action", "NotAction", place);
  const actions = asStrings(required(statement, element, place), inside(place, element));
  for (const action of actions) {
    const problem = actionProblem(action, kind);
    if (problem !== undefined) refuse(inside(place, element), `${JSON.stringify(action)}: ${problem}`);
  }
  return element === "Action" ? { actions } : { notActions: actions };
}

function actionProblem(action: string, kind: PolicyKind): string | undefined {
  if (action !== "*" && !/^[a-z0-9*?-]+:[a-z0-9*?]+$/i.test(action)) {
    return "an action is a service prefix, a colon and a name, such as sts:AssumeRole";
  }
  if (kind === "identity") return undefined;
  const pattern = wildcardPattern(action.toLowerCase());
  const known =
    /^sts:/i.test(action) && trustActions.some((name) => matchesPattern(pattern, name.toLowerCase()));
  if (known) return undefined;
  return `AssumeRole policy may only specify STS AssumeRole actions${didYouMean(action, trustActions)}`;
}
