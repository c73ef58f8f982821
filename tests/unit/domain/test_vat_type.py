"""The VAT type of an invoice, and what makes it doubtful (R27-R51)."""

from datetime import date
from typing import Any

import pytest

from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Hold
from boekbrug.domain.order import Order, Store
from tests.unit.domain.builders import (
    address,
    amount,
    book,
    business,
    codes,
    facts,
    line,
    order,
    outcome,
    rows,
    shipping,
    threshold,
    warnings,
)

REVERSE = "reverse_charged_vat"
ZERO = "zero_percent"


def verdict(what: Order, given: Facts | None = None, **choices: Any) -> tuple[int, bool]:
    """VAT type, and whether it became a concept."""
    invoice = book(what, given, **choices)
    return invoice.vattype, invoice.concept


def at_zero(country: str, strategy: str | None = ZERO, **more: Any) -> Order:
    """An order of 100.00 at 0%."""
    return order(line("100.00", "0"), country=country, tax_strategy=strategy, **more)


BT = {"zipcode": "BT9 6AA"}
CANARY = {"zipcode": "38001"}

# Section 14: country, customer, strategy, rates, tax region -> type (None = any), concept.
DECISION_TABLE = [
    ("NL", "private", "", "21 9", "NL", {}, 1, False),
    ("NL", "business", "", "21 9", "NL", {}, 1, False),
    ("NL", "business", "", "0", "", {}, None, True),
    ("NL", "business", REVERSE, "0", "NL", {}, 1, True),
    ("NL", "business", REVERSE, "0", "", {}, 1, True),
    ("BE", "private", "", "21", "BE", {}, 6, False),
    ("BE", "private", "", "21", "NL", {}, 1, False),
    ("DE", "private", "", "19 7", "DE", {}, 6, False),
    ("DE", "private", "", "21 9", "NL", {}, 1, False),
    ("DE", "private", "", "19 21", "", {}, None, True),
    ("DE", "business", REVERSE, "0", "", {}, 3, False),
    ("DE", "company", REVERSE, "0", "", {}, 3, True),
    ("DE", "business", "", "19", "DE", {}, 6, True),
    ("CH", "private", ZERO, "0", "", {}, 4, False),
    ("BQ", "business", ZERO, "0", "", {}, 4, False),
    ("US", "private", ZERO, "0", "", {}, 4, False),
    ("CH", "private", "", "21", "NL", {}, 1, False),
    ("CH", "business", "", "21", "NL", {}, 1, False),
    ("GB", "private", "", "20", "GB", {}, 7, False),
    ("GB", "private", ZERO, "0", "", {}, 4, False),
    ("GB", "private", ZERO, "0", "", BT, None, True),
    ("GB", "northern business", ZERO, "0", "", BT, 3, False),
    ("ES", "private", "", "21", "", CANARY, None, True),
    ("ES", "private", "", "21", "ES", CANARY, None, True),
    ("ES", "private", ZERO, "0", "", CANARY, 4, False),
]

CUSTOMERS: dict[str, dict[str, str]] = {
    "private": {},
    "company": {"company": "Atelier X"},
    "business": {"company": "Atelier X", "vat_number": "DE136695976"},
    "northern business": {"company": "Atelier X", "vat_number": "XI123456789"},
}


@pytest.mark.parametrize(
    ("country", "customer", "strategy", "rates", "region", "where", "vattype", "concept"),
    DECISION_TABLE,
)
def test_decision_table(
    *,
    country: str,
    customer: str,
    strategy: str,
    rates: str,
    region: str,
    where: dict[str, Any],
    vattype: int | None,
    concept: bool,
) -> None:
    """Every row of the decision table comes out as it says (section 14)."""
    lines = [line("100.00", rate) for rate in rates.split()]
    who = dict(CUSTOMERS[customer])
    if country == "NL" and who.get("vat_number"):
        who["vat_number"] = "NL123456789B01"
    what = order(*lines, country=country, tax_strategy=strategy, tax_region=region, **who, **where)
    found = verdict(what)
    assert found[1] is concept
    assert vattype in (None, found[0])


# --------------------------------------------------------------------------- R13, R27, R28


def test_orders_without_strategy() -> None:
    """Orders that do not tell the treatment: worked out from rates, country and customer (R13)."""
    old = {"strategy": None}
    assert verdict(at_zero("CH", **old)) == (4, False)
    b2b = {"company": "X", "vat_number": "BE0123456749"}
    assert verdict(at_zero("BE", **old, **b2b)) == (3, False)
    assert verdict(order(country="BE", tax_strategy=None, tax_region="BE")) == (6, False)
    assert warnings(book(at_zero("BE", **old))) == ["zero_rate_not_sold"]


