"""What the merchant is told (R126-R130), and the catalogue that the docs are made from."""

import re
import string
from dataclasses import replace

import pytest

from boekbrug.domain.catalogue import CatalogueEntry, Kind
from boekbrug.domain.messages import Severity
from boekbrug.domain.reasons import catalogue, message
from tests.unit.domain.builders import book, line, order

ENTRIES = catalogue()
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)


def fields(text: str) -> set[str]:
    """The names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_codes_are_unique() -> None:
    """A code has one entry, in lower case (R130)."""
    codes = [entry.code for entry in ENTRIES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch("[a-z_]+", code) for code in codes)


@each_entry
def test_entries_are_complete(entry: CatalogueEntry) -> None:
    """Dutch and English with the same values, an action where one is needed, rules (R127)."""
    assert entry.dutch.endswith(".")
    assert entry.english.endswith(".")
    assert fields(entry.dutch + entry.action) == fields(entry.english)
    assert all(re.fullmatch(r"R\d+", rule) for rule in entry.rules)
    assert entry.rules
    assert bool(entry.action) is (entry.severity is not Severity.NOTE or entry.kind is Kind.SKIP)


@each_entry
def test_severity_follows_what_happens(entry: CatalogueEntry) -> None:
    """Skips are noted, holds and waits are errors, messages are what they are (section 0)."""
    if entry.kind in (Kind.HOLD, Kind.WAIT):
        assert entry.severity is Severity.ERROR
    elif entry.kind is Kind.SKIP:
        assert entry.severity is Severity.NOTE
    else:
        assert entry.severity is not Severity.ERROR


def test_text_holds_the_amount_and_what_to_do() -> None:
    """One sentence with the amount, and one thing to do (R127)."""
    told = message("partial_refund", amount="20,00").text
    assert told.startswith("Er is 20,00 terugbetaald")
    assert "Maak een creditorder" in told


def test_same_finding_is_told_once() -> None:
    """Two equal lines with the same trouble give one message (R51)."""
    twice = book(order(line("10.60", "6"), line("10.60", "6")))
    assert len(twice.messages) == 1


def test_messages_hold_no_customer_data() -> None:
    """Names, addresses and numbers of customers stay out of messages (R127)."""
    what = order(
        line("100.00", "0"),
        country="BE",
        company="Geheim BV",
        vat_number="BE0999",
        email="",
        tax_strategy="reverse_charged_vat",
        total="120.00",
    )
    told = " ".join(found.text for found in book(what).messages)
    assert told
    for secret in ("Geheim", "0999", "Sanne", "Lindelaan", "Utrecht"):
        assert secret not in told


def test_a_message_holds_nothing_that_a_customer_typed() -> None:
    """A line is named by the shop's article; description and options may be the customer's."""
    given = replace(line(rate="0", options=("Gravure: Sanne",)), description="Mok (Voor Sanne)")
    found = book(order(given))

    assert found.messages
    assert not any("Sanne" in message.text for message in found.messages)
