"""Acumulus, one administration at a time, and what else is asked about VAT."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from boekbrug.domain.facts import EuThreshold, VatCheck, VatPeriod
from boekbrug.domain.invoice import Invoice
from boekbrug.journey.ports.tenants import Secret


@dataclass(frozen=True, slots=True)
class Credentials:
    """What every Acumulus call carries."""

    contractcode: str
    username: str
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Acumulus' answer to a post: all ids that it gave; ``warnings`` are (code, codetag) texts."""

    entryid: str = ""
    invoicenumber: str = ""
    contactid: str = ""
    conceptid: str = ""
    token: str = field(default="", repr=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of a picklist: account, cost centre or invoice template."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """``my_acumulus`` and ``general_about``: whose administration, which role, how much is left.

    ``max_entries`` is ``None`` for a paid contract (unlimited).
    """

    contractcode: str
    company_name: str
    role_id: int | None
    role: str
    entries: int | None = None
    max_entries: int | None = None
    entries_left: int | None = None
    vat_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A booking as a list or ``entry_info`` shows it; amounts in euro, absent = ``None``.

    ``entryid`` is empty for a row of a list that tells none, such as a concept.
    """

    entryid: str
    description: str = ""
    invoicenumber: str = ""
    contactid: str = ""
    entrydate: date | None = None
    total: Decimal | None = None
    total_excl_vat: Decimal | None = None
    paymentstatus: str = ""
    deleted: bool = False
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A row of ``contacts_list``; holds customer data, never stored."""

    contactid: str
    contactyourid: str = ""
    emails: tuple[str, ...] = field(default=(), repr=False)
    active: bool = True


class Books(Protocol):
    """The API of one administration.

    Reads raise ``RetryLater`` (its ``code`` tells a refusal, ``books_refused`` or
    ``books_not_found``, from a failure), ``StopShop``, or ``NeedsOperator`` when our URL or XML is
    wrong. ``add_invoice`` raises ``RetryLater`` only when
    nothing was sent or Acumulus certainly did not see it (connect failure, 429), ``StopShop`` for
    refused credentials, ``NeedsOwner`` for refused data (nothing booked), ``NeedsOperator`` when
    our URL or XML is wrong (nothing booked) and ``Unclear`` for everything else.
    """

    def add_invoice(self, invoice: Invoice) -> Posted: ...
    def check_invoice(self, invoice: Invoice) -> Posted:
        """The same in testmode: checked, not stored."""

    def contract(self) -> Contract: ...
    def accounts(self) -> tuple[Choice, ...]: ...
    def cost_centers(self) -> tuple[Choice, ...]: ...
    def templates(self) -> tuple[Choice, ...]: ...
    def entry(self, entryid: str) -> Entry | None: ...
    def recent_entries(self) -> tuple[Entry, ...]: ...
    def contacts(self, filter_text: str = "") -> tuple[Contact, ...]: ...
    def contact_invoices(self, contactid: str) -> tuple[Entry, ...]: ...
    def eu_threshold(self, year: int) -> EuThreshold: ...

    def unpaid_invoices(self, year: int) -> tuple[Entry, ...]:
        """Invoices of that year that are due, of all contacts; their description is not given."""

    def concept_entries(self, conceptid: str) -> tuple[str, ...] | None:
        """Entry ids the concept became, none or several; ``None`` when Acumulus cannot tell."""

    def is_paid(self, token: str) -> bool | None:
        """``None`` when Acumulus does not know the invoice."""

    def set_paid(self, token: str, *, paid: bool, on: date) -> None:
        """Paid or due; doing it twice changes nothing."""

    def delete_entry(self, entryid: str) -> None:
        """Into the bin; one that is gone already stays gone."""


class Administrations(Protocol):
    """Opens the API of an administration; ``address`` is host and port, for sentences."""

    @property
    def address(self) -> str: ...

    def open(self, credentials: Credentials, *, trial: bool = False) -> Books:
        """``trial``: a refusal may mean that the contract is full, so that is looked at."""


class VatRates(Protocol):
    """Rates per country and date (``lookup_vatinfo``), cached; ``None``: they cannot be read."""

    def periods(self, country: str, on: date) -> tuple[VatPeriod, ...] | None: ...


class Vies(Protocol):
    """The EU's service that knows which VAT numbers exist (R26)."""

    def check(self, number: str, *, requester: str = "") -> VatCheck | None:
        """What it says of a number with its prefix; ``None``: it cannot tell now.

        ``requester`` is the VAT number of who asks: then the answer has a consultation number,
        which proves that it was asked.
        """
