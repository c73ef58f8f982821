"""What the nights found, and how far they came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


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