def test_unknown_strategy_is_held() -> None:
    """A treatment nobody has seen before is not guessed at (R13)."""
    found = outcome(order(tax_strategy="moon_vat"))
    assert isinstance(found, Hold)
    assert found.reason == "unknown_tax_strategy"


def test_store_elsewhere() -> None:
    """The shop's own idea of abroad is judged again from the administration's country (R27)."""
    belgian = facts(store=Store("s-1", region_code="BE"))
    dutch = business(line("100.00", "0"), country="NL", tax_strategy=REVERSE)
    assert warnings(book(dutch, belgian)) == ["reverse_charge_at_home"]
    consumer = book(order(country="BE", tax_region="BE"), belgian)
    assert (consumer.vattype, consumer.concept) == (6, False)
    assert codes(consumer) == ["store_elsewhere"]


@pytest.mark.parametrize("concept", ["auto", "always", "never"])
def test_administration_abroad(concept: str) -> None:
    """Nothing becomes final in an administration that is not Dutch (R28)."""
    invoice = book(order(country="BE"), home_country="BE", concept=concept)
    assert invoice.concept
    assert warnings(invoice) == ["administration_not_dutch"]


# --------------------------------------------------------------------------- R31-R37


def test_reverse_charge() -> None:
    """A business in another EU country with its VAT number: type 3 at 0 (R31)."""
    invoice = book(business(line("100.00", "0"), tax_strategy=REVERSE))
    assert (invoice.vattype, invoice.concept, invoice.total) == (3, False, 100)
    assert rows(invoice) == [("1", "100.0000", "0")]
    assert (invoice.customer.vatnumber, invoice.customer.vattypeid) == ("BE0123456749", "2")


def test_reverse_charge_without_number() -> None:
    """Type 3 is proposed, but a VAT number is a condition for 0% (R32)."""
    invoice = book(at_zero("FR", REVERSE, company="Atelier X"))
    assert (invoice.vattype, warnings(invoice)) == (3, ["vat_number_missing"])


def test_reverse_charge_of_goods_that_stay() -> None:
    """Goods that do not leave the country: home VAT was due (R33)."""
    what = business(
        line("100.00", "0"),
        country="FR",
        number="FR05502086580",
        delivery=address("NL"),
        tax_strategy=REVERSE,
    )
    assert warnings(book(what)) == ["goods_stay_home"]
    forced = book(what, fiscal_address="invoice")
    assert (forced.vattype, warnings(forced)) == (3, ["goods_stay_home"])
    assert verdict(what, sells="services") == (3, False)


def test_reverse_charge_with_a_taxed_line() -> None:
    """A line with VAT does not fit, and is not changed (R31, R46, R50)."""
    invoice = book(business(line("100.00", "0"), line("12.10"), tax_strategy=REVERSE))
    assert (invoice.vattype, warnings(invoice)) == (3, ["rate_unfit"])
    assert rows(invoice)[1] == ("1", "10.0000", "21")


def test_reverse_charge_outside_the_eu() -> None:
    """Reverse charge to outside the EU VAT area is an export (R31, R35)."""
    what = business(
        line("100.00", "0"), country="ES", number="ESB12345678", tax_strategy=REVERSE, **CANARY
    )
    invoice = book(what)
    assert (invoice.vattype, invoice.concept) == (4, False)
    assert codes(invoice) == ["reverse_charge_outside_eu"]


def test_export_of_services() -> None:
    """Services outside the EU are type 1, VAT free (R36)."""
    private = book(at_zero("US"), sells="services")
    assert (private.vattype, private.concept) == (1, False)
    assert rows(private) == [("1", "100.0000", "-1")]
    assert codes(private) == ["services_outside_eu_private"]
    assert codes(book(at_zero("US", company="Inc"), sells="services")) == []


def test_export_of_goods_and_services() -> None:
    """Two types would be needed (R36); unknown natures are not guessed (R29)."""
    lines = (line("90.00", "0", sku="CURSUS-1"), line("10.00", "0"), shipping("5.00", "0"))
    what = order(*lines, country="US", tax_strategy=ZERO)
    assert warnings(book(what, sells="both", service_skus=["CURSUS-*"])) == ["goods_and_services"]
    assert warnings(book(what, sells="both")) == ["nature_unknown"]


def test_zero_percent_inside_the_eu() -> None:
    """Zero percent to an EU country or to home is wrong (R37)."""
    assert warnings(book(at_zero("DE"))) == ["zero_percent_in_eu"]
    assert warnings(book(at_zero("NL"))) == ["zero_percent_at_home"]


