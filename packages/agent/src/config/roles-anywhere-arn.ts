/** The ARN of a resource of Roles Anywhere, the kind of resource before the slash. */
const pattern = /^arn:aws(?:-[a-z]+)*:rolesanywhere:([a-z0-9-]+):\d{12}:([a-z-]+)\/[\w-]{1,64}$/;

/**
 * What is wrong with the ARN of a trust anchor, or undefined.
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_TrustAnchorDetail.html
 */
export function trustAnchorArnProblem(arn: string): string | undefined {
  return resourceProblem(arn, "trust-anchor");
}

/**
 * What is wrong with the ARN of a Roles Anywhere profile, or undefined.
 * @see https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_ProfileDetail.html
 */
export function profileArnProblem(arn: string): string | undefined {
  return resourceProblem(arn, "profile");
}

/** The region of a well-formed ARN of a trust anchor or profile. */
export function anywhereRegionOf(arn: string): string | undefined {
  return pattern.exec(arn)?.[1];
}

function resourceProblem(arn: string, resource: string): string | undefined {
  return pattern.exec(arn)?.[2] === resource
    ? undefined
    : `must be an ARN such as arn:aws:rolesanywhere:eu-west-1:123456789012:${resource}/ID`;
}
