"""Where a sale is taxed: address, country, special places, pick-up (R14-R23)."""

from dataclasses import replace
from datetime import date

import pytest

from boekbrug.domain import countries
from boekbrug.domain.invoice import Invoice
from boekbrug.domain.order import Order, OrderPayment
from boekbrug.domain.sale import Area, Sale
from tests.unit.domain.builders import (
    DAY,
    RATES,
    address,
    amount,
    book,
    business,
    codes,
    facts,
    line,
    order,
    settings,
    warnings,
)


def area(what: Order, **choices: object) -> tuple[str, Area]:
    """Fiscal country and area of an order."""
    sale = Sale(what, settings(**choices), facts(), amount(1))
    return sale.country, sale.area


def test_goods_follow_the_delivery_address() -> None:
    """Goods are taxed where they go; the invoice address becomes the other one (R14)."""
    invoice = book(order(country="FR", delivery=address("NL", city="Oss"), tax_region="NL"))
    assert (invoice.vattype, invoice.customer.countrycode) == (1, "NL")
    assert (invoice.customer.city, invoice.customer.altcountrycode) == ("Oss", "FR")


def test_services_follow_the_invoice_address() -> None:
    """Services are taxed at the invoice address (R14)."""
    what = order(line("11.90", "19"), country="DE", delivery=address("NL"))
    assert book(what, sells="services").vattype == 6


def test_address_by_setting() -> None:
    """The merchant can make the invoice or the delivery address decide (R14)."""
    what = order(country="DE", delivery=address("NL"))
    assert area(what, fiscal_address="invoice") == ("DE", Area.EU)
    assert area(what, fiscal_address="delivery", sells="services") == ("NL", Area.HOME)
    assert area(order(country="DE"), fiscal_address="delivery") == ("DE", Area.EU)


def test_delivery_without_country_does_not_count() -> None:
    """A delivery address without a country leaves the invoice address in charge (R14)."""
    assert area(order(country="DE", delivery=address("")))[0] == "DE"


@pytest.mark.parametrize(
    "sign",
    [
        {"payment": OrderPayment("basic", "pickup", 1)},
        {"delivery_type": "pickup"},
        {"delivery_type": "Pick-up"},
        {"offline_location_id": "3b0d9f6c"},
    ],
)
def test_pickup_is_home(sign: dict[str, object]) -> None:
    """Who collects in the shop pays home VAT, wherever the address is (R15)."""
    what = business(line("121.00"), country="FR", number="FR05502086580", **sign)
    invoice = book(what)
    assert (invoice.vattype, invoice.concept) == (1, False)
    assert invoice.customer.countrycode == "FR"


def test_parcel_point_is_no_pickup() -> None:
    """A parcel point is a delivery like any other (R15)."""
    assert area(order(country="BE", delivery_type="pickup_point"))[0] == "BE"


def test_pickup_at_zero_percent() -> None:
    """0% on a pick-up means that home VAT was due (R15, R33)."""
    what = business(
        line("100.00", "0"),
        country="FR",
        number="FR05502086580",
        tax_strategy="reverse_charged_vat",
        payment=OrderPayment("basic", "pickup", 1),
    )
    assert warnings(book(what)) == ["goods_stay_home"]


@pytest.mark.parametrize(
    ("given", "country", "code"),
    [
        (
            {"country": "", "shipping_countries": ("BE",), "tax_region": "NL"},
            "BE",
            "country_from_order",
        ),
        ({"country": "", "tax_region": "BE"}, "BE", "country_from_order"),
        ({"country": ""}, "NL", "country_unknown"),
    ],
)
def test_where_the_country_comes_from(given: dict[str, object], country: str, code: str) -> None:
    """Address, shipping, tax region, name, home: in that order, and told (R16)."""
    invoice = book(order(**given))
    assert invoice.customer.countrycode == country
    assert codes(invoice, "notice")[0] == code


def test_country_by_its_name() -> None:
    """A localised country name is used when there is no code at all (R16, F14)."""
    what = order(tax_region="", tax_strategy=None)
    invoice = replace(what.debtor.invoice, country_code="", country="België")
    what = replace(what, debtor=replace(what.debtor, invoice=invoice))
    assert book(what).customer.countrycode == "BE"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("el", "GR"), (" uk ", "GB"), ("nl", "NL"), ("BEL", ""), ("", ""), ("4X", ""), ("ZZ", "")],
)
def test_codes_are_normalised(typed: str, code: str) -> None:
    """Upper case, trimmed, EL is GR, UK is GB; anything else is no code (R17)."""
    assert countries.normalised(typed) == code


def test_eu_by_date() -> None:
    """The United Kingdom was EU up to 2020-12-31 (R18)."""
    assert area(order(country="GB", on=date(2020, 12, 30)))[1] is Area.EU
    assert area(order(country="GB", on=date(2021, 1, 2)))[1] is Area.OUTSIDE


