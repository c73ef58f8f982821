"""invoice_add of the books stand-in: contacts, numbers, fallbacks, totals, refusals (section 3)."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.standins.clients import (
    LOGIN,
    BooksClient,
    books_client,
    invoice,
    line,
    tags,
    tags_of,
)
from workbench.standins import BooksStandIn

ADD = "invoices/invoice_add"
EMPTY: list[Any] = []


def test_a_booking_gives_all_ids(booker: BooksClient) -> None:
    """A number of the invoice's year, a token of 32 letters and digits, entry and contact."""
    answer = booker.book()
    booked = answer["invoice"]

    assert answer["status"] == "0"
    assert booked["invoicenumber"] == "20260001"
    assert re.fullmatch("[A-Za-z0-9]{32}", booked["token"])
    assert booked["entryid"].isdecimal()
    assert booked["contactid"].isdecimal()
    assert booked["conceptid"] == EMPTY


def test_posting_twice_books_twice(books: BooksStandIn, booker: BooksClient) -> None:
    """There is no idempotency key: the same post again is a second invoice."""
    first, second = booker.book("Bestelling WA1"), booker.book("Bestelling WA1")

    assert first["invoice"]["entryid"] != second["invoice"]["entryid"]
    assert second["invoice"]["invoicenumber"] == "20260002"
    assert books.entries_per_description() == {"Bestelling WA1": 2}


def test_numbers_run_per_year(booker: BooksClient) -> None:
    """The year of the issue date starts a series of its own."""
    dates = ("2026-03-10", "2025-12-31", "2026-03-11")
    numbers = [booker.book(issuedate=day)["invoice"]["invoicenumber"] for day in dates]

    assert numbers == ["20260001", "20250001", "20260002"]


def test_without_a_date_it_is_today(books: BooksStandIn, booker: BooksClient) -> None:
    """Today in Amsterdam, by the clock that the stand-in was given."""
    booker.book(issuedate="")

    assert books.entries()[0].invoice.issuedate == "2026-03-10"


def test_own_numbers(books: BooksStandIn, booker: BooksClient) -> None:
    """Digits only; used twice is accepted, warned about or refused by a switch."""
    first = booker.book(number="20260007")
    again = booker.book(number="20260007")
    books.switches.duplicate_number = "warn"
    warned = booker.book(number="20260007")
    books.switches.duplicate_number = "refuse"
    refused = booker.book(number="20260007")

    assert first["invoice"]["invoicenumber"] == again["invoice"]["invoicenumber"] == "20260007"
    assert tags_of(warned, "warning") == ["SIMNUMBERUSED"]
    assert tags_of(refused, "error") == ["SIMNUMBERUSED"]
    assert booker.book()["invoice"]["invoicenumber"] == "20260008"
    assert tags_of(booker.book(number="WA7"), "error") == ["SIMNUMBER"]


# ------------------------------------------------------------ contacts


def _contactid(booker: BooksClient, **customer: str) -> str:
    return str(booker.book(customer=customer)["invoice"]["contactid"])


def test_contacts_match_on_exact_email(books: BooksStandIn, booker: BooksClient) -> None:
    """The same text is the same contact; another case or none is a new one."""
    first = _contactid(booker, email="a@example.com")
    same = _contactid(booker, email="a@example.com", fullname="Iemand anders")
    upper = _contactid(booker, email="A@example.com")
    none = _contactid(booker, email="")
    none_again = _contactid(booker, email="")

    assert first == same
    assert len({first, upper, none, none_again}) == 4
    assert books.contract().contacts[first].name == "R. Koper"


def test_contactid_goes_before_email(books: BooksStandIn, booker: BooksClient) -> None:
    """A known id is used; an unknown one makes a new contact, or as switched."""
    first = _contactid(booker, email="a@example.com")
    other = _contactid(booker, email="b@example.com")

    assert _contactid(booker, contactid=first, email="b@example.com") == first
    assert _contactid(booker, contactid="1", email="b@example.com") not in {first, other}
    books.switches.unknown_contactid = "by_email"
    assert _contactid(booker, contactid="1", email="a@example.com") == first
    books.switches.unknown_contactid = "refuse"
    assert tags_of(booker.book(customer={"contactid": "1"}), "error") == ["SIMCONTACT"]


def test_overwriting_a_contact(books: BooksStandIn, booker: BooksClient) -> None:
    """Only with overwriteifexists; then absent tags stay and empty tags clear."""
    who = {"email": "a@example.com", "telephone": "0101234567", "address1": "Dreef 5"}
    contactid = _contactid(booker, **who)
    _contactid(booker, email="a@example.com", city="Breda", overwriteifexists="0")
    kept = books.contract().contacts[contactid].details
    _contactid(booker, email="a@example.com", city="Breda", telephone="", overwriteifexists="1")
    now = books.contract().contacts[contactid].details

    assert (kept["city"], kept["telephone"]) == ("Almere", "0101234567")
    assert (now["city"], now["telephone"], now["address1"]) == ("Breda", "", "Dreef 5")


