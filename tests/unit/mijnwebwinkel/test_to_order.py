"""Shop payload -> order: every parsing rule, live and spec shapes, and what an error names."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boekbrug.domain.order import Address, ArticleOption, Debtor, OrderPayment, Price, TaxTotal
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.mijnwebwinkel.to_order import UnreadableData, order_from_json, read_order
from tests.support.orders import line_json, order_bytes, order_json

SAMPLES = Path(__file__).parents[3] / "workbench" / "sample_orders" / "orders"


def with_price(price: Any) -> dict[str, Any]:
    """An order with one line at this price."""
    return order_json(orderlines=[line_json("custom", "Regel", "1", "1.21") | {"price": price}])


def with_total(total: Any) -> dict[str, Any]:
    return order_json(price={"tax": [], "total": total})


# --------------------------------------------------------------------------------- whole orders


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_every_sample_order_is_read_to_the_cent(file: Path) -> None:
    """The gross amounts of the lines that were read add up to the total that was read."""
    fetched = read_order(file.read_bytes())

    assert isinstance(fetched, FetchedOrder)
    prices = [price for line in fetched.order.lines for price in line.prices]
    assert sum(price.gross or 0 for price in prices) == fetched.order.total


def test_live_and_spec_shapes_are_read_alike() -> None:
    """Numbers for text, text for numbers, an object for a list: the same order."""
    live = order_json(
        credited_order_number=None,
        price={"tax": {"amount": "6.22", "rate": "21.00"}, "total": "35.85"},
    )
    spec = order_json(
        number=1042,
        status="3",
        credited_order_number="",
        credit_order_numbers="",
        comments=[],
        price={"tax": [{"amount": 6.22, "rate": 21.0}], "total": 35.85},
        orderlines={
            "4": line_json("shipping", "Verzendkosten", "4.917355", "5.95"),
            "0": line_json(
                "article", "Keramische mok", "24.710742", "29.90", quantity=2, sku="MOK-BL"
            ),
        },
    )

    assert (
        read_order(json.dumps(live).encode()).order == read_order(json.dumps(spec).encode()).order
    )


def test_the_whole_order_arrives() -> None:
    """Every field that decides or is booked has its value."""
    order = order_from_json(
        order_json(
            reference="PO 7",
            discountcode="WELKOM",
            business_model="b2b",
            comments={"customer": "Graag bellen", "internal": "x"},
            credit_order_numbers=["1050", 1051],
            offline_location_id="3b0d9f6c",
        )
    )

    assert order.placed_at == datetime.fromisoformat("2026-03-02 09:14:55")
    assert order.status_changed_at == datetime.fromisoformat("2026-03-02 09:20:00")
    assert (order.number, order.status, order.currency) == ("1042", 3, "EUR")
    assert order.total == Decimal("35.85")
    assert order.taxes == (TaxTotal(Decimal("6.22"), Decimal("21.00")),)
    assert order.payment == OrderPayment("mollie", "ideal", 1)
    assert order.payment_status == "captured"
    assert order.credit_order_numbers == ("1050", "1051")
    assert order.shipping_countries == ("NL",)
    assert (order.business_model, order.discount_code) == ("B2B", "WELKOM")
    assert order.offline_location_id == "3b0d9f6c"
    assert order.debtor.invoice.zipcode == "3512 AB"
    assert order.debtor.delivery is None
    assert order.lines[0].articles[0].sku == "MOK-BL"
    assert order.lines[0].quantity == Decimal(2)


def test_deprecated_fields_of_the_debtor_are_kept() -> None:
    """Name, company, phone and bank account beside the addresses, as older orders have them."""
    debtor = {
        "id": "d1",
        "email": "a@example.com",
        "name": "A. Koper",
        "company": "Koper BV",
        "phone": 612345678,
        "bankaccount": "NL02ABNA0123456789",
        "address": {"invoice": {"taxnumber": "NL000099998B57", "number": 7, "country_code": "nl"}},
    }

    read = order_from_json(order_json(debtor=debtor)).debtor

    assert (read.name, read.company, read.phone) == ("A. Koper", "Koper BV", "612345678")
    assert read.bank_account == "NL02ABNA0123456789"
    assert read.invoice == Address(number="7", country_code="NL", vat_number="NL000099998B57")


# ----------------------------------------------------------------------- rules 1 and 2: amounts


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("12.90", "12.90"),
        (" 12.90 ", "12.90"),
        ("-4.123966", "-4.123966"),
        ("+3", "3"),
        (12, "12"),
        (Decimal("12.90"), "12.90"),
        (12.9, "12.9"),
        ("0.0000001", "0.0000001"),
    ],
)
def test_amounts_keep_all_decimals(given: Any, expected: str) -> None:
    """Text and numbers become the exact decimal, with every digit that was sent."""
    total = order_from_json(with_total(given)).total

    assert str(total) == str(Decimal(expected))


@pytest.mark.parametrize(
    "given",
    [
        "12,90",
        "1.234,50",
        "1 234.50",
        "€ 5",
        "1e2",
        "NaN",
        "Infinity",
        "-inf",
        "",
        " ",
        "1_000",
        "١٢",
        "12.",
        ".5",
        "0x10",
        None,
        True,
        [],
        {},
        [1],
        "1" * 20,
    ],
)
def test_what_is_no_amount_is_refused(given: Any) -> None:
    """A comma, an exponent, NaN, infinity, other digits or nothing at all: named, not guessed."""
    with pytest.raises(UnreadableData) as caught:
        order_from_json(with_total(given))

    assert caught.value.field == "price.total"
    assert "bedrag" in caught.value.problem


@pytest.mark.parametrize("number", ["1e2", "1E-7", "NaN", "Infinity", "-Infinity"])
def test_json_numbers_with_exponent_or_without_value_are_refused(number: str) -> None:
    """Also as bare JSON numbers, exponents and NaN are no amounts."""
    raw = json.dumps(with_total("TOTAL")).replace('"TOTAL"', number).encode()

    assert isinstance(read_order(raw), UnreadableOrder)


def test_a_json_number_is_never_a_float() -> None:
    """More digits than a float holds survive from the bytes to the order."""
    raw = json.dumps(with_total("TOTAL")).replace('"TOTAL"', "100000000000.10000000000001").encode()

    fetched = read_order(raw)

    assert isinstance(fetched, FetchedOrder)
    assert fetched.order.total == Decimal("100000000000.10000000000001")


def test_an_amount_that_is_left_out_is_absent() -> None:
    """Gross, rate and purchase price may be missing or empty; the net amount may not."""
    line = line_json("article", "Mok", "10", "12.10", sku="M")
    line["price"] = {"amount": "10", "amount_including_tax": "", "rate": None}
    line["articles"][0]["price"] = {"amount": "10", "purchase_price": ""}

    read = order_from_json(order_json(orderlines=[line])).lines[0]

    assert read.prices == (Price(Decimal(10), None, None),)
    assert read.articles[0].purchase_price is None


# ----------------------------------------------------------------------- rule 3: object or list

PRICE = {"amount": "8.26", "amount_including_tax": "10.00", "rate": "21.00"}
LOW = {"amount": "9.17", "amount_including_tax": "10.00", "rate": "9.00"}


@pytest.mark.parametrize(
    ("given", "rates"),
    [
        (PRICE, ["21.00"]),
        ([PRICE], ["21.00"]),
        ([LOW, PRICE], ["9.00", "21.00"]),
        ({"0": LOW, "1": PRICE}, ["9.00", "21.00"]),
        ([], []),
        ({}, []),
        ("", []),
        (None, []),
    ],
)
def test_a_price_is_one_object_or_a_list(given: Any, rates: list[str]) -> None:
    """One rate as an object, several as a list, none as nothing."""
    prices = order_from_json(with_price(given)).lines[0].prices

    assert [str(price.rate) for price in prices] == rates


@pytest.mark.parametrize(
    ("given", "amounts"),
    [
        ({"amount": "6.22", "rate": "21.00"}, ["6.22"]),
        ([{"amount": "6.22", "rate": "21.00"}], ["6.22"]),
        ([{"amount": 0.83, "rate": 9}, {"amount": "6.50", "rate": "21.00"}], ["0.83", "6.50"]),
        ({"2": {"amount": "6.22", "rate": ""}}, ["6.22"]),
        ([{"amount": "", "rate": ""}, {"amount": "6.22", "rate": "21.00"}], ["6.22"]),
        ([{"rate": "9.00"}, [], None, {}, {"amount": "6.22", "rate": "21.00"}], ["6.22"]),
        ({"rate": "21.00"}, []),
        ([], []),
        (None, []),
    ],
)
def test_vat_totals_are_one_object_or_a_list(given: Any, amounts: list[str]) -> None:
    """As prices; an entry without an amount informs about nothing and is left out."""
    order = order_from_json(order_json(price={"tax": given, "total": "35.85"}))

    assert [str(tax.amount) for tax in order.taxes] == amounts


def test_vat_totals_may_be_missing() -> None:
    """The order's VAT is informative: without it the order is still an order."""
    assert order_from_json(order_json(price={"total": "35.85"})).taxes == ()


