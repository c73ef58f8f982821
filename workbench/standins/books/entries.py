"""Bookings out, and what can be done to one afterwards: delete, pay, mail, look up its concept."""

from workbench.standins.books.ask import Ask, is_date
from workbench.standins.books.invoice_add import mail_pdf
from workbench.standins.books.messages import Refused
from workbench.standins.books.records import Entry
from workbench.standins.books.wire import Tree

_RECENT = 10
_TERM_DAYS = "14"
_OLDEST_CONCEPT = 127467  # older concepts cannot be resolved (Acumulus API, concepts)
#: The flags of entry_info that a vattype sets.
_FLAGS = {
    2: {"vatreversecharge"},
    3: {"vatreversecharge", "foreigneu"},
    4: {"foreignnoneu"},
    5: {"marginscheme"},
    6: {"foreignvat"},
    7: {"foreignvat", "foreignnoneu"},
}
_ALL_FLAGS = ("vatreversecharge", "foreigneu", "foreignnoneu", "marginscheme", "foreignvat")


def entry_info(ask: Ask) -> Tree:
    """Everything of one booking, deleted ones too."""
    entry = _entry(ask)
    invoice = entry.invoice
    flags = _FLAGS.get(invoice.vattype, set())
    vat = invoice.total - invoice.total_excluding_vat
    return {
        "entry": {
            "token": entry.token,
            "entryid": entry.entryid,
            "entrydate": invoice.issuedate,
            "entrytype": "Outgoing invoice",
            "entrytypeid": "1",
            "entrydescription": _description(ask, entry),
            "entrynote": "",
            **{flag: "1" if flag in flags else "0" for flag in _ALL_FLAGS},
            "contactid": entry.contactid,
            "accountnumber": invoice.accountnumber,
            "costcenterid": invoice.costcenter,
            "costheadingid": "0",
            "invoicenumber": entry.invoicenumber,
            "invoicenote": invoice.invoicenotes,
            "descriptiontext": invoice.descriptiontext,
            "invoicelayoutid": invoice.template,
            "paymenttoken": "",
            "totalvalueexclvat": f"{invoice.total_excluding_vat}",
            "totalvalue": f"{invoice.total}",
            "totalvalueforeignvat": f"{vat if 'foreignvat' in flags else 0:.2f}",
            "paymenttermdays": _TERM_DAYS,
            "paymentdate": entry.paymentdate,
            "paymentstatus": entry.paymentstatus,
            "deleted": entry.deleted or _not_deleted(ask),
        }
    }


def entries_list_recent(ask: Ask) -> Tree:
    """The ten latest bookings, the newest first."""
    entries = ask.listed(list(ask.contract.entries.values()))
    if ask.switches.recent_by == "entrydate":
        entries.sort(key=lambda entry: entry.invoice.issuedate)
    return {"entries": {"entry": [_row(ask, entry) for entry in entries[::-1][:_RECENT]]}}


def _row(ask: Ask, entry: Entry) -> dict[str, str]:
    invoice, contract = entry.invoice, ask.contract
    contact = contract.contacts.get(entry.contactid)
    accounts = {row["accountid"]: row["accountdescription"] for row in contract.accounts}
    costcenters = {row["costcenterid"]: row["costcentername"] for row in contract.costcenters}
    return {
        "entryid": entry.entryid,
        "contactid": entry.contactid,
        "contactname": contact.name if contact else "",
        "entrydate": invoice.issuedate,
        "entrytypeid": "1",
        "entrytypenl": "Uitgaande factuur",
        "entrydescription": _description(ask, entry),
        "accountid": invoice.accountnumber,
        "accountname": accounts.get(invoice.accountnumber, ""),
        "costcenterid": invoice.costcenter,
        "costcenter": costcenters.get(invoice.costcenter, ""),
        "costheadingid": "0",
        "costheadingnl": "",
        "invoicenumber": entry.invoicenumber,
        "paymentstatus": entry.paymentstatus,
        "paymentdate": entry.paymentdate,
        "totalvalue": f"{invoice.total}",
        "totalvalueexclvat": f"{invoice.total_excluding_vat}",
        "polaritynl": "Inkomsten",
        "totaldocs": "0",
    }


def _description(ask: Ask, entry: Entry) -> str:
    return entry.description if ask.switches.entry_description == "description" else ""


def _not_deleted(ask: Ask) -> str:
    return "0000-00-00 00:00:00" if ask.switches.not_deleted == "zeros" else ""


def entry_deletestatus_set(ask: Ask) -> Tree:
    """To the recycle bin (1) or back (0); without testmode, whatever was asked."""
    entry = _entry(ask)
    status = ask.text("entrydeletestatus")
    if status not in {"0", "1"}:
        raise Refused("XCM7ELO12")
    delete = status == "1"
    proc = "no changes made"
    if delete is not bool(entry.deleted):
        entry.deleted = f"{ask.now():%Y-%m-%d %H:%M:%S}" if delete else ""
        ask.keep(entry)
        proc = "removed" if delete else "recovered"
    return {"entry": {"entryid": entry.entryid, "entryproc": proc}}


def invoice_paymentstatus_get(ask: Ask) -> Tree:
    return {"invoice": _payment(_by_token(ask))}


def invoice_paymentstatus_set(ask: Ask) -> Tree:
    """Repeating it changes nothing; the date is mandatory, for due as well."""
    entry = _by_token(ask)
    status, day = ask.text("paymentstatus") or "1", ask.text("paymentdate")
    if not is_date(day):
        raise Refused("DATE590ZW")
    if status not in {"1", "2"}:
        raise Refused("SIMPAYSTATUS")
    entry.paymentstatus, entry.paymentdate = status, day or ""
    ask.keep(entry)
    return {"invoice": _payment(entry)}


def _payment(entry: Entry) -> dict[str, str]:
    return {
        "entryid": entry.entryid,
        "token": entry.token,
        "paymentstatus": entry.paymentstatus,
        "paymentdate": entry.paymentdate,
    }


def invoice_concept_info(ask: Ask) -> Tree:
    """The bookings that a person made of a concept: none, one or more."""
    conceptid = ask.text("conceptid") or ""
    concept = ask.contract.concepts.get(conceptid)
    if concept is None:
        old = conceptid.isdecimal() and int(conceptid) < _OLDEST_CONCEPT
        raise Refused("FGYBSN048" if old else "FGY040XX", conceptid=conceptid)
    entryids = concept.entryids
    return {"concept": {"conceptid": conceptid, "entryid": entryids or ""}}


def invoice_mail(ask: Ask) -> Tree:
    """Mail the invoice or a reminder; every call sends a copy."""
    entry = _by_token(ask)
    kind = ask.text("invoicetype") or "0"
    if kind not in {"0", "1"}:
        ask.warn("GK6FKHU52")
        kind = "0"
    pdf = ask.root.find("emailaspdf")
    contact = ask.contract.contacts.get(entry.contactid)
    address = contact.email if contact else ""
    mail_pdf(ask, ask.root if pdf is None else pdf, entry, address, reminder=kind == "1")
    return {"invoice": {"token": entry.token, "invoicetype": kind}}


def _entry(ask: Ask) -> Entry:
    entry = ask.contract.entries.get(ask.text("entryid") or "")
    if entry is None:
        raise Refused("BK07TG65N", entryid=ask.text("entryid") or "")
    return entry


def _by_token(ask: Ask) -> Entry:
    entry = ask.contract.entry_with(ask.text("token"))
    if entry is None:
        raise Refused("7CFBA8K")
    return entry
