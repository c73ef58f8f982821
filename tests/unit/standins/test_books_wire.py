"""How the books stand-in reads requests and words its answers (Acumulus API, sections 1 and 2)."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.unit.standins.clients import LOGIN, BooksClient, invoice, tags, tags_of
from workbench.standins import BooksStandIn

ADD, MINE, ABOUT = "invoices/invoice_add", "general/my_acumulus", "general/general_about"


@pytest.mark.parametrize("urlencoded", [True, False])
@pytest.mark.parametrize("root", ["myxml", "acumulus", "x"])
def test_both_encodings_and_any_root(booker: BooksClient, root: str, urlencoded: bool) -> None:
    """Xmlstring as multipart or urlencoded; the root's name does not matter."""
    answer = booker.post(ADD, invoice("Één & ander"), urlencoded=urlencoded, root=root).json()

    assert answer["status"] == "0"


def test_xml_is_the_default_answer(booker: BooksClient) -> None:
    """Without a format the answer is XML, with one element per tag."""
    answer = booker.raw(MINE, f"<x><contract>{tags(LOGIN)}</contract></x>")
    root = ET.fromstring(answer.text)

    assert answer.headers["content-type"].startswith("text/xml")
    assert root.tag == "response"
    assert root.findtext("mydata/mycontractcode") == LOGIN["contractcode"]
    assert root.findtext("status") == "0"


def test_format_can_come_as_a_plain_parameter(booker: BooksClient) -> None:
    """As GET or POST variable; what the XML says wins."""
    plain = f"<x><contract>{tags(LOGIN)}</contract></x>"
    asked = booker.http.post(f"{MINE}.php?format=json", data={"xmlstring": plain})
    both = booker.http.post(
        f"{MINE}.php?format=json",
        data={"xmlstring": plain.replace("</x>", "<format>xml</format></x>")},
    )

    assert asked.json()["status"] == "0"
    assert both.text.startswith("<?xml")


