"""The door behind the OrdersQueue."""

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


def posts(deployed: Deployed) -> Counter[str]:
    """How often each order reference was posted."""
    bodies = [
        seen.decoded for seen in deployed.books.journal.requests if "invoice_add" in seen.path
    ]
    return Counter(body["customer"]["invoice"]["description"] for body in bodies)
