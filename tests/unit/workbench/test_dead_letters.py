"""Dead letters are shown without customers' data and sent back once: on moto and embedded."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import order_body, shops_bodies
from tests.support.embedded import Aws
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_bytes
from tests.support.stores import make_queue
from workbench.cli import make_app
from workbench.dead_letters import FOLLOW_UPS, ORDERS, SHOPS, DeadLetters
from workbench.plain import WRONG_USE, Reach
from workbench.stack import Stack

CUSTOMER = ("Quirijn", "testklant", "Lindelaan")


@dataclass
class Parked:
    """Both queues with their dead letters, and a person at the command line."""

    client: Any
    urls: dict[str, str]
    dead: dict[str, str]

    def park(self, queue: str, body: str) -> None:
        group = {"MessageGroupId": "123456", "MessageDeduplicationId": uuid4().hex}
        options = group if queue == ORDERS else {}
        self.client.send_message(QueueUrl=self.dead[queue], MessageBody=body, **options)

    def waiting(self, url: str) -> list[dict[str, Any]]:
        answer = self.client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], VisibilityTimeout=0
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def __call__(self, *arguments: str, typed: str | None = None) -> Result:
        world = World()
        stack = Stack(
            connecting=ConnectServices(
                tenants=world.tenants,
                sealer=world.sealer,
                shops=world.shops,
                administrations=world.books,
                clock=world.clock,
            ),
            ledger=world.ledger,
            shops_queue=world.shops_queue,
            dead_letters=DeadLetters(self.urls, self.client),
        )
        asked = Reach(stack=stack, interactive=typed is not None)
        result = CliRunner().invoke(make_app(arguments), arguments, obj=asked, input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result


@pytest.fixture
def parked(cloud: Aws) -> Iterator[Parked]:
    client = cloud.client("sqs")
    urls = {
        SHOPS: make_queue(cloud, "ShopsQueue"),
        ORDERS: make_queue(cloud, "OrdersQueue"),
        FOLLOW_UPS: make_queue(cloud, "FollowUpQueue"),
    }
    dead = {
        SHOPS: make_queue(cloud, "ShopsDeadLetters"),
        ORDERS: make_queue(cloud, "OrdersDeadLetters"),
        FOLLOW_UPS: make_queue(cloud, "FollowUpDeadLetters"),
    }
    for queue, url in dead.items():
        arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        policy = json.dumps({"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": 3})
        client.set_queue_attributes(QueueUrl=urls[queue], Attributes={"RedrivePolicy": policy})
    yield Parked(client, urls, dead)
    for url in (*urls.values(), *dead.values()):
        client.delete_queue(QueueUrl=url)


def an_order(number: str = "1042") -> str:
    return order_body(
        OrderMessage(
            key=OrderKey(STORE_ID, number, "uuid"),
            account_id="owner",
            administration_id="123456",
            settings_version=1,
            correlation_id="c",
            raw=order_bytes(number),
            revision=int(number),
        )
    )


def test_the_list_names_orders_and_no_customers(parked: Parked) -> None:
    """From both queues; a message that is not ours is said to be none."""
    parked.park(ORDERS, an_order())
    parked.park(SHOPS, shops_bodies(["shop-1"])[0])
    parked.park(SHOPS, '{"name": "Quirijn"}')

    shown = parked("dlq", "list").stdout

    for told in (f"order 1042 of shop {STORE_ID}", "shop shop-1", "not a message of ours"):
        assert told in " ".join(shown.split())
    assert not any(name in shown for name in CUSTOMER)


def test_an_empty_list_is_said(parked: Parked) -> None:
    """One line."""
    assert parked("dlq", "list").stdout == "There are no dead letters.\n"


def test_a_look_hides_nothing(parked: Parked) -> None:
    """The next look sees the same."""
    parked.park(ORDERS, an_order())

    assert parked("dlq", "list").stdout == parked("dlq", "list").stdout


def test_the_whole_message_comes_only_after_a_warning(parked: Parked) -> None:
    """And not without a word from the person."""
    parked.park(ORDERS, an_order())
    (letter,) = DeadLetters(parked.urls, parked.client).look(ORDERS)
    DeadLetters(parked.urls, parked.client).release(letter)
    plain = parked("dlq", "show", letter.id[:8])
    refused = parked("dlq", "show", letter.id[:8], "--raw")
    declined = parked("dlq", "show", letter.id[:8], "--raw", typed="n\n")
    raw = parked("dlq", "show", letter.id[:8], "--raw", "--yes")

    for shown in (plain, refused, declined):
        assert not any(name in shown.output for name in CUSTOMER)
    assert plain.exit_code == 0
    assert "order 1042" in plain.stdout
    assert refused.exit_code == declined.exit_code == WRONG_USE
    assert raw.stdout.index("holds a customer's name") < raw.stdout.index("Quirijn")


@pytest.mark.parametrize("queue", [ORDERS, SHOPS, FOLLOW_UPS])
def test_a_redrive_moves_every_letter_once(parked: Parked, queue: str) -> None:
    """Body and group as they were; the dead letters are empty afterwards."""
    bodies = (
        [an_order(str(number)) for number in (1042, 1043, 1044)]
        if queue == ORDERS
        else shops_bodies(["shop-1"]) + shops_bodies(["shop-2"])
    )
    for body in bodies:
        parked.park(queue, body)

    result = parked("dlq", "redrive", "--queue", queue)

    assert result.stdout.count("is back on its queue.") == len(bodies)
    moved = parked.waiting(parked.urls[queue])
    assert sorted(message["Body"] for message in moved) == sorted(bodies)
    if queue == ORDERS:
        assert {message["Attributes"]["MessageGroupId"] for message in moved} == {"123456"}
    assert parked("dlq", "list").stdout == "There are no dead letters.\n"


def test_one_letter_is_redriven_and_the_others_stay(parked: Parked) -> None:
    """By the beginning of its id."""
    for shop in ("shop-1", "shop-2"):
        parked.park(SHOPS, shops_bodies([shop])[0])
    dead = DeadLetters(parked.urls, parked.client)
    first, second = dead.look(SHOPS)
    for letter in (first, second):
        dead.release(letter)

    parked("dlq", "redrive", first.id)

    (moved,) = parked.waiting(parked.urls[SHOPS])
    assert moved["Body"] == first.body
    assert second.about in parked("dlq", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("redrive",), "Give an id, or a queue"),
        (("redrive", "--queue", "mails"), "Give an id, or a queue"),
        (("redrive", "nope"), "No dead letter is called nope."),
        (("show", "nope"), "No dead letter is called nope."),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    parked: Parked, arguments: tuple[str, ...], says: str
) -> None:
    """And nothing moves."""
    parked.park(SHOPS, shops_bodies(["shop-1"])[0])

    result = parked("dlq", *arguments)

    assert result.exit_code == WRONG_USE
    assert says in result.stderr
    assert "shop shop-1" in parked("dlq", "list").stdout
