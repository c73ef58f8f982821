"""The contact in Acumulus (R85-R96)."""

from dataclasses import replace

import pytest

from boekbrug.domain.contact import addresses, first_email
from boekbrug.domain.order import Address, Order, Store
from tests.unit.domain.builders import (
    address,
    book,
    business,
    codes,
    facts,
    line,
    order,
    settings,
    warnings,
)


def test_debtor() -> None:
    """An active debtor (R85)."""
    customer = book(order()).customer
    assert (customer.type, customer.contactstatus) == ("1", "1")


def test_vat_type() -> None:
    """Business for company and number, but not abroad in the EU unless reverse-charged (R86)."""

    def kind(what: Order, **choices: object) -> str:
        return book(what, **choices).customer.vattypeid

    assert kind(order()) == "1"
    assert kind(business(country="NL")) == "2"
    assert kind(business(line("121.00"), country="BE", tax_region="NL")) == "1"
    reverse = business(line("100.00", "0"), tax_strategy="reverse_charged_vat")
    assert kind(reverse) == "2"
    assert kind(business(line("100.00", "0")), zero_rate_means="vat_free") == "2"
    swiss = business(
        line("100.00", "0"), country="CH", number="CHE-123.456.789", tax_strategy="zero_percent"
    )
    assert kind(swiss) == "2"
    collected = business(line("121.00"), country="BE", delivery_type="pickup")
    assert kind(collected) == "1"


def test_own_id() -> None:
    """The shop's customer id, never the order number (R87)."""
    assert book(order()).customer.contactyourid == "c-1"
    guest = order()
    guest = replace(guest, debtor=replace(guest.debtor, id=""))
    assert book(guest).customer.contactyourid is None


def test_names() -> None:
    """Entities decoded, white space collapsed; a company needs no person (R88)."""
    given = Address(company="Jansen &amp; Zn.", name="P.  Jansen", country_code="NL")
    what = order()
    customer = book(replace(what, debtor=replace(what.debtor, invoice=given))).customer
    assert (customer.companyname1, customer.fullname) == ("Jansen & Zn.", "P. Jansen")
    nobody = replace(what, debtor=replace(what.debtor, invoice=replace(given, name="")))
    assert book(nobody).customer.fullname is None


def test_deprecated_names() -> None:
    """Old orders have name, company and phone beside the address only (shop API, 5.2)."""
    what = order()
    debtor = replace(
        what.debtor,
        name="Jan Oud",
        company="Oud BV",
        phone="010",
        invoice=address(name=""),
    )
    customer = book(replace(what, debtor=debtor)).customer
    assert (customer.fullname, customer.companyname1, customer.telephone) == (
        "Jan Oud",
        "Oud BV",
        "010",
    )


def test_addresses() -> None:
    """Street and number together, trimmed; both addresses, or the same twice (R89)."""
    one = book(order(delivery=None)).customer
    assert one.address1 == one.altaddress1 == "Lindelaan 14"
    given = address(street=" Molenstraat ", number="62 a", zipcode=" 5341 GC ", city="Oss ")
    two = book(order(delivery=given)).customer
    assert (two.address1, two.postalcode, two.city) == ("Molenstraat 62 a", "5341 GC", "Oss")
    assert (two.altaddress1, two.altcity) == ("Lindelaan 14", "Utrecht")


def test_country_names() -> None:
    """Acumulus fills in the name of the country (R90)."""
    customer = book(order(country="BE", tax_region="BE")).customer
    assert (customer.country, customer.countryautoname, customer.altcountryautoname) == (
        None,
        "2",
        "2",
    )


def test_vat_number_only_with_a_company() -> None:
    """A private person's number is not sent; bank account and phone are (R91)."""
    assert book(order(vat_number="NL123456789B01")).customer.vatnumber is None
    assert book(business(country="NL")).customer.vatnumber == "NL123456789B01"
    what = order()
    given = address(phone=" 06 123 ", bank_account="NL91ABNA0417164300")
    customer = book(replace(what, debtor=replace(what.debtor, invoice=given))).customer
    assert (customer.telephone, customer.bankaccountnumber) == ("06 123", "NL91ABNA0417164300")
    assert (customer.mark, customer.salutation) == (None, None)


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("Jan <jan@x.nl>; admin@x.nl", "jan@x.nl"),
        ('"Jansen, Jan" <jan@x.nl>, piet@x.nl', "jan@x.nl"),
        (" jan@x.nl ", "jan@x.nl"),
        ("jan@x.nl,piet@x.nl", "jan@x.nl"),
        ("jan@x.nl (werk)", "jan@x.nl"),
        ("geen", ""),
        ("", ""),
    ],
)
def test_first_email(typed: str, email: str) -> None:
    """One plain address: the first, without a name (R92)."""
    assert first_email(typed) == email


