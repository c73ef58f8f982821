"""Shop beside books: sums that agree whichever way they are made, and a difference explained."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.journey.after_booking import DELETED_IN_BOOKS
from boekbrug.journey.control import (
    NOTHING,
    Amounts,
    Control,
    Kind,
    Step,
    checked,
    control,
    first_day,
    last_day,
    missing,
    stretches,
)
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    STATES,
    UNCLEAR,
    WAITING,
    LedgerRow,
)
from tests.support.ledger_rows import a_row

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
MONEY = st.decimals(min_value=-9999, max_value=9999, places=2)
VAT = st.dictionaries(st.sampled_from(("21", "9", "9.0", "25.5", "0", "-1")), MONEY, max_size=3)
DAYS = st.dates(FIRST - timedelta(days=5), LAST + timedelta(days=5))
REASONS = st.sampled_from(("", "by_hand", DELETED_IN_BOOKS, "posted_twice", "status"))


@st.composite
def rows(draw: st.DrawFn) -> list[LedgerRow]:
    """Any rows a ledger may hold of orders around the quarter."""
    days = draw(st.lists(DAYS, max_size=12))
    return [
        a_row(
            str(number),
            draw(st.sampled_from(STATES)),
            order_date=day,
            total=draw(st.none() | MONEY),
            order_vat=draw(VAT),
            credit=draw(st.booleans()),
            currency=draw(st.sampled_from(("EUR", "EUR", "EUR", "SEK"))),
            reason=draw(REASONS),
            entryid=draw(st.sampled_from(("", "1"))),
            conceptid=draw(st.sampled_from(("", "2"))),
            posted_total=draw(st.none() | MONEY),
            vat=draw(VAT),
            replaces=draw(st.none() | st.just(booked("1"))),
        )
        for number, day in enumerate(days, 1001)
    ]


def booked(number: str = "1042", **changes: Any) -> LedgerRow:
    """A final invoice of 35.85 euro."""
    about: dict[str, Any] = {
        "order_vat": {"21": Decimal("6.22")},
        "vat": {"21": Decimal("6.22")},
        "posted_total": Decimal("35.85"),
        "entryid": "61000001",
    }
    return a_row(number, BOOKED, **(about | changes))


def seen(*given_rows: LedgerRow) -> Control:
    return control(given_rows, FIRST, LAST, Step.MONTH).whole


# --------------------------------------------------------------------------- sums


@given(rows())
def test_days_months_and_the_quarter_add_up_to_the_same(found: list[LedgerRow]) -> None:
    """Counts, totals and VAT per rate, of shop and books and of each kind."""
    by_step = [control(found, FIRST, LAST, step) for step in Step]

    for one in by_step:
        assert one.whole == by_step[0].whole
        assert sum(step.all.count for step in one.steps) == one.whole.all.count
        assert sum((step.shop for step in one.steps), NOTHING) == one.whole.shop
        assert sum((step.booked for step in one.steps), NOTHING) == one.whole.booked
        for kind in Kind:
            parts = [step.parts[kind].amounts for step in one.steps]
            assert sum(parts, NOTHING) == one.whole.parts[kind].amounts


@given(rows())
def test_the_kinds_explain_the_difference_to_the_cent(found: list[LedgerRow]) -> None:
    """Shop = booked + what is not booked by kind + what was booked differently, per VAT rate."""
    for one in control(found, FIRST, LAST, Step.DAY).steps:
        rest = [one.parts[kind].amounts for kind in Kind if kind is not Kind.BOOKED]

        assert one.shop == sum(rest, one.booked) + one.unexplained
        assert one.difference == sum(rest, one.unexplained)
        assert one.all.count == sum(part.count for part in one.parts.values())
        assert one.all.unreadable == sum(part.unreadable for part in one.parts.values())


@given(rows(), st.randoms())
def test_the_order_of_rows_does_not_matter(found: list[LedgerRow], chance: Random) -> None:
    """A ledger may be read upwards or downwards."""
    mixed = list(found)
    chance.shuffle(mixed)

    assert control(mixed, FIRST, LAST, Step.MONTH) == control(found, FIRST, LAST, Step.MONTH)
    assert missing(mixed, FIRST, LAST) == missing(found, FIRST, LAST)


@given(rows())
def test_every_amount_is_an_exact_decimal(found: list[LedgerRow]) -> None:
    """Cents go in, cents come out."""
    whole = control(found, FIRST, LAST, Step.QUARTER).whole
    amounts = [whole.shop, whole.booked, whole.difference, whole.unexplained]

    for amount in (value for one in amounts for value in (one.total, one.net, *one.vat.values())):
        assert isinstance(amount, Decimal)
        assert amount == round(amount, 2)


@given(st.dates(FIRST, LAST), st.integers(0, 500), st.sampled_from(list(Step)))
def test_steps_cover_each_day_once(since: date, days: int, step: Step) -> None:
    """Without holes, and each within one month or quarter."""
    until = since + timedelta(days=days)
    found = list(stretches(since, until, step))

    assert found[0][0] == since
    assert found[-1][1] == until
    assert sum((last - first).days + 1 for first, last in found) == days + 1
    for first, last in found:
        assert first_day(first, step) == first_day(last, step)
        assert last_day(first, step) == last_day(last, step) >= last


def test_a_year_ends_where_it_ends() -> None:
    """December, and the last quarter."""
    assert last_day(date(2026, 12, 5), Step.MONTH) == date(2026, 12, 31)
    assert last_day(date(2026, 10, 5), Step.QUARTER) == date(2026, 12, 31)
    assert last_day(date(2028, 2, 1), Step.MONTH) == date(2028, 2, 29)
    assert last_day(date(9999, 11, 1), Step.QUARTER) == date.max


# --------------------------------------------------------------------------- one order


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (booked(), Kind.BOOKED),
        (booked(entryid="", conceptid="9", reason="concept"), Kind.CONCEPT),
        (booked(conceptid="9", reason="concept_made_final"), Kind.BOOKED),
        (booked(reason="by_hand"), Kind.BY_HAND),
        (booked(posted_total=None), Kind.BY_HAND),
        (booked(reason=DELETED_IN_BOOKS), Kind.DELETED),
        (a_row(state=HELD, reason="no_lines"), Kind.HELD),
        (a_row(state=HELD, reason="posted_twice"), Kind.UNCLEAR),
        (a_row(state=HELD, reason="fault"), Kind.WAITING),
        (a_row(state=UNCLEAR), Kind.UNCLEAR),
        (a_row(state=SKIPPED, reason="status"), Kind.SKIPPED),
        *((a_row(state=state), Kind.WAITING) for state in (WAITING, QUEUED, POSTING)),
    ],
)
def test_each_order_is_of_one_kind(row: LedgerRow, kind: Kind) -> None:
    """What became of it, as its books see it; only what is final counts as booked."""
    found = checked(row)

    assert found.kind is kind
    assert bool(found.booked) is (kind is Kind.BOOKED)


def test_a_credit_order_takes_off_whatever_its_sign() -> None:
    """Also while it waits, when nothing was posted that would tell."""
    of_shop = {"order_vat": {"21": Decimal("6.22")}, "credit": True}
    negative = {"total": Decimal("-35.85"), "order_vat": {"21": Decimal("-6.22")}, "credit": True}

    for about in (of_shop, negative):
        assert checked(a_row(state=WAITING, **about)).shop == Amounts(
            Decimal("-35.85"), {Decimal(21): Decimal("-6.22")}
        )


def test_an_order_in_another_currency_counts_for_what_was_posted_of_it() -> None:
    """Before that it stands apart; kronor are never added to euro."""
    sek = {"currency": "SEK", "total": Decimal(400), "order_vat": {"21": Decimal("69.42")}}

    whole = seen(booked("1042", **sek), a_row("1043", HELD, **sek), a_row("1044", HELD))

    assert whole.shop.total == Decimal("71.70")
    assert whole.shop.vat == whole.booked.vat == {Decimal(21): Decimal("6.22")}
    assert whole.all.apart == whole.parts[Kind.HELD].apart == {"SEK": Decimal(400)}
    assert whole.parts[Kind.HELD].count == 2


def test_an_order_that_is_booked_again_counts_for_what_still_stands() -> None:
    """Until its new invoice is certain (R124)."""
    again = a_row(state=QUEUED, reason="resend", total=Decimal("40.85"), replaces=booked())

    found = checked(again)

    assert (found.kind, found.booked.total) == (Kind.BOOKED, Decimal("35.85"))
    assert found.difference.total == Decimal("5.00")
    assert found.differs


def test_a_cent_of_rounding_in_the_vat_is_no_other_booking() -> None:
    """It is in the sums; nobody is sent to look at it. Another total always is."""
    rounded = checked(booked(vat={"21": Decimal("6.21")}))
    other_vat = checked(booked(vat={"9": Decimal("2.96")}))
    other_total = checked(booked(posted_total=Decimal("35.86")))

    assert rounded.difference.vat == {Decimal(21): Decimal("0.01")}
    assert [one.differs for one in (rounded, other_vat, other_total)] == [False, True, True]


def test_causes_are_told_the_most_urgent_first() -> None:
    """Then the most frequent; what is booked for good has none."""
    found = control(
        [
            a_row("1", SKIPPED, reason="status"),
            a_row("2", HELD, reason="no_lines"),
            a_row("3", HELD, reason="no_exchange_rate"),
            a_row("4", HELD, reason="no_exchange_rate"),
            booked("5"),
        ],
        FIRST,
        LAST,
        Step.MONTH,
    )

    told = [(one.kind, one.reason, one.part.count) for one in found.causes]
    assert told == [
        (Kind.HELD, "no_exchange_rate", 2),
        (Kind.HELD, "no_lines", 1),
        (Kind.SKIPPED, "status", 1),
    ]


# --------------------------------------------------------------------------- missing numbers


def test_missing_numbers_are_those_beside_an_order_of_the_period() -> None:
    """Also between the last order before it and its first; what another period has is there."""
    before, after = FIRST - timedelta(days=1), LAST + timedelta(days=1)
    found = [
        a_row("900", order_date=before - timedelta(days=9)),
        a_row("998", order_date=before),
        a_row("1001"),
        a_row("1003"),
        a_row("1004", order_date=after),
        a_row("1010", order_date=after),
        a_row("TEST-7"),
    ]

    assert missing(found, FIRST, LAST) == [range(999, 1001), range(1002, 1003)]
