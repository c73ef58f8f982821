"""Orders and pages of shops -> SQS; ten orders a call, in order, as large as the queue allows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from boekbrug import aws
from boekbrug.errors import RetryLater
from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import LARGEST_BODY, dedup_id, order_body, shops_bodies

MOST_ENTRIES = 10  # of one SendMessageBatch
LONGEST_DELAY = 900  # seconds

type _Entry = dict[str, str]


class SqsOrdersQueue:
    """OrdersQueue.fifo: message group = administration."""

    def __init__(self, url: str, client: Any = None) -> None:
        self._url = url
        self._given = client

    @property
    def _client(self) -> Any:
        return self._given or aws.client("sqs")

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        """Send in order; after the first call that fails nothing more is sent.

        Raises ``RetryLater`` only when nothing was accepted.
        """
        accepted: set[OrderKey] = set()
        for batch in _batches(messages):
            try:
                accepted |= self._send_batch(batch)
            except RetryLater:
                if not accepted:
                    raise
                break
        return accepted

    def _send_batch(self, batch: Sequence[tuple[OrderMessage, str]]) -> set[OrderKey]:
        entries = [_entry(index, message, body) for index, (message, body) in enumerate(batch)]
        with aws.faults("orders queue"):
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        return {batch[int(sent["Id"])][0].key for sent in answer.get("Successful", [])}


class SqsHeldOrders:
    """Messages that a batch was given and hands back: how long they stay out of sight."""

    def __init__(self, url: str, client: Any = None) -> None:
        self._url = url
        self._given = client

    def hold(self, seconds: Mapping[str, int]) -> None:
        """By receipt. Raises ``RetryLater``; then they come when the queue's own time is over."""
        client = self._given or aws.client("sqs")
        for batch in batched(seconds.items(), MOST_ENTRIES, strict=False):
            entries = [
                {"Id": str(index), "ReceiptHandle": receipt, "VisibilityTimeout": pause}
                for index, (receipt, pause) in enumerate(batch)
            ]
            with aws.faults("orders queue"):
                client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)


class SqsShopsQueue:
    """ShopsQueue: a message is a page of shops."""

    def __init__(self, url: str, client: Any = None) -> None:
        self._url = url
        self._given = client

    @property
    def _client(self) -> Any:
        return self._given or aws.client("sqs")

    def send(
        self,
        shop_ids: Sequence[str],
        *,
        delay: int = 0,
        attempt: int = 0,
        numbers: Sequence[str] = (),
    ) -> None:
        for body in shops_bodies(shop_ids, attempt, numbers):
            with aws.faults("shops queue"):
                self._client.send_message(
                    QueueUrl=self._url,
                    MessageBody=body,
                    DelaySeconds=min(delay, LONGEST_DELAY),
                )


def _entry(index: int, message: OrderMessage, body: str) -> _Entry:
    return {
        "Id": str(index),
        "MessageBody": body,
        "MessageGroupId": message.administration_id,
        "MessageDeduplicationId": dedup_id(message),
    }


def _batches(messages: Sequence[OrderMessage]) -> Iterator[list[tuple[OrderMessage, str]]]:
    """At most ten messages and the bytes of one largest body together."""
    batch: list[tuple[OrderMessage, str]] = []
    size = 0
    for message in messages:
        body = order_body(message)
        length = len(body.encode())
        if batch and (len(batch) == MOST_ENTRIES or size + length > LARGEST_BODY):
            yield batch
            batch, size = [], 0
        batch.append((message, body))
        size += length
    if batch:
        yield batch
