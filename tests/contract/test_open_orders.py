"""What somebody must hear of is found without reading the ledger: in memory, on moto, embedded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.journey.ports.ledger import Ledger, LedgerRow
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.memory import MemoryLedger
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW, a_key, a_row
from tests.support.stores import ledger_client, make_table


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def ledger(request: pytest.FixtureRequest) -> Iterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoLedger(make_table(aws, "LedgerTable"), ledger_client(aws))


def numbers(rows: object) -> list[str]:
    return [row.key.number for row in rows]  # type: ignore[attr-defined]  # an iterable of rows


def test_open_rows_are_those_that_are_not_at_their_end(ledger: Ledger) -> None:
    """Held, unclear and waiting; written alone or in a batch."""
    states = ("held", "booked", "unclear", "skipped", "waiting", "posting", "queued")
    ledger.record([(a_row(str(index), state), None) for index, state in enumerate(states)])
    ledger.record([(a_row("9", "held"), None)])

    assert numbers(ledger.open_rows()) == ["0", "2", "4", "9"]


def test_open_rows_of_one_shop(ledger: Ledger) -> None:
    """Not those of a shop whose id begins the same."""
    for shop in ("shop-1", "shop-10", "shop-2"):
        ledger.record([(replace(a_row("1", "held"), key=a_key("1", shop)), None)])

    assert [row.key.shop_id for row in ledger.open_rows("shop-1")] == ["shop-1"]
    assert [row.key.shop_id for row in ledger.open_rows()] == ["shop-1", "shop-10", "shop-2"]


def test_a_row_that_goes_on_is_not_open_any_more(ledger: Ledger) -> None:
    """By a decision, and by a claim."""
    ledger.record([(a_row("1", "held"), None), (a_row("2", "waiting"), None)])
    for number in ("1", "2"):
        (row,) = ledger.rows([a_key(number)]).values()
        ledger.record([(replace(row, state="queued"), row)])

    assert numbers(ledger.open_rows()) == []
    claimed = ledger.start_posting(a_row("1"), owner="one", at=NOW)
    assert claimed is not None
    ledger.finish_posting(replace(claimed, state="unclear"), owner="one")
    assert numbers(ledger.open_rows()) == ["1"]


def test_a_row_comes_back_whole(ledger: Ledger) -> None:
    """With everything the row itself has."""
    ledger.record([(a_row("1", "held", reason="no_lines", detail="Geen regels."), None)])

    assert list(ledger.open_rows()) == list(ledger.rows([a_key("1")]).values())


def test_bookings_with_a_remark_are_found_by_their_day(ledger: Ledger) -> None:
    """A note is no remark; another day is another day."""
    ledger.record([(booked(str(index), code), None) for index, code in enumerate(CODES)])
    tomorrow = booked("9", "threshold_near")
    ledger.record([(replace(tomorrow, changed_at=NOW + timedelta(days=1)), None)])

    assert numbers(ledger.remarked_rows(NOW.date())) == ["0", "1", "4"]
    assert numbers(ledger.remarked_rows(NOW.date() + timedelta(days=1))) == ["9"]
    assert numbers(ledger.open_rows()) == []


CODES = ("rate_unclear", "threshold_near", "rounding_line", "", "W:ACUMULUS_1")


def booked(number: str, code: str) -> LedgerRow:
    return a_row(number, "booked", messages=(code,) if code else ())
