"""Customers in, contacts matched and kept; contacts out, as the contacts calls list them."""

from itertools import islice
from xml.etree import ElementTree as ET

from workbench.standins.books.ask import Ask
from workbench.standins.books.messages import Refused
from workbench.standins.books.records import Contact, Entry, Invoice
from workbench.standins.books.wire import Tree, text_of

#: Tags of <customer> that steer the call and are no details of the contact.
_STEERING = {"contactid", "overwriteifexists", "disableduplicates", "invoice"}
_TYPES = {"1": "Debtor", "2": "Creditor", "3": "Relation"}
_FOUND_IN = (
    "companyname1",
    "companyname2",
    "fullname",
    "city",
    "address1",
    "address2",
    "postalcode",
)


def stored_contact(ask: Ask, customer: ET.Element) -> Contact:
    """The contact of an invoice: by contactid, else by exact e-mail, else a new one.

    A matched contact is only overwritten when the customer says so. With testmode nothing is kept.
    """
    matched = _matched(ask, customer)
    if matched is None:
        contact = _new_contact(ask, customer)
    elif text_of(customer, "overwriteifexists") == "1":
        contact = Contact(matched.contactid, matched.details | _details(customer))
    else:
        contact = matched
    if ask.testmode:
        return contact
    if contact is not matched:
        ask.keep(contact)
    if text_of(customer, "disableduplicates") == "1":
        _disable_others(ask, contact)
    return contact


def _matched(ask: Ask, customer: ET.Element) -> Contact | None:
    contactid, email = text_of(customer, "contactid"), text_of(customer, "email")
    if contactid:
        known = ask.contract.contacts.get(contactid)
        if known is not None:
            return known
        if ask.switches.unknown_contactid == "refuse":
            raise Refused("SIMCONTACT")
        if ask.switches.unknown_contactid == "create":
            return None
    return ask.contract.contact_with(email) if email else None


def _new_contact(ask: Ask, customer: ET.Element) -> Contact:
    defaults = {"type": "1", "contactstatus": "1", "vattypeid": "1", "countrycode": "NL"}
    contactid = "" if ask.testmode else str(next(ask.ids.contact))
    return Contact(contactid, defaults | _details(customer))


def _details(customer: ET.Element) -> dict[str, str]:
    """The submitted tags: an absent one is left as it was, an empty one clears."""
    return {
        child.tag: (child.text or "").strip() for child in customer if child.tag not in _STEERING
    }


def _disable_others(ask: Ask, contact: Contact) -> None:
    if not contact.email:
        return
    for other in ask.contract.contacts_with(contact.email):
        if other.contactid != contact.contactid:
            ask.keep(Contact(other.contactid, other.details | {"contactstatus": "0"}))


def contacts_list(ask: Ask) -> Tree:
    """The filter looks at names and address, not at e-mail and not at your own id."""
    wanted = (ask.text("filter") or "").lower()
    status, types = ask.text("contactstatus") or "2", ask.text("contacttype") or "123"
    found = [
        contact
        for contact in ask.contract.contacts.values()
        if wanted in " ".join(contact.details.get(tag, "") for tag in _FOUND_IN).lower()
        and status in {"2", contact.details.get("contactstatus", "1")}
        and contact.details.get("type", "1") in types
    ]
    first, count = (_whole(ask.text(tag)) for tag in ("offset", "rowcount"))
    page = islice(found, first, first + count if count else None)
    return {"contacts": {"contact": [_row(contact) for contact in page]}}


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def contact_get(ask: Ask) -> Tree:
    """The full record of one contact."""
    contact = ask.contract.contacts.get(ask.text("contactid") or "")
    if contact is None:
        raise Refused("SIMCONTACT", contactid=ask.text("contactid") or "")
    details = contact.details
    more = {
        "contactpostalcode": details.get("postalcode", ""),
        "contactcountry": details.get("country", ""),
        "contactvatnumber": details.get("vatnumber", ""),
        "contactsalutation": details.get("salutation", ""),
        "contactmark": details.get("mark", ""),
        "contactiban": details.get("bankaccountnumber", ""),
    }
    alternative = {
        f"contact{tag}": value for tag, value in details.items() if tag.startswith("alt")
    }
    return {"contact": _row(contact) | more | alternative}


def _row(contact: Contact) -> dict[str, str]:
    details = contact.details
    named = {
        "contactyourid": "contactyourid",
        "contactname1": "companyname1",
        "contactname2": "companyname2",
        "contacttypeid": "type",
        "contactstatus": "contactstatus",
        "contactperson": "fullname",
        "contactaddress1": "address1",
        "contactaddress2": "address2",
        "contacttelephone": "telephone",
        "contactemail": "email",
        "contactcity": "city",
        "contactcountrycode": "countrycode",
        "contactvattype": "vattypeid",
    }
    return {
        "contactid": contact.contactid,
        "contactname": contact.name,
        "contacttypename": _TYPES.get(details.get("type", "1"), ""),
        **{shown: details.get(tag, "") for shown, tag in named.items()},
        "contactcostheadingid": "0",
        "contactinvoicetemplateid": "0",
    }


def contact_invoices_outgoing(ask: Ask) -> Tree:
    """Every outgoing invoice of one contact, credit notes included, without paging."""
    contactid = ask.text("contactid") or ""
    if contactid not in ask.contract.contacts:
        raise Refused("SIMCONTACT", contactid=contactid)
    switches = ask.switches
    rows = [_invoice_row(ask, entry) for entry in ask.listed(ask.contract.entries_of(contactid))]
    if switches.outgoing_concepts == "listed":
        concepts = ask.contract.concepts.values()
        mine = [each.invoice for each in concepts if each.invoice.contactid == contactid]
        rows += [_concept_row(ask, invoice) for invoice in mine]
    if switches.outgoing_order == "newest_first":
        rows.reverse()
    return {"contact": {"invoice": rows[: switches.outgoing_maximum or None]}}


def _invoice_row(ask: Ask, entry: Entry) -> dict[str, str]:
    row = _concept_row(ask, entry.invoice)
    paid = {"paymentstatus": entry.paymentstatus, "invoicenumber": entry.invoicenumber}
    return {"token": entry.token, "entryid": entry.entryid} | {**row, **paid}


def _concept_row(ask: Ask, invoice: Invoice) -> dict[str, str]:
    including = ask.switches.amount == "including_vat"
    return {
        "entrydate": invoice.issuedate,
        "invoicenumber": invoice.number,
        "invoicenote": invoice.invoicenotes,
        "invoicedescription": invoice.description,
        "paymentstatus": invoice.paymentstatus,
        "amount": f"{invoice.total if including else invoice.total_excluding_vat}",
    }
