"""What holds for every order, over generated ones (hypothesis)."""

from collections import defaultdict
from dataclasses import fields, is_dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.order import Order, OrderLine, Price
from tests.unit.domain.builders import (
    CENT,
    acumulus_total,
    address,
    book,
    codes,
    credit_of,
    order,
    outcome,
    with_original,
)

SIX = Decimal("0.000001")
KINDS = ("article", "article", "article", "custom", "shipping", "payment", "surcharge")
ZERO = Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """Rounded half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@st.composite
def priced_lines(draw: st.DrawFn, *, zero_rated: bool = False) -> OrderLine:
    """A line as a shop computes it, with prices including or excluding VAT."""
    rate = Decimal(draw(st.sampled_from([21, 21, 9])))
    quantity = Decimal(draw(st.integers(1, 40) | st.sampled_from([100, 250, 500, 1000])))
    unit = Decimal(draw(st.integers(1, 50_000))) / 100
    sign = draw(st.sampled_from([1, 1, 1, -1]))
    including = draw(st.booleans())
    charged = ZERO if zero_rated else rate
    net = (unit * 100 / (100 + rate)).quantize(SIX, ROUND_DOWN) if including else unit
    exact = net * quantity
    gross = (
        unit * quantity if including and not zero_rated else cents(exact * (100 + charged) / 100)
    )
    kind = draw(st.sampled_from(KINDS)) if sign > 0 else "discount"
    return OrderLine(kind, "Iets", quantity, (Price(exact * sign, gross * sign, charged),))


def placed(lines: list[OrderLine], **more: Any) -> Order:
    """The order of these lines, with the total that the customer paid."""
    total = sum((price.gross or ZERO for line in lines for price in line.prices), ZERO)
    return order(*lines, total=str(total), **more)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Domestic orders and exports of up to twelve lines, with a positive total."""
    zero_rated = draw(st.booleans())
    lines = draw(st.lists(priced_lines(zero_rated=zero_rated), min_size=1, max_size=12))
    where = {"country": "CH", "tax_strategy": "zero_percent"} if zero_rated else {}
    found = placed(lines, **where)
    if found.total <= 0:
        found = placed([*lines, replace(lines[0], prices=(_enough(found, zero_rated),))], **where)
    return found


def _enough(what: Order, zero_rated: bool) -> Price:
    gross = 1 - what.total
    rate = ZERO if zero_rated else Decimal(21)
    return Price((gross * 100 / (100 + rate)).quantize(SIX, ROUND_DOWN), gross, rate)


def charged_vat(what: Order) -> dict[Decimal, Decimal]:
    """The VAT in what the customer paid, per rate."""
    vat: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in what.lines:
        for price in line.prices:
            rate = price.rate or ZERO
            vat[rate] += (price.gross or ZERO) * rate / (100 + rate)
    return vat


def booked_vat(invoice: Invoice) -> dict[Decimal, Decimal]:
    """The VAT that Acumulus will compute, per rate."""
    vat: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        vat[line.vatrate] += line.unitprice * line.quantity * max(line.vatrate, ZERO) / 100
    return vat


@given(orders())
@settings(max_examples=300, deadline=None)
def test_final_and_to_the_cent(what: Order) -> None:
    """An order that adds up becomes a final invoice of exactly its total (R79)."""
    invoice = book(what)
    assert acumulus_total(invoice) == invoice.total == what.total
    assert not invoice.concept
    assert set(codes(invoice)) <= {"rounding_line", "uk_parcel"}


@given(orders())
@settings(max_examples=200, deadline=None)
def test_vat_per_rate(what: Order) -> None:
    """The VAT of each rate is within a cent a line of what the customer paid (R82)."""
    invoice = book(what)
    booked, charged = booked_vat(invoice), charged_vat(what)
    for rate in {*booked, *charged}:
        assert abs(booked[rate] - charged[rate]) <= CENT * len(invoice.lines)


@given(orders(), st.sampled_from([1, -1]))
@settings(max_examples=200, deadline=None)
def test_credit_negates(what: Order, sign: int) -> None:
    """The credit of a whole order is its invoice with every amount turned round (R110)."""
    lines = tuple(
        replace(line, prices=tuple(_times(price, sign) for price in line.prices))
        for line in what.lines
    )
    credit = replace(credit_of(what), lines=lines, total=what.total * sign)
    booked, credited = book(what), book(credit, with_original(what))
    assert credited.total == -booked.total
    assert [(c.unitprice, c.vatrate, c.quantity) for c in credited.lines] == [
        (-b.unitprice, b.vatrate, b.quantity) for b in booked.lines
    ]
    assert (credited.vattype, credited.concept) == (booked.vattype, booked.concept)


def _times(price: Price, sign: int) -> Price:
    return Price(price.net * sign, (price.gross or ZERO) * sign, price.rate)


