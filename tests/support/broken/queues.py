"""Queues that behave as SQS does: groups in order, a visibility time, delivery more than once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import dedup_id, order_body, shops_bodies

VISIBILITY = timedelta(seconds=1080)
DEDUPLICATION = timedelta(minutes=5)
RETENTION = timedelta(days=1)


@dataclass(eq=False)
class Message:
    """One message on a queue, with what SQS keeps about it."""

    body: str
    group: str
    sent: datetime
    visible: datetime
    flying: bool = False


class Queue:
    """SQS as far as the journey can notice; ``fifo`` closes a group while it is in flight."""

    def __init__(
        self, now: Callable[[], datetime], *, fifo: bool, visibility: timedelta = VISIBILITY
    ) -> None:
        self._now = now
        self._fifo = fifo
        self._visibility = visibility
        self._recent: dict[tuple[str, str], datetime] = {}
        self.messages: list[Message] = []
        self.delivered: list[Message] = []

    def put(self, body: str, *, group: str = "", dedup: str = "", delay: int = 0) -> None:
        now = self._now()
        known = self._recent.get((group, dedup))
        if self._fifo and dedup and known and now - known < DEDUPLICATION:
            return
        self._recent[group, dedup] = now
        self.messages.append(Message(body, group, now, now + timedelta(seconds=delay)))

    def receive(self, limit: int, pick: Callable[[int], int]) -> list[Message]:
        """The next messages; a standard queue gives them in any order."""
        now = self._now()
        self.messages = [one for one in self.messages if now - one.sent < RETENTION]
        flying = {one.group for one in self.messages if one.flying and one.visible > now}
        closed = flying if self._fifo else set()
        ready = [one for one in self.messages if one.visible <= now and one.group not in closed]
        first = 0 if self._fifo or not ready else pick(len(ready))
        taken = [*ready[first:], *ready[:first]][:limit]
        for one in taken:
            one.flying, one.visible = True, now + self._visibility
        self.delivered += taken
        return taken

    def hold(self, seconds: Iterable[tuple[Message, int]]) -> None:
        """What a worker hands back, until its pause is over."""
        for one, pause in seconds:
            one.visible = self._now() + timedelta(seconds=pause)

    def delete(self, gone: Iterable[Message]) -> None:
        done = set(gone)
        self.messages = [one for one in self.messages if one not in done]

    def lose(self) -> None:
        """Everything that nobody works on is gone."""
        self.messages = [one for one in self.messages if one.flying and one.visible > self._now()]

    def next_visible(self) -> datetime | None:
        """When the first message that is not visible now will be."""
        return min((m.visible for m in self.messages if m.visible > self._now()), default=None)


@dataclass(frozen=True)
class OrdersPort:
    """``OrdersQueue`` on a queue of ours."""

    queue: Queue

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        for one in messages:
            self.queue.put(order_body(one), group=one.administration_id, dedup=dedup_id(one))
        return {one.key for one in messages}


@dataclass(frozen=True)
class ShopsPort:
    """``ShopsQueue`` on a queue of ours."""

    queue: Queue

    def send(
        self,
        shop_ids: Sequence[str],
        *,
        delay: int = 0,
        attempt: int = 0,
        numbers: Sequence[str] = (),
    ) -> None:
        for body in shops_bodies(shop_ids, attempt, numbers):
            self.queue.put(body, delay=delay)
