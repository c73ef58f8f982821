"""The door behind the OrdersQueue."""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.doors.conftest import Deployed
from tests.doors.replay import cases, page_of, replay


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("book_orders"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of book_orders is answered as the file beside it says."""
    page = page_of(deployed)
    deployed.stack.invoke("fetch_orders", page)

    replay(deployed, "book_orders", case)


@pytest.mark.embedded
def test_an_hour_books_every_order_once(deployed: Deployed) -> None:
    """Through all three doors, and a second hour posts nothing more."""
    deployed.stack.hour()
    first = posts(deployed)
    deployed.stack.hour()

    assert len(first) == 23
    assert set(first.values()) == {1}
    assert posts(deployed) == first


@pytest.mark.embedded
def test_what_goes_back_comes_again_after_a_pause(deployed: Deployed) -> None:
    """Acumulus is too busy: the queue shows its orders again when it was left alone for a while."""
    deployed.stack.invoke("schedule_fetches", {})
    for page in deployed.stack.received("SHOPS_QUEUE_URL", 1):
        deployed.stack.invoke("fetch_orders", {"Records": [page]})
    deployed.books.faults.add("429", call="invoice_add", times=1, retry_after="1")
    queue, url = deployed.stack.aws.client("sqs"), deployed.stack.environment["ORDERS_QUEUE_URL"]
    taken = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    records = [
        {name[0].lower() + name[1:]: one[name] for name in ("MessageId", "Body", "ReceiptHandle")}
        for one in taken
    ]
    answer = deployed.stack.invoke("book_orders", {"Records": records})

    assert len(answer["batchItemFailures"]) == len(taken) == 10
    assert "Messages" not in queue.receive_message(QueueUrl=url)
    time.sleep(1.2)  # the pause itself is what is tested
    again = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [one["MessageId"] for one in again] == [one["MessageId"] for one in taken]


def posts(deployed: Deployed) -> Counter[str]:
    """How often each order reference was posted."""
    bodies = [
        seen.decoded for seen in deployed.books.journal.requests if "invoice_add" in seen.path
    ]
    return Counter(body["customer"]["invoice"]["description"] for body in bodies)
