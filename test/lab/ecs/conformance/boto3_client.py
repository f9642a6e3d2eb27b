"""Makes the calls that come in, a JSON object {operation, input} or {waiter, input} a line, with boto3's ECS client.

Answers each with a line: {"result": ...} or {"error": code}. The endpoint is the first argument, the region the second.
"""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError


def perform(client, call):
    if "waiter" in call:
        waiter = client.get_waiter(call["waiter"])
        waiter.wait(**call["input"], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        return {"result": {}}
    try:
        result = getattr(client, xform_name(call["operation"]))(**call["input"])
    except ClientError as error:
        return {"error": error.response["Error"]["Code"]}
    result.pop("ResponseMetadata")
    return {"result": result}


def main():
    client = boto3.client(
        "ecs",
        endpoint_url=sys.argv[1],
        region_name=sys.argv[2],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"max_attempts": 0}),
    )
    for line in sys.stdin:
        print(json.dumps(perform(client, json.loads(line)), default=str), flush=True)


main()
