"""Picklists, VAT rates and reports of the books stand-in (Acumulus API, sections 4.1 to 4.3)."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.standins.clients import BooksClient, line, tags, tags_of
from workbench.standins import BooksStandIn

VAT, THRESHOLD = "lookups/lookup_vatinfo", "reports/report_threshold_eu_ecommerce"


def _rates(booker: BooksClient, country: str, day: str) -> list[dict[str, str]]:
    found = booker.ask(VAT, tags({"vatcountry": country, "vatdate": day}))["vatinfo"]
    return found["vat"] if found else []


@pytest.mark.parametrize(
    ("country", "day", "region", "expected"),
    [
        ("NL", "2012-09-30", "1", "19 6 0"),
        ("NL", "2018-12-31", "1", "21 6 0"),
        ("nl", "2019-01-01", "1", "21 9 0"),
        ("NL", "2019-01-01", "2", "21 9 0"),
        ("NL", "2026-03-10", "2", "21 9 0 -1"),
        ("BE", "2026-03-10", "2", "21 12 12 6 0"),
        ("DE", "2020-07-01", "2", "16 5 0"),
        ("DE", "2021-01-01", "2", "19 7 0"),
        ("FI", "2024-09-01", "2", "25.5 14 10 0"),
        ("GB", "2020-12-31", "2", "20 5 0"),
        ("GB", "2021-01-01", "3", "20 5 0"),
    ],
)
def test_rates_by_country_and_day(
    booker: BooksClient, country: str, day: str, region: str, expected: str
) -> None:
    """The rates of the law on that day, per region of the country, with four decimals."""
    rates = [
        row["vatrate"] for row in _rates(booker, country, day) if row["countryregion"] == region
    ]

    assert Counter(rates) == Counter(f"{Decimal(rate):.4f}" for rate in expected.split())


@pytest.mark.parametrize(("country", "day"), [("AF", "2026-03-10"), ("BE", "2014-12-31")])
def test_no_data_is_an_empty_list(booker: BooksClient, country: str, day: str) -> None:
    """Outside the EU, and before 2015: status 0 and nothing in it."""
    assert _rates(booker, country, day) == []


EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


def test_every_eu_country_has_rates(booker: BooksClient) -> None:
    """All 27 of them, each with one normal rate."""
    normal = {}
    for country in EU.split():
        rows = _rates(booker, country, "2026-03-10")
        normal[country] = {row["vatrate"] for row in rows if row["vattype"] == "normal"}

    assert [len(rates) for rates in normal.values()] == [1] * 27
    assert (normal["HU"], normal["LU"], normal["SK"]) == ({"27.0000"}, {"17.0000"}, {"23.0000"})


def test_wrong_country_and_date(booker: BooksClient) -> None:
    """A code that is no country has its own error."""
    assert tags_of(booker.ask(VAT, "<vatcountry>ln</vatcountry>"), "error") == ["AA6A45AA"]
    assert tags_of(booker.ask(VAT, "<vatdate>vandaag</vatdate>"), "error") == ["SIMDATE"]


def test_rates_of_region_2_can_be_hidden(books: BooksStandIn, booker: BooksClient) -> None:
    """The Netherlands show two regions live; a client must not depend on it."""
    books.switches.nl_rates_of_region_2 = "hidden"
    today = booker.ask(VAT, "<vatcountry>NL</vatcountry>")["vatinfo"]["vat"]

    assert {row["countryregion"] for row in today} == {"1"}


@pytest.mark.parametrize(
    ("call", "node", "item", "first"),
    [
        ("accounts", "accounts", "account", {"accountid": "70001", "accountstatus": "1"}),
        ("costcenters", "costcenters", "costcenter", {"costcenterid": "48001"}),
        ("invoicetemplates", "invoicetemplates", "invoicetemplate", {"invoicetemplateid": "39001"}),
        ("contacttypes", "contacttypes", "contacttype", {"contacttypenamenl": "Debiteur"}),
        ("companytypes", "companytypes", "companytype", {"companytypename": "Sole proprietorship"}),
    ],
)
def test_picklists(
    booker: BooksClient, call: str, node: str, item: str, first: dict[str, Any]
) -> None:
    """Each list under its own node, with the documented fields."""
    rows = booker.ask(f"picklists/picklist_{call}")[node][item]

    assert rows[0].items() >= first.items()


def test_disabled_accounts_only_on_request(books: BooksStandIn, booker: BooksClient) -> None:
    """Active is the default; a tenant can disable an account in mid-run."""
    call = "picklists/picklist_accounts"
    books.set_account_status("70003", "0")

    def ids(body: str = "") -> list[str]:
        return [row["accountid"] for row in booker.ask(call, body)["accounts"]["account"]]

    assert ids() == ["70001", "70002"]
    assert ids("<accountstatus>0</accountstatus>") == ["70003", "70009"]


def test_my_acumulus_counts_bookings(books: BooksStandIn, booker: BooksClient) -> None:
    """Unlimited is -1; what is left of a trial goes down with each booking."""
    unlimited = booker.ask("general/my_acumulus")["mydata"]
    books.contract().opening_entries = 3
    books.set_limit(40)
    booker.book()
    trial = booker.ask("general/my_acumulus")["mydata"]

    assert (unlimited["mymaxentries"], unlimited["myentriesleft"]) == ("-1", "-1")
    assert (trial["myentries"], trial["mymaxentries"], trial["myentriesleft"]) == ("4", "40", "36")


def test_threshold_counts_dutch_vat_elsewhere_in_the_eu(
    books: BooksStandIn, booker: BooksClient
) -> None:
    """Type 1 to consumers in other EU countries, by year, at the top level of the answer."""
    books.contract().nltaxed = "9000"
    booker.book(customer={"countrycode": "DE"}, lines=line(unitprice="1000"))
    booker.book(customer={"countrycode": "CH", "email": "b@example.com"})
    booker.book(customer={"countrycode": "DE"}, vattype="6", lines=line(vatrate="19"))
    report = booker.ask(THRESHOLD, "<year>2026</year>")

    assert (report["year"], report["threshold"]) == ("2026", "10000")
    assert (report["nltaxed"], report["reached"]) == ("10000.00", "1")
    assert booker.ask(THRESHOLD, "<year>2025</year>")["reached"] == "0"
    assert tags_of(booker.ask(THRESHOLD, "<year>2020</year>"), "error") == ["AAC37EAA"]
