"""Orders out of the shop stand-in: filters, pages, shapes (Mijnwebwinkel API, sections 4 to 6)."""

from typing import Any

import pytest

from tests.unit.standins.clients import TOKENS, ShopClient, order
from workbench.standins import ShopStandIn


def _numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


def test_ten_orders_by_number_without_a_limit(shopper: ShopClient) -> None:
    """A caller that sends no limit gets ten orders, the lowest numbers first."""
    assert _numbers(1001, 1010) == shopper.numbers()


def test_pages_by_limit_offset_and_ordering(shopper: ShopClient) -> None:
    """Limit, offset and ordering cut the same list in pages."""
    assert shopper.numbers(limit=2, offset=4) == ["1005", "1006"]
    assert shopper.numbers(limit=2, ordering="desc") == ["1012", "1011"]
    assert shopper.numbers(offset=12) == []


def test_numbers_are_ordered_as_numbers_or_as_texts(shop: ShopStandIn, shopper: ShopClient) -> None:
    """998 comes before 1001 as a number and after it as a text."""
    shop.add_order(order("998"))
    as_numbers = shopper.numbers(limit=100)
    shop.switches.order_by = "text"

    assert as_numbers[0] == "998"
    assert shopper.numbers(limit=100)[-1] == "998"


def test_limit_above_the_maximum_is_an_error_or_cut(shop: ShopStandIn, shopper: ShopClient) -> None:
    """What happens above 100 is not known, so it is a switch."""
    refused = shopper.get("/v1/orders", limit=101)
    shop.switches.set({"limit_above_maximum": "cut", "maximum_limit": 5})

    assert refused.status_code == 400
    assert _numbers(1001, 1005) == shopper.numbers(limit=101)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"start_date": "2026-03-11"}, ["1011", "1012"]),
        ({"end_date": "2026-03-02"}, ["1001", "1002"]),
        ({"start_date": "2026-03-04", "end_date": "2026-03-04"}, ["1004"]),
        ({"status_id": 4}, []),
        ({"status_changed_start_date": "2026-03-12 10:00:00"}, ["1012"]),
        ({"status_changed_start_date": "2026-03-12 10:00:01"}, []),
        ({"status_changed_end_date": "2026-03-01 10:00:00"}, ["1001"]),
        ({"debtor_email": "niemand@example.com"}, []),
        ({"debtor_email": "niemand@example.com", "debtor_id": "d-1", "limit": 1}, ["1001"]),
        ({"test": "1", "offset": 12}, ["T-1013"]),
        ({"test": "false", "offset": 12}, []),
    ],
)
def test_filters_select(shopper: ShopClient, query: dict[str, Any], expected: list[str]) -> None:
    """Every documented filter does what it says, and count counts the same orders."""
    assert expected == shopper.numbers(**query)
    counted = {name: each for name, each in query.items() if name not in {"limit", "offset"}}
    if counted == query:
        assert {"count": len(expected)} == shopper.get("/v1/orders/count", **query).json()


