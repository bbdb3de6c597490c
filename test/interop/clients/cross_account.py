"""Creates a role in the partner account of a sandbox and assumes it from the first one, by the line that
`role-agent sandbox --json` printed."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

sandbox = json.loads(sys.argv[1])
caller, partner = sandbox["accounts"]
trust_policy = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{caller['id']}:root"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "team-core"}},
        }
    ],
}


def client(service, access_key_id, secret_access_key, session_token=None):
    return boto3.client(
        service,
        endpoint_url=sandbox["endpoint"],
        region_name=sandbox["region"],
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=session_token,
    )


def administrator(service, account):
    return client(service, account["accessKeyId"], account["secretAccessKey"])


def assume(**parameters):
    sts = administrator("sts", caller)
    return sts.assume_role(RoleArn=role["Arn"], RoleSessionName="nightly", **parameters)["Credentials"]


def refusal(**parameters):
    try:
        assume(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]


iam = administrator("iam", partner)
role = iam.create_role(RoleName="Deploy", AssumeRolePolicyDocument=json.dumps(trust_policy))["Role"]
session = assume(ExternalId="team-core")
sts = client("sts", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
print(
    json.dumps(
        {
            "withoutExternalId": refusal(),
            "withWrongExternalId": refusal(ExternalId="team-other"),
            "arn": sts.get_caller_identity()["Arn"],
        }
    )
)
