"""Store, statuses, payments and payment methods as the API gives them."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boekbrug.domain.order import OrderStatus, Payment, PaymentMutation, Store
from boekbrug.mijnwebwinkel.to_order import (
    UnreadableData,
    payment_methods_from_json,
    payments_from_json,
    statuses_from_json,
    store_from_json,
)

SAMPLES = Path(__file__).parents[3] / "workbench" / "sample_orders"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text())


def payment(**changes: Any) -> dict[str, Any]:
    """A captured payment of 35.85 euro."""
    return {
        "gateway": "mollie",
        "method": "ideal:ideal_RABONL2U",
        "price": 3585,
        "currency": "EUR",
        "isTest": False,
        "mutations": [
            {"id": 1, "type": "capture", "price": 3585, "createdAt": "2026-03-02T09:15:21+01:00"}
        ],
    } | changes


def test_the_store_of_the_samples() -> None:
    """A store says who it is, where it is at home and in what currency it sells."""
    assert store_from_json(sample("store.json")) == Store(
        id="efa97179-9a07-5079-8513-7db74e67501b",
        name="Huis & Haard Voorbeeld",
        domain="https://www.huis-en-haard.example",
        region_code="NL",
        currency="EUR",
        prices_include_tax=True,
    )


def test_a_store_without_a_home_country_has_none() -> None:
    """The vendor's own example lacks it: the merchant is asked, nothing is assumed."""
    assert store_from_json({"id": "s1", "name": "Winkel"}) == Store(id="s1", name="Winkel")


@pytest.mark.parametrize(("given", "expected"), [(True, True), ("0", False), (1, True), ("", None)])
def test_a_flag_may_be_a_number_or_text(given: Any, expected: bool | None) -> None:
    """PHP sends booleans in several ways."""
    assert store_from_json({"id": "s", "prices_include_tax": given}).prices_include_tax is expected


def test_the_statuses_of_the_samples() -> None:
    """Every status with its id, its text and whether it marks a credit order."""
    statuses = statuses_from_json(sample("orderstatuses.json"))

    assert len(statuses) == 9
    assert statuses[0] == OrderStatus(1, "Bestelling in behandeling", credit_order=False)
    assert [status.id for status in statuses if status.credit_order] == [10, 11]


def test_a_status_without_a_number_is_refused() -> None:
    """A status list that cannot be trusted whole is not used at all."""
    with pytest.raises(UnreadableData, match=r"1.status"):
        statuses_from_json([{"status": 1}, {"description": "?"}])


@pytest.mark.parametrize("wrap", [lambda rows: {"payments": rows}, lambda rows: rows])
def test_payments_in_cents_become_euro(wrap: Any) -> None:
    """Wrapped as published or not: cents become units, the issuer is cut off."""
    created = datetime.fromisoformat("2026-03-02T09:15:21+01:00")

    assert payments_from_json(wrap([payment()])) == (
        Payment(
            gateway="mollie",
            method="ideal",
            amount=Decimal("35.85"),
            currency="EUR",
            is_test=False,
            mutations=(PaymentMutation("capture", Decimal("35.85"), created),),
        ),
    )


@pytest.mark.parametrize("price", [3585, "3585", " 3585 "])
def test_cents_may_be_text(price: Any) -> None:
    """The vendor's examples show cents as numbers and as text."""
    assert payments_from_json([payment(price=price)])[0].amount == Decimal("35.85")


@pytest.mark.parametrize("price", ["35.85", "35,85", True, 35.85])
def test_a_price_that_is_not_in_cents_is_refused(price: Any) -> None:
    """Units where cents belong would be a hundredfold error: never guessed."""
    with pytest.raises(UnreadableData, match=r"0.price"):
        payments_from_json([payment(price=price)])


@pytest.mark.parametrize("price", [2000, -2000])
def test_a_refund_is_a_positive_amount(price: int) -> None:
    """The sign of refunds is not documented; the type says that money went back."""
    mutations = [{"type": "refund", "price": price, "createdAt": None}]

    read = payments_from_json([payment(mutations=mutations)])[0]

    assert read.mutations == (PaymentMutation("refund", Decimal("20.00"), None),)


def test_a_step_without_an_amount_is_the_whole_payment() -> None:
    """A payment always covers the full order, so a step that tells no amount moves all of it."""
    mutations = [{"type": "capture"}, {"type": "refund", "price": None}]

    read = payments_from_json([payment(mutations=mutations)])[0]

    assert [step.amount for step in read.mutations] == [Decimal("35.85")] * 2


@pytest.mark.parametrize("price", [None, "", []])
def test_a_payment_may_tell_no_amount(price: Any) -> None:
    """That it is a test, or when it was captured, counts without an amount too."""
    read = payments_from_json([payment(price=price, isTest=True, mutations=[])])[0]

    assert (read.amount, read.is_test) == (Decimal(0), True)


def test_a_moment_without_offset_is_local_to_the_shop() -> None:
    """An offset is published; without one Amsterdam is meant, in summer two hours ahead."""
    mutations = [{"type": "capture", "price": 1, "createdAt": "2026-07-02T09:15:21"}]

    created = payments_from_json([payment(mutations=mutations)])[0].mutations[0].created_at

    assert created is not None
    assert created.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("nothing", [[], {}, {"payments": []}, {"payments": None}])
def test_an_order_may_have_no_payments(nothing: Any) -> None:
    """Zero totals, credit orders and old orders have none."""
    assert payments_from_json(nothing) == ()


def test_the_payment_methods_of_the_samples() -> None:
    """Gateway, method and the name to show, for every method the shop offers."""
    methods = payment_methods_from_json(sample("store-gateways.json"))

    assert methods[0] == ("mollie", "ideal", "iDEAL")
    assert ("basic", "advance", "Vooraf overmaken") in methods
    assert len(methods) == 9


def test_a_method_without_a_name_to_show_shows_its_own() -> None:
    """Something must stand on the screen."""
    gateways = [{"name": "basic", "methods": [{"name": "rembours", "displayName": ""}]}]

    assert payment_methods_from_json(gateways) == (("basic", "rembours", "rembours"),)
