import { asStrings, inside, oneOf, refuse, required, type Place } from "./fields.ts";
import type { JsonObject } from "./json.ts";
import { variableProblem, type PolicyVersion } from "./variables.ts";

/**
 * The Resource or NotResource of an identity policy's statement.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function parseResources(
  statement: JsonObject,
  place: Place,
  version: PolicyVersion,
): { resources: string[] } | { notResources: string[] } {
  const element = oneOf(statement, "Resource", "NotResource", place);
  const resources = asStrings(required(statement, element, place), inside(place, element));
  for (const resource of resources) {
    const problem = resourceProblem(resource, version);
    if (problem !== undefined) refuse(inside(place, element), `${JSON.stringify(resource)}: ${problem}`);
  }
  return element === "Resource" ? { resources } : { notResources: resources };
}

function resourceProblem(resource: string, version: PolicyVersion): string | undefined {
  if (resource !== "*" && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:[^]/.test(resource)) {
    return 'must be "*" or an ARN: arn:partition:service:region:account:resource';
  }
  return variableProblem(resource, version);
}
