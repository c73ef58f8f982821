"""The queues in memory: for previews and tests; same contract as the ones on SQS."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import (
    ShopsPage,
    dedup_id,
    order_body,
    parse_order_message,
    parse_shops_message,
    shops_bodies,
)


class MemoryOrdersQueue:
    """Holds bodies as SQS would; ``take`` gives them back in order and forgets them.

    ``five_minutes_later`` forgets what was sent, so that it may be sent again.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._bodies: list[str] = []
        self._seen: set[str] = set()

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        with self._lock:
            for message in messages:
                if dedup_id(message) not in self._seen:
                    self._seen.add(dedup_id(message))
                    self._bodies.append(order_body(message))
        return {message.key for message in messages}

    def take(self, limit: int = 10) -> list[OrderMessage]:
        """The next messages, at most ``limit``."""
        with self._lock:
            taken, self._bodies = self._bodies[:limit], self._bodies[limit:]
        return [parse_order_message(body) for body in taken]

    def five_minutes_later(self) -> None:
        self._seen.clear()

    def __len__(self) -> int:
        return len(self._bodies)


@dataclass(frozen=True, slots=True)
class DelayedPage:
    """A page on the queue and the seconds until it is delivered."""

    page: ShopsPage
    delay: int


class MemoryShopsQueue:
    """Holds pages as SQS would; ``take`` gives all of them back and forgets them."""

    def __init__(self) -> None:
        self._pages: list[tuple[str, int]] = []

    def send(
        self,
        shop_ids: Sequence[str],
        *,
        delay: int = 0,
        attempt: int = 0,
        numbers: Sequence[str] = (),
    ) -> None:
        self._pages += [(body, delay) for body in shops_bodies(shop_ids, attempt, numbers)]

    def take(self) -> list[DelayedPage]:
        """Every page that waits, in the order of sending."""
        taken, self._pages = self._pages, []
        return [DelayedPage(parse_shops_message(body), delay) for body, delay in taken]

    def __len__(self) -> int:
        return len(self._pages)
