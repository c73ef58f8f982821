"""What can be read back and changed after a booking (Acumulus API, sections 4.4 to 4.7)."""

from typing import Any

import pytest

from tests.unit.standins.clients import BooksClient, line, tags, tags_of
from workbench.standins import BooksStandIn

RECENT, OUTGOING = "entry/entries_list_recent", "contacts/contact_invoices_outgoing"
INFO, DELETE = "entry/entry_info", "entry/entry_deletestatus_set"
UNPAID, CONTACTS = "reports/report_unpaid_debtors", "contacts/contacts_list"


def _recent(booker: BooksClient) -> list[str]:
    found = booker.ask(RECENT)["entries"]
    entries = found["entry"] if found else []
    entries = entries if isinstance(entries, list) else [entries]
    return [each["entrydescription"] for each in entries]


def _outgoing(booker: BooksClient, contactid: str) -> list[dict[str, Any]]:
    found = booker.ask(OUTGOING, tags({"contactid": contactid}))["contact"]
    rows = found["invoice"] if found else []
    return rows if isinstance(rows, list) else [rows]


def test_recent_entries_are_ten(books: BooksStandIn, booker: BooksClient) -> None:
    """The newest ten of any kind, by creation or by date."""
    for number in range(1, 13):
        booker.book(f"Bestelling WA{number}", issuedate=f"2026-03-{31 - number:02d}")
    by_creation = _recent(booker)
    books.switches.recent_by = "entrydate"

    assert by_creation == [f"Bestelling WA{number}" for number in range(12, 2, -1)]
    assert _recent(booker) == [f"Bestelling WA{number}" for number in range(1, 11)]


def test_recent_entries_name_everything_but_the_token(booker: BooksClient) -> None:
    """The token must be read with entry_info."""
    booked = booker.book("Bestelling WA1", costcenter="48002", paymentstatus="2")["invoice"]
    entry = booker.ask(RECENT)["entries"]["entry"]

    assert "token" not in entry
    assert (entry["entryid"], entry["contactid"]) == (booked["entryid"], booked["contactid"])
    assert (entry["totalvalue"], entry["totalvalueexclvat"]) == ("12.10", "10.00")
    assert (entry["contactname"], entry["costcenter"]) == ("R. Koper", "Webwinkel")


def test_outgoing_invoices_of_a_contact(books: BooksStandIn, booker: BooksClient) -> None:
    """All of them, credit notes too, with the description; order and amount are switches."""
    first = booker.book("Bestelling WA1")["invoice"]
    booker.book("Creditering WA1", lines=line(quantity="-1"))
    booker.book("Bestelling WA2", customer={"email": "ander@example.com"})
    rows = _outgoing(booker, first["contactid"])
    books.switches.set({"outgoing_order": "newest_first", "amount": "excluding_vat"})
    turned = _outgoing(booker, first["contactid"])

    assert [row["invoicedescription"] for row in rows] == ["Bestelling WA1", "Creditering WA1"]
    assert [row["amount"] for row in rows] == ["12.10", "-12.10"]
    assert (rows[0]["token"], rows[0]["entryid"]) == (first["token"], first["entryid"])
    assert [row["amount"] for row in turned] == ["-10.00", "10.00"]


def test_concepts_are_not_listed_unless_switched(books: BooksStandIn, booker: BooksClient) -> None:
    """No call lists concepts as far as is known."""
    concept = booker.book("Bestelling WA1", concept="1")["invoice"]
    hidden = _outgoing(booker, concept["contactid"])
    books.switches.outgoing_concepts = "listed"

    assert hidden == []
    assert _outgoing(booker, concept["contactid"])[0]["invoicedescription"] == "Bestelling WA1"
    assert _recent(booker) == []


def test_unknown_contacts_and_entries(booker: BooksClient) -> None:
    """Not found is a 404 that echoes the id."""
    contact = booker.post(OUTGOING, tags({"contactid": "1"}))
    entry = booker.post(INFO, tags({"entryid": "12345"}))

    assert (contact.status_code, tags_of(contact.json(), "error")) == (404, ["SIMCONTACT"])
    assert (entry.status_code, tags_of(entry.json(), "error")) == (404, ["BK07TG65N"])
    assert entry.json()["entryid"] == "12345"


