"""What the journey needs from outside; every port has a real adapter and an in-memory fake.

Fake and adapter pass the same suite in tests/contract. All times are aware UTC datetimes unless
said otherwise. Money is ``Decimal`` euro.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from boekbrug.domain.facts import EuThreshold, VatCheck, VatPeriod
from boekbrug.domain.invoice import Invoice
from boekbrug.domain.order import Order, OrderStatus, Payment, Store
from boekbrug.domain.settings import ShopSettings

if TYPE_CHECKING:
    from boekbrug.journey.account_care import Receipt
    from boekbrug.journey.digests import Digest, Section

# --------------------------------------------------------------------------- tenants

PAUSED_BY_HAND = "by_hand"
"""The pause reason of a person's own choice: nobody is mailed about it."""

NOT_STARTED = "not_started"
"""The pause of a shop that was connected and waits for its owner to switch it on."""

CHOSEN_PAUSES = frozenset({PAUSED_BY_HAND, NOT_STARTED})
"""Pauses that are a person's choice: nobody is mailed, and only a person ends them."""

NOTIFY_PROBLEMS, NOTIFY_DAILY, NOTIFY_WEEKLY = NOTIFY = ("problems", "daily", "weekly")
"""When an account is mailed: only about problems (default), or a summary every day or week too."""

NOTICE_PAUSED = "paused"
NOTICE_RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Secret:
    """A decrypted secret; its text never shows in a repr, a log or a traceback."""

    text: str = field(repr=False)

    @property
    def last_four(self) -> str:
        """What a person may see of it: at most the last four characters."""
        return self.text[-4:] if len(self.text) >= 12 else "…"


ROLES = OWNER, READER = "owner", "reader"
"""What a user may do in the portal: everything, or look only (an accountant)."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in."""

    email: str
    role: str = OWNER


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An owner's account: who gets the mails, and who may sign in.

    ``notify`` is when (R126): about problems only, or a summary every day or week besides.
    ``users`` may sign in; while none are named, whoever is mailed is an owner.
    """

    account_id: str
    emails: tuple[str, ...]
    language: str = "nl"
    notify: str = NOTIFY_PROBLEMS
    users: tuple[User, ...] = ()

    @property
    def people(self) -> tuple[User, ...]:
        """Everybody who may sign in."""
        return self.users or tuple(User(email) for email in self.emails)

    def role_of(self, email: str) -> str:
        """The role of an address, in whatever case it was typed; empty for a stranger."""
        wanted = email.lower()
        return next((one.role for one in self.people if one.email.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """How long Acumulus is left alone: failures in a row, since when, nothing posted until when.

    Without failures ``until`` means nothing.
    """

    failures: int = 0
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What holds for all administrations together.

    ``posting`` is the operator's switch. ``failing`` are a few administrations at which Acumulus
    failed since it last answered anybody, ``rest`` how long all are left alone for that.
    """

    posting: bool = True
    failing: frozenset[str] = frozenset()
    rest: Rest = Rest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One Acumulus contract of an account.

    ``paused`` holds the reason code while posting is stopped, else ``""``.
    ``credentials_version`` rises with every change of the credentials, so that a refusal of old
    credentials never pauses new ones. ``notice_owed`` names the mail that is still to be sent
    (``NOTICE_PAUSED``, ``NOTICE_RESOLVED`` or none): it is written with the pause itself.
    ``entries_left`` is what a trial contract still allows, as last read and counted since;
    ``None`` for a paid one. ``imports`` counts what was booked under the trial. ``rest`` is how
    long Acumulus is left alone with it.
    """

    administration_id: str
    account_id: str
    contractcode: str
    username: str
    sealed_password: str
    credentials_version: int = 1
    company_name: str = ""
    paused: str = ""
    paused_at: datetime | None = None
    notice_owed: str = ""
    entries_left: int | None = None
    imports: int = 0
    rest: Rest = Rest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedShop:
    """One shop of an account, as the fetching needs it.

    ``shop_id`` is the store's uuid. ``settings_version`` names the immutable settings that decide.
    ``notice_owed`` as for an administration. ``hook_version`` names the secret of its hook, if
    there is one.
    """

    shop_id: str
    account_id: str
    administration_id: str
    sealed_token: str
    token_version: int = 1
    settings_version: int = 1
    store: Store
    paused: str = ""
    paused_at: datetime | None = None
    notice_owed: str = ""
    hook_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsVersion:
    """One version of a shop's settings, who chose it and when."""

    version: int
    settings: ShopSettings
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ForBooking:
    """An administration, shops by id, and the switches; what is not connected is absent."""

    administration: Administration | None
    shops: Mapping[str, ConnectedShop]
    switches: Switches