def test_eu_by_acumulus_answer() -> None:
    """Acumulus' region decides, our own list when there is no answer (R18)."""
    assert area(order(country="SE"))[1] is Area.EU
    assert area(order(country="HR"))[1] is Area.EU
    assert area(order(country="AF"))[1] is Area.OUTSIDE


OUTSIDE = [
    ("ES", "38001", "Santa Cruz"),
    ("ES", "35 001", "Las Palmas"),
    ("ES", "51001", "Ceuta"),
    ("ES", "ES-52001", "Melilla"),
    ("DE", "D-78266", "Büsingen"),
    ("DE", "27498", "Helgoland"),
    ("IT", "23041", "Livigno"),
    ("IT", "23030", "Livigno (SO)"),
    ("IT", "22061", "Campione d'Italia"),
    ("IT", "22060", "Campione d’Italia"),
    ("GR", "630 86", "Karyes"),
    ("GR", "63087", "Dafni"),
    ("FR", "97110", "Pointe-à-Pitre"),
    ("FR", "98713", "Papeete"),
    ("FI", "22100", "Mariehamn"),
    ("AX", "22100", "Mariehamn"),
    ("GP", "97110", ""),
    ("RE", "97400", ""),
    ("SM", "47890", ""),
    ("VA", "00120", ""),
    ("AD", "AD500", ""),
    ("GI", "", ""),
    ("GG", "", ""),
    ("JE", "", ""),
    ("FO", "100", ""),
    ("GL", "3900", ""),
    ("BQ", "", "Kralendijk"),
    ("CW", "", ""),
    ("CH", "8001", "Zürich"),
    ("DE", "8238", "Büsingen am Hochrhein"),
    ("IT", "6911", "Campione d'Italia"),
]


@pytest.mark.parametrize(("country", "postcode", "city"), OUTSIDE)
def test_export_to_outside_the_vat_area(country: str, postcode: str, city: str) -> None:
    """At 0% these places are exports, final (R19, R23, R35)."""
    what = order(
        line("80.00", "0"),
        country=country,
        zipcode=postcode,
        city=city,
        tax_strategy="zero_percent",
    )
    invoice = book(what)
    assert (invoice.vattype, invoice.concept) == (4, False)
    assert [one.vatrate for one in invoice.lines] == [0]


@pytest.mark.parametrize(
    ("country", "postcode", "city"),
    [
        ("ES", "08001", "Barcelona"),
        ("ES", "3501", "Benidorm"),
        ("DE", "78267", "Aach"),
        ("DE", "08238", "Zwickau"),
        ("IT", "23030", "Valdisotto"),
        ("IT", "22060", "Cabiate"),
        ("FR", "75001", "Paris"),
        ("FR", "98000", "Monaco"),
        ("FI", "00100", "Helsinki"),
        ("GR", "63088", ""),
    ],
)
def test_neighbours_are_inside(country: str, postcode: str, city: str) -> None:
    """A postcode that only looks like one of those places is in the EU (R19)."""
    assert area(order(country=country, zipcode=postcode, city=city))[1] is Area.EU


def test_vat_charged_in_a_special_territory() -> None:
    """VAT on a sale to the Canary Islands is for a person to look at (R19)."""
    for region in ("ES", "NL"):
        invoice = book(order(country="ES", zipcode="38001", tax_region=region))
        assert warnings(invoice) == ["export_with_vat_charged"]


def test_monaco_is_france() -> None:
    """Monaco has French VAT and is sent as FR with its own name (R20)."""
    invoice = book(order(line("12.00", "20"), country="MC", zipcode="98000", tax_region="FR"))
    customer = invoice.customer
    assert (invoice.vattype, invoice.concept) == (6, False)
    assert (customer.countrycode, customer.country, customer.countryautoname) == (
        "FR",
        "Monaco",
        "0",
    )


def test_monaco_stays_itself_under_dutch_vat() -> None:
    """Only types that depend on an EU country need France (R20)."""
    invoice = book(order(country="MC", zipcode="98000", tax_region="NL"))
    assert (invoice.vattype, invoice.customer.countrycode) == (1, "MC")


def test_monaco_is_no_export() -> None:
    """Zero percent to Monaco is wrong (R20, R37)."""
    invoice = book(order(line("12.00", "0"), country="MC", tax_strategy="zero_percent"))
    assert warnings(invoice) == ["zero_percent_in_eu"]


