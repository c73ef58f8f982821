"""An order beside its invoice, per rate; the golden bookings show it for every kind of order."""

from decimal import Decimal

import pytest

from boekbrug.domain.amounts import CENT, plain, to_cents
from boekbrug.domain.comparison import compare, order_vat
from boekbrug.domain.invoice import Invoice
from workbench.golden import GoldenCase, golden_cases
from workbench.preview import outcome_of
from workbench.preview_document import read_case


@pytest.mark.parametrize("golden", list(golden_cases()), ids=lambda golden: golden.name)
def test_the_rates_add_up_to_the_whole(golden: GoldenCase) -> None:
    """What is final differs by nothing, unless the merchant chose to ignore it."""
    case = read_case(golden.document())
    outcome = outcome_of(case)
    if not isinstance(outcome, Invoice):
        return
    compared = compare(case.order, case.settings, case.facts, outcome)

    invoiced = sum((pair.invoice.gross for pair in compared.rates), Decimal(0))
    assert abs(invoiced - compared.whole.invoice.gross) <= CENT
    assert all(pair.order.net + pair.order.vat == pair.order.gross for pair in compared.rates)
    ignored = "amount_ignored" in {message.code for message in outcome.messages}
    if not outcome.concept and not ignored:
        assert compared.whole.difference == 0


@pytest.mark.parametrize("golden", list(golden_cases()), ids=lambda golden: golden.name)
def test_the_vat_of_an_order_is_that_of_its_side_of_the_comparison(golden: GoldenCase) -> None:
    """In cents per rate; rates without VAT are left out."""
    case = read_case(golden.document())
    outcome = outcome_of(case)
    if not isinstance(outcome, Invoice) or case.order.currency != "EUR":
        return
    sides = compare(case.order, case.settings, case.facts, outcome).rates
    beside = {plain(pair.rate): to_cents(abs(pair.order.vat)) for pair in sides if pair.rate}

    vat = {rate: abs(amount) for rate, amount in order_vat(case.order).items()}

    assert vat == {rate: amount for rate, amount in beside.items() if amount}
