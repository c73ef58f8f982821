"""The ledger in memory: for previews and tests; same contract as the one on DynamoDB."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import Lock

from boekbrug.journey.attention import OPEN, place, place_of_day
from boekbrug.journey.ports.ledger import (
    POSTING,
    QUEUED,
    UNCLEAR,
    LedgerRow,
    OrderKey,
    ShopMemory,
    TimelineEvent,
)
from boekbrug.ledger.rows import NUMBER_WIDTH, recent
from boekbrug.ledger.timeline import EVENTS_KEPT, event_of


class MemoryLedger:
    """A ledger that lives as long as the object; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[OrderKey, LedgerRow] = {}
        self._events: dict[OrderKey, list[TimelineEvent]] = {}
        self._memories: dict[str, ShopMemory] = {}

    def memories(self, shop_ids: Collection[str]) -> dict[str, ShopMemory]:
        with self._lock:
            return {shop: self._memories[shop] for shop in shop_ids if shop in self._memories}

    def remember(self, shop_id: str, memory: ShopMemory) -> bool:
        with self._lock:
            stored = self._memories.get(shop_id, ShopMemory())
            wanted = replace(memory, revision=memory.revision + 1)
            if stored.revision != memory.revision:
                return stored == wanted
            self._memories[shop_id] = wanted
            return True

    def rows(self, keys: Collection[OrderKey]) -> dict[OrderKey, LedgerRow]:
        with self._lock:
            return {key: self._rows[key] for key in keys if key in self._rows}

    def by_number(self, shop_id: str, number: str) -> list[LedgerRow]:
        return [row for row in self.shop_rows(shop_id) if row.key.number == number]

    def shop_rows(self, shop_id: str) -> Iterable[LedgerRow]:
        with self._lock:
            found = [row for key, row in self._rows.items() if key.shop_id == shop_id]
        return iter(sorted(found, key=lambda row: _place(row.key)))

    def recent_rows(self, shop_id: str, since: date) -> Iterable[LedgerRow]:
        return iter([row for row in reversed([*self.shop_rows(shop_id)]) if recent(row, since)])

    def newest_rows(
        self, shop_id: str, limit: int, *, before: OrderKey | None = None
    ) -> list[LedgerRow]:
        rows = reversed([*self.shop_rows(shop_id)])
        return [row for row in rows if before is None or _place(row.key) < _place(before)][:limit]

    def open_rows(self, shop_id: str = "") -> Iterable[LedgerRow]:
        found = self._placed(OPEN)
        return iter([row for row in found if shop_id in ("", row.key.shop_id)])

    def remarked_rows(self, day: date) -> Iterable[LedgerRow]:
        return iter(self._placed(place_of_day(day)))

    def _placed(self, where: str) -> list[LedgerRow]:
        with self._lock:
            found = [row for row in self._rows.values() if place(row) == where]
        return sorted(found, key=lambda row: (row.key.shop_id, row.key.number.zfill(12)))

    def record(self, changes: Sequence[tuple[LedgerRow, LedgerRow | None]]) -> set[OrderKey]:
        with self._lock:
            return {new.key for new, replaces in changes if self._replace(new, replaces)}

    def start_posting(self, row: LedgerRow, *, owner: str, at: datetime) -> LedgerRow | None:
        with self._lock:
            stored = self._rows.get(row.key)
            if stored is None or stored.judged != row.judged:
                return None
            if stored.state == POSTING and stored.owner == owner:
                return stored
            if stored.state != QUEUED:
                return None
            claimed = replace(
                row,
                state=POSTING,
                owner=owner,
                posting_at=at,
                changed_at=at,
                uuid=stored.uuid,
                given_up_at=stored.given_up_at,
                by_request=stored.by_request,
                replaces=stored.replaces,
                seen_at=stored.seen_at,
                attempts=stored.attempts + 1,
            )
            return self._write(claimed, stored.revision)

    def finish_posting(self, row: LedgerRow, *, owner: str) -> bool:
        with self._lock:
            stored = self._rows.get(row.key)
            wanted = replace(row, owner=owner)
            if stored == replace(wanted, revision=row.revision + 1):
                return True
            if stored is None or stored.owner != owner or stored.state not in (POSTING, UNCLEAR):
                return False
            self._write(wanted, stored.revision)
            return True

    def timeline(self, key: OrderKey) -> list[TimelineEvent]:
        with self._lock:
            return list(self._events.get(key, []))

    def _replace(self, new: LedgerRow, replaces: LedgerRow | None) -> bool:
        stored = self._rows.get(new.key)
        expected = replaces.revision if replaces else 0
        if stored == replace(new, revision=expected + 1):
            return True
        if (stored.revision if stored else 0) != expected:
            return False
        self._write(new, expected)
        return True

    def _write(self, row: LedgerRow, replaced_revision: int) -> LedgerRow:
        written = replace(row, revision=replaced_revision + 1)
        self._rows[row.key] = written
        events = [*self._events.get(row.key, []), event_of(written)]
        self._events[row.key] = events[-EVENTS_KEPT:]
        return written


def _place(key: OrderKey) -> tuple[str, str]:
    """Where a row stands among those of its shop."""
    return key.number.zfill(NUMBER_WIDTH), key.uuid
