"""Nodes of an answer -> the values of our ports; what cannot be read is absent, never guessed."""

import re
from datetime import date
from decimal import Decimal

from boekbrug.acumulus.answer import Node, Remark, node, nodes, text, texts
from boekbrug.domain.facts import EuThreshold, VatPeriod, VatRate
from boekbrug.journey.ports.books import Choice, Contact, Contract, Entry, Posted

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def posted(invoice: Node, warnings: tuple[Remark, ...]) -> Posted:
    """All ids of a booked invoice (3.7), whatever else the answer says."""
    return Posted(
        entryid=_id(invoice, "entryid"),
        invoicenumber=_id(invoice, "invoicenumber"),
        contactid=_id(invoice, "contactid"),
        conceptid=_id(invoice, "conceptid"),
        token=_id(invoice, "token"),
        warnings=tuple(str(warning) for warning in warnings),
    )


def contract(about: Node, mine: Node, contractcode: str) -> Contract:
    """``general_about`` and ``my_acumulus`` as one (4.1); a limit of -1 is no limit."""
    limit = whole(text(mine, "mymaxentries"))
    unlimited = limit is None or limit < 0
    return Contract(
        contractcode=text(mine, "mycontractcode") or contractcode,
        company_name=text(mine, "mycompanyname"),
        role_id=whole(text(about, "roleid")),
        role=text(about, "rolenl") or text(about, "role"),
        entries=whole(text(mine, "myentries")),
        max_entries=None if unlimited else limit,
        entries_left=None if unlimited else whole(text(mine, "myentriesleft")),
        vat_number=text(mine, "myvatnumber"),
    )


def choices(parent: Node, tag: str, id_tag: str, *name_tags: str) -> tuple[Choice, ...]:
    """The rows of a picklist (4.2) in their order; a row without a number cannot be chosen."""
    found = []
    for row in nodes(parent, tag):
        number = whole(text(row, id_tag))
        names = dict.fromkeys(text(row, name) for name in name_tags)
        if number is not None:
            found.append(Choice(number, " ".join(name for name in names if name)))
    return tuple(found)


def entry(row: Node) -> Entry | None:
    """A booking of ``entry_info`` (4.4); without an id it is none."""
    found = listed_entry(row)
    return found if found.entryid else None


def listed_entry(row: Node) -> Entry:
    """A booking of ``entries_list_recent`` (4.4), as one of ``entry_info``; its id may be absent.

    A list is what absence is proven by, so nothing of it is left out.
    """
    deleted = text(row, "deleted")
    return _entry(
        row,
        invoicenumber=_id(row, "invoicenumber"),
        description=text(row, "entrydescription"),
        entrydate=day(text(row, "entrydate")),
        total=money(text(row, "totalvalue")),
        total_excl_vat=money(text(row, "totalvalueexclvat")),
        deleted=bool(deleted) and not deleted.startswith("0"),
    )


def contact_invoice(row: Node) -> Entry:
    """An invoice of ``contact_invoices_outgoing`` (4.6); a concept among them has no id."""
    return _entry(
        row,
        invoicenumber=_id(row, "invoicenumber"),
        description=text(row, "invoicedescription"),
        entrydate=day(text(row, "entrydate")),
        total=money(text(row, "amount")),
    )


def unpaid_invoice(row: Node) -> Entry | None:
    """An invoice of ``report_unpaid_debtors`` (4.7), by its id: it has no description."""
    found = _entry(
        row,
        invoicenumber=_id(row, "number"),
        entrydate=day(text(row, "issuedate")),
        total=money(text(row, "amount")),
    )
    return found if found.entryid else None


def _entry(  # what the lists have in common, beside what each of them calls its own way
    row: Node,
    *,
    invoicenumber: str,
    entrydate: date | None,
    total: Decimal | None,
    description: str = "",
    total_excl_vat: Decimal | None = None,
    deleted: bool = False,
) -> Entry:
    return Entry(
        entryid=_id(row, "entryid"),
        description=description,
        invoicenumber=invoicenumber,
        contactid=_id(row, "contactid"),
        entrydate=entrydate,
        total=total,
        total_excl_vat=total_excl_vat,
        paymentstatus=text(row, "paymentstatus"),
        deleted=deleted,
        token=_id(row, "token"),
    )


def contact(row: Node) -> Contact | None:
    """A contact of ``contacts_list`` (4.6); the e-mail field may hold several addresses."""
    contactid = _id(row, "contactid")
    if not contactid:
        return None
    addresses = (part.strip() for part in re.split("[,;]", text(row, "contactemail")))
    return Contact(
        contactid=contactid,
        contactyourid=text(row, "contactyourid"),
        emails=tuple(address for address in addresses if address),
        active=text(row, "contactstatus") != "0",
    )


def eu_threshold(answer: Node, year: int) -> EuThreshold | None:
    """``report_threshold_eu_ecommerce`` (4.7), which stands at the top level of its answer."""
    threshold, taxed = money(text(answer, "threshold")), money(text(answer, "nltaxed"))
    reached = text(answer, "reached")
    if threshold is None or taxed is None or reached not in {"0", "1"}:
        return None
    return EuThreshold(year, threshold, taxed, reached == "1")


def vat_period(answer: Node, on: date) -> tuple[VatPeriod, ...] | None:
    """``lookup_vatinfo`` of one day (4.3); an empty tuple: Acumulus has no VAT data for it.

    The Netherlands come twice, as region 1 and once more as a country of the EU: the first is
    theirs. ``None`` when a row cannot be read: half a list of rates would be a wrong one.
    """
    rows = nodes(node(answer, "vatinfo"), "vat")
    rates = [(whole(text(row, "countryregion")), money(text(row, "vatrate"))) for row in rows]
    if any(rate is None for _, rate in rates):
        return None
    if not rows:
        return ()
    region = min((number for number, _ in rates if number is not None), default=None)
    found = tuple(
        VatRate(rate, text(row, "vattype"))
        for row, (number, rate) in zip(rows, rates, strict=True)
        if number == region and rate is not None
    )
    return (VatPeriod(on, on, region, found),)


def ids(parent: Node, tag: str) -> tuple[str, ...]:
    """The ids of a tag that may be empty, one or many."""
    return tuple(value for value in texts(parent, tag) if _ID.fullmatch(value) and value != "0")


# --------------------------------------------------------------------------- scalars


def money(value: str) -> Decimal | None:
    """An amount or a rate, exactly as written; anything else is absent."""
    return Decimal(value) if _NUMBER.fullmatch(value) else None


def whole(value: str) -> int | None:
    """A whole number; anything else is absent."""
    return int(value) if _WHOLE.fullmatch(value) else None


def day(value: str) -> date | None:
    """The date of ``yyyy-mm-dd``, with a time behind it or not; 0000-00-00 is absent."""
    found = _DAY.match(value)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _id(row: Node, tag: str) -> str:
    """An id or token; 0 and whatever is no id at all count as absent."""
    value = text(row, tag)
    return value if _ID.fullmatch(value) and value != "0" else ""
