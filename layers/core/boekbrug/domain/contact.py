"""Order -> the contact in Acumulus: names, both addresses, e-mail (R85-R96)."""

from boekbrug.domain.choice import EU_REVERSED, EU_VAT, FOREIGN_VAT
from boekbrug.domain.countries import in_eu
from boekbrug.domain.invoice import Customer, InvoiceLine
from boekbrug.domain.linetexts import clean, clean_all
from boekbrug.domain.order import Address, Debtor, Order, Store
from boekbrug.domain.place import Place, place_of, sent_code
from boekbrug.domain.rates import VAT_FREE
from boekbrug.domain.sale import Area, Sale
from boekbrug.domain.settings import ShopSettings

DEBTOR = "1"
PRIVATE = "1"
BUSINESS = "2"
INACTIVE = "0"
BY_ACUMULUS = "2"
"""countryautoname: always (R90)."""
BY_US = "0"

_SPACED = str.maketrans(dict.fromkeys(",;<>", " "))
_SEPARATORS = ",;<> "

# A treaty makes these another country for VAT; types that depend on a country need that one (R20).
_SENT_AS = {
    ("MC", EU_REVERSED): ("FR", "Monaco"),
    ("MC", EU_VAT): ("FR", "Monaco"),
    **{("IM", kind): ("GB", "Isle of Man") for kind in (EU_REVERSED, EU_VAT, FOREIGN_VAT)},
    **{(code, kind): ("ES", None) for code in ("IC", "EA") for kind in range(1, 8)},
}


def contact(sale: Sale, vattype: int, lines: tuple[InvoiceLine, ...]) -> Customer:
    """The customer of an invoice; the fiscal address is the main one (R14, R89).

    Reduced to country and postal code when private customers are not to be kept (R95) or have no
    e-mail address (R93).
    """
    place, debtor = _place_and_debtor(sale)
    email = first_email(debtor.email)
    if not sale.company and (not email or not sale.settings.send_private_customers):
        if not email:
            sale.findings.add("email_missing_private")
        return _generic(sale, place, vattype)
    kind = _vat_type_id(sale, vattype, lines)
    return _full(sale, place, debtor, vattype, (email, kind))


def first_email(typed: str) -> str:
    """The first address, without display name; "" when there is none (R92)."""
    at = typed.find("@")
    if at < 0:
        return ""
    if typed.isprintable() and not [sign for sign in _SEPARATORS if sign in typed]:
        return typed
    ends = [end for mark in ",;" if (end := typed.find(mark, at)) >= 0]
    text = typed[: min(ends)] if ends else typed
    if "<" in text:
        text = text[text.rfind("<") + 1 :].partition(">")[0]
    return next((word for word in text.split() if "@" in word), "")


def addresses(
    order: Order, original: Order | None, settings: ShopSettings, store: Store
) -> frozenset[str]:
    """Every e-mail address under which the contact of an invoice may stand, in lower case.

    A lost invoice is looked for under all of them: the customer's own, those of the original of a
    credit order (R111), and what is used when there is none (R93, R95).
    """
    typed = [order.debtor.email, original.debtor.email if original else ""]
    words = " ".join(typed).translate(_SPACED).split()
    fallback = (
        settings.generic_customer_email or f"consumer.{_host(store)}@nul.sielsystems.nl",
        settings.email_if_absent or f"{_host(store)}@nul.sielsystems.nl",
    )
    found = {word for word in words if "@" in word} | {first_email(one) for one in typed}
    return frozenset(one.casefold() for one in (*found, *fallback) if one)


def _place_and_debtor(sale: Sale) -> tuple[Place, Debtor]:
    """A credit order has its own address, as long as it is in the original's country (R111)."""
    debtor = sale.order.debtor
    if sale.original is None:
        return sale.place, debtor
    own = place_of(sale.order, sale.settings, sale.nature)
    if own.country == sale.place.country and not own.source:
        return own, debtor
    return sale.place, sale.original.debtor


