"""A customer with an invoice in, a booking or a concept out (Acumulus API, invoice_add).

Nothing here recognises a repeated post: posting twice books twice.
"""

import re
import time
from dataclasses import replace
from xml.etree import ElementTree as ET

from workbench.standins.books.ask import Ask
from workbench.standins.books.contacts import stored_contact
from workbench.standins.books.messages import Refused
from workbench.standins.books.posted_invoice import read_invoice
from workbench.standins.books.records import Concept, Entry, Invoice, Mail, token_of
from workbench.standins.books.wire import Tree, text_of

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


def invoice_add(ask: Ask) -> Tree:
    """Check everything first, then store; with testmode only check."""
    customer = ask.root.find("customer")
    posted = customer.find("invoice") if customer is not None else None
    if customer is None or posted is None:
        raise Refused("SIMNOINVOICE")
    is_concept = text_of(posted, "concept") == "1"
    try:
        invoice = read_invoice(ask, customer, posted)
        _check_limits(ask, invoice, is_concept=is_concept)
        contact = stored_contact(ask, customer)
    except Refused:
        if ask.switches.contact_on_refusal == "changed" and not ask.testmode:
            stored_contact(ask, customer)
        raise
    invoice = replace(invoice, contactid=contact.contactid)
    if ask.testmode:
        return _testmode_answer(ask, invoice)
    if is_concept:
        return _stored_concept(ask, invoice)
    entry = booked(ask, invoice)
    pdf = posted.find("emailaspdf")
    if pdf is not None:
        mail_pdf(ask, pdf, entry)
    return _answer(
        invoicenumber=entry.invoicenumber,
        token=entry.token,
        entryid=entry.entryid,
        contactid=entry.contactid,
    )


def booked(ask: Ask, invoice: Invoice, conceptid: str = "") -> Entry:
    """A new booking of this invoice; also when a person makes a concept definitive."""
    contract = ask.contract
    entryid = str(next(ask.ids.entry))
    entry = Entry(
        entryid,
        token_of(contract.code, entryid),
        invoice.number or contract.next_number(invoice.issuedate),
        invoice=invoice,
        created=f"{ask.now():%Y-%m-%d %H:%M:%S}",
        paymentstatus=invoice.paymentstatus,
        paymentdate=invoice.paymentdate,
        conceptid=conceptid,
        listed_at_call=contract.list_calls + ask.switches.listed_after_calls,
        listed_at_time=time.monotonic() + ask.switches.listed_after_seconds,
    )
    ask.keep(entry)
    return entry


def mail_pdf(
    ask: Ask, pdf: ET.Element, entry: Entry, otherwise: str = "", *, reminder: bool = False
) -> None:
    """Mail the invoice; with an unusable address nothing is mailed and a warning says so."""
    to = text_of(pdf, "emailto") or otherwise
    addresses = [each.strip() for each in re.split("[,;]", to) if each.strip()]
    if not addresses or not all(_ADDRESS.fullmatch(each) for each in addresses):
        ask.warn("SIMEMAIL")
        return
    ask.keep(Mail(str(next(ask.ids.mail)), entry.entryid, to, reminder))


def _check_limits(ask: Ask, invoice: Invoice, *, is_concept: bool) -> None:
    """Locked periods, the contract's maximum, and numbers that were used before."""
    contract, switches = ask.contract, ask.switches
    if invoice.issuedate <= contract.locked_until:
        if switches.locked_period == "contractcode":
            raise Refused("SIMLOCKED", contractcode=contract.code)
        raise Refused("SIMLOCKED")
    made = contract.made(with_concepts=switches.concepts_counted)
    counts = switches.concepts_counted or not is_concept
    if counts and 0 <= contract.max_entries <= made:
        raise Refused("SIMQUOTA403" if switches.quota_refusal == "403" else "SIMQUOTA")
    if invoice.number and contract.number_is_used(invoice.number):
        if switches.duplicate_number == "refuse":
            raise Refused("SIMNUMBERUSED")
        if switches.duplicate_number == "warn":
            ask.warn("SIMNUMBERUSED")


def _stored_concept(ask: Ask, invoice: Invoice) -> Tree:
    """A concept has no entry and no token; the number is the one it would get now."""
    concept = Concept(str(next(ask.ids.concept)), invoice)
    ask.keep(concept)
    number = invoice.number or ask.contract.next_number(invoice.issuedate)
    return _answer(invoicenumber=number, contactid=invoice.contactid, conceptid=concept.conceptid)


def _testmode_answer(ask: Ask, invoice: Invoice) -> Tree:
    if ask.switches.testmode_ids == "empty":
        return _answer()
    number = invoice.number or ask.contract.next_number(invoice.issuedate)
    token = token_of(ask.contract.code, "testmode")
    return _answer(invoicenumber=number, token=token, entryid="99999999", contactid="99999999")


def _answer(
    *,
    invoicenumber: str = "",
    token: str = "",
    entryid: str = "",
    contactid: str = "",
    conceptid: str = "",
) -> Tree:
    return {
        "invoice": {
            "invoicenumber": invoicenumber,
            "token": token,
            "entryid": entryid,
            "contactid": contactid,
            "conceptid": conceptid,
        }
    }
