"""Before settings are saved: which of the latest orders would be booked differently, and how."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.facts import EuThreshold, VatPeriod, VatRate
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.conversions import Conversions, OnceAYear
from boekbrug.journey.what_if import Decision, Difference, WhatIf, what_if
from tests.support.fake_books import FakeVatRates
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, line_json, order_json

DUTCH = VatPeriod(date(2019, 1, 1), None, 1, (VatRate(Decimal(21), "normal"),))


class Desk:
    """A connected shop, and what other settings would make of its orders."""

    def __init__(self) -> None:
        self.world = World()
        self.shop: FakeShop = self.world.shop()
        self.asked: list[int] = []
        self.failing: Exception | None = None
        self.rates = FakeVatRates({"NL": (DUTCH,)})

    def eu_threshold(self, year: int) -> EuThreshold:
        self.asked.append(year)
        if self.failing:
            raise self.failing
        return EuThreshold(year, Decimal(10000), Decimal(0), reached=False)

    @property
    def ledger(self) -> Any:
        return self.world.ledger

    @property
    def vat_rates(self) -> FakeVatRates:
        return self.rates

    def what_if(self, before: dict[str, Any], **after: Any) -> WhatIf:
        connected = self.world.tenants.shop(STORE_ID)
        assert connected is not None
        chosen = {"trigger_statuses": [3]} | before
        return what_if(
            self.shop,
            lambda statuses, originals: Conversions(
                sources=self,
                report=OnceAYear(self),
                shop=connected,
                statuses=statuses,
                originals=originals,
                now=self.world.clock.now(),
            ),
            ShopSettings.model_validate(chosen),
            ShopSettings.model_validate(chosen | after),
        )


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.shop.add(*(order_json(str(number)) for number in range(1001, 1006)))
    desk.shop.add(order_json("1006", status=2))
    return desk


def test_settings_that_change_nothing_about_these_orders(desk: Desk) -> None:
    """Counted, and nothing differs."""
    assert desk.what_if({}, exchange_rates={"GBP": "1.17"}) == WhatIf(looked=6)


def test_another_cost_centre_is_one_difference_of_many_orders(desk: Desk) -> None:
    """Told once, with how many and a few numbers."""
    found = desk.what_if({"cost_center": 1}, cost_center=2)

    assert (found.changed, found.newly, found.no_more) == (5, 0, 0)
    (example,) = found.examples
    assert example.differences == (Difference("cost_center", 1, 2),)
    assert (example.numbers, example.count) == (("1001", "1002", "1003"), 5)


def test_another_status_books_other_orders(desk: Desk) -> None:
    """What would be booked now, and what no longer; why not is in a sentence."""
    found = desk.what_if({}, trigger_statuses=[2])

    assert (found.changed, found.newly, found.no_more) == (6, 1, 5)
    more, less = sorted(found.examples, key=lambda one: one.count)
    assert more.numbers == ("1006",)
    (difference,) = less.differences
    assert difference.before == Decision("booked")
    assert isinstance(difference.after, Decision)
    assert (difference.after.state, difference.after.reason) == ("skipped", "status")
    assert "niet gekozen" in difference.after.text


def test_a_concept_is_another_decision(desk: Desk) -> None:
    """The invoice is the same, but not final."""
    (example,) = desk.what_if({}, concept="always").examples

    assert example.differences == (Difference("decision", Decision("booked"), Decision("concept")),)


def test_lines_that_come_or_go_are_named(desk: Desk) -> None:
    """Only those, not the whole invoice."""
    free = order_json("1007")
    free["orderlines"].append(line_json("shipping", "Afhalen", "0.000000", "0.00"))
    desk.shop.add(free)

    (example,) = desk.what_if({}, send_free_shipping=False).examples

    (lines,) = example.differences
    assert (lines.what, lines.after) == ("lines", ())
    assert [line.product for line in lines.before] == ["Afhalen"]  # type: ignore[union-attr,union-attr]  # lines


def test_nothing_of_a_customer_is_in_what_is_told(desk: Desk) -> None:
    """That the contact would be another is all."""
    found = desk.what_if({}, send_private_customers=False)

    (example,) = found.examples
    assert Difference("customer", None, None) in example.differences
    told = repr(found)
    address = order_json("1001")["debtor"]["address"]["invoice"]
    assert [address[key] for key in ("name", "zipcode", "street") if address[key] in told] == []


def test_a_credit_order_is_converted_beside_its_original(desk: Desk) -> None:
    """The original is one of the latest orders: it is not asked for again."""
    desk.shop.add(order_json("1008", status=10, credited_order_number=1001))

    found = desk.what_if({}, send_credit_orders=False)

    assert (found.looked, found.changed, found.no_more) == (7, 1, 1)
    assert not [call for call in desk.shop.calls if call.startswith("order ")]


@pytest.mark.parametrize("failing", [None, unreachable(), StopShop("no", code="role_refused")])
def test_the_report_on_distance_sales_is_asked_for_once(
    desk: Desk, failing: RetryLater | StopShop | None
) -> None:
    """However many orders it matters for, and also when it does not come."""
    desk.failing = failing
    report = OnceAYear(desk)

    for _ in range(3):
        if failing is None:
            assert report.eu_threshold(2026).year == 2026
        else:
            with pytest.raises(RetryLater):
                report.eu_threshold(2026)

    assert desk.asked == [2026]


def test_a_shop_that_does_not_answer(desk: Desk) -> None:
    """That is for the page to tell."""
    desk.shop.failing = unreachable()

    with pytest.raises(RetryLater):
        desk.what_if({}, cost_center=2)


def test_an_order_that_cannot_be_read_is_left_out(desk: Desk) -> None:
    """It is held under any settings."""
    desk.shop.add(order_json("1009", price="kapot"))

    assert desk.what_if({"cost_center": 1}, cost_center=2).looked == 6