def test_bookings_can_show_late(books: BooksStandIn, booker: BooksClient) -> None:
    """How soon a booking shows in the lists is not known: after some calls, or some time."""
    books.switches.listed_after_calls = 2
    booker.book("Bestelling WA1")
    by_calls = [_recent(booker) for _ in range(3)]
    books.switches.set({"listed_after_calls": 0, "listed_after_seconds": 600})
    booker.book("Bestelling WA2")

    assert by_calls == [[], [], ["Bestelling WA1"]]
    assert _recent(booker) == ["Bestelling WA1"]


def test_entry_info_tells_everything(booker: BooksClient) -> None:
    """Ids, payment, totals and the token of one booking."""
    booked = booker.book("Bestelling WA1", invoicenotes="notitie", paymentstatus="2")["invoice"]
    entry = booker.ask(INFO, tags({"entryid": booked["entryid"]}))["entry"]

    assert entry["token"] == booked["token"]
    assert entry["entrydescription"] == "Bestelling WA1"
    assert (entry["invoicenote"], entry["invoicelayoutid"]) == ("notitie", "39001")
    assert (entry["totalvalueexclvat"], entry["totalvalue"]) == ("10.00", "12.10")
    assert (entry["paymentstatus"], entry["deleted"]) == ("2", "0000-00-00 00:00:00")


@pytest.mark.parametrize(
    ("vattype", "flags"),
    [
        ("1", set()),
        ("2", {"vatreversecharge"}),
        ("3", {"vatreversecharge", "foreigneu"}),
        ("4", {"foreignnoneu"}),
        ("5", {"marginscheme"}),
        ("6", {"foreignvat"}),
    ],
)
def test_flags_tell_the_vattype(booker: BooksClient, vattype: str, flags: set[str]) -> None:
    """entry_info has no vattype, only flags; foreign VAT is a total of its own."""
    booked = booker.book(vattype=vattype)["invoice"]
    entry = booker.ask(INFO, tags({"entryid": booked["entryid"]}))["entry"]
    names = ("vatreversecharge", "foreigneu", "foreignnoneu", "marginscheme", "foreignvat")

    assert {name for name in names if entry[name] == "1"} == flags
    assert entry["totalvalueforeignvat"] == ("2.10" if vattype == "6" else "0.00")


def test_deleting_and_recovering(books: BooksStandIn, booker: BooksClient) -> None:
    """A deleted entry has a time; repeating changes nothing; lists show it unless switched."""
    booked = booker.book("Bestelling WA1")["invoice"]
    ids = {"entryid": booked["entryid"]}
    done = [
        booker.ask(DELETE, tags({**ids, "entrydeletestatus": status}))["entry"]["entryproc"]
        for status in ("1", "1", "0", "1")
    ]
    entry = booker.ask(INFO, tags(ids))["entry"]
    listed = _recent(booker)
    books.switches.deleted_entries = "hidden"

    assert done == ["removed", "no changes made", "recovered", "removed"]
    assert entry["deleted"] == "2026-03-10 12:00:00"
    assert (listed, _recent(booker)) == (["Bestelling WA1"], [])
    assert tags_of(booker.ask(DELETE, tags({**ids, "entrydeletestatus": "x"})), "error")


def test_payment_status_by_token(booker: BooksClient) -> None:
    """Read and set; the date is mandatory, also for due; unknown tokens are refused."""
    token = {"token": booker.book()["invoice"]["token"]}
    get, set_ = "invoices/invoice_paymentstatus_get", "invoices/invoice_paymentstatus_set"
    paid = {**token, "paymentstatus": "2", "paymentdate": "2026-03-12"}
    before = booker.ask(get, tags(token))["invoice"]
    booker.ask(set_, tags(paid))
    after = booker.ask(get, tags(token))["invoice"]

    assert (before["paymentstatus"], after["paymentstatus"]) == ("1", "2")
    assert after["paymentdate"] == "2026-03-12"
    assert tags_of(booker.ask(set_, tags({**token, "paymentstatus": "1"})), "error") == [
        "DATE590ZW"
    ]
    assert tags_of(booker.ask(get, tags({"token": "x"})), "error") == ["7CFBA8K"]