class Tenants(Protocol):
    """The settings table: accounts, administrations, shops, versioned settings, switches."""

    def active_shops(self, after: str | None, limit: int) -> tuple[list[ConnectedShop], str | None]:
        """A page of shops that are not paused, and the cursor of the next page or ``None``."""

    def shop(self, shop_id: str) -> ConnectedShop | None: ...
    def shops(self, shop_ids: Collection[str]) -> dict[str, ConnectedShop]: ...
    def all_shops(self) -> list[ConnectedShop]: ...
    def all_administrations(self) -> list[Administration]: ...
    def account_shops(self, account_id: str) -> list[ConnectedShop]: ...
    def account_administrations(self, account_id: str) -> list[Administration]:
        """By name; also those without a shop now."""

    def administration(self, administration_id: str) -> Administration | None: ...
    def account(self, account_id: str) -> Account | None: ...
    def all_accounts(self) -> list[Account]: ...

    def accounts_of(self, email: str) -> list[Account]:
        """The accounts that this address may sign in to, by id."""

    def settings(self, shop_id: str, version: int) -> ShopSettings:
        """The settings of that version; versions are immutable, so adapters may cache them."""

    def settings_versions(self, shop_id: str, limit: int) -> list[SettingsVersion]:
        """The last versions, at most ``limit``, the newest first."""

    def put_account(self, account: Account) -> None: ...
    def put_administration(self, administration: Administration) -> None: ...
    def put_shop(self, shop: ConnectedShop) -> None: ...

    def save_settings(self, shop_id: str, settings: ShopSettings, *, by: str, at: datetime) -> int:
        """Store as the next version, make it current, return its number; nothing is overwritten."""

    def remove_shop(self, shop_id: str) -> None: ...
    def remove_administration(self, administration_id: str) -> None: ...
    def remove_account(self, account_id: str) -> None:
        """Its people get in no more; its shops and administrations are removed before it."""

    def renew_hook(self, shop_id: str) -> int:
        """Give the hook of a shop its next version and return it. Raises ``NeedsOwner``."""

    def pause_shop(
        self, shop_id: str, reason: str, *, token_version: int | None, at: datetime
    ) -> bool:
        """Pause once: false when it was paused already or the token has changed meanwhile.

        The same write sets ``notice_owed`` to ``NOTICE_PAUSED``.
        """

    def resume_shop(self, shop_id: str, *, notice_owed: str = "") -> None:
        """Clear the pause; ``notice_owed`` is what the owner is still to be told."""

    def settle_shop_notice(self, shop_id: str, notice: str) -> None:
        """The mail went out: clear ``notice_owed``, when it is still that notice."""

    def pause_administration(
        self, administration_id: str, reason: str, *, credentials_version: int | None, at: datetime
    ) -> bool:
        """Pause once, as ``pause_shop``: false when paused already or the credentials changed."""

    def resume_administration(self, administration_id: str, *, notice_owed: str = "") -> None: ...
    def settle_administration_notice(self, administration_id: str, notice: str) -> None: ...

    def note_entries_left(self, administration_id: str, entries_left: int | None) -> None:
        """What Acumulus says a trial contract still allows; ``None``: the contract is paid."""

    def count_imports(self, administration_id: str, booked: int) -> None:
        """So many bookings more under a trial contract, and so many less left."""

    def note_rest(self, administration_id: str, rest: Rest) -> None:
        """How long this administration is left alone; an empty one: as long as it likes."""

    def for_booking(self, administration_id: str, shop_ids: Collection[str]) -> ForBooking:
        """What a batch of one administration must know, as it is now; one read."""

    def switches(self) -> Switches: ...
    def note_outage(self, switches: Switches, was: Switches) -> bool:
        """Store ``failing`` and ``rest`` over those that ``was`` has; false: somebody was faster.

        The operator's switch is not touched.
        """

    def posting_allowed(self) -> bool:
        """The operator's global switch: false stops all posting at once."""

    def set_posting_allowed(self, *, allowed: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectDraft:
    """A shop that is being connected: what its owner entered so far, secrets sealed.

    ``administration_id`` is empty until the second step, ``settings`` are the choices of the
    third. ``sealed_password`` is empty when the administration is one of the account's already.
    """

    account_id: str
    store: Store
    sealed_token: str = field(repr=False)
    administration_id: str = ""
    contractcode: str = ""
    username: str = ""
    sealed_password: str = field(default="", repr=False)
    company_name: str = ""
    settings: ShopSettings | None = None
    expires: datetime


class ConnectDrafts(Protocol):
    """One draft per account, beside its settings; gone after a while. Raises ``RetryLater``."""

    def of(self, account_id: str) -> ConnectDraft | None:
        """As it was kept; one that is past ``expires`` may still come."""

    def keep(self, draft: ConnectDraft) -> None: ...
    def drop(self, account_id: str) -> None: ...


class Cache(Protocol):
    """JSON values by name, each until a moment; gone or expired reads as ``None``."""

    def get(self, name: str, *, now: datetime) -> Any: ...
    def put(self, name: str, value: Any, *, expires: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A link that was mailed: for whom, where it leads, until when, and whether it was used."""

    email: str
    language: str
    leads_to: str
    until: datetime
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in; ``until`` moves on while it is used."""

    email: str
    account_id: str
    started: datetime
    until: datetime


class Access(Protocol):
    """Who may come in now. Links and sessions are known by the hash of their token only.

    What is past its ``until`` may still be found: the caller compares. Raises ``RetryLater``.
    """

    def put_link(self, hashed: str, link: SignInLink) -> None: ...
    def link(self, hashed: str) -> SignInLink | None: ...

    def use_link(self, hashed: str) -> bool:
        """Once: false when it was used before, or is gone."""

    def put_session(self, hashed: str, session: Session) -> None:
        """Begin it, or go on with it in this form."""

    def session(self, hashed: str) -> Session | None: ...
    def end_session(self, hashed: str) -> None: ...

    def count(self, what: str, until: datetime) -> int:
        """One more of ``what`` (a limit and its time); returns how many there are now."""


class Sealer(Protocol):
    """Envelope encryption of secrets; tenant and field are authenticated with the value."""

    def seal(self, secret: Secret, *, tenant: str, field: str) -> str: ...
    def open(self, sealed: str, *, tenant: str, field: str) -> Secret: ...


# --------------------------------------------------------------------------- the shop


@dataclass(frozen=True, slots=True)
class Sweep:
    """Which orders to list, ascending by number.

    ``start_date`` filters on the order date, ``status_changed_since`` (local to the shop) on the
    last status change; ``None`` leaves the filter out.
    """

    start_date: date | None = None
    status_changed_since: datetime | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class FetchedOrder:
    """An order as fetched: our reading of it, and the bytes it was read from (JSON, UTF-8)."""

    order: Order
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnreadableOrder:
    """An order that could not be read; ``problem`` names field and reason, never a value."""

    number: str
    uuid: str
    problem: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of a sweep; ``next_offset`` is ``None`` on the last page.

    ``digest`` (eight bytes) changes with any byte of the answer. A page that is ``unchanged`` was
    not read: its orders are the ones that gave the digest the caller knows.
    """

    orders: tuple[FetchedOrder | UnreadableOrder, ...]
    next_offset: int | None
    digest: bytes = b""
    unchanged: bool = False


class Shop(Protocol):
    """The API of one shop, read only.

    Raises ``RetryLater`` (unreachable, throttled, not JSON) or ``StopShop`` (token refused).
    """

    def store(self) -> Store: ...
    def order_statuses(self) -> tuple[OrderStatus, ...]: ...

    def orders_page(self, sweep: Sweep, offset: int = 0, *, known: bytes = b"") -> OrdersPage:
        """A page of at most 100 orders; pages overlap by ten, so nothing is skipped silently.

        An answer whose digest is ``known`` comes back ``unchanged`` and is not parsed.
        """

    def count(self, sweep: Sweep) -> int:
        """How many orders the shop says a sweep would give."""

    def order(self, number: str) -> FetchedOrder | UnreadableOrder | None:
        """One order by number; ``None`` when the shop does not know it."""

    def payments(self, number: str) -> tuple[Payment, ...]: ...
    def payment_methods(self) -> tuple[tuple[str, str, str], ...]:
        """The shop's (gateway, method, display name), for choosing accounts."""


class Shops(Protocol):
    """Opens the API of a connected shop; ``address`` is host and port, for sentences."""

    @property
    def address(self) -> str: ...

    def open(self, token: Secret) -> Shop: ...

    def partner_token_works(self) -> bool:
        """Whether our own token is accepted, asked without a shop's. Raises ``RetryLater``."""


# --------------------------------------------------------------------------- the books


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


# --------------------------------------------------------------------------- the ledger

SKIPPED = "skipped"
WAITING = "waiting"
HELD = "held"
QUEUED = "queued"
POSTING = "posting"
BOOKED = "booked"
UNCLEAR = "unclear"
STATES = (SKIPPED, WAITING, HELD, QUEUED, POSTING, BOOKED, UNCLEAR)


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Identity of an order: shop id and number (R2).

    A number is one order, whether or not the shop tells its uuid every time: ``uuid`` is ``-``.
    Only a second order under a number that another uuid has already is kept apart, by its own.
    """

    shop_id: str
    number: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What is known of one order; holds no customer data.

    ``uuid`` is the order's own, empty while the shop has not told it. ``fingerprint`` is the hash
    of the financial fields, ``revision`` rises with every change and guards conditional writes.
    ``reason`` is a stable code; ``detail`` one Dutch sentence without customer data. ``total`` is
    ``None`` when the order cannot be read, ``order_vat`` the VAT in it per rate, both as the shop
    has them; those of a ``credit`` order take off, whatever their sign (R110). ``vat`` is what was
    posted, euro per rate. ``concept`` and ``due`` tell how it was posted: as a concept, not paid
    yet. ``vat_check`` is what VIES said of the customer's VAT number, which itself is not kept.
    ``absent_at`` is when an unclear post was first looked for in vain, ``given_up_at`` when an
    earlier one was taken for lost. ``replaces`` is the booked row whose place this one takes, until
    nothing of that is left to be done (R124). ``by_request`` tells that a person wants it booked
    whatever its status, date or payment (R10).
    """

    key: OrderKey
    uuid: str = ""
    state: str
    reason: str = ""
    detail: str = ""
    messages: tuple[str, ...] = ()
    order_date: date
    total: Decimal | None = None
    order_vat: Mapping[str, Decimal] = field(default_factory=dict)
    credit: bool = False
    currency: str = "EUR"
    fingerprint: str
    settings_version: int = 0
    converter: str = ""
    revision: int = 0
    attempts: int = 0
    owner: str = ""
    posting_at: datetime | None = None
    entryid: str = ""
    invoicenumber: str = ""
    contactid: str = ""
    conceptid: str = ""
    reference: str = ""
    posted_total: Decimal | None = None
    vat: Mapping[str, Decimal] = field(default_factory=dict)
    payment_status: str = ""
    concept: bool = False
    due: bool = False
    vat_check: VatCheck | None = None
    absent_at: datetime | None = None
    given_up_at: datetime | None = None
    by_request: bool = False
    replaces: "LedgerRow | None" = None
    correlation_id: str = ""
    seen_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def judged(self) -> tuple[str, str, int]:
        """What a decision to book leans on: money, payment, and the merchant's choices."""
        return self.fingerprint, self.payment_status, self.settings_version


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One step in the life of an order: when, which state, and a stable code with a short text."""

    at: datetime
    state: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopMemory:
    """What fetching remembers per shop, in one packed item: a cache, the rows are the truth.

    ``settled`` holds the digests of recent orders that need nothing more, ``window_from`` the
    order date the next date sweep starts at (``None``: from the merchant's start date),
    ``watermark`` the local time up to which status changes were read, ``settings_version`` the
    choices under which it was made: other choices make it void. ``watching`` is true when an
    order older than the window could still become bookable by a status change.
    ``offset`` is where an unfinished long sweep goes on. ``page`` is the digest of an answer whose
    orders are all settled: the same answer again means that the shop is idle. ``failing_since`` is
    when a run could not read the shop, until one can. ``revision`` rises with every write: a run
    that began before the last one must not bring back what that took away.
    """

    settled: frozenset[bytes] = frozenset()
    window_from: date | None = None
    watermark: datetime | None = None
    settings_version: int = 0
    watching: bool = False
    offset: int = 0
    page: bytes = b""
    last_success: datetime | None = None
    failing_since: datetime | None = None
    revision: int = 0


class Ledger(Protocol):
    """One row per order. Every change of a row is one conditional write.

    Throttling and unreachable storage raise ``RetryLater``.
    """

    def memories(self, shop_ids: Collection[str]) -> dict[str, ShopMemory]:
        """The packed memories of a page of shops in one read."""

    def remember(self, shop_id: str, memory: ShopMemory) -> bool:
        """Write over the revision of ``memory``; false when another run was faster."""

    def rows(self, keys: Collection[OrderKey]) -> dict[OrderKey, LedgerRow]: ...
    def by_number(self, shop_id: str, number: str) -> list[LedgerRow]: ...
    def shop_rows(self, shop_id: str) -> Iterable[LedgerRow]:
        """All rows of a shop by ascending number, page by page."""

    def recent_rows(self, shop_id: str, since: date) -> Iterable[LedgerRow]:
        """Rows ordered or changed on that day or later, the highest number first.

        Reading ends at a page that holds none, so an old shop costs no more than a young one; a
        second old perhaps.
        """

    def newest_rows(
        self, shop_id: str, limit: int, *, before: OrderKey | None = None
    ) -> list[LedgerRow]:
        """The ``limit`` rows with the highest numbers, or those that follow ``before`` downwards.

        Fewer mean that there are no more; a second old perhaps.
        """

    def open_rows(self, shop_id: str = "") -> Iterable[LedgerRow]:
        """Rows that are not at their end, of one shop or of all; a second old perhaps.

        They are held, unclear or waiting, or booked again while their old entry is still there.
        """

    def remarked_rows(self, day: date) -> Iterable[LedgerRow]:
        """Rows booked on that day (UTC) with a notice or worse; a second old perhaps."""

    def record(self, changes: Sequence[tuple[LedgerRow, LedgerRow | None]]) -> set[OrderKey]:
        """Write (new, what it replaces) pairs; returns the keys that were written.

        A pair is written only when the stored row still has the revision of what it replaces
        (or there is none and it replaces nothing); the rest was changed by another worker and is
        left alone. Each row written gets ``revision`` one higher and an event in its timeline.
        """

    def start_posting(self, row: LedgerRow, *, owner: str, at: datetime) -> LedgerRow | None:
        """Turn queued into posting by ``owner``; ``None`` when the row is no longer queued.

        Also ``None`` when it was ``judged`` otherwise than ``row``: the order, its payment or the
        settings changed after the message was sent, and its newer message books it. Another
        revision alone is no hindrance.
        ``row`` carries what is to be stored with it (reference, posted total, VAT, ...); its uuid,
        what it replaces and when it was first seen stay as they are. A write
        whose own earlier, lost-acknowledged twin succeeded counts as success (seen by the owner).
        """

    def finish_posting(self, row: LedgerRow, *, owner: str) -> bool:
        """Posting (or unclear) by ``owner`` -> the state in ``row``; false when it is not ours."""

    def timeline(self, key: OrderKey) -> list[TimelineEvent]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about an order, or a whole shop, that its owner must hear of once.

    It changes no state: the order is booked and stays so. ``code`` is stable, ``detail`` one Dutch
    sentence without customer data, ``number`` empty when it is about the shop as a whole. ``at`` is
    when this detail was first found.
    """

    code: str
    shop_id: str
    number: str = ""
    detail: str = ""
    at: datetime


class Findings(Protocol):
    """What the nightly run found out, once per shop, order and code, until it is solved.

    Throttling and unreachable storage raise ``RetryLater``.
    """

    def record(self, finding: Finding) -> bool:
        """Keep it; true when it is new, was solved before, or has another detail now."""

    def open(self, shop_id: str = "") -> Iterable[Finding]:
        """What is not solved, of one shop or of all, by shop and number; a second old perhaps."""

    def resolve(self, shop_id: str, code: str, number: str = "") -> bool:
        """It is over; false when nothing was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowMemory:
    """What following up remembers of a shop, so that a night that was missed is made up for.

    ``last_run`` is the start of the last run that came to its end, ``last_long`` the day of the
    last long sweep, ``looked_until`` up to which moment bookings whose look was due were compared,
    ``holes`` numbers that were asked for and that the shop does not have.
    """

    last_run: datetime | None = None
    last_long: date | None = None
    looked_until: datetime | None = None
    holes: frozenset[str] = frozenset()


class FollowMemories(Protocol):
    """One small memory per shop. Raises ``RetryLater`` as the ledger does."""

    def of(self, shop_id: str) -> FollowMemory: ...
    def keep(self, shop_id: str, memory: FollowMemory) -> None: ...


# --------------------------------------------------------------------------- queues and mail


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMessage:
    """One order on its way to the books; ``raw`` is empty when it was too large for the queue.

    ``payments`` (compact JSON of the shop's payments, empty = not read) and ``original`` (the raw
    original of a credit order, empty = none) are facts that only the shop knows.
    ``credit_status`` tells that the order's status is one for credit orders (R109), ``by_request``
    that a person wants it booked as it is (R10).
    ``revision`` is the ledger row's at the moment of queueing.
    """

    key: OrderKey
    account_id: str
    administration_id: str
    settings_version: int
    correlation_id: str
    raw: bytes = field(repr=False, default=b"")
    payments: bytes = field(repr=False, default=b"")
    original: bytes = field(repr=False, default=b"")
    credit_status: bool = False
    by_request: bool = False
    revision: int = 0


class OrdersQueue(Protocol):
    """OrdersQueue.fifo: one message group per administration."""

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        """Send all; returns the keys that were accepted, the rest stays queued in the ledger."""


class ShopsQueue(Protocol):
    """ShopsQueue: pages of shop ids to fetch."""

    def send(
        self,
        shop_ids: Sequence[str],
        *,
        delay: int = 0,
        attempt: int = 0,
        numbers: Sequence[str] = (),
    ) -> None:
        """``delay`` in seconds, at most 900; ``attempt`` counts how often this page came back.

        ``numbers`` asks for these orders only, of the one shop that is named.
        """


class Notices(Protocol):
    """Mails to owners: one per cause, no customer names, no secrets.

    Raises ``RetryLater`` when the mail did not go out. ``shops`` are those that wait for the
    administration.
    """

    def shop_paused(self, account: Account, shop: ConnectedShop, reason: str) -> None: ...
    def shop_resumed(self, account: Account, shop: ConnectedShop) -> None: ...
    def administration_paused(
        self,
        account: Account,
        administration: Administration,
        reason: str,
        shops: Sequence[ConnectedShop] = (),
    ) -> None: ...
    def administration_resumed(
        self,
        account: Account,
        administration: Administration,
        shops: Sequence[ConnectedShop] = (),
    ) -> None: ...

    def digest(self, account: Account, digest: "Digest") -> None:
        """What waits for the account, what was booked with a remark, a summary: one mail."""

    def solved(
        self, account: Account, sections: "Sequence[Section]", shops: Mapping[str, str]
    ) -> None:
        """What the account was told of and is over; ``shops`` are names by id."""

    def crashed(self, operator: str, section: "Section") -> None:
        """A fault of ours and the orders it hit, to the operator's address."""

    def sign_in(self, email: str, link: str, *, language: str) -> None:
        """The one-time link that somebody asked for with this address."""

    def account_closed(self, account: Account, receipt: "Receipt") -> None:
        """What was removed at the end of an account, and what was not."""

    def no_account(self, email: str, *, language: str) -> None:
        """Somebody asked for a link with an address that has no account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCause:
    """What an account was told about one cause: first and last when, and about which orders."""

    first: datetime
    last: datetime
    orders: tuple[tuple[str, str], ...] = ()
    """Pairs of shop id and order number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMemory:
    """What one addressee was told of, so that nothing is told too often.

    ``causes`` holds what still goes on, ``closed`` what is over by when that was told, ``remarks``
    the bookings of the last days that were told of. ``revision`` guards the write.
    """

    addressee: str
    causes: Mapping[str, ToldCause] = field(default_factory=dict)
    closed: Mapping[str, datetime] = field(default_factory=dict)
    remarks: ToldCause | None = None
    summary_until: datetime | None = None
    revision: int = 0


class MailMemories(Protocol):
    """One small memory per addressee: an account, or the operator."""

    def of(self, addressee: str) -> MailMemory: ...
    def all(self) -> list[MailMemory]: ...

    def keep(self, memory: MailMemory) -> bool:
        """Store over the same revision; false when another run was faster."""


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime: ...