# ------------------------------------------------------------------------ rule 4: empty objects

NOTHING = [None, [], {}, ""]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_an_empty_object_is_absent(nothing: Any) -> None:
    """Wherever an object belongs, ``[]``, ``{}``, empty text and null mean that there is none."""
    order = order_from_json(
        order_json(
            payment=nothing, debtor=nothing, comments=nothing, shipping=[{"country": nothing}]
        )
    )

    assert order.payment is None
    assert order.debtor == Debtor()
    assert order.shipping_countries == ()
    assert order_from_json(order_json(shipping=[nothing])).shipping_countries == ()


@pytest.mark.parametrize("nothing", [None, [], ""], ids=repr)
def test_an_empty_address_is_absent(nothing: Any) -> None:
    """No delivery address at pick-up, and no invoice address of a deleted customer."""
    address = {"invoice": nothing, "delivery": nothing}
    for debtor in ({"address": address}, {"address": nothing}):
        read = order_from_json(order_json(debtor=debtor)).debtor

        assert read.invoice == Address()
        assert read.delivery is None


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_empty_objects_inside_lines_are_absent(nothing: Any) -> None:
    """The price of an article and the status of a payment may be empty as well."""
    line = line_json("article", "Mok", "10", "12.10")
    line["articles"] = [{"id": 1, "description": "Mok", "price": nothing, "options": nothing}]
    payment = {"gateway_name": "basic", "method_name": "cash", "status": nothing}

    order = order_from_json(order_json(orderlines=[line], payment=payment))

    assert order.lines[0].articles[0].purchase_price is None
    assert order.lines[0].articles[0].options == ()
    assert order.payment == OrderPayment("basic", "cash", None)


