"""What goes from one function to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from boekbrug.journey.ports.ledger import OrderKey


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
