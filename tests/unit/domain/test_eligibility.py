"""Which orders are booked, and the reason of those that are not (R1-R11)."""

from datetime import date

import pytest

from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts, SentInvoice
from boekbrug.domain.invoice import Hold, Skip
from boekbrug.domain.order import Order, OrderPayment, Store
from tests.unit.domain.builders import (
    CREDIT_STATUS,
    NOW,
    captured,
    credit_of,
    facts,
    line,
    order,
    outcome,
    settings,
)


def reason(
    what: Order, given: Facts | None = None, *, manual: bool = False, **choices: object
) -> str:
    """Why an order is not booked; "" when it is."""
    found = decide(what, settings(**choices), given or facts(), manual=manual)
    return found.reason if found else ""


def test_only_chosen_statuses() -> None:
    """An order is booked when its status is chosen, and not before (R1, R9)."""
    assert reason(order(status=1), trigger_statuses=[2, 3]) == "status"
    assert reason(order(status=2), trigger_statuses=[2, 3]) == ""
    assert reason(order(status=7), trigger_statuses=[2, 3]) == "status"


def test_nothing_chosen_sends_nothing() -> None:
    """Without chosen statuses nothing is sent by itself (R1)."""
    assert reason(order(), trigger_statuses=[]) == "status"
    assert reason(order(status=None)) == "status"


def test_sent_once() -> None:
    """What is in Acumulus is never sent again, not even by hand (R2, R10)."""
    given = facts(already_sent={"1042": SentInvoice(entryid="1")})
    assert reason(order(), given) == "already_sent"
    assert reason(order(), given, manual=True) == "already_sent"


@pytest.mark.parametrize("number", ["T-1043", "1043-T", "T1043", "١٢٣"])
def test_test_orders(number: str) -> None:
    """A number that is not all digits is a test order (R4)."""
    assert reason(order(number=number)) == "test_order"
    assert reason(order(number=number), manual=True) == "test_order"


def test_marked_as_test() -> None:
    """An order or a payment that is marked as test is never sent (R4)."""
    payment = captured("12.10", NOW, is_test=True)
    assert reason(order(is_test=True)) == "test_order"
    assert reason(order(), facts(payments=(payment,))) == "test_order"


def test_start_date() -> None:
    """Orders from before the start date are sent by hand only (R5, R10)."""
    old = order(on=date(2024, 12, 31))
    found = decide(old, settings(start_date="2025-01-01"), facts())
    assert isinstance(found, Skip)
    assert found.reason == "before_start_date"
    assert "01-01-2025" in found.messages[0].text
    assert reason(old, start_date="2024-12-31") == ""
    assert reason(old, start_date="2025-01-01", manual=True) == ""


def test_start_number() -> None:
    """A first number splits the start date itself; later days, and renumbering, it leaves alone."""
    start = {"start_date": "2025-01-01", "start_number": 1042}
    first_day = date(2025, 1, 1)
    found = decide(order(number="999", on=first_day), settings(**start), facts())
    assert isinstance(found, Skip)
    assert found.reason == "before_start_number"
    assert "1042" in found.messages[0].text
    assert reason(order(number="1042", on=first_day), **start) == ""
    assert reason(order(number="7", on=date(2025, 1, 2)), **start) == ""
    assert reason(order(number="2000", on=date(2024, 12, 31)), **start) == "before_start_date"
    assert reason(order(number="999", on=first_day), start_number=1042) == ""


@pytest.mark.parametrize("state", ["failed", "voided"])
def test_failed_payments(state: str) -> None:
    """Failed and voided payments are no sale (R6)."""
    assert reason(order(payment_status=state)) == "payment_failed"
    assert reason(order(payment_status=state), manual=True) == ""


@pytest.mark.parametrize("status_id", [2, 3, 4, 6])
def test_failed_payments_of_old_orders(status_id: int) -> None:
    """Orders from before payment_status tell it by number (R6)."""
    old = order(payment_status="", payment=OrderPayment("mollie", "ideal", status_id))
    assert reason(old) == "payment_failed"


def test_unpaid_orders_are_sent_unless_paid_only() -> None:
    """Sales on account are invoiced too, unless the merchant wants paid orders only (R6)."""
    pending = order(payment_status="pending")
    assert reason(pending) == ""
    assert reason(pending, paid_only=True) == "not_paid"
    assert reason(pending, paid_only=True, paid_statuses=[3]) == ""
    assert reason(order(), paid_only=True) == ""


def test_zero_totals() -> None:
    """Orders of zero are sent unless that is switched off, also by hand (R7)."""
    free = order(line("12.10"), line("-12.10", kind="discount"))
    assert reason(free) == ""
    assert reason(free, send_zero_total=False) == "zero_amount"
    assert reason(free, send_zero_total=False, manual=True) == "zero_amount"


def test_no_lines() -> None:
    """Without lines there is no invoice: an error, nothing is posted (R8)."""
    empty = order(lines=(), total="12.10")
    found = decide(empty, settings(), facts())
    assert isinstance(found, Hold)
    assert (found.reason, found.waits) == ("no_lines", False)
    assert outcome(empty) == found


@pytest.mark.parametrize(
    "day", [date.min, date(1999, 12, 31), date(2025, 12, 16), date(2062, 6, 2), date.max]
)
@pytest.mark.parametrize("manual", [False, True])
def test_a_date_that_cannot_be_right(day: date, manual: bool) -> None:
    """A date decides VAT and financial year, so a mistake is for a person; never for a start date.

    The order is held, by hand too, and its message names the day with all digits of its year.
    """
    found = decide(order(on=day), settings(start_date="2025-01-01"), facts(), manual=manual)
    assert isinstance(found, Hold)
    assert (found.reason, found.waits) == ("implausible_date", False)
    assert f"{day.day:02}-{day.month:02}-{day.year:04}" in found.messages[0].text


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2012, 2, 29), date(2025, 12, 15)])
def test_dates_that_may_be_right(day: date) -> None:
    """An old order is no mistake, nor is one that bears the day it is for, up to half a year on."""
    assert reason(order(on=day)) == ""


def test_credit_orders() -> None:
    """Credit orders have their own switch and statuses; a flagged status counts (R11)."""
    credit = credit_of(order())
    assert reason(credit) == ""
    assert reason(credit, send_credit_orders=False) == "credit_orders_off"
    other = credit_of(order(), status=8)
    assert reason(other) == "status"
    assert reason(other, credit_statuses=[8]) == ""


def test_credit_orders_follow_the_order_statuses_when_nothing_was_chosen() -> None:
    """A credit order in a chosen status is sent when there is no list of its own (R11)."""
    credit = credit_of(order(), status=3)
    assert reason(credit) == ""
    assert reason(credit, credit_statuses=[8]) == "status"


def test_no_choice_at_all_sends_no_credit_orders() -> None:
    """A flagged status counts once there is a list, of whatever orders (R1, R11)."""
    credit = credit_of(order())
    assert reason(credit, trigger_statuses=[]) == "status"
    assert reason(credit, trigger_statuses=[], manual=True) == ""
    assert reason(credit, trigger_statuses=[], credit_statuses=[8]) == ""


def test_credit_orders_need_no_payment() -> None:
    """A credit order carries no payment: payment rules are not for it (F11, R6)."""
    credit = credit_of(order(), payment_status="failed")
    assert reason(credit, paid_only=True) == ""


def test_works_with_few_facts() -> None:
    """Deciding needs no more than the clock, the store and the statuses."""
    assert decide(order(), settings(), Facts(now=NOW, store=Store("s-1"))) is None
    assert CREDIT_STATUS in facts().statuses
