"""The default chain of the AWS Common Runtime (aws-c-auth), which the AWS SDK for C++ and others are built on: for each
line it reads, it signs GetCallerIdentity, and says who it is and which key has signed that call."""

import io
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

from awscrt import auth, http

aws = os.environ["AWS_ENDPOINT_URL"]
body = b"Action=GetCallerIdentity&Version=2011-06-15"
provider = auth.AwsCredentialsProvider.new_default_chain()


def signed_headers():
    headers = http.HttpHeaders(
        [
            ("Host", urllib.parse.urlsplit(aws).netloc),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", str(len(body))),
        ]
    )
    config = auth.AwsSigningConfig(
        credentials_provider=provider, region=os.environ["AWS_REGION"], service="sts"
    )
    request = http.HttpRequest("POST", "/", headers, io.BytesIO(body))
    return dict(auth.aws_sign_request(request, config).result().headers)


def whoami():
    headers = signed_headers()
    request = urllib.request.Request(aws, body, headers)
    try:
        answer = urllib.request.urlopen(request).read().decode()
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode()) from error
    key = re.search(r"Credential=(\w+)/", headers["Authorization"])[1]
    return {"arn": re.search("<Arn>(.*)</Arn>", answer)[1], "accessKeyId": key}


for _ in sys.stdin:
    try:
        answer = whoami()
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