def test_several_contacts_with_one_email(books: BooksStandIn, booker: BooksClient) -> None:
    """The most recently added is matched; disableduplicates switches the others off."""
    first = _contactid(booker, email="a@example.com")
    second = _contactid(booker, contactid="1", email="a@example.com")
    matched = _contactid(booker, email="a@example.com", disableduplicates="1")
    contacts = books.contract().contacts

    assert matched == second
    assert contacts[first].details["contactstatus"] == "0"
    assert contacts[second].details["contactstatus"] == "1"


# ------------------------------------------------------------ fallbacks and warnings


def test_unknown_ids_become_the_first_available(books: BooksStandIn, booker: BooksClient) -> None:
    """Silently, or with a warning by a switch; a disabled account is unknown too."""
    silent = booker.book(costcenter="1", accountnumber="70009", template="x")
    books.switches.unknown_ids = "warn"
    warned = booker.book(costcenter="1", accountnumber="2", template="3")
    posted = books.entries()[0].invoice

    assert silent["status"] == "0"
    assert (posted.costcenter, posted.accountnumber, posted.template) == ("48001", "70001", "39001")
    assert tags_of(warned, "warning") == ["SIMCOSTCENTER", "SIMACCOUNT", "SIMTEMPLATE"]


def test_known_ids_are_kept(books: BooksStandIn, booker: BooksClient) -> None:
    """Known ids stay; a negative account is one outside Acumulus."""
    booker.book(costcenter="48002", accountnumber="70003", template="39002")
    booker.book(accountnumber="-1")
    first, second = (entry.invoice for entry in books.entries())

    assert (first.costcenter, first.accountnumber, first.template) == ("48002", "70003", "39002")
    assert second.accountnumber == "-1"


def test_a_cost_centre_by_name_is_deprecated(books: BooksStandIn, booker: BooksClient) -> None:
    """It works, with a warning and status 2: booked."""
    answer = booker.book(costcenter="Webwinkel")

    assert (answer["status"], tags_of(answer, "warning")) == ("2", ["WW83E0ZZ"])
    assert books.entries()[0].invoice.costcenter == "48002"


@pytest.mark.parametrize("vattype", ["", "8", "x"])
def test_a_wrong_vattype_is_booked_as_1(
    books: BooksStandIn, booker: BooksClient, vattype: str
) -> None:
    """With a warning: the invoice is in the books already."""
    answer = booker.book(vattype=vattype)

    assert tags_of(answer, "warning") == ["CE005BVTC"]
    assert books.entries()[0].invoice.vattype == 1


# ------------------------------------------------------------ totals


@pytest.mark.parametrize(
    ("vattype", "lines", "totals", "vat"),
    [
        ("1", line(unitprice="8.26446", quantity="2"), "20.00 16.53", {"21": "3.47"}),
        ("1", line(unitprice="8.26445"), "10.00 8.26", {"21": "1.74"}),
        (
            "1",
            line(unitprice="22.8899", vatrate="9") + line(unitprice="-4.1322", quantity="1"),
            "19.95 18.76",
            {"9": "2.06", "21": "-0.87"},
        ),
        ("1", line(vatrate="-1") + line(vatrate="0"), "20.00 20.00", {"-1": "0", "0": "0"}),
        ("1", line(quantity="-2"), "-24.20 -20.00", {"21": "-4.20"}),
        ("6", line(vatrate="25.5"), "12.55 10.00", {"25.5": "2.55"}),
        ("5", line(unitprice="100", costprice="60"), "100.00 93.06", {"21": "6.94"}),
        ("5", line(unitprice="100", costprice="120"), "100.00 100.00", {"21": "0"}),
        ("5", line(unitprice="-100", costprice="-60"), "-100.00 -93.06", {"21": "-6.94"}),
    ],
)
def test_totals_are_computed(vattype: str, lines: str, totals: str, vat: dict[str, str]) -> None:
    """Unit price to 4 decimals, times quantity, plus VAT, rounded once; type 5 on the margin."""
    with BooksStandIn() as books, books_client(books) as booker:
        books.add_contract()
        booker.book(vattype=vattype, lines=lines)
        posted = books.entries()[0].invoice

    assert f"{posted.total} {posted.total_excluding_vat}" == totals
    assert posted.vat_per_rate == {rate: Decimal(amount) for rate, amount in vat.items()}


def test_unit_prices_are_rounded_to_four_decimals(books: BooksStandIn, booker: BooksClient) -> None:
    """Half up; the quantity has a default of 1."""
    booker.book(lines=line(unitprice="1.23455", quantity=""))
    posted = books.entries()[0].invoice.lines[0]

    assert (posted.unitprice, posted.quantity) == (Decimal("1.2346"), Decimal(1))