def test_zero_percent_that_is_delivered_in_the_eu() -> None:
    """An export whose goods go to another EU country is none (R37)."""
    what = at_zero("CH", delivery=address("DE"))
    assert warnings(book(what, fiscal_address="invoice")) == ["zero_percent_in_eu"]
    home = at_zero("CH", delivery=address("NL"))
    assert warnings(book(home, fiscal_address="invoice")) == ["goods_stay_home"]


def test_northern_irish_business() -> None:
    """A business in Northern Ireland with an XI number buys like any EU business (R37)."""
    what = at_zero("GB", company="Ltd", vat_number="XI 123 4567 89", **BT)
    invoice = book(what)
    assert (invoice.vattype, invoice.concept, invoice.customer.countrycode) == (3, False, "XI")
    assert "northern_ireland_business" in codes(invoice, "notice")
    british = at_zero("GB", company="Ltd", vat_number="GB123456789", **BT)
    assert warnings(book(british)) == ["zero_percent_in_eu"]


# --------------------------------------------------------------------------- R38-R40


def test_home() -> None:
    """Ordinary VAT at home is type 1 (R38)."""
    assert verdict(order(line("10.90", "9"), line("12.10"))) == (1, False)


def test_region_decides_between_equal_rates() -> None:
    """21% is Belgian or Dutch by the shop's tax region (R39, a)."""
    assert verdict(order(country="BE", tax_region="BE")) == (6, False)
    assert verdict(order(country="BE", tax_region="NL")) == (1, False)


def test_rates_decide_without_region() -> None:
    """Only one of the two countries has these rates (R39, b)."""
    assert verdict(order(line("11.90", "19"), country="DE")) == (6, False)
    assert verdict(order(country="DE")) == (1, False)


def test_rates_win_from_the_region() -> None:
    """When region and rates contradict, the rates win and it is told (R39)."""
    home = book(order(country="DE", tax_region="DE"))
    assert (home.vattype, codes(home)) == (1, ["tax_region_differs"])
    away = book(order(line("11.90", "19"), country="DE", tax_region="NL"))
    assert (away.vattype, codes(away)) == (6, ["tax_region_differs"])


def test_setting_decides_without_region() -> None:
    """Both countries have the rate and no region is known: the merchant's choice (R39, c)."""
    what = order(country="BE")
    assert verdict(what, eu_vat="always") == (6, False)
    assert verdict(what, eu_vat="never") == (1, False)


def test_region_of_a_third_country() -> None:
    """The rates fit home and the country: the setting decides, the owner is told (R39)."""
    invoice = book(order(country="BE", tax_region="ES"))
    assert "tax_region_elsewhere" in codes(invoice, "notice")
    assert (invoice.vattype, invoice.concept) == (1, False)


def test_setting_as_plausibility_check() -> None:
    """Always, but home VAT was charged; never, but foreign VAT was charged (R40)."""
    always = book(order(country="DE", tax_region="NL"), eu_vat="always")
    assert (always.vattype, warnings(always)) == (1, ["eu_vat_always"])
    never = book(order(line("11.90", "19"), country="DE"), eu_vat="never")
    assert (never.vattype, warnings(never)) == (6, ["eu_vat_never"])


# --------------------------------------------------------------------------- R41-R43 margin scheme


def lamp(rate: str = "21", cost: str | None = "60.00", gross: str = "100.00") -> Any:
    """A second-hand lamp."""
    return line(gross, rate, sku="TWH-1", text="Lamp", cost=cost)


def test_purchase_price_alone_is_no_margin() -> None:
    """Purchase prices are nobody's business outside the margin scheme (R41, R71)."""
    invoice = book(order(lamp()))
    assert (invoice.vattype, invoice.lines[0].costprice) == (1, None)


def test_margin_goods_only() -> None:
    """Prices include VAT, every line has a purchase price, shipping joins in (R30, R42)."""
    invoice = book(order(lamp(), shipping("6.05")), margin_goods="only")
    assert (invoice.vattype, invoice.concept, invoice.total) == (5, False, amount("106.05"))
    assert rows(invoice) == [("1", "100.0000", "21"), ("1", "6.0500", "21")]
    assert [str(one.costprice) for one in invoice.lines] == ["60.00", "0.00"]
    # Over the lamp 6.94 (40.00 / 1.21 x 0.21) and over the shipping 1.05.
    assert invoice.vat["21"] == amount("7.99")


