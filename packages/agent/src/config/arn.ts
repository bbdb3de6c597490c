const roleArnPattern = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/;
const policyArnPattern =
  /^arn:aws(?:-[a-z]+)*:iam::(?:\d{12}|aws):policy\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/;

/**
 * What is wrong with the ARN of a role, or undefined. Partitions are taken as they come: aws, aws-cn,
 * aws-us-gov, aws-iso-b, …
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function roleArnProblem(arn: string): string | undefined {
  if (roleArnPattern.test(arn)) return undefined;
  if (arn !== arn.trim()) return "has white space at its start or end";
  const [prefix, partition = "", service, region, account = "", ...resource] = arn.split(":");
  if (prefix !== "arn") return "must start with arn:, as in arn:aws:iam::123456789012:role/Deploy";
  if (!/^aws(?:-[a-z]+)*$/.test(partition))
    return "names no AWS partition, such as aws or aws-cn, after arn:";
  if (service === "sts") return "is the ARN of a session; the role's own is arn:aws:iam::ACCOUNT:role/NAME";
  if (service !== "iam" || region !== "") return "must have :iam:: after the partition";
  if (!/^\d{12}$/.test(account)) return "must have an account id of exactly 12 digits";
  if (!resource.join(":").startsWith("role/")) return "must name a role: role/NAME after the account";
  return "must end in a role's path and name: 1 to 64 letters, digits and +=,.@_-";
}

/**
 * What is wrong with the ARN of a SAML provider, or undefined.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html
 */
export function samlProviderArnProblem(arn: string): string | undefined {
  return /^arn:aws(?:-[a-z]+)*:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/.test(arn)
    ? undefined
    : "must be the ARN of a SAML provider, as in arn:aws:iam::123456789012:saml-provider/Okta";
}

/**
 * What is wrong with the ARN of a managed policy, or undefined.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_PolicyDescriptorType.html
 */
export function policyArnProblem(arn: string): string | undefined {
  return policyArnPattern.test(arn)
    ? undefined
    : "must be the ARN of a managed policy, as in arn:aws:iam::aws:policy/ReadOnlyAccess";
}

/** The account of an IAM ARN: twelve digits, or `aws` for policies that AWS manages. */
export function accountOf(arn: string): string | undefined {
  return arn.split(":")[4];
}
