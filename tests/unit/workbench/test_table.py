"""Ledger rows in, the summary of a run out: every order counts once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from boekbrug.journey.ports.ledger import STATES, LedgerRow, OrderKey
from workbench.table import Summary, amount, changes, outcome, table

SHOP = "5a3b1c00-0000-4000-8000-000000000001"


def row(number: str, state: str, **fields: object) -> LedgerRow:
    """A row of the ledger in this state."""
    made = LedgerRow(
        key=OrderKey(SHOP, number, f"uuid-{number}"),
        state=state,
        order_date=date(2026, 11, 2),
        total=Decimal("38.5"),
        fingerprint="f",
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # fields of the row


def test_every_state_is_counted_and_the_counts_add_up() -> None:
    """Seen is the sum of all other counts, whatever states there are."""
    rows = [row(str(n), state) for n, state in enumerate(STATES)]
    counts = Summary(1, tuple(rows)).counts

    assert counts.pop("seen") == len(STATES)
    assert sum(counts.values()) == len(STATES)


def test_a_concept_counts_as_a_concept_only() -> None:
    """Until somebody made it final: then it has an entry."""
    concept = row("1", "booked", conceptid="17", invoicenumber="20260001")
    final = replace(concept, entryid="61")

    assert Summary(1, (concept,)).counts["concepts"] == 1
    assert Summary(1, (concept,)).counts["booked"] == 0
    assert Summary(1, (final,)).counts["booked"] == 1


@pytest.mark.parametrize(("state", "shown"), [("posting", "unclear"), ("queued", "waiting")])
def test_what_nobody_works_on_any_more_is_told(state: str, shown: str) -> None:
    """A post left by a crash is unclear, an order left on the way waits; both name their reason."""
    (order,) = Summary(1, (row("1042", state),)).as_json(1.0)["orders"]

    assert (order["state"], order["reason"]) == (shown, state)


def test_an_amount_that_is_not_known_is_not_invented() -> None:
    """An order that cannot be read has no total, neither for programs nor for people."""
    unread = Summary(1, (row("1042", "held", reason="unreadable_order", total=None),))
    (order,) = unread.as_json(1.0)["orders"]
    screen = StringIO()
    Console(file=screen, width=200).print(table(unread, {}))

    assert order["total"] is None
    assert screen.getvalue().splitlines()[1].split()[:3] == ["1042", "?", "held"]


def test_the_document_holds_what_is_promised() -> None:
    """Amounts as text with two decimals, and null where there is nothing."""
    booked = row("1042", "booked", invoicenumber="20260031", entryid="61234567")
    document = Summary(1, (booked,)).as_json(12.345)

    assert document == {
        "shops": 1,
        "seen": 1,
        "booked": 1,
        "concepts": 0,
        "waiting": 0,
        "held": 0,
        "skipped": 0,
        "unclear": 0,
        "seconds": 12.3,
        "orders": [
            {
                "shop": SHOP,
                "number": "1042",
                "state": "booked",
                "reason": None,
                "total": "38.50",
                "invoicenumber": "20260031",
                "entryid": "61234567",
                "conceptid": None,
            }
        ],
    }


def test_progress_says_how_many_are_still_to_go() -> None:
    """A post that is going on is not called unclear."""
    rows = (row("1", "booked", entryid="6"), row("2", "posting"), row("3", "queued"))

    assert Summary(1, rows).progress == "seen 3: booked 1, 2 to go"


def test_the_outcome_is_the_number_or_the_reason_in_dutch() -> None:
    """What is final shows its number, a concept and a refusal what to do."""
    assert outcome(row("1", "booked", entryid="6", invoicenumber="20260001")) == "20260001"
    assert "concept 17" in outcome(row("1", "booked", conceptid="17", invoicenumber="20260001"))
    assert "testbestelling" in outcome(row("1", "skipped", reason="test_order")).lower()


@pytest.mark.parametrize(
    ("total", "currency", "shown"),
    [
        (Decimal("1234.5"), "EUR", "1.234,50"),
        (Decimal("-35.85"), "EUR", "-35,85"),
        (Decimal(1747), "SEK", "SEK 1.747,00"),
    ],
)
def test_amounts_are_written_the_dutch_way(total: Decimal, currency: str, shown: str) -> None:
    """Point for thousands, comma for cents, and another currency is named."""
    assert amount(total, currency) == shown


def test_the_table_names_shops_only_when_there_are_several() -> None:
    """One shop needs no column; nothing in a name is taken for markup."""
    console = Console(width=110, record=True, file=StringIO())
    other = replace(row("2", "held"), key=OrderKey("other", "2", "u"))
    console.print(table(Summary(1, (row("1", "held"),)), {SHOP: "[red]Winkel"}))
    alone = console.export_text()
    console.print(table(Summary(2, (row("1", "held"), other)), {SHOP: "[red]Winkel"}))

    assert "shop" not in alone.splitlines()[0]
    assert "[red]Winkel" in console.export_text()


def test_changes_are_new_rows_and_new_states() -> None:
    """What stayed as it was is not told again."""
    old, moved = row("1", "booked"), row("2", "queued")
    booked, fresh = replace(moved, state="booked"), row("3", "held")

    assert changes([old, moved], [old, booked, fresh]) == [booked, fresh]