@given(orders(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_order_of_lines_does_not_matter(what: Order, chance: Any) -> None:
    """The same lines in another order give the same total, VAT and fingerprint (R61, R122)."""
    lines = list(what.lines)
    chance.shuffle(lines)
    shuffled = replace(what, lines=tuple(lines))
    one, other = book(what), book(shuffled)
    assert (one.total, one.vattype, one.concept) == (other.total, other.vattype, other.concept)
    assert one.vat == other.vat
    assert sorted(map(_row, one.lines)) == sorted(map(_row, other.lines))
    assert fingerprint(what) == fingerprint(shuffled)


def _row(line: Any) -> tuple[Decimal, ...]:
    return (line.unitprice, line.vatrate, line.quantity)


@given(orders(), st.integers(-500, 500))
@settings(max_examples=200, deadline=None)
def test_what_does_not_add_up_is_never_final(what: Order, off: int) -> None:
    """Final means equal to the cent; any other invoice is a concept that says why (R80, R81)."""
    odd = replace(what, total=what.total + Decimal(off) / 100)
    invoice = book(odd)
    if not invoice.concept:
        assert invoice.total == odd.total
    else:
        assert [found for found in invoice.messages if found.severity == "warning"]


@given(orders(), st.sampled_from(["EUR", "GBP", "USD"]))
@settings(max_examples=100, deadline=None)
def test_no_floats(what: Order, currency: str) -> None:
    """Nothing in an invoice is a binary fraction (section 0)."""
    found = outcome(replace(what, currency=currency), exchange_rates={"GBP": "1.1723"})
    assert isinstance(found, Invoice | Hold | Skip)
    assert _floats(found) == []
    if isinstance(found, Invoice) and currency == "GBP":
        assert found.total == cents(what.total * Decimal("1.1723"))


def _floats(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return [f for field in fields(value) for f in _floats(getattr(value, field.name))]
    if isinstance(value, dict):
        return [f for pair in value.items() for each in pair for f in _floats(each)]
    return [f for each in value for f in _floats(each)] if isinstance(value, tuple | list) else []


COUNTRIES = ("NL", "BE", "DE", "CH", "GB", "XI", "ES", "PT", "MC", "IM", "AX", "US", "", "EL", "ZZ")
STRATEGIES = (None, "", "zero_percent", "reverse_charged_vat")
NUMBERS = ("", "BE0123456749", "XI123456789", "NL123456789B01", "DE12", "GB123456789", "?")
CHOICES: dict[str, list[Any]] = {
    "sells": ["products", "services", "both"],
    "zero_rate_means": ["not_sold", "vat_free", "zero_rate"],
    "margin_goods": ["none", "some", "only"],
    "eu_vat": ["always", "from_threshold", "never"],
    "warehouse_country": ["", "DE"],
    "missing_amount": ["warn", "add_line", "ignore"],
    "fiscal_address": ["auto", "invoice", "delivery"],
    "send_private_customers": [True, False],
    "domestic_reverse_charge": [True, False],
    "home_country": ["NL", "NL", "BE"],
}
AMOUNTS = st.integers(-3000, 9000).map(lambda cent: Decimal(cent) / 100)


@st.composite
def odd_lines(draw: st.DrawFn) -> OrderLine:
    """A line that may miss anything and contradict itself."""
    rates = st.sampled_from([None, *map(Decimal, ("0", "6", "9", "19", "20", "21", "15.3"))])
    prices = st.builds(Price, net=AMOUNTS, gross=AMOUNTS | st.none(), rate=rates)
    kinds = [*KINDS, "discount", "gift_card", "", "Onbekend type"]
    quantities = st.sampled_from([None, *map(Decimal, ("0", "1", "-2", "3", "0.333", "1000"))])
    return OrderLine(
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from(["", "Mok", "<b>&amp;"])),
        draw(quantities),
        tuple(draw(st.lists(prices, max_size=3))),
    )


@given(
    lines=st.lists(odd_lines(), min_size=1, max_size=5),
    choices=st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in CHOICES.items()}),
    draws=st.data(),
)
@settings(max_examples=500, deadline=None)
def test_anything_gets_an_explained_answer(
    lines: list[OrderLine], choices: dict[str, Any], draws: Any
) -> None:
    """Whatever the shop sends: an invoice that is right or a concept, or a reason (R13, R51)."""
    pick = draws.draw
    what = placed(
        lines,
        country=pick(st.sampled_from(COUNTRIES)),
        tax_strategy=pick(st.sampled_from(STRATEGIES)),
        tax_region=pick(st.sampled_from(COUNTRIES)),
        company=pick(st.sampled_from(["", "Atelier X"])),
        vat_number=pick(st.sampled_from(NUMBERS)),
        delivery=pick(st.none() | st.sampled_from(COUNTRIES).map(address)),
        zipcode=pick(st.sampled_from(["", "38001", "BT1 1AA", "9000-001"])),
        status=pick(st.sampled_from([3, 10, None])),
    )
    found = outcome(what, **choices)
    if not isinstance(found, Invoice):
        assert found.messages
        return
    assert acumulus_total(found) == found.total
    assert len(found.lines) >= 1
    wanted = -abs(what.total) if what.status == 10 else what.total
    excused = found.concept or "amount_ignored" in codes(found)
    assert excused or found.total == cents(wanted)
    if found.vattype in (2, 3, 4) and not found.concept:
        assert {line.vatrate for line in found.lines} <= {ZERO, Decimal(-1)}