# ------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("parts", "codetag"),
    [
        ({"lines": ""}, "SIMNOLINES"),
        ({"lines": line(vatrate="")}, "SIMNORATE"),
        ({"lines": line(unitprice="1,50")}, "SIMDECIMAL"),
        ({"lines": line(unitprice="1e3")}, "SIMDECIMAL"),
        ({"lines": line(unitprice="")}, "SIMNOPRICE"),
        ({"vattype": "6", "lines": line(vatrate="-1")}, "SIMFREE6"),
        ({"issuedate": "10-03-2026"}, "SIMISSUEDATE"),
        ({"issuedate": "2026-02-30"}, "SIMISSUEDATE"),
        ({"paymentdate": "1999-12-31"}, "SIMPAYDATE"),
        ({"paymentstatus": "3"}, "SIMPAYSTATUS"),
    ],
)
def test_refusals_book_nothing(
    books: BooksStandIn, booker: BooksClient, parts: dict[str, Any], codetag: str
) -> None:
    """A refusal is HTTP 400 and status 1, with no booking and no contact left behind."""
    response = booker.post(ADD, invoice(**parts))

    assert (response.status_code, response.json()["status"]) == (400, "1")
    assert tags_of(response.json(), "error") == [codetag]
    assert books.entries() == []
    assert books.contract().contacts == {}


@pytest.mark.parametrize("body", ["", "<customer></customer>", "<invoice></invoice>"])
def test_a_post_without_an_invoice(booker: BooksClient, body: str) -> None:
    """The sections must be there, the invoice inside the customer."""
    assert tags_of(booker.ask(ADD, body), "error") == ["SIMNOINVOICE"]


def test_a_refusal_can_leave_a_contact_behind(books: BooksStandIn, booker: BooksClient) -> None:
    """Whether a failed call has partial effects is not known."""
    books.switches.contact_on_refusal = "changed"
    booker.book(lines="")

    assert len(books.contract().contacts) == 1


def test_a_missing_rate_can_mean_21(books: BooksStandIn, booker: BooksClient) -> None:
    """The sources differ on the default."""
    books.switches.missing_vatrate = "21"
    booker.book(lines=line(vatrate=""))

    assert books.entries()[0].total == Decimal("12.10")


def test_a_locked_period(books: BooksStandIn, booker: BooksClient) -> None:
    """A date in a locked period is refused, with the contract code at the top or without."""
    books.lock_period("2026-02-28")
    refused = booker.book(issuedate="2026-02-28")
    books.switches.locked_period = "plain"
    plain = booker.book(issuedate="2026-02-28")

    assert refused["contractcode"] == LOGIN["contractcode"]
    assert tags_of(refused, "error") == tags_of(plain, "error") == ["SIMLOCKED"]
    assert "contractcode" not in plain
    assert booker.book(issuedate="2026-03-01")["status"] == "0"


def test_a_trial_runs_out(books: BooksStandIn, booker: BooksClient) -> None:
    """Mymaxentries decides; concepts count only when switched so."""
    books.set_limit(1)
    first = booker.book()
    refused = booker.book()
    concept = booker.book(concept="1")
    books.switches.set({"quota_refusal": "403", "concepts_counted": True})
    full = booker.post(ADD, invoice(concept="1"))
    account = booker.ask("general/my_acumulus")["mydata"]

    assert (first["status"], concept["status"]) == ("0", "0")
    assert tags_of(refused, "error") == ["SIMQUOTA"]
    assert (full.status_code, tags_of(full.json(), "error")) == (403, ["SIMQUOTA403"])
    assert (account["mymaxentries"], account["myentriesleft"]) == ("1", "0")


@pytest.mark.parametrize(
    ("customer", "parts", "fits"),
    [
        ({}, {}, True),
        ({}, {"lines": line(vatrate="19")}, False),
        ({}, {"lines": line(vatrate="6"), "issuedate": "2018-12-31"}, True),
        ({"companyname1": "X", "vatnumber": "NL1"}, {"vattype": "2"}, False),
        ({"companyname1": "X", "vatnumber": "BE1", "countrycode": "BE"}, {"vattype": "3"}, True),
        ({"companyname1": "X", "countrycode": "BE"}, {"vattype": "3"}, False),
        ({"countrycode": "CH"}, {"vattype": "4"}, True),
        ({"countrycode": "BE"}, {"vattype": "4"}, False),
        ({}, {"vattype": "5"}, False),
        ({"countrycode": "DE"}, {"vattype": "6", "lines": line(vatrate="19")}, True),
        ({"countrycode": "DE"}, {"vattype": "6", "lines": line(vatrate="21")}, False),
        ({"countrycode": "GB"}, {"vattype": "7", "lines": line(vatrate="20")}, True),
    ],
)
def test_vattype_rules_by_a_switch(
    books: BooksStandIn,
    booker: BooksClient,
    customer: dict[str, str],
    parts: dict[str, Any],
    fits: bool,
) -> None:
    """Which rules the API enforces is not known: off, as a warning, or as a refusal."""
    if parts.get("vattype") in {"3", "4"}:
        parts = {"lines": line(vatrate="0")} | parts
    off = booker.book(customer=customer, **parts)
    books.switches.vattype_rules = "warn"
    warned = booker.book(customer=customer, **parts)
    books.switches.vattype_rules = "refuse"
    refused = booker.book(customer=customer, **parts)

    assert off["status"] == "0"
    assert tags_of(warned, "warning") == ([] if fits else ["SIMVATTYPE"])
    assert tags_of(refused, "error") == ([] if fits else ["SIMVATTYPE"])


