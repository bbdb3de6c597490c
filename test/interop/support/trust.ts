/** The trust policy of AWS's guide to roles for a service: EC2 may assume the role. */
export const trustOfEc2 = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Service": "ec2.amazonaws.com"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}
`;

/** The same for the sandbox's first account, under a condition or without. */
export function trustOfFirstAccount(condition: object = {}): string {
  const allow = { Effect: "Allow", Action: "sts:AssumeRole" };
  const principal = { AWS: "arn:aws:iam::111122223333:root" };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ ...allow, Principal: principal, Condition: condition }],
  });
}
