"""The door behind the nightly rule, the FollowUpQueue and the look-ups."""

from collections import Counter
from pathlib import Path

import pytest

from boekbrug.bootstrap import services
from tests.doors.conftest import Deployed
from tests.doors.replay import cases, page_of, replay, states
from tests.support.stack import Stack


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, deployed: Deployed) -> Deployed:
    """Look-ups without pauses, as the time of a test is short; there are still two of them."""
    for name in ("LOOK_UP_PAUSE_SECONDS", "LOOK_UP_AGAIN_SECONDS"):
        monkeypatch.setenv(name, "0")
    services.cache_clear()
    return deployed


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
    """Without an hourly run at all the night finds every order, once."""
    deployed.stack.invoke("follow_up", page_of(deployed))
    drain(deployed.stack)
    first = posts(deployed)
    deployed.stack.invoke("follow_up", page_of(deployed))
    drain(deployed.stack)

    assert len(first) >= 20
    assert set(first.values()) == {1}
    assert posts(deployed) == first


@pytest.mark.embedded
@pytest.mark.parametrize("kind", ["commit_then_drop", "commit_then_502", "502", "drop"])
def test_lost_answers_end_as_one_invoice_each(impatient: Deployed, kind: str) -> None:
    """Booked behind a lost answer or not: looked up, and sent again only when it is not there."""
    here = impatient
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
    answer = here.stack.invoke("follow_up", {"here": True})
    assert (answer["left"], answer["unread"]) == (0, 0)


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
