"""Orders in pages: the newest first, of one kind on request, never more reads than a page needs."""

import pytest

from boekbrug.journey import order_list
from boekbrug.journey.order_list import KINDS, from_cursor, list_orders, to_cursor
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.ledger.memory import MemoryLedger
from tests.support.ledger_rows import SHOP, a_key, a_row


def numbers(rows: tuple[LedgerRow, ...]) -> list[int]:
    return [int(row.key.number) for row in rows]


@pytest.fixture
def ledger() -> MemoryLedger:
    """Orders 1 to 120, every tenth skipped."""
    ledger = MemoryLedger()
    rows = [
        a_row(str(number), "skipped" if number % 10 == 0 else "booked", entryid=str(number))
        for number in range(1, 121)
    ]
    ledger.record([(row, None) for row in rows])
    return ledger


def test_pages_join_without_a_gap(ledger: MemoryLedger) -> None:
    """Every order once, the newest first."""
    found, before = [], None
    while True:
        page = list_orders(ledger, SHOP, before=before)
        found += numbers(page.rows)
        if page.older is None:
            break
        before = from_cursor(SHOP, to_cursor(page.older))

    assert found == list(range(120, 0, -1))


def test_one_kind_only(ledger: MemoryLedger) -> None:
    """The others are passed over."""
    page = list_orders(ledger, SHOP, "skipped")

    assert numbers(page.rows) == list(range(120, 0, -10))
    assert page.older is None


def test_what_is_rare_is_looked_for_in_steps(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading ends after so many rows and says where; asking again goes on there."""
    monkeypatch.setattr(order_list, "A_READ", 10)
    ledger.record([(a_row("1000", "held"), None)])

    page = list_orders(ledger, SHOP, "skipped")
    rest = list_orders(ledger, SHOP, "skipped", before=page.older)

    assert (numbers(page.rows), page.looked_until) == ([120, 110, 100, 90, 80], "72")
    assert numbers(rest.rows) == [70, 60, 50, 40, 30]


def test_what_is_open_is_all_there(ledger: MemoryLedger) -> None:
    """What waits for a person, and what goes on by itself."""
    states = ("held", "unclear", "waiting", "queued", "posting")
    ledger.record([(a_row(str(200 + at), state), None) for at, state in enumerate(states)])

    assert numbers(list_orders(ledger, SHOP, "needs_you").rows) == [201, 200]
    assert sorted(numbers(list_orders(ledger, SHOP, "waiting").rows)) == [202, 203, 204]


def test_a_concept_is_a_kind_of_its_own(ledger: MemoryLedger) -> None:
    """It is not among what is final."""
    ledger.record([(a_row("200", "booked", conceptid="7", entryid=""), None)])

    assert numbers(list_orders(ledger, SHOP, "concept").rows) == [200]
    assert 200 not in numbers(list_orders(ledger, SHOP, "booked").rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_without_orders_has_an_empty_page(kind: str) -> None:
    """And no next one."""
    page = list_orders(MemoryLedger(), SHOP, kind)

    assert (page.rows, page.older, page.looked_until) == ((), None, "")


@pytest.mark.parametrize("cursor", ["", "1042", ":", ":uuid"])
def test_an_address_that_makes_no_sense_begins_at_the_newest(cursor: str) -> None:
    """Anybody can type one."""
    assert from_cursor(SHOP, cursor) is None
    assert from_cursor(SHOP, to_cursor(a_key())) == a_key()