def test_invoice_mail_sends_a_copy_each_time(books: BooksStandIn, booker: BooksClient) -> None:
    """To the address given, else to the contact's; a wrong type warns."""
    token = tags({"token": booker.book()["invoice"]["token"]})
    call = "invoices/invoice_mail"
    booker.ask(call, token + "<emailaspdf><emailto>a@example.com</emailto></emailaspdf>")
    warned = booker.ask(call, token + "<invoicetype>7</invoicetype>")
    booker.ask(call, token + "<invoicetype>1</invoicetype>")
    mails = list(books.contract().mails.values())

    assert [mail.to for mail in mails] == [
        "a@example.com",
        "koper@example.com",
        "koper@example.com",
    ]
    assert [mail.reminder for mail in mails] == [False, False, True]
    assert tags_of(warned, "warning") == ["GK6FKHU52"]


def test_unpaid_invoices(books: BooksStandIn, booker: BooksClient) -> None:
    """Over all contacts of a year, without a description; paid and deleted ones are not in it."""
    due = booker.book("Bestelling WA1", issuedate="2026-01-10")["invoice"]
    booker.book("Bestelling WA2", paymentstatus="2")
    deleted = booker.book("Bestelling WA3")["invoice"]
    booker.book("Bestelling WA4", issuedate="2025-01-10")
    booker.book("Bestelling WA5", issuedate="2026-03-09")
    books.delete_entry(deleted["entryid"])
    rows = booker.ask(UNPAID, "<year>2026</year>")["unpaiddebtorinvoices"]["entry"]
    late = booker.ask(UNPAID, "<year>2026</year><due>1</due>")["unpaiddebtorinvoices"]["entry"]

    assert [row["issuedate"] for row in rows] == ["2026-01-10", "2026-03-09"]
    assert (late["token"], late["amount"], late["daysdue"]) == (due["token"], "12.10", "45")


def test_contact_filter_is_blind_to_email(booker: BooksClient) -> None:
    """It finds names, city, address and postal code, not e-mail and not the own id."""
    who = {"contactyourid": "C-1007", "postalcode": "1234 AB", "email": "uniek@example.com"}
    booker.book(customer=who)

    def found(text: str) -> bool:
        return bool(booker.ask(CONTACTS, tags({"filter": text}))["contacts"])

    assert found("koper")
    assert found("1234 AB")
    assert found("ALMERE")
    assert not found("uniek@example.com")
    assert not found("C-1007")


def test_contacts_by_status_type_and_page(booker: BooksClient) -> None:
    """Disabled contacts are listed unless asked otherwise; offset and rowcount cut pages."""
    for number, status in enumerate(["1", "0", "1"]):
        booker.book(customer={"email": f"{number}@example.com", "contactstatus": status})

    def emails(body: str) -> list[str]:
        rows = booker.ask(CONTACTS, body)["contacts"]["contact"]
        return [row["contactemail"] for row in (rows if isinstance(rows, list) else [rows])]

    assert emails("") == ["0@example.com", "1@example.com", "2@example.com"]
    assert emails("<contactstatus>0</contactstatus>") == ["1@example.com"]
    assert emails("<offset>1</offset><rowcount>1</rowcount>") == ["1@example.com"]
    assert booker.ask(CONTACTS, "<contacttype>2</contacttype>")["contacts"] == []


def test_contact_get_has_the_full_record(booker: BooksClient) -> None:
    """The list's fields and the rest of the address."""
    who = {"postalcode": "1234 AB", "vatnumber": "NL1", "altcity": "Breda", "companyname1": "X BV"}
    contactid = booker.book(customer=who)["invoice"]["contactid"]
    contact = booker.ask("contacts/contact_get", tags({"contactid": contactid}))["contact"]

    assert (contact["contactname"], contact["contactperson"]) == ("X BV", "R. Koper")
    assert (contact["contactpostalcode"], contact["contactvatnumber"]) == ("1234 AB", "NL1")
    assert contact["contactaltcity"] == "Breda"
