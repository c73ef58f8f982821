"""Who the owners are, their administrations and shops, with the choices they made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings

PAUSED_BY_HAND = "by_hand"
"""The pause reason of a person's own choice: nobody is mailed about it."""

NOT_STARTED = "not_started"
"""The pause of a shop that was connected and waits for its owner to switch it on."""

CHOSEN_PAUSES = frozenset({PAUSED_BY_HAND, NOT_STARTED})
"""Pauses that are a person's choice: nobody is mailed, and only a person ends them."""

NOTIFY_PROBLEMS, NOTIFY_DAILY, NOTIFY_WEEKLY = NOTIFY = ("problems", "daily", "weekly")
"""When an account is mailed: only about problems (default), or a summary every day or week too."""


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


class Sealer(Protocol):
    """Envelope encryption of secrets; tenant and field are authenticated with the value."""

    def seal(self, secret: Secret, *, tenant: str, field: str) -> str: ...
    def open(self, sealed: str, *, tenant: str, field: str) -> Secret: ...