# -------------------------------------------------------------------------------- rule 5: lists


def test_a_list_with_gaps_is_read_in_key_order() -> None:
    """An object with digit keys is a list: 2 comes before 10, whatever order they came in."""
    lines = {
        "10": line_json("custom", "derde", "1", "1.21"),
        "0": line_json("custom", "eerste", "1", "1.21"),
        "2": line_json("custom", "tweede", "1", "1.21"),
    }

    order = order_from_json(order_json(orderlines=lines))

    assert [line.description for line in order.lines] == ["eerste", "tweede", "derde"]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_an_empty_list_is_empty(nothing: Any) -> None:
    """Lists may be null, empty text or an empty object."""
    order = order_from_json(
        order_json(orderlines=nothing, shipping=nothing, credit_order_numbers=nothing)
    )

    assert (order.lines, order.shipping_countries, order.credit_order_numbers) == ((), (), ())


def test_articles_and_options_may_be_objects_with_digit_keys() -> None:
    """The rule holds in every list, also the inner ones."""
    line = line_json("article", "Shirt", "10", "12.10")
    options = {
        "1": {"description": "M", "list_option_id": 5},
        "3": {"description": "Actie", "price": "-1"},
    }
    line["articles"] = {"0": {"id": 1, "description": "Shirt", "options": options}}

    article = order_from_json(order_json(orderlines=[line])).lines[0].articles[0]

    assert article.options == (ArticleOption("M", "5"), ArticleOption("Actie", ""))