def test_margin_goods_at_zero() -> None:
    """The shop shows 0% or nothing: the standard rate of home (R42)."""
    invoice = book(order(lamp("0"), shipping("5.00", "0")), margin_goods="only")
    assert (invoice.vattype, invoice.concept) == (5, False)
    assert rows(invoice) == [("1", "100.0000", "21"), ("1", "5.0000", "21")]


def test_some_margin_goods() -> None:
    """Chosen by SKU and with a purchase price; normal goods join in for consumers (R41, R43)."""
    some = {"margin_goods": "some", "margin_skus": ["twh-*"]}
    both = (lamp(), line("12.10", sku="NIEUW"))
    invoice = book(order(*both), **some)
    assert (invoice.vattype, invoice.concept) == (5, False)
    assert rows(invoice)[1] == ("1", "12.1000", "21")
    assert verdict(order(lamp(cost=None)), **some) == (1, False)
    assert verdict(order(line("12.10", sku="NIEUW", cost="3.00")), **some) == (1, False)
    assert warnings(book(order(*both, company="Bakker BV"), **some)) == ["margin_for_business"]
    assert verdict(order(lamp(), company="Bakker BV"), **some) == (5, False)


def test_margin_goods_exported() -> None:
    """At 0% to outside the EU type 4 wins (R43)."""
    what = order(lamp("0"), country="CH", tax_strategy=ZERO)
    assert verdict(what, margin_goods="only") == (4, False)


def test_margin_without_purchase_price() -> None:
    """Only margin goods, but no purchase price: told, with 0 (R41, R42)."""
    invoice = book(order(lamp(cost=None)), margin_goods="only")
    assert (invoice.concept, codes(invoice)) == (False, ["margin_cost_missing"])
    assert str(invoice.lines[0].costprice) == "0.00"


def test_margin_and_reverse_charge() -> None:
    """Margin goods cannot be reverse-charged (R42)."""
    what = business(lamp("0"), tax_strategy=REVERSE)
    assert warnings(book(what, margin_goods="only")) == ["margin_reverse_charged"]


# --------------------------------------------------------------------------- R44-R49


def test_domestic_reverse_charge_on_request() -> None:
    """Type 2 only when the merchant asked for it (R44)."""
    what = business(line("100.00", "0", "40"), country="NL")
    assert warnings(book(what)) == ["domestic_reverse_charge_off"]
    invoice = book(what, domestic_reverse_charge=True)
    assert (invoice.vattype, invoice.concept) == (2, False)
    assert rows(invoice) == [("40", "2.5000", "0")]
    private = order(line("100.00", "0"))
    assert warnings(book(private, domestic_reverse_charge=True)) == ["zero_rate_not_sold"]


@pytest.mark.parametrize(
    ("nltaxed", "net", "reached", "code"),
    [
        ("9000", "121.00", False, []),
        ("9400", "181.50", False, ["threshold_near"]),
        ("9400", "847.00", False, ["threshold_passed"]),
        ("9900", "121.00", False, ["threshold_near"]),
        ("9900", "121.01", False, ["threshold_passed"]),
        ("12000", "12.10", True, ["threshold_reached"]),
    ],
)
def test_threshold(nltaxed: str, net: str, reached: bool, code: list[str]) -> None:
    """How far the threshold is used, with this order without VAT (R45)."""
    given = facts(eu_threshold=threshold(nltaxed, reached=reached))
    assert codes(book(order(line(net), country="DE"), given)) == code


def test_threshold_percentage() -> None:
    """From the merchant's percentage on; empty is never (R45)."""
    given = facts(eu_threshold=threshold("8000"))
    what = order(country="DE")
    assert codes(book(what, given, eu_threshold_percentage="80")) == ["threshold_near"]
    assert codes(book(what, given, eu_threshold_percentage="")) == []


def test_threshold_is_for_distance_sales_only() -> None:
    """Not for home, businesses, pick-up, outside the EU or before July 2021 (R45, R15)."""
    given = facts(eu_threshold=threshold("12000", reached=True))
    old = facts(eu_threshold=threshold("12000", reached=True, year=2021))
    assert codes(book(order(), given)) == []
    assert codes(book(business(line("121.00"), country="DE"), given)) == []
    assert codes(book(order(country="DE", delivery_type="pickup"), given)) == []
    assert codes(book(order(country="NO"), given)) == ["export_with_vat"]
    assert codes(book(order(country="DE", on=date(2021, 6, 30)), old)) == []
    assert codes(book(order(country="DE", company="Verein"), given)) == ["threshold_reached"]