def test_isle_of_man_is_the_united_kingdom() -> None:
    """The Isle of Man has British VAT (R20, R22)."""
    invoice = book(order(line("12.00", "20"), country="IM", tax_region="GB"))
    assert (invoice.vattype, invoice.customer.countrycode) == (7, "GB")
    export = book(order(line("12.00", "0"), country="IM", tax_strategy="zero_percent"))
    assert (export.vattype, export.customer.countrycode) == (4, "IM")


def test_isle_of_man_until_2020() -> None:
    """It left the EU area with the United Kingdom; before, it goes as GB under type 6 (R20)."""
    sold = order(line("12.00", "20"), country="IM", tax_region="GB", on=date(2020, 5, 5))
    invoice = book(sold)
    assert (invoice.vattype, invoice.customer.countrycode, invoice.concept) == (6, "GB", False)


def test_northern_ireland() -> None:
    """Goods to a BT postcode are EU from 2021 and are sent as XI (R21)."""
    private = order(
        line("50.00", "0"), country="GB", zipcode="BT1 5GS", tax_strategy="zero_percent"
    )
    assert warnings(book(private)) == ["zero_percent_in_eu"]
    taxed = book(order(line("12.00", "20"), country="GB", zipcode="bt15gs", tax_region="GB"))
    assert (taxed.vattype, taxed.customer.countrycode, taxed.concept) == (6, "XI", False)
    home = book(order(country="XI", zipcode="BT1 5GS", tax_region="NL"))
    assert (home.vattype, home.customer.countrycode) == (1, "XI")


def test_northern_ireland_has_british_rates() -> None:
    """Whether Acumulus knows nothing about XI or was not asked, the British rates count (R21)."""
    what = order(line("12.00", "20"), country="XI", zipcode="BT1 5GS", tax_region="XI")
    for known in ({**RATES, "XI": ()}, {code: RATES[code] for code in RATES if code != "XI"}):
        assert codes(book(what, facts(vat_rates=known))) == []


def test_northern_ireland_before_2021_and_for_services() -> None:
    """Before 2021 it was the United Kingdom; for services it is outside the EU (R21)."""
    before = order(line("12.00", "20"), country="GB", zipcode="BT1 5GS", on=date(2020, 5, 1))
    assert area(before) == ("GB", Area.EU)
    after = order(line("12.00", "20"), country="GB", zipcode="BT1 5GS")
    assert area(after, sells="services") == ("GB", Area.OUTSIDE)


def test_bath_is_not_belfast() -> None:
    """BA1 and B1 are English postcodes (R21)."""
    assert area(order(country="GB", zipcode="BA1 1AA"))[0] == "GB"
    assert area(order(country="GB", zipcode="B1 1AA"))[0] == "GB"


def test_channel_islands_under_the_united_kingdom() -> None:
    """They are no part of it, as their postcodes tell: no VAT of theirs, no parcels (R22)."""
    small = order(line("80.00", "0"), country="GB", zipcode="je2 3ab", tax_strategy="zero_percent")
    assert (book(small).customer.countrycode, codes(book(small))) == ("JE", [])
    taxed = book(order(line("12.00", "20"), country="GB", zipcode="GY1 1AA", tax_region="GB"))
    assert (taxed.vattype, warnings(taxed)) == (4, ["rate_unfit"])


def test_united_kingdom() -> None:
    """UK VAT is type 7, export type 4, with a hint for small parcels to private people (R22)."""
    taxed = book(order(line("12.00", "20"), country="GB", tax_region="GB"))
    assert (taxed.vattype, taxed.concept) == (7, False)
    small = order(line("80.00", "0"), country="GB", tax_strategy="zero_percent")
    assert (book(small).vattype, codes(book(small))) == (4, ["uk_parcel"])
    large = order(line("180.00", "0"), country="GB", tax_strategy="zero_percent")
    assert codes(book(large)) == []


def test_british_company_with_and_without_a_number() -> None:
    """Who has no VAT number counts as private, a company too (R22, R24)."""

    def told(vat_number: str) -> list[str]:
        what = order(
            line("80.00", "0"),
            country="GB",
            company="Ltd",
            vat_number=vat_number,
            tax_strategy="zero_percent",
        )
        return codes(book(what))

    assert told("") == ["uk_parcel"]
    assert told("GB980780684") == []


def test_parcel_limit_in_the_merchants_rate() -> None:
    """The limit of 135 pounds follows the merchant's own rate (R22)."""
    what = order(line("150.00", "0"), country="GB", tax_strategy="zero_percent")
    assert codes(book(what, exchange_rates={"GBP": "1.10"})) == []
    assert codes(book(what, exchange_rates={"GBP": "1.20"})) == ["uk_parcel"]


def test_every_area_has_a_place_in_the_rates_used_here() -> None:
    """The tests look at countries that Acumulus knows."""
    assert {"BE", "DE", "GB"} <= RATES.keys()
    assert isinstance(book(order(on=DAY)), Invoice)
