"""Acumulus in memory: the ports ``Administrations``, ``Books`` and ``VatRates`` for tests.

Like the real one it books twice what is posted twice, and it remembers every post.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from boekbrug.domain.facts import EuThreshold, VatPeriod
from boekbrug.domain.invoice import Customer, Invoice
from boekbrug.errors import NeedsOwner, RetryLater, StopShop, Unclear
from boekbrug.journey.ports.books import Choice, Contact, Contract, Credentials, Entry, Posted


class Fault(Enum):
    """What goes wrong with one post."""

    UNREACHABLE = auto()  # nothing sent
    THROTTLED = auto()  # 429: not seen
    LOST_ANSWER = auto()  # booked, and the answer is lost
    LOST_REQUEST = auto()  # sent, not booked, and there is no answer
    NO_ANSWER_IN_TIME = auto()  # the same, and it may still be working on it
    REFUSED_DATA = auto()  # status 1
    REFUSED_CREDENTIALS = auto()  # 403, this post only


@dataclass(slots=True)
class Booked:
    """One booking or concept, as Acumulus keeps it."""

    invoice: Invoice
    contactid: str
    invoicenumber: str
    entryid: str = ""
    conceptid: str = ""
    token: str = ""
    paid: bool = False
    paid_on: date | None = None
    deleted: bool = False

    def entry(self) -> Entry:
        """As ``entry_info`` shows it."""
        total = self.invoice.total
        return Entry(
            entryid=self.entryid,
            description=self.invoice.description,
            invoicenumber=self.invoicenumber,
            contactid=self.contactid,
            entrydate=self.invoice.issuedate,
            total=total,
            total_excl_vat=total - sum(self.invoice.vat.values(), Decimal(0)),
            paymentstatus="2" if self.paid else "1",
            deleted=self.deleted,
            token=self.token,
        )


@dataclass(slots=True)
class KnownContact:
    """A contact with the details that a filter searches."""

    contactid: str
    customer: Customer

    def matches(self, filter_text: str) -> bool:
        """Names, city, address and postal code, never the e-mail address."""
        who = self.customer
        searched = (
            *(who.companyname1, who.companyname2, who.fullname),
            *(who.address1, who.address2, who.postalcode, who.city),
        )
        return any(filter_text.casefold() in (value or "").casefold() for value in searched)


@dataclass(slots=True)
class FakeAdministration:
    """One contract: what it holds, what goes wrong with it, and what was asked of it.

    ``faults`` are used up, one a post (``None``: this one goes well). ``posts`` are all posts that
    reached Acumulus, ``booked`` what it kept. ``unreadable`` are names of lists that cannot be
    read now, ``refused_entries`` are entries that it refuses to show. ``hidden`` keeps that many
    of the newest bookings out of every list; without ``entries_described`` only the invoices of a
    contact show the description; ``concepts_listed`` puts concepts among them, ``outgoing_most``
    cuts them off after the oldest. ``while_posting`` is called with each post, after it arrived
    and before it is booked.
    """

    contractcode: str = "123456"
    username: str = "api"
    password: str | None = None
    company_name: str = "Voorbeeld BV"
    vat_number: str = "NL123456789B01"
    role_id: int = 5
    max_entries: int | None = None
    locked_until: date | None = None
    faults: deque[Fault | None] = field(default_factory=deque)
    credentials_refused: bool = False
    unreadable: set[str] = field(default_factory=set)
    refused_entries: set[str] = field(default_factory=set)
    hidden: int = 0
    entries_described: bool = True
    concepts_listed: bool = False
    outgoing_most: int | None = None
    while_posting: Callable[[Invoice], None] | None = None
    posts: list[Invoice] = field(default_factory=list)
    checks: list[Invoice] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    known_contacts: list[KnownContact] = field(default_factory=list)
    thresholds: dict[int, EuThreshold] = field(default_factory=dict)
    concepts_made_final: dict[str, list[str]] = field(default_factory=dict)
    in_flight: int = 0
    most_in_flight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def full(self) -> bool:
        """A trial without bookings left."""
        return self.max_entries is not None and len(self.booked) >= self.max_entries

    @property
    def references(self) -> list[str]:
        """The order reference of everything that is booked and not in the bin, oldest first."""
        return [kept.invoice.description for kept in self.booked if not kept.deleted]

    def make_final(self, conceptid: str) -> Booked:
        """What the bookkeeper does in Acumulus: the concept becomes an invoice (perhaps again)."""
        concept = next(kept for kept in self.booked if kept.conceptid == conceptid)
        final = self._numbered(concept.invoice, concept.contactid, concept=False)
        self.booked.append(final)
        self.concepts_made_final.setdefault(conceptid, []).append(final.entryid)
        return final

    def book(self, invoice: Invoice) -> Booked:
        """Keep it; a second time it is kept a second time."""
        with self.lock:
            kept = self._numbered(invoice, self._contact(invoice.customer), concept=invoice.concept)
            self.booked.append(kept)
            return kept

    def final(self) -> list[Booked]:
        """Definitive bookings that lists can show, oldest first."""
        shown = self.booked[: len(self.booked) - self.hidden]
        return [kept for kept in shown if kept.entryid]

    def _numbered(self, invoice: Invoice, contactid: str, *, concept: bool) -> Booked:
        serial = len(self.booked) + 1
        year = invoice.issuedate.year if invoice.issuedate else 2026
        return Booked(
            invoice=invoice,
            contactid=contactid,
            invoicenumber=f"{year}{serial:04}",
            entryid="" if concept else str(61_000_000 + serial),
            conceptid=str(200_000 + serial) if concept else "",
            token="" if concept else f"{self.contractcode}tok{serial}".ljust(32, "x"),
            paid=invoice.paymentstatus == 2,
        )

    def _contact(self, customer: Customer) -> str:
        """The newest contact with that e-mail address, else a new one (3.1)."""
        same = [
            c for c in self.known_contacts if customer.email and c.customer.email == customer.email
        ]
        if not same:
            added = KnownContact(str(10_000_000 + len(self.known_contacts)), customer)
            self.known_contacts.append(added)
            return added.contactid
        if customer.overwriteifexists == "1":
            same[-1].customer = customer
        return same[-1].contactid


class FakeBooks:
    """The port ``Books`` of one administration, for one set of credentials."""

    def __init__(
        self, administration: FakeAdministration, credentials: Credentials, *, trial: bool
    ) -> None:
        self.administration = administration
        self._credentials = credentials
        self._trial = trial

    def add_invoice(self, invoice: Invoice) -> Posted:
        here = self.administration
        with here.lock:
            fault = here.faults.popleft() if here.faults else None
            here.calls.append("add_invoice")
        if fault is Fault.UNREACHABLE:
            raise RetryLater("no connection", code="books_unreachable")
        if fault is Fault.THROTTLED:
            raise RetryLater("throttled", code="books_throttled", after=30)
        refused = fault is Fault.REFUSED_CREDENTIALS
        if refused and self._trial and here.full:
            raise NeedsOwner("403 SIMQUOTA", code="quota_exhausted")
        self._let_in(refused=refused)
        return self._received(invoice, fault)

    def _received(self, invoice: Invoice, fault: Fault | None) -> Posted:
        here = self.administration
        with here.lock:
            here.posts.append(invoice)
            here.in_flight += 1
            here.most_in_flight = max(here.most_in_flight, here.in_flight)
        try:
            if here.while_posting:
                here.while_posting(invoice)
            if fault in (Fault.LOST_REQUEST, Fault.NO_ANSWER_IN_TIME):
                busy = fault is Fault.NO_ANSWER_IN_TIME
                raise Unclear("sent, but no answer came", code="books_no_answer", busy=busy)
            self._accept(invoice, refused=fault is Fault.REFUSED_DATA)
            kept = here.book(invoice)
        finally:
            with here.lock:
                here.in_flight -= 1
        if fault is Fault.LOST_ANSWER:
            raise Unclear("sent, but no answer came", code="books_no_answer")
        return _posted(kept)

    def check_invoice(self, invoice: Invoice) -> Posted:
        self._let_in()
        self.administration.checks.append(invoice)
        self._accept(invoice)
        return Posted()

    def _accept(self, invoice: Invoice, *, refused: bool = False) -> None:
        here = self.administration
        if refused or not invoice.lines:
            raise NeedsOwner("400 SIMREFUSED", code="books_refused")
        if here.locked_until and invoice.issuedate and invoice.issuedate <= here.locked_until:
            raise NeedsOwner("400 SIMLOCKED", code="period_locked")
        if here.full:
            raise NeedsOwner("400 SIMQUOTA", code="quota_exhausted")

    def contract(self) -> Contract:
        self._reads("contract")
        here = self.administration
        entries, limit = len(here.booked), here.max_entries
        return Contract(
            contractcode=here.contractcode,
            company_name=here.company_name,
            vat_number=here.vat_number,
            role_id=here.role_id,
            role={4: "API-beheerder", 5: "API-gebruiker", 6: "API-invoerder"}.get(here.role_id, ""),
            entries=entries,
            max_entries=limit,
            entries_left=None if limit is None else max(limit - entries, 0),
        )

    def accounts(self) -> tuple[Choice, ...]:
        self._reads("accounts")
        return (Choice(70001, "Bank NL00BANK0123456789"), Choice(70002, "Kas"))

    def cost_centers(self) -> tuple[Choice, ...]:
        self._reads("cost_centers")
        return (Choice(48001, "Webwinkel"),)

    def templates(self) -> tuple[Choice, ...]:
        self._reads("templates")
        return (Choice(39001, "Standaard"), Choice(39002, "Betaald"))

    def entry(self, entryid: str) -> Entry | None:
        self._reads("entry")
        if entryid in self.administration.refused_entries:
            raise RetryLater("400 SIMREFUSED", code="books_refused")
        found = self._booked(entryid=entryid)
        return self._described(found.entry()) if found else None

    def recent_entries(self) -> tuple[Entry, ...]:
        self._reads("recent_entries")
        newest = self.administration.final()[-1:-11:-1]
        return tuple(self._described(_shown(kept, token=False)) for kept in newest)

    def contacts(self, filter_text: str = "") -> tuple[Contact, ...]:
        self._reads("contacts")
        return tuple(
            Contact(
                contactid=known.contactid,
                contactyourid=known.customer.contactyourid or "",
                emails=(known.customer.email,) if known.customer.email else (),
                active=known.customer.contactstatus != "0",
            )
            for known in self.administration.known_contacts
            if known.matches(filter_text)
        )

    def contact_invoices(self, contactid: str) -> tuple[Entry, ...]:
        self._reads("contact_invoices")
        here = self.administration
        shown = here.booked if here.concepts_listed else here.final()
        mine = [_shown(kept) for kept in shown if kept.contactid == contactid]
        return tuple(mine[: here.outgoing_most])

    def eu_threshold(self, year: int) -> EuThreshold:
        self._reads("eu_threshold")
        empty = EuThreshold(year, Decimal(10000), Decimal(0), reached=False)
        return self.administration.thresholds.get(year, empty)

    def unpaid_invoices(self, year: int) -> tuple[Entry, ...]:
        self._reads("unpaid_invoices")
        due = [kept for kept in self.administration.final() if not (kept.paid or kept.deleted)]
        of_year = [k for k in due if k.invoice.issuedate and k.invoice.issuedate.year == year]
        return tuple(_shown(kept, description=False) for kept in of_year)

    def concept_entries(self, conceptid: str) -> tuple[str, ...] | None:
        self._reads("concept_entries")
        if not any(kept.conceptid == conceptid for kept in self.administration.booked):
            return None
        return tuple(self.administration.concepts_made_final.get(conceptid, ()))

    def is_paid(self, token: str) -> bool | None:
        self._reads("is_paid")
        found = self._booked(token=token)
        return found.paid if found else None

    def set_paid(self, token: str, *, paid: bool, on: date) -> None:
        self._reads("set_paid")
        found = self._booked(token=token)
        if found is None:
            raise RetryLater("404 7CFBA8K", code="books_not_found")
        found.paid, found.paid_on = paid, on

    def delete_entry(self, entryid: str) -> None:
        self._reads("delete_entry")
        found = self._booked(entryid=entryid)
        if found:
            found.deleted = True

    def _described(self, entry: Entry) -> Entry:
        return entry if self.administration.entries_described else replace(entry, description="")

    def _reads(self, name: str) -> None:
        self.administration.calls.append(name)
        self._let_in()
        if name in self.administration.unreadable:
            raise RetryLater("no answer", code="books_no_answer")

    def _let_in(self, *, refused: bool = False) -> None:
        here = self.administration
        wrong = here.password is not None and self._credentials.password.text != here.password
        if refused or wrong or here.credentials_refused:
            raise StopShop("403 SIM403")

    def _booked(self, *, entryid: str = "", token: str = "") -> Booked | None:
        for kept in self.administration.booked:
            if kept.entryid and (kept.entryid == entryid or kept.token == token):
                return kept
        return None


class FakeAdministrations:
    """The port ``Administrations``: a contract nobody added accepts whoever comes."""

    def __init__(self, *administrations: FakeAdministration) -> None:
        self.by_contract = {each.contractcode: each for each in administrations}
        self.address = "books.example:443"

    def __getitem__(self, contractcode: str) -> FakeAdministration:
        return self.by_contract.setdefault(contractcode, FakeAdministration(contractcode))

    def open(self, credentials: Credentials, *, trial: bool = False) -> FakeBooks:
        return FakeBooks(self[credentials.contractcode], credentials, trial=trial)

    @property
    def references(self) -> list[str]:
        """Everything that is booked anywhere, by order reference."""
        return [ref for each in self.by_contract.values() for ref in each.references]


@dataclass(slots=True)
class FakeVatRates:
    """The port ``VatRates``: a country that is not there cannot be read."""

    countries: Mapping[str, tuple[VatPeriod, ...]] = field(default_factory=dict)
    asked: list[tuple[str, date]] = field(default_factory=list)

    def periods(self, country: str, on: date) -> tuple[VatPeriod, ...] | None:
        self.asked.append((country, on))
        known = self.countries.get(country)
        if known is None:
            return None
        return tuple(p for p in known if (p.start or on) <= on <= (p.until or on))


def _posted(kept: Booked) -> Posted:
    return Posted(
        entryid=kept.entryid,
        invoicenumber=kept.invoicenumber,
        contactid=kept.contactid,
        conceptid=kept.conceptid,
        token=kept.token,
    )


def _shown(kept: Booked, *, token: bool = True, description: bool = True) -> Entry:
    """As a list shows it: fewer fields than ``entry_info``, and never whether it is deleted."""
    full = kept.entry()
    return Entry(
        entryid=full.entryid,
        description=full.description if description else "",
        invoicenumber=full.invoicenumber,
        contactid="" if token else full.contactid,
        entrydate=full.entrydate,
        total=full.total,
        paymentstatus=full.paymentstatus,
        token=full.token if token else "",
    )
