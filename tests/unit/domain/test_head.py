"""The head of the invoice (R97-R106)."""

from datetime import UTC, date, datetime

import pytest

from boekbrug.domain.order import OrderPayment
from tests.unit.domain.builders import (
    DAY,
    book,
    captured,
    codes,
    facts,
    line,
    order,
    warnings,
)


def test_issue_date() -> None:
    """Order date, payment date, or left out for the day of sending (R97, R56)."""
    paid = facts(payments=(captured("12.10", datetime(2025, 6, 5, 9, tzinfo=UTC)),))
    assert book(order(), paid).issuedate == DAY
    assert book(order(), paid, issue_date="payment_date").issuedate == date(2025, 6, 5)
    assert book(order(), paid, issue_date="transfer_date").issuedate is None
    due = order(payment_status="pending")
    assert book(due, issue_date="payment_date").issuedate == DAY


@pytest.mark.parametrize(
    ("prefix", "description"), [("", "Bestelling 1042"), ("WA", "Bestelling WA1042")]
)
def test_description(prefix: str, description: str) -> None:
    """The order reference, with the shop's prefix; Acumulus numbers the invoice (R99, R100)."""
    assert book(order(), order_prefix=prefix).description == description


def test_description_is_always_short_ascii() -> None:
    """At most 40 ASCII characters, whatever the prefix and number (R100)."""
    invoice = book(order(number="123456789012345"), order_prefix="ABCDEFGHIJKL")
    assert len(invoice.description) <= 40
    assert invoice.description.isascii()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("captured", 2),
        ("refunded", 2),
        ("authorized", 1),
        ("pending", 1),
        ("new", 1),
        ("incomplete", 1),
        ("unknown", 1),
        ("", 1),
    ],
)
def test_payment_status(state: str, status: int) -> None:
    """Captured and refunded are paid, all other states are due (R101)."""
    assert book(order(payment_status=state, payment=None)).paymentstatus == status


def test_payment_status_by_choice() -> None:
    """Guaranteed payments and chosen statuses count as paid (R101)."""
    authorized = order(payment_status="authorized")
    assert book(authorized, authorized_counts_as_paid=True).paymentstatus == 2
    pending = order(payment_status="pending", status=5)
    assert book(pending, paid_statuses=[5]).paymentstatus == 2
    assert book(pending, paid_statuses=[6]).paymentstatus == 1


@pytest.mark.parametrize(("status_id", "status"), [(1, 2), (7, 2), (0, 1), (5, 1), (None, 1)])
def test_payment_status_of_old_orders(status_id: int | None, status: int) -> None:
    """Orders without payment_status have a number (R101)."""
    old = order(payment_status="", payment=OrderPayment("mollie", "ideal", status_id))
    assert book(old).paymentstatus == status


def test_free_orders_are_paid() -> None:
    """Nothing to pay is paid (R101)."""
    free = order(line("12.10"), line("-12.10", kind="discount"), payment_status="new")
    assert (book(free).paymentstatus, book(free).concept) == (2, False)


def test_payments_tell_more_than_the_order() -> None:
    """A capture of the whole amount is a payment, whatever the derived state says (R101)."""
    paid = facts(payments=(captured("12.10", datetime(2025, 6, 5, 9, tzinfo=UTC)),))
    part = facts(payments=(captured("5.00", datetime(2025, 6, 5, 9, tzinfo=UTC)),))
    assert book(order(payment_status="pending"), paid).paymentstatus == 2
    assert book(order(payment_status="pending"), part).paymentstatus == 1


def test_payment_date() -> None:
    """The last capture in Amsterdam; else the status that made it paid; else the order (R102)."""
    late = facts(payments=(captured("12.10", datetime(2025, 5, 2, 23, 30, tzinfo=UTC)),))
    assert book(order(), late).paymentdate == date(2025, 5, 3)
    changed = datetime(2025, 6, 9, 8, 0)  # noqa: DTZ001  # the shop's local time
    pending = order(payment_status="pending", status_changed_at=changed)
    assert book(pending, paid_statuses=[3]).paymentdate == date(2025, 6, 9)
    assert book(order(status_changed_at=changed)).paymentdate == DAY
    assert book(pending).paymentdate is None


def test_the_last_moment_there_is_has_a_day() -> None:
    """A payment in the last hour of the year 9999 is of that day: there is no later one (R102)."""
    never = facts(payments=(captured("12.10", datetime.max.replace(tzinfo=UTC)),))
    assert book(order(), never).paymentdate == date.max


def test_refunded_without_credit_order() -> None:
    """Money went back and the revenue stays: for a person, unless a credit order says so (R103)."""
    assert warnings(book(order(payment_status="refunded"))) == ["refund_without_credit"]
    credited = order(payment_status="refunded", credit_order_numbers=("1057",))
    assert not book(credited).concept


def test_partial_refund() -> None:
    """A part that went back is told with its amount (R103)."""
    at = datetime(2025, 6, 5, 9, tzinfo=UTC)
    part = facts(payments=(captured("12.10", at), captured("2.00", at, "refund")))
    invoice = book(order(), part)
    assert (invoice.concept, codes(invoice)) == (False, ["partial_refund"])
    assert "2,00" in invoice.messages[0].text
    whole = facts(payments=(captured("12.10", at), captured("12.10", at, "refund")))
    assert warnings(book(order(), whole)) == ["refund_without_credit"]


def test_account_and_cost_centre() -> None:
    """By gateway and method, by method, by shop, or left out (R104)."""
    chosen = {
        "account": 3,
        "cost_center": 4,
        "accounts_by_payment": {"mollie:ideal": 12, "paypal": 7, "ideal": 8},
        "cost_centers_by_payment": {"paypal": 0},
    }

    def booked(gateway: str, method: str) -> tuple[int | None, int | None]:
        invoice = book(order(payment=OrderPayment(gateway, method, 1)), **chosen)
        return invoice.accountnumber, invoice.costcenter

    assert booked("mollie", "ideal") == (12, 4)
    assert booked("Mollie", "ideal:RABONL2U") == (12, 4)
    assert booked("sisow", "ideal") == (8, 4)
    assert booked("paypal", "paypal") == (7, 4)
    assert booked("basic", "cash") == (3, 4)
    assert (book(order()).accountnumber, book(order()).costcenter) == (None, None)


def test_account_from_the_payments() -> None:
    """An order that does not name its payment is looked up among the payments (R104)."""
    paid = facts(payments=(captured("12.10", datetime(2025, 6, 5, 9, tzinfo=UTC)),))
    chosen = {"accounts_by_payment": {"mollie:ideal": 12}}
    assert book(order(payment=None), paid, **chosen).accountnumber == 12


def test_templates() -> None:
    """A template for paid invoices, else that of due ones (R105)."""
    both = {"template_due": 5, "template_paid": 6}
    due = order(payment_status="pending")
    assert (book(due, **both).template, book(order(), **both).template) == (5, 6)
    assert book(order(), template_due=5).template == 5
    assert book(order()).template is None


@pytest.mark.parametrize(
    ("choice", "plain", "doubtful"),
    [("auto", False, True), ("always", True, True), ("never", False, False)],
)
def test_concept(choice: str, plain: bool, doubtful: bool) -> None:
    """A concept with a warning, always, or never; warnings are told in all three (R106)."""
    assert book(order(), concept=choice).concept is plain
    odd = book(order(payment_status="refunded"), concept=choice)
    assert (odd.concept, warnings(odd)) == (doubtful, ["refund_without_credit"])