@pytest.mark.parametrize(
    "xml", ["", "<a", "<a>&euml;</a>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_unparsable_xml_is_answered_in_xml(booker: BooksClient, xml: str) -> None:
    """The server never saw the format; HTML entities are no XML."""
    answer = booker.http.post(f"{MINE}.php?format=json", data={"xmlstring": xml})

    assert ET.fromstring(answer.text).findtext("errors/error/codetag") == "SIMXML"


def test_json_has_texts_only(booker: BooksClient) -> None:
    """Numbers, counts and the status are texts; an empty element is []."""
    answer = booker.ask(MINE)

    assert (answer["status"], answer["errors"]) == ("0", {"count_errors": "0"})
    assert answer["mydata"]["myentries"] == "0"
    assert answer["mydata"]["myiban"] == []


@pytest.mark.parametrize(("switch", "empty"), [("list", []), ("object", {}), ("text", "")])
def test_empty_elements_by_switch(
    books: BooksStandIn, booker: BooksClient, switch: str, empty: Any
) -> None:
    """Older answers have {} and a client must take "" as well; lists are empty the same way."""
    books.switches.set({"empty_element": switch})

    assert booker.book(concept="1")["invoice"]["token"] == empty
    assert booker.ask("contacts/contacts_list", "<filter>x</filter>")["contacts"] == empty


def test_empty_lists_can_be_absent(books: BooksStandIn, booker: BooksClient) -> None:
    """The container of an empty list is empty or not there."""
    books.switches.empty_lists = "absent"
    answer = booker.ask("lookups/lookup_vatinfo", "<vatcountry>AF</vatcountry>")

    assert ("vatinfo" in answer, answer["status"]) == (False, "0")


def test_one_item_is_no_list(booker: BooksClient) -> None:
    """One contact is an object, two are a list."""
    booker.book(customer={"email": "a@example.com"})
    one = booker.ask("contacts/contacts_list")["contacts"]["contact"]
    booker.book(customer={"email": "b@example.com"})
    two = booker.ask("contacts/contacts_list")["contacts"]["contact"]

    assert isinstance(one, dict)
    assert [each["contactemail"] for each in two] == ["a@example.com", "b@example.com"]


def test_status_as_a_number(books: BooksStandIn, booker: BooksClient) -> None:
    """Before 2024 status was an integer."""
    books.switches.status_type = "number"

    assert booker.ask(MINE)["status"] == 0


def test_messages_in_the_language_asked_for(booker: BooksClient) -> None:
    """English by default, Dutch on request."""
    english = booker.book(lines="")["errors"]["error"]["message"]
    dutch = booker.ask(ADD, "<lang>nl</lang>" + invoice(lines=""))["errors"]["error"]["message"]

    assert (english, dutch) == ("The invoice has no lines.", "De factuur heeft geen regels.")


def test_several_errors_are_a_list(books: BooksStandIn, booker: BooksClient) -> None:
    """More than one error comes as a list, in no particular order."""
    books.switches.errors = "several"
    answer = booker.book(lines="")

    assert answer["errors"]["count_errors"] == "2"
    assert set(tags_of(answer, "error")) == {"SIMNOLINES", "SIMREFUSED"}


def test_http_status_can_disagree(books: BooksStandIn, booker: BooksClient) -> None:
    """Some calls answer 200 with status 1."""
    books.switches.http_status = "always_200"
    answer = booker.post(ADD, invoice(lines=""))

    assert (answer.status_code, answer.json()["status"]) == (200, "1")


@pytest.mark.parametrize(
    "path", ["stable/zz/zz.php", "stable/invoices/invoice_add", "invoices/invoice_add.php"]
)
def test_a_wrong_path_is_an_html_404(books: BooksStandIn, booker: BooksClient, path: str) -> None:
    """It comes from the web server, not from the API."""
    answer = booker.http.post(f"{books.url}/acumulus/{path}")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


# ------------------------------------------------------------ credentials and roles


def test_without_a_contract_section(booker: BooksClient) -> None:
    """403 with its known codetag; the open calls need none."""
    answer = booker.post(MINE, login=None)
    vat = booker.post("lookups/lookup_vatinfo", "<vatcountry>nl</vatcountry>", login=None)

    assert (answer.status_code, tags_of(answer.json(), "error")) == (403, ["AF1001MCS"])
    assert vat.json()["status"] == "0"


@pytest.mark.parametrize("wrong", ["contractcode", "username", "password"])
@pytest.mark.parametrize("http", [403, 401, 200])
def test_wrong_credentials(books: BooksStandIn, booker: BooksClient, wrong: str, http: int) -> None:
    """Any wrong part is refused alike; the HTTP status is a switch."""
    books.switches.set({"bad_credentials": http})
    answer = booker.post(ABOUT, login={**LOGIN, wrong: "x"})

    assert (answer.status_code, answer.json()["status"]) == (http, "1")
    assert tags_of(answer.json(), "error") == ["SIMLOGIN"]


def test_a_lock_out_after_wrong_logins(books: BooksStandIn, booker: BooksClient) -> None:
    """By a switch the right password is refused as well after some failures."""
    books.switches.lock_out_after = 2
    for _ in range(2):
        booker.post(ABOUT, login={**LOGIN, "password": "x"})

    assert tags_of(booker.ask(ABOUT), "error") == ["SIMLOCKEDOUT"]


def test_unknown_contracts_can_be_made(books: BooksStandIn, booker: BooksClient) -> None:
    """For trying out and load tests: the first login makes the contract."""
    books.switches.unknown_contract = "create"
    login = {"contractcode": "777", "username": "a", "password": "b"}

    assert booker.ask(ABOUT, login=login)["status"] == "0"
    assert booker.ask(ABOUT, login={**login, "password": "c"})["status"] == "1"


@pytest.mark.parametrize(
    ("role", "may_read", "warnings"),
    [(4, True, []), (5, True, []), (6, False, []), (2, True, ["XUPR7NEC8"])],
)
def test_roles_per_call(
    books: BooksStandIn, booker: BooksClient, role: int, may_read: bool, warnings: list[str]
) -> None:
    """A creator may book but not read entries and contacts; old roles warn."""
    books.contract().users[0].role = role
    about = booker.ask(ABOUT)
    booked = booker.book()
    entry = tags({"entryid": booked["invoice"]["entryid"]})
    contact = tags({"contactid": booked["invoice"]["contactid"]})
    outgoing = "contacts/contact_invoices_outgoing"
    read = booker.post("entry/entry_info", entry)
    books.switches.outgoing_invoices_role = "creator"

    assert (about["general"]["roleid"], tags_of(about, "warning")) == (str(role), warnings)
    assert booked["status"] in {"0", "2"}
    assert (read.status_code == 200) is may_read
    assert tags_of(read.json(), "error") == ([] if may_read else ["A8N403GCN"])
    assert booker.post(outgoing, contact).status_code == 200


def test_contracts_do_not_see_each_other(books: BooksStandIn, booker: BooksClient) -> None:
    """A second contract has its own users, contacts and numbers."""
    books.add_contract("654321", "other", "secret")
    other = {"contractcode": "654321", "username": "other", "password": "secret"}
    booker.book()
    answer = booker.ask(ADD, invoice(), login=other)

    assert answer["invoice"]["invoicenumber"] == "20260001"
    assert len(books.entries("654321")) == len(books.entries(LOGIN["contractcode"])) == 1
    assert (
        booker.ask(ABOUT, login={**other, "contractcode": LOGIN["contractcode"]})["status"] == "1"
    )


def test_a_user_is_added_once(books: BooksStandIn, booker: BooksClient) -> None:
    """Adding a known user again gives it the new password; the old one is refused."""
    books.add_contract(password="new")

    assert booker.ask(ABOUT)["status"] == "1"
    assert booker.ask(ABOUT, login={**LOGIN, "password": "new"})["status"] == "0"


def test_too_many_requests_in_a_second(books: BooksStandIn, booker: BooksClient) -> None:
    """An HTML 429 per contract; nothing is booked."""
    books.switches.set({"requests_per_second": 1, "rate_limit_retry_after": "3"})
    answers = [booker.post(ADD, invoice()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["retry-after"] == "3"
    assert len(books.entries()) == 1


def test_requests_are_remembered_decoded(books: BooksStandIn, booker: BooksClient) -> None:
    """Tests see the posted tree; a repr shows no password."""
    booker.book("Bestelling WA1")
    seen = books.requests[-1]

    assert (seen.call, seen.scope, seen.status) == ("invoice_add", LOGIN["contractcode"], 200)
    assert seen.decoded["customer"]["invoice"]["description"] == "Bestelling WA1"
    assert LOGIN["password"] not in f"{books.requests}{books.contract()}"
