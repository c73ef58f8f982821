"""The calls of the Acumulus API, behind the ports of the journey (Acumulus API, sections 3 and 4).

AcumulusAdministrations ── open(credentials) ──▶ AcumulusBooks
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import httpx

from boekbrug import VERSION
from boekbrug.acumulus import rows
from boekbrug.acumulus.answer import Answer, Node, node, nodes, text
from boekbrug.acumulus.from_invoice import invoice_tree
from boekbrug.acumulus.outcome import failure
from boekbrug.acumulus.wire import Timeouts, Wire
from boekbrug.acumulus.xml import Tree, fragment, xml_bytes
from boekbrug.domain.facts import EuThreshold, VatPeriod
from boekbrug.domain.invoice import Invoice
from boekbrug.errors import BoekbrugError, NeedsOwner, RetryLater, StopShop, Unclear
from boekbrug.journey.ports.books import Choice, Contact, Contract, Credentials, Entry, Posted

BASE_URL = "https://api.sielsystems.nl/acumulus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Who is calling, in every message (R108)."""

    application: str = "Mijnwebwinkel"
    webkoppel: str = f"Boekbrug {VERSION}"
    development: str = "Boekbrug"
    remark: str = f"httpx {httpx.__version__}"
    sourceuri: str = "https://www.mijnwebwinkel.nl/"

    def tree(self) -> Tree:
        """As Basic Submit wants it (1.4)."""
        return {
            "application": self.application,
            "webkoppel": self.webkoppel,
            "development": self.development,
            "remark": self.remark,
            "sourceuri": self.sourceuri,
        }


@dataclass(frozen=True, slots=True)
class _Head:
    """What every message begins with; it holds the password, so it never shows itself."""

    contractcode: str = field(repr=False)
    markup: str = field(repr=False)