# -------------------------------------------------------------------- rule 6: integers, numbers


@pytest.mark.parametrize(
    ("given", "expected"), [(3, 3), ("3", 3), (" 3 ", 3), ("", None), (None, None), (0, 0)]
)
def test_a_status_is_an_integer_or_digits(given: Any, expected: int | None) -> None:
    """A number, digits as text, or nothing."""
    assert order_from_json(order_json(status=given)).status == expected


@pytest.mark.parametrize("given", ["drie", "3.5", -1, True, [3], 10**12])
def test_a_status_that_is_no_integer_is_refused(given: Any) -> None:
    """A status decides whether an order is booked, so it is never guessed."""
    with pytest.raises(UnreadableData, match="status: is geen geheel getal"):
        order_from_json(order_json(status=given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, ""), ("", ""), (0, ""), ("0", ""), ([], ""), (10021, "10021"), ("10021", "10021")],
)
def test_the_credited_order_may_be_nothing_in_many_ways(given: Any, expected: str) -> None:
    """An ordinary order has null, empty text or 0 where a credit order names its original."""
    assert (
        order_from_json(order_json(credited_order_number=given)).credited_order_number == expected
    )


def test_credit_numbers_without_a_number_are_left_out() -> None:
    """Text, numbers and empty entries may stand side by side."""
    order = order_from_json(order_json(credit_order_numbers=["1050", 1051, "", None, 0]))

    assert order.credit_order_numbers == ("1050", "1051")


@pytest.mark.parametrize("given", [1042, "1042", " 1042 "])
def test_the_order_number_is_kept_as_text(given: Any) -> None:
    """A string live, an integer in the spec."""
    assert order_from_json(order_json(given)).number == "1042"


@pytest.mark.parametrize("given", ["", None, [], True, "9" * 65])
def test_an_order_without_a_number_is_refused(given: Any) -> None:
    """Nothing can refer to an order without a number."""
    with pytest.raises(UnreadableData, match="number"):
        order_from_json(order_json(given))


@pytest.mark.parametrize(
    ("number", "changes", "expected"),
    [
        ("1042", {}, False),
        (1042, {}, False),
        ("T-1042", {}, True),
        ("1042-T", {}, True),
        ("١٠٤٢", {}, True),
        ("1042", {"test": True}, True),
        ("1042", {"is_test": "1"}, True),
        ("1042", {"isTest": 0}, False),
    ],
)
def test_a_test_order_is_recognised(number: Any, changes: dict[str, Any], expected: bool) -> None:
    """By its own word, or by a number that is not all digits (R4)."""
    assert order_from_json(order_json(number, **changes)).is_test is expected


# ------------------------------------------------------------------- rules 7 and 8: the unknown


def test_unknown_fields_and_words_are_no_reason_to_stop() -> None:
    """New fields are ignored; new types, methods, strategies and statuses are data."""
    line = line_json("gift_card", "Bon", "10", "12.10") | {"unit_price": {"amount": "5"}, "new": []}
    order = order_from_json(
        order_json(
            something_new={"a": [1]},
            orderlines=[line],
            tax_strategy="margin_scheme",
            business_model="B2G",
            status=4711,
            payment={"gateway_name": "newpay", "method_name": "wink", "status": {"id": 42}},
        )
    )

    assert order.lines[0].type == "gift_card"
    assert (order.tax_strategy, order.business_model, order.status) == (
        "margin_scheme",
        "B2G",
        4711,
    )
    assert order.payment == OrderPayment("newpay", "wink", 42)


