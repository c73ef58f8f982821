"""Tables, queues and keys for tests, in the shapes of template.yaml, each fresh and empty."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from tests.support.embedded import MOTO, Aws

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
TABLE_PARTS = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
QUEUE_PARTS = ("FifoQueue", "DeduplicationScope", "FifoThroughputLimit")


class _Loader(yaml.SafeLoader):
    """Reads a template; what a tag such as ``!Ref`` would give is not needed here."""


_Loader.add_multi_constructor("!", lambda _loader, _tag, _node: None)


@cache
def resource(logical_id: str) -> dict[str, Any]:
    """The properties of a resource of the template."""
    template = yaml.load(TEMPLATE.read_text(), _Loader)
    properties: dict[str, Any] = template["Resources"][logical_id]["Properties"]
    return properties


def make_table(aws: Aws, logical_id: str) -> str:
    """A fresh, empty table; returns its name."""
    name = f"{logical_id}-{uuid4().hex[:8]}"
    shape = {part: value for part, value in resource(logical_id).items() if part in TABLE_PARTS}
    aws.client("dynamodb").create_table(TableName=name, **shape)
    return name


def make_queue(aws: Aws, logical_id: str) -> str:
    """A fresh, empty queue; returns its url."""
    shape = {part: value for part, value in resource(logical_id).items() if part in QUEUE_PARTS}
    name = f"{logical_id}-{uuid4().hex[:8]}" + (".fifo" if shape.get("FifoQueue") else "")
    attributes = {
        part: str(value).lower() if isinstance(value, bool) else str(value)
        for part, value in shape.items()
    }
    answer = aws.client("sqs").create_queue(QueueName=name, Attributes=attributes)
    return str(answer["QueueUrl"])


def make_key(aws: Aws) -> str:
    """A fresh key; returns its id."""
    return str(aws.client("kms").create_key()["KeyMetadata"]["KeyId"])


def ledger_client(aws: Aws) -> Any:
    """A client for the ledger; moto refuses batches, see ``RefusesBatches``."""
    client = aws.client("dynamodb")
    return RefusesBatches(client) if aws.name == MOTO else client


class RefusesBatches:
    """A DynamoDB that refuses every statement of a batch, as a busy one may.

    moto overwrites an item on INSERT where DynamoDB refuses; refused statements make the ledger
    write one by one, which moto does well.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_execute_statement(self, *, Statements: list[Any]) -> dict[str, Any]:  # noqa: N803  # the name AWS gives it
        return {"Responses": [{"Error": {"Code": "ThrottlingError"}} for _ in Statements]}


def everything_in(aws: Aws, table: str) -> list[dict[str, Any]]:
    """All items of a table, to look for what must not be there."""
    items: list[dict[str, Any]] = aws.client("dynamodb").scan(TableName=table)["Items"]
    return items
