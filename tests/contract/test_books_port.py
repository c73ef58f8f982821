"""What every ``Books`` does: the one in memory, and the real client on a small server."""

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import pytest

from boekbrug.acumulus.client import AcumulusAdministrations
from boekbrug.domain.invoice import Customer, Invoice, InvoiceLine
from boekbrug.errors import BoekbrugError, NeedsOwner, RetryLater, StopShop, Unclear
from boekbrug.journey.ports.books import Books, Credentials, Posted
from boekbrug.journey.ports.tenants import Secret
from tests.support.fake_books import FakeAdministration, FakeAdministrations, FakeVatRates
from tests.support.fake_books import Fault as FakeFault
from tests.unit.acumulus.tiny_server import HTML, Fault, Reply, TinyAcumulus
from workbench.standins.books.standin import BooksStandIn

PASSWORD = "secret & <word>"


def an_invoice(
    reference: str = "Bestelling WA1042",
    *,
    email: str | None = "j.jansen@example.nl",
    name: str = "J. Jansen",
    concept: bool = False,
    paid: bool = True,
    lines: int = 1,
) -> Invoice:
    """An ordinary invoice of 12.10 on 10 March 2026."""
    line = InvoiceLine(
        product="Blauwe mok", unitprice=Decimal(10), vatrate=Decimal(21), quantity=Decimal(1)
    )
    return Invoice(
        order_number="1042",
        customer=Customer(
            type="1",
            vattypeid="1",
            fullname=name,
            postalcode="1234 AB",
            countrycode="NL",
            email=email,
        ),
        concept=concept,
        vattype=1,
        description=reference,
        lines=(line,) * lines,
        total=Decimal("12.10"),
        vat={"21": Decimal("2.10")},
        issuedate=date(2026, 3, 10),
        paymentstatus=2 if paid else 1,
        paymentdate=date(2026, 3, 10) if paid else None,
    )


class Bench(Protocol):
    """One administration with knobs; the same ones for every kind of books."""

    def open(self, password: str = PASSWORD) -> Books: ...
    def lose_answer(self) -> None: ...
    def lose_request(self) -> None: ...
    def throttle(self) -> None: ...
    def lock(self, until: date) -> None: ...
    def exhaust(self) -> None: ...
    def make_final(self, conceptid: str) -> str: ...
    def break_reads(self) -> None: ...
    def booked(self) -> list[str]: ...


class FakeBench:
    def __init__(self) -> None:
        self.here = FakeAdministration(password=PASSWORD)

    def open(self, password: str = PASSWORD) -> Books:
        credentials = Credentials("123456", "api", Secret(password))
        return FakeAdministrations(self.here).open(credentials)

    def lose_answer(self) -> None:
        self.here.faults.append(FakeFault.LOST_ANSWER)

    def lose_request(self) -> None:
        self.here.faults.append(FakeFault.LOST_REQUEST)

    def throttle(self) -> None:
        self.here.faults.append(FakeFault.THROTTLED)

    def lock(self, until: date) -> None:
        self.here.locked_until = until

    def exhaust(self) -> None:
        self.here.max_entries = len(self.here.booked)

    def make_final(self, conceptid: str) -> str:
        return self.here.make_final(conceptid).entryid

    def break_reads(self) -> None:
        self.here.unreadable |= {"recent_entries", "contacts", "contact_invoices"}

    def booked(self) -> list[str]:
        return [kept.invoice.description for kept in self.here.booked]


class RealBench:
    def __init__(self, tiny: TinyAcumulus, administrations: AcumulusAdministrations) -> None:
        self.tiny = tiny
        self.administrations = administrations

    def open(self, password: str = PASSWORD) -> Books:
        return self.administrations.open(Credentials("123456", "api", Secret(password)))

    def lose_answer(self) -> None:
        self.tiny.faults.append(Fault(commit=True, reply=Reply(drop=True)))

    def lose_request(self) -> None:
        self.tiny.faults.append(Fault(commit=False, reply=Reply(502, HTML, "text/html")))

    def throttle(self) -> None:
        headers = {"Retry-After": "30"}
        self.tiny.faults.append(Fault(False, Reply(429, HTML, "text/html", headers)))

    def lock(self, until: date) -> None:
        self.tiny.locked_until = until.isoformat()

    def exhaust(self) -> None:
        self.tiny.left = 0

    def make_final(self, conceptid: str) -> str:
        self.tiny.became[conceptid] = ["6009999"]
        return "6009999"

    def break_reads(self) -> None:
        self.tiny.read_faults.extend([Reply(503, HTML, "text/html")] * 20)

    def booked(self) -> list[str]:
        return [kept["invoice"]["description"] for kept in self.tiny.invoices]


