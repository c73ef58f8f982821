"""What the queues gave up -> shown without customers' data, and sent back to where it came from.

`StartMessageMoveTask` would do the moving on AWS; the embedded AWS lacks it, and it would move
everything at once, without a look at what the ledger says by now.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from boekbrug import aws
from boekbrug.errors import BoekbrugError
from boekbrug.queues.messages import parse_order_message, parse_shops_message

SHOPS, ORDERS, FOLLOW_UPS = QUEUES = ("shops", "orders", "follow-ups")
MOST = 10  # of one receive
LOOK_SECONDS = 30
"""How long a letter that is shown stays hidden from others."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was given up; ``about`` tells what it is without a customer's data."""

    queue: str
    id: str
    since: float
    receives: int
    about: str
    body: str
    group: str
    handle: str


class DeadLetters:
    """The dead letters of all queues (name -> address), found by the queues' redrive policy."""

    def __init__(self, sources: Mapping[str, str], client: Any = None) -> None:
        self._sources = sources
        self._client = client

    def count(self, queue: str) -> int:
        """How many lie there, about."""
        url = self._dead(queue)
        name = "ApproximateNumberOfMessages"
        with aws.faults("dead letters"):
            answer = self.client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def look(self, queue: str) -> list[DeadLetter]:
        """Every letter; they are hidden for half a minute, and back afterwards."""
        found: dict[str, DeadLetter] = {}
        while batch := self._receive(queue):
            found |= {letter.id: letter for letter in batch if letter.id not in found}
        return sorted(found.values(), key=lambda letter: letter.since)

    def redrive(self, letter: DeadLetter) -> None:
        """Back to its queue, then out of the dead letters: a crash between leaves it twice.

        That is harmless: a second delivery posts nothing.
        """
        options: dict[str, str] = {}
        if letter.group:
            # A fresh id: the queue may still remember the old one, and would drop it silently.
            options = {"MessageGroupId": letter.group, "MessageDeduplicationId": uuid4().hex}
        with aws.faults("dead letters"):
            self.client.send_message(
                QueueUrl=self._sources[letter.queue], MessageBody=letter.body, **options
            )
            self.client.delete_message(
                QueueUrl=self._dead(letter.queue), ReceiptHandle=letter.handle
            )

    def release(self, letter: DeadLetter) -> None:
        """Show it to others again at once."""
        with aws.faults("dead letters"):
            self.client.change_message_visibility(
                QueueUrl=self._dead(letter.queue),
                ReceiptHandle=letter.handle,
                VisibilityTimeout=0,
            )

    @property
    def client(self) -> Any:
        """SQS."""
        return self._client or aws.client("sqs")

    def _dead(self, queue: str) -> str:
        with aws.faults("dead letters"):
            attributes = self.client.get_queue_attributes(
                QueueUrl=self._sources[queue], AttributeNames=["RedrivePolicy"]
            )["Attributes"]
            arn = json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"]
            answer = self.client.get_queue_url(QueueName=arn.rpartition(":")[2])
        return str(answer["QueueUrl"])

    def _receive(self, queue: str) -> list[DeadLetter]:
        with aws.faults("dead letters"):
            answer = self.client.receive_message(
                QueueUrl=self._dead(queue),
                MaxNumberOfMessages=MOST,
                VisibilityTimeout=LOOK_SECONDS,
                AttributeNames=["All"],
            )
        return list(_letters(queue, answer.get("Messages", [])))


def _letters(queue: str, messages: list[Mapping[str, Any]]) -> Iterator[DeadLetter]:
    for message in messages:
        attributes = message.get("Attributes", {})
        yield DeadLetter(
            queue=queue,
            id=message["MessageId"],
            since=int(attributes.get("SentTimestamp", 0)) / 1000,
            receives=int(attributes.get("ApproximateReceiveCount", 0)),
            about=about(queue, message["Body"]),
            body=message["Body"],
            group=attributes.get("MessageGroupId", ""),
            handle=message["ReceiptHandle"],
        )


def about(queue: str, body: str) -> str:
    """Shop and order number, or how many shops; nothing else of the message."""
    try:
        if queue == ORDERS:
            key = parse_order_message(body).key
            return f"order {key.number} of shop {key.shop_id}"
        shops = parse_shops_message(body).shop_ids
    except BoekbrugError:
        return "not a message of ours"
    return f"shop {shops[0]}" if len(shops) == 1 else f"{len(shops)} shops"
