"""What an owner reads of an order: the same in Dutch and in English, with the same amounts."""

import string
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from boekbrug.domain.reasons import CatalogueEntry, catalogue, in_english
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.sentences import ENGLISH, REASONS, sentence

ROW = LedgerRow(
    key=OrderKey("shop", "1042", "u"),
    state="held",
    order_date=date(2026, 3, 2),
    total=Decimal("35.85"),
    fingerprint="f",
)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.code)
def test_a_kept_dutch_sentence_has_its_english(entry: CatalogueEntry) -> None:
    """With the names and amounts that were filled in, whatever they are."""
    values = {name: f"€ 1.234,50 ({name})?" for name in names(entry.text())}

    assert in_english(entry.code, entry.text(**values)) == entry.english.format(**values)


def test_a_sentence_of_another_kind_stays_as_it_is() -> None:
    """An older wording is better than none."""
    assert in_english("status", "Vroeger stond dit er zo.") == "Vroeger stond dit er zo."
    assert in_english("no_such_code", "Iets.") == "Iets."


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_told_in_two_languages(reason: str) -> None:
    """And a detail that came with it is told too."""
    row = replace(ROW, reason=reason)

    assert sentence(row) == REASONS[reason].dutch
    assert sentence(row, ENGLISH) == REASONS[reason].english != sentence(row)


def test_what_a_person_said_is_kept_as_it_was_typed() -> None:
    """Only what we put before it is in the reader's language."""
    detail = "Niet boeken: dubbel besteld (owner@example.com)"
    row = replace(ROW, state="skipped", reason="by_owner", detail=detail)

    assert sentence(row).endswith("(Niet boeken: dubbel besteld (owner@example.com))")
    assert sentence(row, ENGLISH).endswith("(Do not book: dubbel besteld (owner@example.com))")


def test_a_booked_order_in_english() -> None:
    """Number, booking, amount as English readers write it, and what was remarked."""
    row = replace(
        ROW,
        state="booked",
        invoicenumber="20260031",
        entryid="61",
        posted_total=Decimal("1234.5"),
        messages=("rounding_line",),
        detail="Een afrondingsverschil van 0,01 is als regel toegevoegd.",
    )

    assert sentence(row, ENGLISH) == (
        "Booked in Acumulus as invoice 20260031 (booking 61), € 1,234.50. "
        "A rounding difference of 0,01 was added as a line."
    )
