"""What is told to whom, and what was told before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from boekbrug.journey.ports.tenants import Account, Administration, ConnectedShop

if TYPE_CHECKING:
    from boekbrug.journey.account_care import Receipt
    from boekbrug.journey.digests import Digest, Section


NOTICE_PAUSED = "paused"

NOTICE_RESOLVED = "resolved"


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