def test_no_email_private() -> None:
    """A consumer without an address goes to the generic private customer (R93)."""
    invoice = book(order(email=""))
    customer = invoice.customer
    assert (invoice.concept, codes(invoice)) == (False, ["email_missing_private"])
    assert customer.email == "consumer.mokken.example@nul.sielsystems.nl"
    assert (customer.contactstatus, customer.overwriteifexists) == ("0", "0")
    assert (customer.fullname, customer.postalcode) == (None, "3512 AB")


def test_no_email_business() -> None:
    """A company without an address gets a fallback that overwrites nothing (R93)."""
    invoice = book(order(email="", company="Bakker BV"))
    assert warnings(invoice) == ["email_missing_business"]
    assert invoice.customer.email == "mokken.example@nul.sielsystems.nl"
    assert (invoice.customer.overwriteifexists, invoice.customer.companyname1) == ("0", "Bakker BV")


def test_fallback_addresses_by_setting() -> None:
    """The merchant's own addresses go first (R93, R95)."""
    own = {"generic_customer_email": "p@shop.nl", "email_if_absent": "b@shop.nl"}
    assert book(order(email=""), **own).customer.email == "p@shop.nl"
    assert book(order(email="", company="BV"), **own).customer.email == "b@shop.nl"
    nameless = facts(store=Store("s-1"))
    assert book(order(email=""), nameless).customer.email == "consumer.s-1@nul.sielsystems.nl"


def test_contacts_the_merchant_edits() -> None:
    """Overwriting is a choice; duplicates are left alone (R94)."""
    assert book(order()).customer.overwriteifexists == "1"
    kept = book(order(), overwrite_contacts=False).customer
    assert (kept.overwriteifexists, kept.disableduplicates) == ("0", "0")


def test_private_customers_reduced() -> None:
    """Consumers are reduced to country and postal code, after the VAT type is known (R95)."""
    what = order(line("11.90", "19"), country="DE", zipcode="10115", tax_region="DE")
    invoice = book(what, send_private_customers=False)
    customer = invoice.customer
    assert (invoice.vattype, invoice.concept) == (6, False)
    assert (customer.countrycode, customer.postalcode, customer.altpostalcode) == (
        "DE",
        "10115",
        "10115",
    )
    hidden = (customer.fullname, customer.address1, customer.city, customer.telephone)
    assert hidden == (None, None, None, None)
    assert (customer.contactyourid, customer.altfullname) == (None, None)
    assert (customer.contactstatus, customer.overwriteifexists) == ("0", "0")


def test_companies_stay_complete() -> None:
    """Companies are still sent in full (R95)."""
    customer = book(order(company="Bakker BV"), send_private_customers=False).customer
    assert (customer.companyname1, customer.contactstatus) == ("Bakker BV", "1")


def test_dash_for_a_company_is_none() -> None:
    """Who has no company and fills in a dash is a private customer (R24, R95)."""
    customer = book(order(company=" - "), send_private_customers=False).customer
    assert (customer.companyname1, customer.contactstatus, customer.fullname) == (None, "0", None)
    delivery = address("BE", company=" ")
    goods = business(line("100.00", "0"), delivery=delivery, tax_strategy="reverse_charged_vat")
    assert (codes(book(goods)), book(goods).customer.companyname1) == ([], "Atelier X")


def test_club_without_number() -> None:
    """A company without a VAT number: company for the address, private for VAT (R96)."""
    invoice = book(order(company="Voetbalclub Oss"))
    assert (invoice.customer.companyname1, invoice.customer.vattypeid) == ("Voetbalclub Oss", "1")
    assert (invoice.vattype, invoice.concept) == (1, False)


@pytest.mark.parametrize(
    ("what", "choices"),
    [
        (order(email="Jan <Jan@X.nl>; admin@x.nl"), {}),
        (order(email="jan@x.nl (werk)"), {}),
        (order(email=""), {}),
        (order(email=""), {"generic_customer_email": "Klant@winkel.example"}),
        (order(), {"send_private_customers": False}),
        (business(country="NL", email=""), {}),
        (business(country="NL", email=""), {"email_if_absent": "geen@winkel.example"}),
    ],
)
def test_a_lost_invoice_is_looked_for_under_its_address(
    what: Order, choices: dict[str, object]
) -> None:
    """Whatever address the conversion chooses is among those that are looked for (R92-R95)."""
    email = book(what, **choices).customer.email or ""

    assert email.casefold() in addresses(what, None, settings(**choices), facts().store)


def test_every_address_of_a_customer_and_of_the_original_is_looked_for() -> None:
    """An owner may have swapped them in Acumulus (R111)."""
    found = addresses(
        order(email="jan@x.nl, Piet <piet@x.nl>"), order(email="KEES@x.nl"), settings(), Store("s")
    )

    assert {"jan@x.nl", "piet@x.nl", "kees@x.nl"} <= found