def _full(
    sale: Sale, place: Place, debtor: Debtor, vattype: int, email_and_kind: tuple[str, str]
) -> Customer:
    """Everything that is known about the customer; without an e-mail address a fallback (R93)."""
    email, kind = email_and_kind
    overwrite = sale.settings.overwrite_contacts and bool(email)
    if not email:
        sale.findings.add("email_missing_business")
        email = sale.settings.email_if_absent or f"{_host(sale.facts.store)}@nul.sielsystems.nl"
    main, other = place.address, place.other
    code, country, autoname = _country(sale, place, main, vattype)
    invoice = debtor.invoice
    name = main.name or invoice.name or debtor.name
    phone = invoice.phone or debtor.phone or main.phone
    bank = invoice.bank_account or debtor.bank_account
    company, name, phone, bank, street, postalcode, city = clean_all(
        (sale.company, name, phone, bank, _street(main), main.zipcode, main.city)
    )
    customer = Customer(
        type=DEBTOR,
        vattypeid=kind,
        contactyourid=debtor.id or None,
        companyname1=company or None,
        fullname=name or None,
        address1=street or None,
        postalcode=postalcode or None,
        city=city or None,
        countrycode=code,
        country=country,
        countryautoname=autoname,
        altcompanyname1=company or None,
        altfullname=name or None,
        altaddress1=street or None,
        altpostalcode=postalcode or None,
        altcity=city or None,
        altcountrycode=code,
        altcountry=country,
        altcountryautoname=autoname,
        telephone=phone or None,
        vatnumber=_vat_number(sale, vattype) if sale.number else None,
        email=email,
        overwriteifexists="1" if overwrite else "0",
        bankaccountnumber=bank or None,
    )
    if other is not main and other != main:
        _set_other_address(customer, sale, place, vattype)
    return customer


def _set_other_address(customer: Customer, sale: Sale, place: Place, vattype: int) -> None:
    """The address that does not decide about VAT (R89)."""
    other = place.other
    code, country, autoname = _country(sale, place, other, vattype)
    company, name, street, postalcode, city = clean_all(
        (other.company, other.name, _street(other), other.zipcode, other.city)
    )
    customer.altcompanyname1, customer.altfullname = company or None, name or None
    customer.altaddress1, customer.altpostalcode = street or None, postalcode or None
    customer.altcity, customer.altcountrycode = city or None, code
    customer.altcountry, customer.altcountryautoname = country, autoname


def _generic(sale: Sale, place: Place, vattype: int) -> Customer:
    """The generic private customer: where, but not who (R93, R95)."""
    code, _, _ = _country(sale, place, place.address, vattype)
    altcode, _, _ = _country(sale, place, place.other, vattype)
    email = sale.settings.generic_customer_email
    return Customer(
        type=DEBTOR,
        vattypeid=PRIVATE,
        contactstatus=INACTIVE,
        countrycode=code,
        postalcode=clean(place.address.zipcode) or None,
        altcountrycode=altcode,
        altpostalcode=clean(place.other.zipcode) or None,
        email=email or f"consumer.{_host(sale.facts.store)}@nul.sielsystems.nl",
        overwriteifexists="0",
    )


def _country(
    sale: Sale, place: Place, address: Address, vattype: int
) -> tuple[str, str | None, str]:
    """Code, name and who fills in the name (R20, R21, R90)."""
    fallback = place.code
    code = place.code if address is place.address else ""
    if not code or code in ("GB", "XI"):
        code = sent_code(address, sale.basis, sale.nature, fallback)
    code, name = _SENT_AS.get((code, vattype), (code, None))
    return code, name, BY_US if name else BY_ACUMULUS


def _vat_type_id(sale: Sale, vattype: int, lines: tuple[InvoiceLine, ...]) -> str:
    """Business for company and VAT number, but not where its number played no part (R86)."""
    if not sale.business:
        return PRIVATE
    country = sale.place.country
    abroad = sale.area is Area.EU or (sale.pickup and in_eu(country, sale.tax_date))
    if not abroad or country == "NL" or vattype == EU_REVERSED:
        return BUSINESS
    return BUSINESS if all(line.vatrate == VAT_FREE for line in lines) else PRIVATE


def _vat_number(sale: Sale, vattype: int) -> str | None:
    """Only with a company name, and only when its form is right (R26, R91)."""
    number = sale.number
    if number is None or not sale.company:
        return None
    if number.plausible:
        return number.text
    if vattype != EU_REVERSED:
        sale.findings.add("vat_number_unusable")
    return None


def _street(address: Address) -> str:
    return f"{address.street} {address.number}" if address.number else address.street


def _host(store: Store) -> str:
    """The shop's own domain, for addresses that exist for nobody else."""
    host = store.domain.partition("://")[2] or store.domain
    host = host.partition("/")[0].strip().lower().removeprefix("www.")
    return host or store.id or "webwinkel"
