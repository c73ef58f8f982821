"""One suite for every queue: in memory, on moto, on the embedded AWS."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage, OrdersQueue, ShopsQueue
from boekbrug.queues.memory import MemoryOrdersQueue, MemoryShopsQueue
from boekbrug.queues.messages import (
    LARGEST_BODY,
    ShopsPage,
    parse_order_message,
    parse_shops_message,
)
from boekbrug.queues.sqs import SqsOrdersQueue, SqsShopsQueue
from tests.support.embedded import EMBEDDED, MOTO, Aws, an_aws
from tests.support.stores import make_queue

BACKENDS = ["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)]


@dataclass(frozen=True, slots=True)
class Orders:
    """A queue and how to empty it, in the order of arrival."""

    queue: OrdersQueue
    received: Callable[[], list[OrderMessage]]


@dataclass(frozen=True, slots=True)
class Pages:
    """A queue and how to empty it."""

    queue: ShopsQueue
    received: Callable[[], list[ShopsPage]]


def drained(aws: Aws, url: str) -> list[dict[str, Any]]:
    """Receive and delete until nothing is left."""
    sqs = aws.client("sqs")
    found: list[dict[str, Any]] = []
    while True:
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        messages = answer.get("Messages", [])
        if not messages:
            return found
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        found += messages


@pytest.fixture(params=BACKENDS)
def orders(request: pytest.FixtureRequest) -> Iterator[Orders]:
    if request.param == "memory":
        queue = MemoryOrdersQueue()
        yield Orders(queue, lambda: queue.take(1000))
        return
    with an_aws(request, request.param) as aws:
        url = make_queue(aws, "OrdersQueue")
        yield Orders(
            SqsOrdersQueue(url, aws.client("sqs")),
            lambda: [parse_order_message(one["Body"]) for one in drained(aws, url)],
        )


@pytest.fixture(params=BACKENDS)
def pages(request: pytest.FixtureRequest) -> Iterator[Pages]:
    if request.param == "memory":
        queue = MemoryShopsQueue()
        yield Pages(queue, lambda: [waiting.page for waiting in queue.take()])
        return
    with an_aws(request, request.param) as aws:
        url = make_queue(aws, "ShopsQueue")
        yield Pages(
            SqsShopsQueue(url, aws.client("sqs")),
            lambda: [parse_shops_message(one["Body"]) for one in drained(aws, url)],
        )


def a_message(number: str = "1042", **changes: Any) -> OrderMessage:
    message = OrderMessage(
        key=OrderKey("shop-1", number, f"uuid-{number}"),
        account_id="account-1",
        administration_id="admin-1",
        settings_version=2,
        correlation_id="0a1b2c",
        raw=json.dumps({"number": number, "total": 35.85}).encode(),
        revision=1,
    )
    return replace(message, **changes)


# --------------------------------------------------------------------------- orders


def test_an_order_comes_through_whole(orders: Orders) -> None:
    """Byte for byte: amounts keep their digits, texts their characters."""
    raw = '{"total": 35.850000, "name": "Zoë \\u0001 \U0001f600 \ufffe\uffff", "x": "]]>"}'
    message = a_message(
        raw=raw.encode(),
        payments=b'[["mollie","ideal","35.85"]]',
        original='{"number": "€"}'.encode(),
        credit_status=True,
        by_request=True,
    )

    assert orders.queue.send([message]) == {message.key}

    assert orders.received() == [message]


def test_many_orders_arrive_in_order(orders: Orders) -> None:
    """A credit order comes after its original, also across batches of ten."""
    messages = [a_message(str(number)) for number in range(1, 36)]

    assert orders.queue.send(messages) == {message.key for message in messages}

    assert orders.received() == messages


def test_nothing_to_send_is_nothing(orders: Orders) -> None:
    """No call, no message."""
    assert orders.queue.send([]) == set()
    assert orders.received() == []


def test_an_accidental_second_send_is_dropped(orders: Orders) -> None:
    """Sent is sent: the second time counts as accepted and arrives not."""
    message = a_message()

    assert orders.queue.send([message]) == orders.queue.send([message]) == {message.key}

    assert orders.received() == [message]


def test_a_new_decision_is_a_new_message(orders: Orders) -> None:
    """The same order with another revision is sent at once."""
    messages = [a_message(), a_message(revision=2), a_message("1043")]

    orders.queue.send(messages)

    assert orders.received() == messages


def test_an_order_too_large_goes_as_a_reference(orders: Orders) -> None:
    """Everything but the order itself arrives; booking reads the order again."""
    large = a_message(raw=b'{"comment": "' + b"x" * LARGEST_BODY + b'"}', payments=b"[]")
    after = a_message("1043")

    assert orders.queue.send([large, after]) == {large.key, after.key}

    assert orders.received() == [replace(large, raw=b""), after]


def test_large_orders_share_no_call(orders: Orders) -> None:
    """Ten orders that fit one by one and not together all arrive, in order."""
    text = b'{"comment": "' + b"x" * (LARGEST_BODY // 2) + b'"}'
    messages = [a_message(str(number), raw=text) for number in range(10)]

    assert len(orders.queue.send(messages)) == 10

    assert orders.received() == messages


def test_bytes_that_are_no_text_go_as_a_reference(orders: Orders) -> None:
    """A queue carries text; what is none is read again."""
    orders.queue.send([a_message(raw=b"\xff\xfe{}")])

    assert orders.received() == [a_message(raw=b"")]


# --------------------------------------------------------------------------- pages of shops


def test_a_page_of_shops_comes_through(pages: Pages) -> None:
    """The ids in their order, and how often the page came back."""
    ids = [f"shop-{index}" for index in range(100)]

    pages.queue.send(ids, attempt=2)

    assert pages.received() == [ShopsPage(ids, 2)]


def test_no_shops_is_no_page(pages: Pages) -> None:
    """An empty page would be a message that nobody can read."""
    pages.queue.send([])

    assert pages.received() == []


def test_very_many_shops_are_several_messages(pages: Pages) -> None:
    """Whatever the caller sends at once, each message fits."""
    ids = [f"{index:036d}" for index in range(2500)]

    pages.queue.send(ids)

    received = pages.received()
    assert sorted(shop for page in received for shop in page.shop_ids) == ids
    assert all(len(page.shop_ids) <= 1000 for page in received)