def test_a_tax_strategy_that_was_not_sent_differs_from_an_empty_one() -> None:
    """Orders from before 2019-09 have none (R13); an empty one means ordinary VAT."""
    without = order_json()
    del without["tax_strategy"]

    assert order_from_json(without).tax_strategy is None
    assert order_from_json(order_json(tax_strategy=None)).tax_strategy is None
    assert order_from_json(order_json(tax_strategy="")).tax_strategy == ""


def test_the_issuer_of_a_payment_method_is_cut_off() -> None:
    """Accounts are chosen per method, whatever bank the customer used."""
    payment = {"gateway_name": "mollie", "method_name": "ideal:ideal_RABONL2U", "status": {"id": 1}}

    assert order_from_json(order_json(payment=payment)).payment == OrderPayment(
        "mollie", "ideal", 1
    )


def test_half_an_emoji_is_no_reason_to_stop() -> None:
    """A text cut in the middle of an emoji would break everything after us: it is mended."""
    raw = order_bytes("1042", discountcode="Bedankt \ud83d").replace(
        b"Bedankt", b"Bedankt \\ud83d\\ude00"
    )

    fetched = read_order(raw)

    assert isinstance(fetched, FetchedOrder)
    assert fetched.order.discount_code == "Bedankt \N{GRINNING FACE} ?"


def test_an_old_and_bare_order_is_an_order() -> None:
    """Number, date, total and lines are enough (R13)."""
    order = order_from_json({"number": 7, "date": "2018-01-05", "price": {"total": "0.00"}})

    assert order.placed_at == datetime.fromisoformat("2018-01-05 00:00:00")
    assert order.status_changed_at is None
    assert (order.uuid, order.currency, order.business_model) == ("", "", "")
    assert order.debtor == Debtor()


# ---------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2026-03-02", "09:14:55", datetime.fromisoformat("2026-03-02 09:14:55")),
        ("2026-03-02", "09:14", datetime.fromisoformat("2026-03-02 09:14:00")),
        ("2026-03-02", "", datetime.fromisoformat("2026-03-02 00:00:00")),
        ("2026-03-02", None, datetime.fromisoformat("2026-03-02 00:00:00")),
    ],
)
def test_date_and_time_become_the_local_moment(day: str, clock: Any, expected: datetime) -> None:
    """The shop's own time, without offset; no time is the start of the day."""
    assert order_from_json(order_json(date=day, time=clock)).placed_at == expected


@pytest.mark.parametrize("day", ["", None, "0000-00-00", "02-03-2026", "20260302", 20260302, []])
def test_an_order_without_a_date_is_refused(day: Any) -> None:
    """The date decides the VAT period, so it is never guessed."""
    with pytest.raises(UnreadableData, match="date"):
        order_from_json(order_json(date=day))


@pytest.mark.parametrize(
    ("day", "clock"),
    [("2026-02-30", "10:00"), ("2026-W10-1", "10:00"), ("2026-03-02", "25:00"), ("2026-03-02", 5)],
)
def test_a_moment_that_does_not_exist_is_refused(day: str, clock: Any) -> None:
    """An impossible day or time of day is told, with both fields."""
    with pytest.raises(UnreadableData, match="date"):
        order_from_json(order_json(date=day, time=clock))


def test_an_offset_is_no_part_of_a_local_time() -> None:
    """A time with an offset would be another moment than the shop's local time: refused."""
    with pytest.raises(UnreadableData, match="date, time"):
        order_from_json(order_json(time="10:00:00+01:00"))


@pytest.mark.parametrize("day", ["", None, "0000-00-00"])
def test_a_status_that_never_changed_has_no_moment(day: Any) -> None:
    """PHP's zero date and an empty date say the same."""
    assert order_from_json(order_json(status_changed_date=day)).status_changed_at is None


