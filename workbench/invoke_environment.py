"""The environment of a deployed stack's functions, as `sam local invoke --env-vars` reads it.

`python -m workbench.invoke_environment STACK`: on its own a container would get the logical names
of the template ("LedgerTable"), which no table has.
"""

import json
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def environment_of(stack: str) -> dict[str, dict[str, str]]:
    """Logical id of each function -> its variables; read with the AWS credentials of the shell."""
    formation: Any = boto3.client("cloudformation")
    functions: Any = boto3.client("lambda")
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        resource["LogicalResourceId"]: _variables(functions, resource["PhysicalResourceId"])
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::Lambda::Function"
    }


def _variables(functions: Any, name: str) -> dict[str, str]:
    found = functions.get_function_configuration(FunctionName=name)
    return {str(key): str(value) for key, value in found["Environment"]["Variables"].items()}


def main(stack: str) -> int:
    """1 with a sentence when the stack cannot be read."""
    try:
        print(json.dumps(environment_of(stack), indent=2))
    except (BotoCoreError, ClientError) as failed:
        print(f"The stack {stack} cannot be read: {failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["boekbrug"])))
