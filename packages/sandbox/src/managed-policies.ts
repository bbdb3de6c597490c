/** A managed policy, by its ARN in `SandboxState.managedPolicies`. */
export interface ManagedPolicy {
  policyName: string;
  /** The policy's JSON text. */
  document: string;
}

/**
 * The AWS managed policies of the sandbox, with AWS's ARNs and the statements that matter to STS and IAM
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
 */
export function awsManagedPolicies(): Record<string, ManagedPolicy> {
  return Object.fromEntries(
    Object.entries(statementsByName).map(([policyName, statement]) => [
      `arn:aws:iam::aws:policy/${policyName}`,
      { policyName, document: JSON.stringify({ Version: "2012-10-17", Statement: statement }) },
    ]),
  );
}

const allow = (...actions: string[]): object => ({ Effect: "Allow", Action: actions, Resource: "*" });

const statementsByName: Record<string, object> = {
  AdministratorAccess: allow("*"),
  AmazonS3FullAccess: allow("s3:*", "s3-object-lambda:*"),
  AmazonS3ReadOnlyAccess: allow(
    "s3:Get*",
    "s3:List*",
    "s3:Describe*",
    "s3-object-lambda:Get*",
    "s3-object-lambda:List*",
  ),
  IAMFullAccess: allow("iam:*", "organizations:DescribeAccount", "organizations:ListPolicies"),
  IAMReadOnlyAccess: allow(
    "iam:GenerateCredentialReport",
    "iam:GenerateServiceLastAccessedDetails",
    "iam:Get*",
    "iam:List*",
    "iam:SimulateCustomPolicy",
    "iam:SimulatePrincipalPolicy",
  ),
  PowerUserAccess: [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    allow("iam:ListRoles", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole"),
  ],
  ReadOnlyAccess: allow(
    "iam:Generate*",
    "iam:Get*",
    "iam:List*",
    "iam:Simulate*",
    "s3:Get*",
    "s3:List*",
    "sts:GetAccessKeyInfo",
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
  ),
  SignInLocalDevelopmentAccess: {
    Effect: "Allow",
    Action: ["signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"],
    Resource: "arn:aws:signin:*:*:oauth2/public-client/*",
  },
};