# --------------------------------------------------------------------- what is wrong, and where


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        (order_json(price={}), "price.total", "ontbreekt"),
        (order_json(price=[]), "price.total", "ontbreekt"),
        (with_price({"amount": "1,00"}), "orderlines.0.price.amount", "is geen bedrag"),
        (with_price([PRICE, {"rate": "9"}]), "orderlines.0.price.1.amount", "ontbreekt"),
        (with_price({"0": {"amount": "x"}}), "orderlines.0.price.0.amount", "is geen bedrag"),
        (with_price("gratis"), "orderlines.0.price", "is geen object"),
        (order_json(orderlines=["x"]), "orderlines.0", "is geen object"),
        (order_json(orderlines="x"), "orderlines", "is geen lijst"),
        (order_json(debtor="x"), "debtor", "is geen object"),
        (
            order_json(debtor={"address": {"invoice": 5}}),
            "debtor.address.invoice",
            "is geen object",
        ),
        (order_json(debtor={"name": ["A"]}), "debtor.name", "is geen tekst"),
        (order_json(discountcode=False), "discountcode", "is geen tekst"),
        ([], "order", "is geen object"),
        (None, "order", "is geen object"),
    ],
)
def test_an_error_names_field_and_problem(given: Any, field: str, problem: str) -> None:
    """The remote field, dotted, and a Dutch problem: enough to find it in the shop."""
    with pytest.raises(UnreadableData) as caught:
        order_from_json(given)

    assert caught.value.field == field
    assert caught.value.problem.startswith(problem)
    assert str(caught.value) == f"{field}: {caught.value.problem}"


SPOILT: list[Callable[[str], dict[str, Any]]] = [
    with_total,
    lambda secret: order_json(status=secret),
    lambda secret: order_json(date=secret),
    lambda secret: order_json(time=secret),
    lambda secret: order_json(debtor={"address": {"invoice": secret}}),
    lambda secret: order_json(orderlines={secret: {}}),
    lambda secret: order_json(orderlines=[{"price": {secret: 1}}]),
]


@pytest.mark.parametrize("spoilt", SPOILT)
def test_an_error_never_holds_a_value(spoilt: Callable[[str], dict[str, Any]]) -> None:
    """A customer's name that ended up in the wrong field is not repeated anywhere."""
    secret = "Quirijn Testklant"

    read = read_order(json.dumps(spoilt(secret)).encode())

    assert isinstance(read, UnreadableOrder)
    assert secret not in repr(read)
    with pytest.raises(UnreadableData) as caught:
        order_from_json(spoilt(secret))
    assert secret not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# ----------------------------------------------------------------------------------- read_order


def test_a_read_order_keeps_its_bytes() -> None:
    """What was read and the bytes it was read from stay together."""
    raw = order_bytes("1042")

    fetched = read_order(raw)

    assert isinstance(fetched, FetchedOrder)
    assert fetched.raw == raw


def test_an_unreadable_order_still_says_which_one_it_is() -> None:
    """Number, uuid and bytes are there, so that the owner can look it up."""
    raw = order_bytes("1042", price={"total": "35,85"})

    read = read_order(raw)

    assert isinstance(read, UnreadableOrder)
    assert (read.number, read.raw) == ("1042", raw)
    assert read.uuid == order_json("1042")["uuid"]
    assert read.problem.startswith("Het veld price.total van deze bestelling is geen bedrag")


@pytest.mark.parametrize(
    "raw", [b"", b"<p>We zijn zo terug</p>", b'{"number": "1042"', b"\xff\xfe"]
)
def test_bytes_that_are_no_json_are_unreadable(raw: bytes) -> None:
    """Nothing is known of such an order but its bytes."""
    assert read_order(raw) == UnreadableOrder("", "", "Deze bestelling is geen geldige JSON.", raw)
