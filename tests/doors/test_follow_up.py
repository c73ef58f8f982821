"""The door behind the nightly rule, the FollowUpQueue and the look-ups."""

from collections import Counter
from pathlib import Path

import pytest

from boekbrug.bootstrap import services
from tests.doors.conftest import Deployed
from tests.doors.replay import cases, page_of, replay, states
from tests.support.local_run import numbered, sample
from tests.support.stack import Stack


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("follow_up"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of follow_up is answered as the file beside it says."""
    deployed.stack.hour()

    replay(deployed, "follow_up", case)


@pytest.mark.embedded
def test_the_nights_page_is_a_shop_and_no_secret(deployed: Deployed) -> None:
    """It goes to a queue of its own."""
    deployed.stack.invoke("follow_up", {})
    (record,) = deployed.stack.received("FOLLOW_UP_QUEUE_URL")

    assert deployed.shop.shops[0].id in record["body"]
    assert deployed.shop.shops[0].token not in record["body"]


@pytest.mark.embedded
def test_a_night_books_what_no_hour_saw(deployed: Deployed) -> None:
    """An order far older than the newest, placed after the last hour; booked once, as all are."""
    deployed.stack.hour()
    late = numbered(sample("01"), 1500) | {"date": "2026-02-02"}
    deployed.shop.add_order(late)
    for _ in range(2):
        deployed.stack.invoke("follow_up", page_of(deployed))
        drain(deployed.stack)

    assert states(deployed)["1500"] == "booked"
    assert set(posts(deployed).values()) == {1}


@pytest.mark.embedded
@pytest.mark.parametrize("kind", ["commit_then_drop", "commit_then_502", "502", "drop"])
def test_lost_answers_end_as_one_invoice_each(
    monkeypatch: pytest.MonkeyPatch, deployed: Deployed, kind: str
) -> None:
    """Booked behind a lost answer or not: looked up, and sent again only when it is not there."""
    here = deployed
    for name in ("LOOK_UP_PAUSE_SECONDS", "LOOK_UP_AGAIN_SECONDS"):  # as a test has no minutes
        monkeypatch.setenv(name, "0")
    services().close()
    services.cache_clear()
    here.books.faults.add(kind, call="invoice_add", times=4)
    here.stack.hour()
    assert Counter(states(here).values())["unclear"] == 4
    for _ in range(3):
        here.stack.invoke("follow_up", {"look_ups": True})
        drain(here.stack)

    entries = here.books.contract("123456").entries.values()
    booked = Counter(entry.description for entry in entries)
    assert set(booked.values()) == {1}
    assert "unclear" not in states(here).values()
    answer = here.stack.invoke("follow_up", {"look_ups": True})
    assert answer == {"looked_up": 0, "left": 0, "unread": 0}


def drain(stack: Stack) -> None:
    """Book what was sent."""
    while orders := stack.received("ORDERS_QUEUE_URL"):
        assert stack.invoke("book_orders", {"Records": orders}) == {"batchItemFailures": []}


def posts(deployed: Deployed) -> Counter[str]:
    """How often each order reference was posted."""
    bodies = [
        seen.decoded for seen in deployed.books.journal.requests if "invoice_add" in seen.path
    ]
    return Counter(body["customer"]["invoice"]["description"] for body in bodies)
