"""What other settings would change, in words: every kind of difference, in both languages."""

from datetime import date
from decimal import Decimal

import pytest

from boekbrug.domain.invoice import InvoiceLine
from boekbrug.domain.reasons import message
from boekbrug.journey.ports.books import Choice
from boekbrug.journey.shop_choices import ShopChoices
from boekbrug.journey.what_if import FIELDS, Decision, Difference, Value
from boekbrug.portal.settings_form import Fields
from boekbrug.portal.texts import say
from boekbrug.portal.what_if_words import in_words
from tests.support.ledger_rows import NOW

CHOICES = ShopChoices(
    read_at=NOW,
    accounts=(Choice(1, "Bank"), Choice(2, "Mollie")),
    cost_centers=(Choice(1, "Winkel"),),
    templates=(Choice(1, "Huisstijl"),),
)
MUG = InvoiceLine(
    product="Mok", unitprice=Decimal("8.26"), vatrate=Decimal("21.0000"), quantity=Decimal(1)
)
FREE = InvoiceLine(product="Zegel", unitprice=Decimal(1), vatrate=Decimal(-1), quantity=Decimal(1))
STATUS = message("status")
SKIPPED = Decision("skipped", "status", STATUS.code, STATUS.text)


def told(what: str, before: Value, after: Value, language: str = "nl") -> tuple[str, ...]:
    fields = Fields(language, lambda key, **values: say(language, key, **values), CHOICES)
    return in_words(Difference(what, before, after), fields)


@pytest.mark.parametrize(
    ("what", "before", "after", "shown"),
    [
        ("decision", Decision("booked"), Decision("concept"), ("definitieve factuur", "concept")),
        ("vattype", 1, 6, ("Nederlandse btw", "btw van het land van de klant")),
        (
            "vat",
            {"21": Decimal("6.22")},
            {"-1": Decimal(0)},
            ("21%: € 6,22", "vrij van btw: € 0,00"),
        ),
        ("total", Decimal("35.85"), Decimal("1235.8"), ("€ 35,85", "€ 1.235,80")),
        ("date", date(2026, 3, 2), None, ("02-03-2026", "De dag van boeken")),
        ("paid", 1, 2, ("nog te betalen", "betaald")),
        ("account", None, 2, ("De eerste van Acumulus", "Mollie")),
        ("cost_center", 1, 9, ("Winkel", "9")),
        ("template", 1, None, ("Huisstijl", "De eerste van Acumulus")),
        ("warehouse", None, "DE", ("", "DE")),
        ("lines", (MUG, FREE), (), ("Mok (21%), Zegel (vrij van btw)", "geen")),
        ("texts", ("Bestelling 1",), ("Bestelling A1",), ("Bestelling 1", "Bestelling A1")),
        ("customer", None, None, ("", "")),
    ],
)
def test_a_difference_in_words(
    what: str, before: Value, after: Value, shown: tuple[str, str]
) -> None:
    """Names of lists, amounts and days as people write them; of a customer nothing."""
    label, *values, _ = told(what, before, after)

    assert label
    assert tuple(value.replace("\N{NO-BREAK SPACE}", " ") for value in values) == shown


def test_why_an_order_would_not_be_booked() -> None:
    """The sentence of its reason, in the language of who reads it."""
    assert told("decision", Decision("booked"), SKIPPED)[3] == STATUS.text
    assert told("decision", Decision("booked"), SKIPPED, "en")[3].startswith("The status of")
    assert told("decision", SKIPPED, Decision("booked"))[3] == ""


@pytest.mark.parametrize("what", ["decision", *FIELDS])
def test_everything_that_is_compared_has_a_name(what: str) -> None:
    """In both languages."""
    names = [say(language, f"settings.differs_{what}") for language in ("nl", "en")]

    assert all(names)


@pytest.mark.parametrize("vattype", range(1, 8))
def test_every_kind_of_vat_has_a_name(vattype: int) -> None:
    """Acumulus knows seven."""
    assert told("vattype", vattype, 1, "en")[1]