def test_date_bounds_are_switches(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Whether a bound belongs to the range is not documented."""
    shop.switches.set({"start_date": "exclusive", "end_date": "exclusive"})
    bounds: dict[str, Any] = {"start_date": "2026-03-03", "end_date": "2026-03-05"}

    assert shopper.numbers(**bounds) == ["1004"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "ten"},
        {"offset": "-1"},
        {"ordering": "up"},
        {"start_date": "1-3-2026"},
        {"status_changed_start_date": "2026-03-12T10:00:00"},
        {"archived": "maybe"},
    ],
)
def test_unreadable_parameters_are_refused(shopper: ShopClient, query: dict[str, Any]) -> None:
    """A parameter that cannot be read is a 400, never silently left out."""
    assert shopper.get("/v1/orders", **query).status_code == 400


def test_archived_orders_in_or_out_by_default(shop: ShopStandIn, shopper: ShopClient) -> None:
    """With the filter it is clear; without it is a switch."""
    shop.archive_order("1001")
    both = shopper.numbers(end_date="2026-03-02")
    shop.switches.archived_left_out = "hidden"

    assert both == ["1001", "1002"]
    assert shopper.numbers(end_date="2026-03-02") == ["1002"]
    assert shopper.numbers(archived="true") == ["1001"]
    assert "1001" not in shopper.numbers(archived="0")


def test_a_php_cast_reads_false_as_true(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The strict mode proves that a client sends 0, not false."""
    shop.switches.booleans = "php_cast"

    assert "T-1013" in shopper.numbers(test="false", limit=100)
    assert "T-1013" not in shopper.numbers(test="0", limit=100)


def test_status_of_a_new_order_can_be_without_a_moment(
    shop: ShopStandIn, shopper: ShopClient
) -> None:
    """When switched so, only a changed status has a moment and is found by it."""
    shop.switches.status_changed_on_new = "empty"
    shop.set_status("1002", 2, at="2026-03-20T14:30:00")
    found = shopper.numbers(status_changed_start_date="2026-01-01 00:00:00")

    assert found == ["1002"]
    assert shopper.get("/v1/orders/1001").json()["status_changed_date"] == ""
    assert shopper.get("/v1/orders/1002").json()["status_changed_time"] == "14:30:00"


def test_moments_can_be_in_utc(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The zone of the filter is not documented; 10:00 in Amsterdam in winter is 09:00 UTC."""
    bound = {"status_changed_start_date": "2026-03-12 09:00:01"}
    local = shopper.numbers(**bound)
    shop.switches.filter_zone = "utc"

    assert local == ["1012"]
    assert shopper.numbers(**bound) == []


def test_statuses_can_be_hidden(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Whether unfinished orders come through the API is not known."""
    shop.set_status("1001", 5)
    shop.switches.hidden_statuses = [5]

    assert "1001" not in shopper.numbers(limit=100)


def test_one_order_by_number(shop: ShopStandIn, shopper: ShopClient) -> None:
    """An order by its number; an unknown one and an unasked test order are not found."""
    assert shopper.get("/v1/orders/1001").json()["number"] == "1001"
    assert shopper.get("/v1/orders/4711").status_code == 404
    assert shopper.get("/v1/orders/T-1013").status_code == 404
    assert shopper.get("/v1/orders/T-1013", test=1).status_code == 200
    shop.switches.test_order_by_number = "served"
    assert shopper.get("/v1/orders/T-1013").status_code == 200


def test_amounts_arrive_digit_for_digit(shop: ShopStandIn, shopper: ShopClient) -> None:
    """In the spec shape amounts are JSON numbers with all their digits, and numbers integers."""
    shop.switches.shapes = "spec"
    text = shopper.get("/v1/orders/1001").text

    assert '"total": 12.10' in text
    assert '"number": 1001' in text


def test_live_and_spec_shapes_of_lists(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Tax regions are wrapped live and bare in the spec; an empty country is [] live."""
    shop.edit_order("1001", {"shipping": [{"country": {}}]})
    live_regions = shopper.get("/v1/tax-policy/regions").json()
    live_order = shopper.get("/v1/orders/1001").json()
    shop.switches.shapes = "spec"

    assert live_regions["regions"][0]["regionCode"] == "NL"
    assert live_order["shipping"] == [{"country": []}]
    assert shopper.get("/v1/tax-policy/regions").json()[0]["regionCode"] == "NL"
    assert shopper.get("/v1/orders/1001").json()["shipping"] == [{"country": {}}]


def test_credit_amounts_follow_the_switch(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The sign of a credit order's amounts is not documented: all of them turn together."""
    price = {"amount": "10.000000", "amount_including_tax": "12.10", "rate": "21.00"}
    lines = [{"type": "article", "quantity": 1, "price": price}]
    shop.add_order(order("1014", credited_order_number="1001", orderlines=lines))
    shop.switches.credit_amounts = "negative"
    credit = shopper.get("/v1/orders/1014").json()

    assert credit["price"]["total"] == "-12.10"
    assert credit["price"]["tax"]["amount"] == "-2.10"
    assert credit["price"]["tax"]["rate"] == "21.00"
    assert credit["orderlines"][0]["price"]["amount"] == "-10.000000"
    assert shopper.get("/v1/orders/1001").json()["price"]["total"] == "12.10"


@pytest.mark.parametrize(
    ("switch", "expected"),
    [("as_given", "DE"), ("home", "NL"), ("destination", "BE"), ("absent", None)],
)
def test_tax_region_of_zero_rated_orders(
    shop: ShopStandIn, shopper: ShopClient, switch: str, expected: str | None
) -> None:
    """Which region such an order names is not known."""
    address = {"address": {"delivery": {"country_code": "BE"}}}
    shop.edit_order(
        "1001", {"tax_strategy": "reverse_charged_vat", "tax_region": "DE", "debtor": address}
    )
    shop.switches.set({"zero_rated_tax_region": switch})

    assert expected == shopper.get("/v1/orders/1001").json().get("tax_region")


def test_payments_are_composed_from_the_order(shop: ShopStandIn, shopper: ShopClient) -> None:
    """A captured order has an authorisation and a capture of its total in cents."""
    payment = shopper.get("/v1/orders/1001/payments", embed="mutations").json()["payments"][0]
    shop.switches.payments_without_file = "empty"

    assert (payment["price"], payment["createdAt"]) == (1210, "2026-03-01T10:00:00+01:00")
    assert [each["type"] for each in payment["mutations"]] == ["authorize", "capture"]
    assert shopper.get("/v1/orders/1001/payments").json() == {"payments": []}


def test_payments_show_only_what_is_embedded(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Mutations and the order come only when asked for; a refund's sign is a switch."""
    refund = {"type": "refund", "price": 500}
    shop.set_payments("1001", [{"id": "p", "price": 1210, "mutations": [refund]}])
    plain = shopper.get("/v1/orders/1001/payments").json()["payments"]
    shop.switches.refund_sign = "negative"
    full = shopper.get("/v1/orders/1001/payments", embed="mutations,order").json()["payments"][0]

    assert plain == [{"id": "p", "price": 1210}]
    assert full["mutations"][0]["price"] == -500
    assert (full["order"]["reference"], full["order"]["price"]) == ("1001", 1210)


def test_an_embedded_order_counts_in_cents(shop: ShopStandIn, shopper: ShopClient) -> None:
    """A line over two rates has one gross, one VAT amount and an effective rate."""
    prices = [
        {"amount": "2.275892", "amount_including_tax": "2.48", "rate": "9.00"},
        {"amount": "3.693617", "amount_including_tax": "4.47", "rate": "21.00"},
    ]
    shop.edit_order("1001", {"orderlines": [{"id": "l", "type": "shipping", "price": prices}]})
    payment = shopper.get("/v1/orders/1001/payments", embed="order").json()["payments"][0]
    shown = payment["order"]["lines"][0]

    assert (shown["price"], shown["tax"], shown["taxRate"]) == (695, 98, "0.1642")
    assert (shown["type"], payment["order"]["tax"]) == ("shipping_fee", 98)


@pytest.mark.parametrize("field", [{"credited_order_number": "1"}, {"payment": {}}])
def test_credits_and_manual_payments_have_no_payments(
    shop: ShopStandIn, shopper: ShopClient, field: dict[str, Any]
) -> None:
    """The API lists none for credit orders and old or manual payments."""
    shop.edit_order("1001", field | ({"payment": None} if "payment" in field else {}))

    assert shopper.get("/v1/orders/1001/payments").json() == {"payments": []}


def test_lists_of_the_merchant(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Store, statuses, gateways, regions and shipping methods answer in their wrappers."""
    store = shopper.get("/v1/store").json()
    statuses = shopper.get("/v1/orderstatuses").json()
    costs = shopper.get("/v1/payment/stores/me/gateways").json()["gateways"][0]["methods"][0]

    assert shop.shop().id == store["id"]
    assert {"status": 3, "description": "Betaald", "credit_order": False} in statuses
    assert {10, 11} == {each["status"] for each in statuses if each["credit_order"]}
    assert costs["settings"]["cost"]["amount"] == "0.00"
    assert shopper.get("/v1/tax-policy/regions/nl").json()["region"]["taxRate"] == "0.21"
    assert shopper.get("/v1/tax-policy/regions/US").status_code == 404
    assert shopper.get("/v1/payment/stores/other/gateways").status_code == 404
    for path in ("shipping/methods", "offlinelocations", "discountcodes"):
        assert shopper.get(f"/v1/{path}").json() == []


def test_texts_depend_on_the_language(shopper: ShopClient) -> None:
    """A client that changes its language between calls sees other texts."""
    english = shopper.get("/v1/orderstatuses", language="en_GB").json()

    assert "Paid" in {each["description"] for each in english}


def test_statuses_and_gateways_need_only_the_partner_token(shopper: ShopClient) -> None:
    """These two lists are global."""
    partner = {"partner_token": TOKENS["partner_token"]}

    assert shopper.get("/v1/orderstatuses", tokens=partner).status_code == 200
    assert shopper.get("/v1/payment/gateways", tokens=partner).status_code == 200
    assert shopper.get("/v1/store", tokens=partner).status_code == 401


def test_xml_on_request_or_when_format_is_missing(shop: ShopStandIn, shopper: ShopClient) -> None:
    """In the strict mode a client that forgets format=json gets XML."""
    asked = shopper.get("/v1/orders/1001", format="xml")
    shop.switches.format_left_out = "xml"
    forgotten = shopper.get("/v1/orders")

    assert "<total>12.10</total>" in asked.text
    assert (
        forgotten.headers["content-type"],
        forgotten.text.splitlines()[1][:8],
    ) == ("application/xml", "<orders>")
    assert shopper.get("/v1/orders/1001", format="json").json()["number"] == "1001"