def test_from_threshold_with_equal_rates() -> None:
    """Reached or passing: type 6; else 1; without a report 1 and told (R39, R45)."""
    what = order(country="BE")
    reached = facts(eu_threshold=threshold("12000", reached=True))
    passing = facts(eu_threshold=threshold("9995"))
    below = facts(eu_threshold=threshold("100"))
    assert verdict(what, reached) == (6, False)
    assert verdict(what, passing) == (6, False)
    assert (verdict(what, below), codes(book(what, below))) == ((1, False), [])
    assert codes(book(what)) == ["threshold_unknown"]
    last_year = order(country="BE", on=date(2024, 12, 30))
    report = facts(eu_threshold=threshold("12000", reached=True, year=2024))
    assert (verdict(last_year, report), codes(book(last_year, report))) == (
        (1, False),
        ["threshold_unknown"],
    )


def test_every_line_must_fit() -> None:
    """A rate that the country does not have is named with its line (R46)."""
    late = book(order(line("10.60", "6", text="Boek"), on=date(2024, 3, 1)))
    assert warnings(late) == ["rate_unfit"]
    assert "Boek" in late.messages[0].text
    assert "6%" in late.messages[0].text
    assert verdict(order(line("10.60", "6"), on=date(2018, 12, 31))) == (1, False)


def test_rates_of_two_countries() -> None:
    """German and Dutch VAT in one order must be split (R46)."""
    both = order(line("11.90", "19"), line(), country="DE")
    assert warnings(book(both)) == ["split_needed"]


def test_vat_outside_the_eu() -> None:
    """Home VAT outside the EU is told, foreign VAT is for a person (R47)."""
    norway = book(order(country="NO", tax_region="NL"))
    assert (norway.vattype, norway.concept, codes(norway)) == (1, False, ["export_with_vat"])
    swiss = book(order(line("10.81", "8.1"), country="CH", tax_region="CH"))
    assert warnings(swiss) == ["rate_unfit"]
    both = order(line("12.00", "20"), line(), country="GB", tax_region="GB")
    assert warnings(book(both)) == ["split_needed"]


def test_oss_is_for_consumers() -> None:
    """A business with a VAT number does not belong in the OSS return (R48)."""
    charged = book(business(line("119.00", "19"), country="DE", tax_region="DE"))
    assert (charged.vattype, warnings(charged)) == (6, ["oss_business"])
    assert verdict(business(line("121.00"), country="DE", tax_region="NL")) == (1, False)
    assert verdict(business(line("121.00"), country="BE")) == (1, False)
    club = order(line("119.00", "19"), country="DE", company="Verein", tax_region="DE")
    assert verdict(club) == (6, False)


def test_warehouse_abroad() -> None:
    """From a warehouse abroad every EU consumer is type 6, a business elsewhere type 3 (R49)."""
    invoice = book(order(tax_region="NL"), warehouse_country="DE")
    assert (invoice.vattype, invoice.concept, invoice.warehousecountry) == (6, False, "DE")
    german = order(line("11.90", "19"), country="DE")
    assert verdict(german, warehouse_country="DE") == (6, False)
    belgian = business(line("100.00", "0"), tax_strategy=REVERSE)
    assert verdict(belgian, warehouse_country="DE") == (3, False)
    dutch = business(line("100.00", "0"), country="NL", tax_strategy=REVERSE)
    assert verdict(dutch, warehouse_country="DE") == (3, False)
    local = business(line("100.00", "0"), country="DE", tax_strategy=REVERSE)
    assert warnings(book(local, warehouse_country="DE")) == ["reverse_charge_at_home"]
    assert book(order(), warehouse_country="NL").warehousecountry is None
    assert book(order(), warehouse_country="DE", sells="services").warehousecountry is None


def test_export_from_a_warehouse_to_its_own_island() -> None:
    """Heligoland lies outside the VAT area: goods from a German warehouse are exported (R19)."""
    there = address("DE", zipcode="27498", city="Helgoland")
    island = order(line("50.00", "0"), country="DE", delivery=there, tax_strategy="zero_percent")
    assert verdict(island, warehouse_country="DE") == (4, False)


def test_best_guess() -> None:
    """When nothing fits the amounts stay as charged and a person decides (R50)."""
    invoice = book(order(line("121.00"), country="CH", tax_strategy=ZERO))
    assert (invoice.vattype, warnings(invoice)) == (4, ["rate_unfit"])
    assert rows(invoice) == [("1", "100.0000", "21")]


def test_all_reasons_are_collected() -> None:
    """One concept with every reason, so that all can be mended in one go (R51)."""
    what = at_zero("FR", REVERSE, company="Atelier X", total="103.50")
    assert warnings(book(what)) == ["vat_number_missing", "amount_missing"]