class AcumulusAdministrations:
    """Opens administrations on one shared pool of connections; safe to use from several threads.

    ``base_url`` without a path gets the one of the API. ``lang`` (nl or en) is the language of
    Acumulus' messages. A read that fails for a moment is tried ``read_attempts`` times, a post
    once. The time-outs are seconds.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        branch: str = "stable",
        connector: Connector | None = None,
        lang: str = "nl",
        post_timeout: float = 60.0,
        read_timeout: float = 15.0,
        connect_timeout: float = 5.0,
        read_attempts: int = 3,
        connections: int = 32,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
        contact: str = "",
    ) -> None:
        self._wire = Wire(
            base_url,
            branch=branch,
            timeouts=Timeouts(connect=connect_timeout, read=read_timeout, post=post_timeout),
            read_attempts=read_attempts,
            connections=connections,
            sleep=sleep,
            transport=transport,
            contact=contact,
        )
        connector_tree = (connector or Connector()).tree()
        self._open_head = fragment({"format": "json", "lang": lang, "connector": connector_tree})

    @property
    def address(self) -> str:
        """Host and port."""
        return self._wire.address

    def open(self, credentials: Credentials, *, trial: bool = False) -> "AcumulusBooks":
        """The API of one administration, under a trial contract or not; nothing is sent yet."""
        contract: Tree = {
            "contractcode": credentials.contractcode,
            "username": credentials.username,
            "password": credentials.password.text,
        }
        markup = fragment({"contract": contract}) + self._open_head
        return AcumulusBooks(self._wire, _Head(credentials.contractcode, markup), trial=trial)

    def vat_periods(self, country: str, on: date) -> tuple[VatPeriod, ...]:
        """The legal rates of a country on one day (lookup_vatinfo, needs no contract).

        Empty when Acumulus has no VAT data for it. Raises ``RetryLater``.
        """
        tree: Tree = {"vatdate": on.isoformat(), "vatcountry": country}
        try:
            answer = self._wire.read(
                "lookups/lookup_vatinfo", xml_bytes(tree, first=self._open_head)
            )
        except RetryLater as failed:
            if failed.code == "books_unknown_country":
                return ()
            raise
        found = rows.vat_period(answer.node, on)
        if found is None:
            raise failure("books_unreadable", posting=False)
        return found

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()


class AcumulusBooks:
    """The port ``Books`` on the real API.

    Reads raise ``RetryLater`` (also with the code of a refusal: ``books_refused``,
    ``books_not_found``), ``StopShop``, or ``NeedsOperator`` when our URL or XML is wrong.
    """

    def __init__(self, wire: Wire, head: _Head, *, trial: bool = False) -> None:
        self._wire = wire
        self._head = head
        self._ask_again = trial  # after a 403: the credentials are good, or a trial may be full

    # ----------------------------------------------------------------- invoices

    def add_invoice(self, invoice: Invoice) -> Posted:
        """Book it (invoice_add), once, without a mail to the customer (R107).

        A success without any id is ``Unclear``.
        """
        try:
            answer = self._post("invoices/invoice_add", invoice_tree(invoice))
        except (NeedsOwner, StopShop) as refused:
            raise self._explained(refused) from None
        booked = rows.posted(node(answer.node, "invoice"), answer.warnings)
        if not (booked.entryid or booked.conceptid):
            raise failure("books_unreadable", posting=True, detail="a success without an id")
        return booked

    def check_invoice(self, invoice: Invoice) -> Posted:
        """The same with testmode: checked, not stored, so there are no ids (section 9, 17)."""
        try:
            answer = self._post("invoices/invoice_add", {"testmode": "1", **invoice_tree(invoice)})
        except Unclear as unclear:
            raise RetryLater(unclear.detail, code=unclear.code) from None
        return Posted(warnings=tuple(str(warning) for warning in answer.warnings))

    def _explained(self, refused: BoekbrugError) -> BoekbrugError:
        """An unexplained refusal of a contract without bookings left is that (section 9, 13).

        After a 403 only credentials that were good a moment ago are used again, or those of a
        trial: wrong ones are not tried twice.
        """
        unexplained = refused.code == "books_refused" or (
            refused.code == "credentials_refused" and self._ask_again
        )
        if unexplained and self._nothing_left():
            return failure("quota_exhausted", posting=True, detail=refused.detail)
        return refused

    def _nothing_left(self) -> bool:
        try:
            left = rows.contract({}, self._mydata(), "").entries_left
        except BoekbrugError:
            return False
        return left is not None and left <= 0

    # ----------------------------------------------------------------- contract and picklists

    def contract(self) -> Contract:
        """Whose administration, which role, how many bookings are left.

        ``general_about`` goes first: it is the check of the credentials.
        """
        about = node(self._read("general/general_about"), "general")
        return rows.contract(about, self._mydata(), self._head.contractcode)

    def _mydata(self) -> Node:
        return node(self._read("general/my_acumulus"), "mydata")

    def accounts(self) -> tuple[Choice, ...]:
        """The active accounts; ``name`` is description and number."""
        answer = self._read("picklists/picklist_accounts", {"accountstatus": "1"})
        accounts = node(answer, "accounts")
        return rows.choices(accounts, "account", "accountid", "accountdescription", "accountnumber")

    def cost_centers(self) -> tuple[Choice, ...]:
        """All cost centres."""
        found = node(self._read("picklists/picklist_costcenters"), "costcenters")
        return rows.choices(found, "costcenter", "costcenterid", "costcentername")

    def templates(self) -> tuple[Choice, ...]:
        """All invoice templates."""
        found = node(self._read("picklists/picklist_invoicetemplates"), "invoicetemplates")
        return rows.choices(found, "invoicetemplate", "invoicetemplateid", "invoicetemplatename")

    # ----------------------------------------------------------------- looking up

    def entry(self, entryid: str) -> Entry | None:
        """One booking (entry_info); ``None`` when Acumulus does not know it."""
        answer = self._read_known("entry/entry_info", {"entryid": entryid})
        return None if answer is None else _readable(rows.entry(node(answer, "entry")))

    def recent_entries(self) -> tuple[Entry, ...]:
        """The ten latest bookings of any kind: a hit proves, absence proves nothing."""
        found = node(self._read("entry/entries_list_recent"), "entries")
        return tuple(map(rows.listed_entry, nodes(found, "entry")))

    def contacts(self, filter_text: str = "") -> tuple[Contact, ...]:
        """All contacts, disabled ones included.

        ``filter_text`` searches name, address, postal code and city, not the e-mail address.
        """
        tree: Tree = {"contactstatus": "2"}
        if filter_text:
            tree["filter"] = filter_text
        found = node(self._read("contacts/contacts_list", tree), "contacts")
        return tuple(_readable(rows.contact(row)) for row in nodes(found, "contact"))

    def contact_invoices(self, contactid: str) -> tuple[Entry, ...]:
        """All outgoing invoices of a contact; deleted ones and concepts may be among them."""
        answer = self._read("contacts/contact_invoices_outgoing", {"contactid": contactid})
        found = nodes(node(answer, "contact"), "invoice")
        return tuple(map(rows.contact_invoice, found))

    def eu_threshold(self, year: int) -> EuThreshold:
        """The report on distance sales of a calendar year, from 2021 on (A9)."""
        answer = self._read("reports/report_threshold_eu_ecommerce", {"year": str(year)})
        return _readable(rows.eu_threshold(answer, year))

    def unpaid_invoices(self, year: int) -> tuple[Entry, ...]:
        """All invoices of a year that are due (report_unpaid_debtors): without description."""
        tree: Tree = {"year": str(year), "due": "0"}
        found = node(self._read("reports/report_unpaid_debtors", tree), "unpaiddebtorinvoices")
        return tuple(filter(None, map(rows.unpaid_invoice, nodes(found, "entry"))))

    def concept_entries(self, conceptid: str) -> tuple[str, ...] | None:
        """The bookings a concept became (invoice_concept_info); ``None``: Acumulus cannot tell."""
        answer = self._read_known("invoices/invoice_concept_info", {"conceptid": conceptid})
        return None if answer is None else rows.ids(node(answer, "concept"), "entryid")

    # ----------------------------------------------------------------- after booking

    def is_paid(self, token: str) -> bool | None:
        """Whether the invoice is marked as paid; ``None`` when Acumulus does not know it."""
        answer = self._read_known("invoices/invoice_paymentstatus_get", {"token": token})
        if answer is None:
            return None
        status = text(node(answer, "invoice"), "paymentstatus")
        return _readable({"1": False, "2": True}.get(status))

    def set_paid(self, token: str, *, paid: bool, on: date) -> None:
        """Mark the invoice as paid or due; doing it twice changes nothing (R119)."""
        tree: Tree = {
            "token": token,
            "paymentstatus": "2" if paid else "1",
            "paymentdate": on.isoformat(),  # mandatory, also for an invoice that is due
        }
        self._read("invoices/invoice_paymentstatus_set", tree)

    def delete_entry(self, entryid: str) -> None:
        """Move a booking to the bin (R124); one that is gone already stays gone."""
        tree: Tree = {"entryid": entryid, "entrydeletestatus": "1"}
        self._read_known("entry/entry_deletestatus_set", tree)

    # ----------------------------------------------------------------- on the wire

    def _read(self, path: str, tree: Tree | None = None) -> Node:
        answer = self._wire.read(path, xml_bytes(tree or {}, first=self._head.markup))
        self._ask_again = True
        return answer.node

    def _read_known(self, path: str, tree: Tree) -> Node | None:
        """The answer, or ``None`` when Acumulus knows no such entry, invoice or concept."""
        try:
            return self._read(path, tree)
        except RetryLater as failed:
            if failed.code != "books_not_found":
                raise
        return None

    def _post(self, path: str, tree: Tree) -> Answer:
        answer = self._wire.post(path, xml_bytes(tree, first=self._head.markup))
        self._ask_again = True
        return answer


def _readable[T](value: T | None) -> T:
    if value is None:
        raise failure("books_unreadable", posting=False)
    return value