class StandInBench(RealBench):
    """The real client on the stand-in of the workbench, which others wrote from the same page."""

    def __init__(self, standin: BooksStandIn, administrations: AcumulusAdministrations) -> None:
        self.standin = standin
        self.administrations = administrations
        standin.add_contract("123456", "api", PASSWORD, 5, company="Voorbeeld BV", **PICKLISTS)

    def lose_answer(self) -> None:
        self.standin.faults.add("commit_then_drop", call="invoice_add", times=1)

    def lose_request(self) -> None:
        self.standin.faults.add("502", call="invoice_add", times=1)

    def throttle(self) -> None:
        self.standin.faults.add("429", call="invoice_add", times=1, retry_after="30")

    def lock(self, until: date) -> None:
        self.standin.lock_period(until.isoformat())

    def exhaust(self) -> None:
        self.standin.set_limit(len(self.standin.entries()))

    def make_final(self, conceptid: str) -> str:
        return self.standin.make_definitive(conceptid)

    def break_reads(self) -> None:
        for call in ("entries_list_recent", "contacts_list"):
            self.standin.faults.add("503", call=call)

    def booked(self) -> list[str]:
        return [entry.description for entry in self.standin.entries()]


PICKLISTS: dict[str, Any] = {
    "accounts": [
        {
            "accountid": "70001",
            "accountnumber": "NL00BANK0123456789",
            "accountdescription": "Bank",
            "accountstatus": "1",
        },
        {
            "accountid": "70002",
            "accountnumber": "",
            "accountdescription": "Kas",
            "accountstatus": "1",
        },
    ],
    "costcenters": [{"costcenterid": "48001", "costcentername": "Webwinkel"}],
    "templates": [
        {"invoicetemplateid": "39001", "invoicetemplatename": "Standaard"},
        {"invoicetemplateid": "39002", "invoicetemplatename": "Betaald"},
    ],
}


