"""One DynamoDB table: the few calls the stores are made of, paged, repeated and translated.

In every expression an attribute is written ``#name``, so that no word can be a reserved one.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import batched
from typing import Any

from boekbrug import aws
from boekbrug.errors import RetryLater

type Item = dict[str, dict[str, Any]]

MOST_KEYS = 100  # of one BatchGetItem
A_PAGE = 16  # from so many neighbouring keys on, one query is tried first
MOST_ROUNDS = 5
FIRST_PAUSE = 0.05  # seconds; doubles with every round


class ConditionFailed(Exception):
    """A conditional write was not made; ``stored`` is what is there instead, if anything."""

    def __init__(self, stored: Item | None) -> None:
        super().__init__()
        self.stored = stored


@lru_cache(maxsize=256)
def _names(expressions: tuple[str, ...]) -> Mapping[str, str]:
    return {name: name[1:] for text in expressions for name in re.findall(r"#\w+", text)}


def _expressions(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a call, with the names its expressions use and without empty values."""
    texts = tuple(value for name, value in options.items() if name.endswith("Expression"))
    names = dict(_names(texts))
    found = {name: value for name, value in options.items() if value != {}}
    return found | ({"ExpressionAttributeNames": names} if names else {})


class Table:
    """A table with keys ``pk`` and ``sk``; safe to use from several threads.

    Every method raises ``RetryLater`` when the table is busy or out of reach. ``what`` names it in
    errors. ``client`` is for tests; else the client of the process is used.
    """

    def __init__(self, name: str, what: str, client: Any = None) -> None:
        self.name = name
        self.what = what
        self._client = client

    @property
    def client(self) -> Any:
        return self._client or aws.client("dynamodb")

    def get(self, key: Item, **options: Any) -> Item | None:
        """One item, as it is now."""
        with aws.faults(self.what):
            answer = self.client.get_item(
                TableName=self.name, Key=key, ConsistentRead=True, **_expressions(options)
            )
        item: Item | None = answer.get("Item")
        return item

    def get_all(self, keys: Sequence[Item], *, consistent: bool) -> list[Item]:
        """The items that exist, in any order, a hundred a call; keys must differ."""
        found: list[Item] = []
        for chunk in batched(keys, MOST_KEYS, strict=False):
            found += self._get_chunk(list(chunk), consistent=consistent)
        return found

    def _get_chunk(self, keys: list[Item], *, consistent: bool) -> list[Item]:
        """A busy table answers in parts: the rest is asked for again."""
        found: list[Item] = []
        for round_ in range(MOST_ROUNDS):
            with aws.faults(self.what):
                answer = self.client.batch_get_item(
                    RequestItems={self.name: {"Keys": keys, "ConsistentRead": consistent}}
                )
            found += answer["Responses"].get(self.name, [])
            keys = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
            if not keys:
                return found
            time.sleep(FIRST_PAUSE * 2**round_)
        raise RetryLater(f"{self.what}: busy", code="storage_busy")

    def query_page(self, **options: Any) -> Any:
        """One page of a query, as DynamoDB answers it."""
        with aws.faults(self.what):
            return self.client.query(TableName=self.name, **_expressions(options))

    def stretch(
        self,
        within: tuple[str, Mapping[str, Any]],
        by: tuple[str, Mapping[str, Any], Mapping[str, Any]],
        *,
        most: int,
        **options: Any,
    ) -> list[Item] | None:
        """The items of a partition from one sort key to another, in one packed read.

        A query bills the sum of the sizes, a batch every item by itself: for a page of small items
        that is many times cheaper. ``None`` when there are more than ``most``: ask by key then.
        """
        (partition, value), (sort, first, last) = within, by
        page = self.query_page(
            KeyConditionExpression=f"#{partition} = :value AND #{sort} BETWEEN :first AND :last",
            ExpressionAttributeValues={":value": value, ":first": first, ":last": last},
            Limit=most + 1,
            **options,
        )
        items: list[Item] = page["Items"]
        return None if "LastEvaluatedKey" in page or len(items) > most else items

    def collection(self, pk: str, prefix: str, **options: Any) -> Iterator[Item]:
        """All items under ``pk`` whose sort key starts with ``prefix``, in order, page by page."""
        yield from self._pages(
            "query",
            ConsistentRead=True,
            KeyConditionExpression="#pk = :pk AND begins_with(#sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
            **options,
        )

    def backwards(
        self, pk: str, prefix: str, *, page: int, before: Item | None = None, **options: Any
    ) -> Iterator[list[Item]]:
        """The items of ``collection`` from the last on, in pages; a second old perhaps.

        ``before`` is the key of the item to go on from.
        """
        start: dict[str, Any] = {"ExclusiveStartKey": before} if before else {}
        while True:
            answer = self.query_page(
                KeyConditionExpression="#pk = :pk AND begins_with(#sk, :prefix)",
                ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
                ScanIndexForward=False,
                Limit=page,
                **options,
                **start,
            )
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def indexed(self, index: str, within: tuple[str, str], by: tuple[str, str]) -> Iterator[Item]:
        """All items of a partition of an index whose sort key starts so, in order, page by page."""
        (partition, value), (sort, prefix) = within, by
        yield from self._pages(
            "query",
            IndexName=index,
            KeyConditionExpression=f"#{partition} = :value AND begins_with(#{sort}, :prefix)",
            ExpressionAttributeValues={":value": {"S": value}, ":prefix": {"S": prefix}},
        )

    def scan(self, **options: Any) -> Iterator[Item]:
        """The whole table, page by page: never on the way of an order."""
        yield from self._pages("scan", ConsistentRead=True, **options)

    def _pages(self, operation: str, **options: Any) -> Iterator[Item]:
        call = getattr(self.client, operation)
        start: dict[str, Any] = {}
        while True:
            with aws.faults(self.what):
                page = call(TableName=self.name, **_expressions(options), **start)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def put(self, item: Item, **options: Any) -> None:
        """Raises ``ConditionFailed`` when it was put under a condition that does not hold."""
        self._write("put_item", Item=item, **options)

    def update(self, key: Item, **options: Any) -> Any:
        """As ``put``."""
        return self._write("update_item", Key=key, **options)

    def _write(self, operation: str, **options: Any) -> Any:
        if options.get("ConditionExpression"):
            options["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        with aws.faults(self.what):
            try:
                call = getattr(self.client, operation)
                return call(TableName=self.name, **_expressions(options))
            except self.client.exceptions.ConditionalCheckFailedException as failed:
                raise ConditionFailed(failed.response.get("Item")) from None

    def transact(self, *steps: Mapping[str, Mapping[str, Any]]) -> None:
        """All steps or none; raises ``ConditionFailed`` when a condition does not hold."""
        items = [
            {
                kind: _expressions(options) | {"TableName": self.name}
                for kind, options in one.items()
            }
            for one in steps
        ]
        with aws.faults(self.what):
            try:
                self.client.transact_write_items(TransactItems=items)
            except self.client.exceptions.TransactionCanceledException as cancelled:
                codes = {why.get("Code") for why in cancelled.response["CancellationReasons"]}
                if "ConditionalCheckFailed" in codes:
                    raise ConditionFailed(None) from None
                raise RetryLater(f"{self.what}: busy", code="storage_busy") from None
