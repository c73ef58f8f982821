"""How orders and pages are put on SQS, and what is told when the queue refuses."""

import json
from dataclasses import replace
from time import sleep
from typing import Any

import pytest

from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import LARGEST_BODY, dedup_id, parse_order_message
from boekbrug.queues.sqs import SqsHeldOrders, SqsOrdersQueue, SqsShopsQueue
from tests.support.embedded import Aws
from tests.support.faults import counted_calls, lost_replies, refusing, retrying_client
from tests.support.stores import make_queue

pytestmark = pytest.mark.embedded


def a_message(number: str, administration: str = "admin-1", **changes: Any) -> OrderMessage:
    message = OrderMessage(
        key=OrderKey("shop-1", number, f"uuid-{number}"),
        account_id="account-1",
        administration_id=administration,
        settings_version=2,
        correlation_id="0a1b2c",
        raw=b"{}",
        revision=1,
    )
    return replace(message, **changes)


def received(aws: Aws, url: str) -> list[dict[str, Any]]:
    answer = aws.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages


def test_an_administration_is_a_group(embedded: Aws) -> None:
    """So one administration is never posted to in parallel."""
    url = make_queue(embedded, "OrdersQueue")
    messages = [a_message("1"), a_message("2", "admin-2")]
    SqsOrdersQueue(url, embedded.client("sqs")).send(messages)

    found = {
        (one["Attributes"]["MessageGroupId"], one["Attributes"]["MessageDeduplicationId"])
        for one in received(embedded, url)
    }

    assert found == {("admin-1", dedup_id(messages[0])), ("admin-2", dedup_id(messages[1]))}


def test_ten_orders_are_one_call(embedded: Aws) -> None:
    """A call costs the same for one as for ten."""
    client = embedded.client("sqs")
    queue = SqsOrdersQueue(make_queue(embedded, "OrdersQueue"), client)
    with counted_calls(client) as calls:
        assert len(queue.send([a_message(str(number)) for number in range(25)])) == 25
        large = b'"' + b"x" * (LARGEST_BODY // 3) + b'"'
        assert len(queue.send([a_message(f"9{n}", raw=large) for n in range(4)])) == 4

    assert calls == {"SendMessageBatch": 3 + 2}


@pytest.mark.parametrize("code", ["RequestThrottled", "ServiceUnavailable"])
def test_a_queue_that_refuses_everything_is_not_now(embedded: Aws, code: str) -> None:
    """The caller tries the shop again soon; the orders stay queued in the ledger."""
    client = embedded.client("sqs")
    queue = SqsOrdersQueue(make_queue(embedded, "OrdersQueue"), client)
    with refusing(client, "SendMessageBatch", 503, code), pytest.raises(RetryLater):
        queue.send([a_message("1")])


def test_a_queue_that_is_gone_is_for_the_operator(embedded: Aws) -> None:
    """Waiting does not bring it back."""
    url = make_queue(embedded, "OrdersQueue") + "-gone.fifo"

    with pytest.raises(NeedsOperator):
        SqsOrdersQueue(url, embedded.client("sqs")).send([a_message("1")])


class FailsOnce:
    """An SQS whose second call fails, and none after that."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._calls = 0

    def send_message_batch(self, **call: Any) -> Any:
        self._calls += 1
        if self._calls == 2:
            with refusing(self._client, "SendMessageBatch", 503, "ServiceUnavailable"):
                return self._client.send_message_batch(**call)
        return self._client.send_message_batch(**call)


def test_after_a_failure_nothing_more_is_sent(embedded: Aws) -> None:
    """A later order must not overtake: what was accepted is told, the rest stays queued."""
    url = make_queue(embedded, "OrdersQueue")
    queue = SqsOrdersQueue(url, FailsOnce(embedded.client("sqs")))
    messages = [a_message(str(number)) for number in range(30)]

    assert queue.send(messages) == {message.key for message in messages[:10]}


class TakesAllBut:
    """An SQS that refuses one entry of a batch."""

    def __init__(self, client: Any, refused: str) -> None:
        self._client = client
        self._refused = refused

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803  # the names AWS gives them
        kept = [one for one in Entries if one["Id"] != self._refused]
        answer = self._client.send_message_batch(QueueUrl=QueueUrl, Entries=kept)
        return answer | {"Failed": [{"Id": self._refused, "Code": "InternalError"}]}


def test_a_refused_entry_is_not_accepted(embedded: Aws) -> None:
    """SQS may take a part of a batch: only that part counts as sent."""
    url = make_queue(embedded, "OrdersQueue")
    queue = SqsOrdersQueue(url, TakesAllBut(embedded.client("sqs"), refused="1"))

    accepted = queue.send([a_message("1"), a_message("2"), a_message("3")])

    assert {key.number for key in accepted} == {"1", "3"}


def test_a_send_whose_answer_is_lost_arrives_once(embedded: Aws) -> None:
    """The call is repeated, the queue drops the second."""
    client = retrying_client(embedded, "sqs")
    url = make_queue(embedded, "OrdersQueue")
    message = a_message("1")
    with lost_replies(client, "SendMessageBatch") as lost:
        assert SqsOrdersQueue(url, client).send([message]) == {message.key}

    assert lost == [200]
    assert len(received(embedded, url)) == 1


def test_what_goes_back_stays_out_of_sight_and_its_group_with_it(embedded: Aws) -> None:
    """A batch is one call; another administration's orders come at once."""
    client, url = embedded.client("sqs"), make_queue(embedded, "OrdersQueue")
    queue, held = SqsOrdersQueue(url, client), SqsHeldOrders(url, client)
    queue.send([a_message(str(number)) for number in range(12)])
    taken = received(embedded, url)
    queue.send([a_message("late"), a_message("other", "admin-2")])
    with counted_calls(client) as calls:
        held.hold({one["ReceiptHandle"]: 1 for one in taken})

    assert calls == {"ChangeMessageVisibilityBatch": 1}
    (other,) = received(embedded, url)
    assert parse_order_message(other["Body"]).administration_id == "admin-2"
    sleep(1.1)  # the pause itself is what is tested
    back = [parse_order_message(one["Body"]).key.number for one in received(embedded, url)]
    assert back == [str(number) for number in range(10)]


def test_a_queue_that_cannot_hold_now_is_not_now(embedded: Aws) -> None:
    """The door goes on: the messages come by the queue's own time."""
    client = embedded.client("sqs")
    held = SqsHeldOrders(make_queue(embedded, "OrdersQueue"), client)
    with (
        refusing(client, "ChangeMessageVisibilityBatch", 503, "ServiceUnavailable"),
        pytest.raises(RetryLater),
    ):
        held.hold({"receipt": 1})


def test_a_delayed_page_waits(embedded: Aws) -> None:
    """A shop that failed is tried later, not at once; never later than SQS can."""
    url = make_queue(embedded, "ShopsQueue")
    queue = SqsShopsQueue(url, embedded.client("sqs"))
    queue.send(["shop-1"], delay=5000)
    queue.send(["shop-2"])

    found = [json.loads(one["Body"])["shops"] for one in received(embedded, url)]

    assert found == [["shop-2"]]


def test_a_busy_shops_queue_is_not_now(embedded: Aws) -> None:
    """The page comes back by the queue it came from."""
    client = embedded.client("sqs")
    queue = SqsShopsQueue(make_queue(embedded, "ShopsQueue"), client)
    with refusing(client, "SendMessage", 503, "ServiceUnavailable"), pytest.raises(RetryLater):
        queue.send(["shop-1"])