@pytest.fixture(params=["fake", "small server", "stand-in"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param == "fake":
        yield FakeBench()
        return
    server = TinyAcumulus() if request.param == "small server" else BooksStandIn()
    with server:
        administrations = AcumulusAdministrations(server.url, sleep=lambda _: None)
        if isinstance(server, TinyAcumulus):
            yield RealBench(server, administrations)
        else:
            yield StandInBench(server, administrations)
        administrations.close()


# --------------------------------------------------------------------------- posting


def test_a_final_invoice_has_all_its_ids(bench: Bench) -> None:
    """A definitive invoice comes back with entry, number, contact and token, and no concept."""
    posted = bench.open().add_invoice(an_invoice())

    assert posted.entryid
    assert posted.invoicenumber
    assert posted.contactid
    assert len(posted.token) == 32
    assert posted.conceptid == ""


def test_a_concept_has_no_entry(bench: Bench) -> None:
    """A concept comes back with a concept id only: no entry, no token."""
    posted = bench.open().add_invoice(an_invoice(concept=True))

    assert posted.conceptid
    assert (posted.entryid, posted.token) == ("", "")


def test_posting_twice_books_twice(bench: Bench) -> None:
    """There is no duplicate check: whoever posts twice has two invoices."""
    books = bench.open()

    first, second = books.add_invoice(an_invoice()), books.add_invoice(an_invoice())

    assert first.entryid != second.entryid
    assert first.contactid == second.contactid
    assert bench.booked() == ["Bestelling WA1042"] * 2


def test_a_lost_answer_is_unclear_and_can_be_found(bench: Bench) -> None:
    """Booked, and the answer lost: unclear, and all three lists show the order reference."""
    bench.lose_answer()
    books = bench.open()

    with pytest.raises(Unclear):
        books.add_invoice(an_invoice(paid=False))

    (contact,) = books.contacts("jansen")
    found = (
        [entry.description for entry in books.recent_entries()],
        [entry.description for entry in books.contact_invoices(contact.contactid)],
        [entry.total for entry in books.unpaid_invoices(2026)],
    )
    assert found == (["Bestelling WA1042"], ["Bestelling WA1042"], [Decimal("12.10")])
    assert bench.booked() == ["Bestelling WA1042"]


def test_a_lost_request_is_unclear_and_is_nowhere(bench: Bench) -> None:
    """Sent but not booked looks the same to us, and no list shows it."""
    bench.lose_request()
    books = bench.open()

    with pytest.raises(Unclear):
        books.add_invoice(an_invoice())

    assert (books.recent_entries(), books.contacts(), bench.booked()) == ((), (), [])


def test_a_throttled_post_was_not_seen(bench: Bench) -> None:
    """429 is "not now" with the wait that was asked for: nothing was booked."""
    bench.throttle()

    with pytest.raises(RetryLater) as caught:
        bench.open().add_invoice(an_invoice())

    assert (caught.value.code, caught.value.after) == ("books_throttled", 30)
    assert bench.booked() == []


@pytest.mark.parametrize("call", ["add_invoice", "contract", "recent_entries"])
def test_wrong_credentials_stop_everything(bench: Bench, call: str) -> None:
    """A wrong password stops the administration, whatever the call; nothing is booked."""
    books = bench.open("another password")
    arguments = [an_invoice()] if call == "add_invoice" else []

    with pytest.raises(StopShop) as caught:
        getattr(books, call)(*arguments)

    assert caught.value.code == "credentials_refused"
    assert "another" not in str(caught.value)
    assert bench.booked() == []


def test_an_invoice_without_lines_is_refused(bench: Bench) -> None:
    """Refused data needs the owner, and nothing is booked."""
    with pytest.raises(NeedsOwner) as caught:
        bench.open().add_invoice(an_invoice(lines=0))

    assert caught.value.code == "books_refused"
    assert bench.booked() == []


def test_a_locked_period_is_named(bench: Bench) -> None:
    """A date in a locked period is refused with a code of its own (R98)."""
    bench.lock(date(2026, 3, 31))

    with pytest.raises(NeedsOwner) as caught:
        bench.open().add_invoice(an_invoice())

    assert caught.value.code == "period_locked"
    assert bench.booked() == []


def test_an_exhausted_trial_is_named(bench: Bench) -> None:
    """A refusal of a contract without bookings left says so (Acumulus API, section 9, 13)."""
    books = bench.open()
    books.add_invoice(an_invoice())
    bench.exhaust()

    with pytest.raises(NeedsOwner) as caught:
        books.add_invoice(an_invoice("Bestelling WA1043"))

    assert caught.value.code == "quota_exhausted"
    assert books.contract().entries_left == 0
    assert bench.booked() == ["Bestelling WA1042"]


def test_a_check_books_nothing(bench: Bench) -> None:
    """Test mode looks at the invoice, also twice, and keeps nothing; its ids are no ids (R128)."""
    books = bench.open()

    checked = books.check_invoice(an_invoice())

    assert books.check_invoice(an_invoice()) == checked
    assert (checked.entryid, checked.token, bench.booked()) == ("", "", [])
    with pytest.raises(NeedsOwner):
        books.check_invoice(an_invoice(lines=0))


# --------------------------------------------------------------------------- reading


def test_the_contract_says_who_and_how_much(bench: Bench) -> None:
    """A paid contract has no limit; role 5 is the one to ask for."""
    contract = bench.open().contract()

    assert (contract.contractcode, contract.company_name) == ("123456", "Voorbeeld BV")
    assert contract.vat_number == "NL123456789B01"
    assert contract.role_id == 5
    assert contract.role.startswith("API")
    assert (contract.entries, contract.max_entries, contract.entries_left) == (0, None, None)


def test_picklists_have_numbers_and_names(bench: Bench) -> None:
    """One item or many, a picklist is a tuple of choices."""
    books = bench.open()

    assert [choice.id for choice in books.accounts()] == [70001, 70002]
    assert books.accounts()[0].name == "Bank NL00BANK0123456789"
    assert [choice.name for choice in books.cost_centers()] == ["Webwinkel"]
    assert [choice.id for choice in books.templates()] == [39001, 39002]


def test_empty_lists_are_empty(bench: Bench) -> None:
    """A new administration has no entries, no contacts and nothing unpaid."""
    books = bench.open()

    assert books.recent_entries() == ()
    assert books.contacts() == ()
    assert books.unpaid_invoices(2026) == ()


def test_an_unknown_entry_is_none(bench: Bench) -> None:
    """What Acumulus does not know is no error."""
    books = bench.open()

    assert books.entry("1") is None
    assert books.concept_entries("1") is None
    assert books.is_paid("x" * 32) is None


def test_an_entry_shows_what_was_booked(bench: Bench) -> None:
    """An entry carries the reference, the date, the total and the token."""
    books = bench.open()
    posted = books.add_invoice(an_invoice())

    entry = books.entry(posted.entryid)

    assert entry is not None
    assert (entry.description, entry.invoicenumber) == ("Bestelling WA1042", posted.invoicenumber)
    assert (entry.total, entry.total_excl_vat) == (Decimal("12.10"), Decimal("10.00"))
    assert (entry.entrydate, entry.paymentstatus) == (date(2026, 3, 10), "2")
    assert (entry.token, entry.contactid, entry.deleted) == (posted.token, posted.contactid, False)


def test_only_the_ten_latest_entries_are_listed(bench: Bench) -> None:
    """``recent_entries`` proves presence only: the eleventh is not in it."""
    books = bench.open()
    for number in range(11):
        books.add_invoice(an_invoice(f"Bestelling {number}"))

    recent = {entry.description for entry in books.recent_entries()}

    assert recent == {f"Bestelling {number}" for number in range(1, 11)}


def test_a_contact_is_found_by_name_and_not_by_email(bench: Bench) -> None:
    """The filter searches names and addresses; the e-mail address has to be compared."""
    books = bench.open()
    books.add_invoice(an_invoice())

    assert books.contacts("j.jansen@example.nl") == ()
    (by_name,), (by_postcode,) = books.contacts("JANSEN"), books.contacts("1234 ab")
    assert by_name == by_postcode
    assert by_name.emails == ("j.jansen@example.nl",)


def test_an_overwritten_contact_is_not_found_by_its_old_name(bench: Bench) -> None:
    """A later order with the same e-mail renames the contact: only the whole list shows it."""
    books = bench.open()
    books.add_invoice(an_invoice())
    books.add_invoice(an_invoice("Bestelling WA1043", name="P. Pietersen"))

    assert books.contacts("jansen") == ()
    (contact,) = books.contacts()
    found = [entry.description for entry in books.contact_invoices(contact.contactid)]
    assert found == ["Bestelling WA1042", "Bestelling WA1043"]


def test_without_email_every_order_makes_a_contact(bench: Bench) -> None:
    """There is nothing to match on (Acumulus API, 3.1)."""
    books = bench.open()
    for _ in range(2):
        books.add_invoice(an_invoice(email=None))

    assert len(books.contacts()) == 2


def test_a_read_that_fails_can_be_done_later(bench: Bench) -> None:
    """A list that cannot be read is "not now", never empty."""
    bench.break_reads()
    books = bench.open()

    for read in (books.recent_entries, books.contacts):
        with pytest.raises(RetryLater):
            read()


def test_the_threshold_report(bench: Bench) -> None:
    """The report on distance sales of a year (A9)."""
    report = bench.open().eu_threshold(2026)

    assert (report.year, report.threshold, report.reached) == (2026, Decimal(10000), False)


# --------------------------------------------------------------------------- after booking


def test_paid_later(bench: Bench) -> None:
    """An invoice that was due becomes paid, twice if need be (R119)."""
    books = bench.open()
    posted = books.add_invoice(an_invoice(paid=False))
    assert books.is_paid(posted.token) is False

    for _ in range(2):
        books.set_paid(posted.token, paid=True, on=date(2026, 3, 12))

    assert books.is_paid(posted.token) is True
    assert books.unpaid_invoices(2026) == ()


def test_paying_an_unknown_invoice_is_told(bench: Bench) -> None:
    """A token that Acumulus does not know is not taken for success."""
    with pytest.raises(RetryLater) as caught:
        bench.open().set_paid("y" * 32, paid=True, on=date(2026, 3, 12))

    assert caught.value.code == "books_not_found"


def test_a_concept_becomes_an_entry(bench: Bench) -> None:
    """First nothing, then the entry the bookkeeper made of it (R120)."""
    books = bench.open()
    posted = books.add_invoice(an_invoice(concept=True))
    assert books.concept_entries(posted.conceptid) == ()

    entryid = bench.make_final(posted.conceptid)

    assert books.concept_entries(posted.conceptid) == (entryid,)


def test_an_entry_in_the_bin_stays_there(bench: Bench) -> None:
    """Deleting twice is the same as once, and so is deleting what is not there (R124).

    Lists may go on showing it, without a word: only the entry itself tells.
    """
    books = bench.open()
    posted = books.add_invoice(an_invoice())

    for entryid in (posted.entryid, posted.entryid, "1"):
        books.delete_entry(entryid)

    entry = books.entry(posted.entryid)
    assert entry is not None
    assert entry.deleted
    assert [listed.entryid for listed in books.recent_entries()] == [posted.entryid]


# --------------------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    ("switch", "setting"),
    [
        ("empty_element", "object"),
        ("empty_element", "text"),
        ("status_type", "number"),
        ("empty_lists", "absent"),
        ("errors", "several"),
        ("http_status", "always_200"),
        ("bad_credentials", "401"),
        ("bad_credentials", "200"),
        ("quota_refusal", "403"),
        ("concepts_counted", True),
        ("testmode_ids", "invented"),
        ("not_deleted", "empty"),
        ("outgoing_concepts", "listed"),
        ("entries_left_unlimited", "0"),
        ("entries_left_unlimited", ""),
        ("locked_period", "contractcode"),
    ],
)
def test_open_points_can_turn_out_either_way(switch: str, setting: object) -> None:
    """What nobody knows about Acumulus changes nothing of what we promise."""
    with BooksStandIn() as standin:
        setattr(standin.switches, switch, setting)
        administrations = AcumulusAdministrations(standin.url, sleep=lambda _: None)
        bench = StandInBench(standin, administrations)
        _walk_through(bench)
        administrations.close()


def _walk_through(bench: StandInBench) -> None:
    books = bench.open()
    assert books.contract().entries_left is None
    assert (books.recent_entries(), books.contacts()) == ((), ())
    with pytest.raises(StopShop):
        bench.open("another password").contract()
    assert books.check_invoice(an_invoice()) == Posted()
    assert books.add_invoice(an_invoice("Bestelling 1", concept=True)).conceptid
    posted = books.add_invoice(an_invoice())
    entry = books.entry(posted.entryid)
    assert entry is not None
    assert (entry.token, entry.deleted) == (posted.token, False)
    listed = [one.entryid for one in books.contact_invoices(posted.contactid)]
    assert listed in ([posted.entryid], [posted.entryid, ""])  # a concept has no entry
    assert books.entry("1") is None
    with pytest.raises(NeedsOwner) as refused:
        books.add_invoice(an_invoice(lines=0))
    assert refused.value.code == "books_refused"
    bench.lock(date(2026, 3, 31))
    with pytest.raises(NeedsOwner) as locked:
        books.add_invoice(an_invoice())
    assert locked.value.code == "period_locked"
    bench.lock(date(2000, 1, 1))
    bench.exhaust()
    with pytest.raises(NeedsOwner) as exhausted:
        books.add_invoice(an_invoice())
    assert exhausted.value.code == "quota_exhausted"
    assert bench.booked() == ["Bestelling WA1042"]


# --------------------------------------------------------------------------- many at once


def test_several_threads_share_the_books(bench: Bench) -> None:
    """Posts from several threads are each booked once."""
    books = bench.open()
    failures: list[BoekbrugError] = []

    def post(worker: int) -> None:
        try:
            for number in range(5):
                books.add_invoice(an_invoice(f"Bestelling {worker}-{number}"))
        except BoekbrugError as error:
            failures.append(error)

    threads = [threading.Thread(target=post, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(bench.booked()) == sorted(
        f"Bestelling {w}-{n}" for w in range(4) for n in range(5)
    )


def test_the_fake_knows_what_was_in_flight() -> None:
    """Two posts at once to one administration are seen by the fake: tests rely on it."""
    here = FakeAdministration()
    both = threading.Barrier(2, timeout=5)
    here.while_posting = lambda _: [both.wait()].clear()
    books = FakeAdministrations(here).open(Credentials("123456", "api", Secret("x")))
    threads = [threading.Thread(target=books.add_invoice, args=(an_invoice(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (here.in_flight, here.most_in_flight, len(here.booked)) == (0, 2, 2)


def test_a_fake_country_that_is_missing_cannot_be_read() -> None:
    """As with the real look-up: missing is not the same as empty."""
    rates = FakeVatRates({"CH": ()})

    assert rates.periods("CH", date(2026, 1, 1)) == ()
    assert rates.periods("DE", date(2026, 1, 1)) is None
