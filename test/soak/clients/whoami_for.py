"""One client of boto3, with its default chain, that asks STS who it is for so long.

usage: whoami_for.py SECONDS PAUSE_SECONDS; prints a line of JSON for each call, failed ones too
"""

import json
import sys
import time

import boto3

seconds, pause = map(float, sys.argv[1:])
session = boto3.Session()
sts = session.client("sts")
end = time.monotonic() + seconds


def call():
    try:
        arn = sts.get_caller_identity()["Arn"]
        return {"arn": arn, "accessKeyId": session.get_credentials().access_key}
    except Exception as error:
        return {"error": str(error)}


while time.monotonic() < end:
    print(json.dumps({"client": "boto3", **call()}), flush=True)
    time.sleep(pause)