# ------------------------------------------------------------ concepts, testmode, mail


def test_a_concept_has_no_entry(books: BooksStandIn, booker: BooksClient) -> None:
    """A number, a contact and a concept id; nothing is booked until a person does it."""
    concept = booker.book(concept="1")["invoice"]
    info = "invoices/invoice_concept_info"
    asked = tags({"conceptid": concept["conceptid"]})
    before = booker.ask(info, asked)["concept"]["entryid"]
    first = books.make_definitive(concept["conceptid"])
    once = booker.ask(info, asked)["concept"]["entryid"]
    second = books.make_definitive(concept["conceptid"])

    assert (concept["token"], concept["entryid"], before) == (EMPTY, EMPTY, EMPTY)
    assert concept["invoicenumber"] == "20260001"
    assert once == first
    assert booker.ask(info, asked)["concept"]["entryid"] == [first, second]
    assert books.entries()[0].description == "Bestelling WA1"


def test_unknown_and_old_concepts(booker: BooksClient) -> None:
    """Concepts from before the feature cannot be resolved."""
    info = "invoices/invoice_concept_info"

    assert tags_of(booker.ask(info, tags({"conceptid": "999999"})), "error") == ["FGY040XX"]
    assert tags_of(booker.ask(info, tags({"conceptid": "127466"})), "error") == ["FGYBSN048"]


def test_testmode_checks_and_stores_nothing(books: BooksStandIn, booker: BooksClient) -> None:
    """Errors and warnings as in earnest; ids are empty, or invented by a switch."""
    good = booker.ask(ADD, "<testmode>1</testmode>" + invoice(vattype=""))
    bad = booker.ask(ADD, "<testmode>1</testmode>" + invoice(lines=""))
    books.switches.testmode_ids = "invented"
    invented = booker.ask(ADD, "<testmode>1</testmode>" + invoice())

    assert (good["status"], good["invoice"]["entryid"]) == ("2", EMPTY)
    assert tags_of(bad, "error") == ["SIMNOLINES"]
    assert invented["invoice"]["entryid"] == "99999999"
    assert books.entries() == []
    assert books.contract().contacts == {}


def test_emailaspdf_mails_at_once(books: BooksStandIn, booker: BooksClient) -> None:
    """Each post mails a copy; a bad address is a warning, a concept is never mailed."""
    to = "<emailaspdf><emailto>a@example.com; b@example.com</emailto></emailaspdf>"
    bad = "<emailaspdf><emailto>R. Koper</emailto></emailaspdf>"
    booker.book(more=to)
    booker.book(more=to)
    warned = booker.book(more=bad)
    booker.book(more=to, concept="1")

    assert len(books.contract().mails) == 2
    assert (warned["status"], tags_of(warned, "warning")) == ("2", ["SIMEMAIL"])


def test_texts_keep_what_the_wire_keeps(books: BooksStandIn, booker: BooksClient) -> None:
    r"""A bare backslash is lost; &#92;n is a newline in multi-line fields; CDATA and & arrive."""
    more = (
        "<descriptiontext>een&#92;ntwee</descriptiontext><invoicenotes>a\\b</invoicenotes>"
        "<line><product><![CDATA[<Mok> & bord]]></product><unitprice>1</unitprice>"
        "<vatrate>21</vatrate><meta-unknown>x</meta-unknown></line>"
    )
    booker.book("Één & ander", lines="", more=more)
    posted = books.entries()[0].invoice

    assert posted.description == "Één & ander"
    assert posted.descriptiontext == "een\ntwee"
    assert posted.invoicenotes == "ab"
    assert posted.lines[0].product == "<Mok> & bord"


def test_descriptions_can_be_cut(books: BooksStandIn, booker: BooksClient) -> None:
    """The longest description is not documented."""
    books.switches.description_length = 10
    booker.book("Bestelling WA1")

    assert books.entries()[0].description == "Bestelling"
