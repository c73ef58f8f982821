"""The ledger on DynamoDB: every change of a row is one conditional write on its revision.

A conditional write whose answer was lost is repeated by botocore and then fails against itself.
So a failed condition looks at what is stored: when that is exactly what was to be written, it was.
Decision 0003 tells why rows are written one by one or in batches, and not in transactions.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import batched, chain, islice
from typing import Any

from boekbrug import aws
from boekbrug.aws.table import A_PAGE, ConditionFailed, Item, Table
from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.attention import OPEN, place_of_day
from boekbrug.journey.ports.ledger import (
    POSTING,
    QUEUED,
    UNCLEAR,
    LedgerRow,
    OrderKey,
    ShopMemory,
    TimelineEvent,
)
from boekbrug.ledger.rows import (
    ATTRIBUTES,
    ORDER_SK,
    PLACE,
    Update,
    claiming_update,
    event_values,
    full_update,
    memory_item,
    memory_key,
    number_prefix,
    read_events,
    read_memory,
    read_row,
    recent,
    row_key,
    row_values,
    shop_pk,
)
from boekbrug.ledger.timeline import EVENTS_KEPT

log = logging.getLogger(__name__)

OPEN_INDEX = "open-orders"
MOST_STATEMENTS = 25  # of one BatchExecuteStatement
MOST_ROUNDS = 5
RECENT_PAGE = 200  # rows that are read before looking whether they are recent

_WITHOUT_EVENTS = ",".join(f"#{name}" for name in ("pk", "sk", "nr", *ATTRIBUTES))

_UNCHANGED = "#rv = :was"
_NEW = "attribute_not_exists(#pk)"
_UNWRITTEN = "attribute_not_exists(#rv)"
_QUEUED = f"{_UNCHANGED} AND #st = :queued AND #fp = :fp"
_QUEUED_VALUES: Item = {":queued": {"S": QUEUED}}
_OURS = f"{_UNCHANGED} AND #ow = :ow AND #st IN (:posting, :unclear)"
_OURS_VALUES: Item = {":posting": {"S": POSTING}, ":unclear": {"S": UNCLEAR}}


class _NotWritten(Exception):
    """The condition failed; ``stored`` is the row that is there instead, if any."""

    def __init__(self, stored: LedgerRow | None) -> None:
        super().__init__()
        self.stored = stored


class DynamoLedger:
    """The ledger table; safe to use from several threads."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "ledger", client)

    # ----------------------------------------------------------------- memories

    def memories(self, shop_ids: Collection[str]) -> dict[str, ShopMemory]:
        items = self._page_of_memories(shop_ids)
        if items is None:
            keys = [memory_key(shop_id) for shop_id in dict.fromkeys(shop_ids)]
            items = self._table.get_all(keys, consistent=False)
        found = {item["sk"]["S"]: item for item in items}
        return {one: read_memory(found[one]) for one in shop_ids if one in found}

    def _page_of_memories(self, shop_ids: Collection[str]) -> list[Item] | None:
        """A page as it was scheduled: its memories lie side by side."""
        if len(shop_ids) < A_PAGE:
            return None
        first, last = memory_key(min(shop_ids)), memory_key(max(shop_ids))
        return self._table.stretch(
            ("pk", first["pk"]), ("sk", first["sk"], last["sk"]), most=2 * len(shop_ids)
        )

    def remember(self, shop_id: str, memory: ShopMemory) -> bool:
        item = memory_item(shop_id, replace(memory, revision=memory.revision + 1))
        was = str(memory.revision)
        try:
            self._table.put(
                item,
                ConditionExpression=_UNCHANGED if memory.revision else _UNWRITTEN,
                ExpressionAttributeValues={":was": {"N": was}} if memory.revision else {},
            )
        except ConditionFailed as failed:
            return failed.stored == item  # our own write, whose answer was lost
        return True

    # ----------------------------------------------------------------- reading rows

    def rows(self, keys: Collection[OrderKey]) -> dict[OrderKey, LedgerRow]:
        wanted = [row_key(key) for key in set(keys)]
        found = (read_row(item) for item in self._table.get_all(wanted, consistent=True))
        return {row.key: row for row in found}

    def by_number(self, shop_id: str, number: str) -> list[LedgerRow]:
        found = map(read_row, self._table.collection(shop_pk(shop_id), number_prefix(number)))
        return [row for row in found if row.key.number == number]

    def shop_rows(self, shop_id: str) -> Iterable[LedgerRow]:
        return map(read_row, self._table.collection(shop_pk(shop_id), ORDER_SK))

    def recent_rows(self, shop_id: str, since: date) -> Iterable[LedgerRow]:
        for page in self._table.backwards(
            shop_pk(shop_id), ORDER_SK, page=RECENT_PAGE, ProjectionExpression=_WITHOUT_EVENTS
        ):
            found = [row for row in map(read_row, page) if recent(row, since)]
            yield from found
            if not found:
                return

    def newest_rows(
        self, shop_id: str, limit: int, *, before: OrderKey | None = None
    ) -> list[LedgerRow]:
        pages = self._table.backwards(
            shop_pk(shop_id),
            ORDER_SK,
            page=limit,
            before=row_key(before) if before else None,
            ProjectionExpression=_WITHOUT_EVENTS,
        )
        return [read_row(item) for item in islice(chain.from_iterable(pages), limit)]

    def open_rows(self, shop_id: str = "") -> Iterable[LedgerRow]:
        return self._placed(OPEN, shop_id)

    def remarked_rows(self, day: date) -> Iterable[LedgerRow]:
        return self._placed(place_of_day(day), "")

    def _placed(self, where: str, shop_id: str) -> Iterable[LedgerRow]:
        items = self._table.indexed(OPEN_INDEX, (PLACE, where), ("pk", shop_pk(shop_id)))
        found = map(read_row, items)
        return (row for row in found if shop_id in ("", row.key.shop_id))

    def timeline(self, key: OrderKey) -> list[TimelineEvent]:
        slots = ",".join(f"#e{index}" for index in range(EVENTS_KEPT))
        return read_events(self._table.get(row_key(key), ProjectionExpression=slots) or {})

    # ----------------------------------------------------------------- writing rows

    def record(self, changes: Sequence[tuple[LedgerRow, LedgerRow | None]]) -> set[OrderKey]:
        fresh = {new.key: new for new, replaces in reversed(changes) if replaces is None}
        written = self._insert(list(fresh.values())) if len(fresh) > 1 else set[OrderKey]()
        for new, replaces in changes:
            if new.key not in written and self._record_one(new, replaces):
                written.add(new.key)
        return written

    def start_posting(self, row: LedgerRow, *, owner: str, at: datetime) -> LedgerRow | None:
        claim = replace(row, state=POSTING, owner=owner, posting_at=at, changed_at=at)
        for _ in range(MOST_ROUNDS):
            try:
                return self._claim(claim)
            except _NotWritten as failed:
                stored = failed.stored
                if stored is None or stored.judged != row.judged:
                    return None
                if stored.state == POSTING and stored.owner == owner:
                    return stored
                if stored.state != QUEUED:
                    return None
                claim = replace(claim, revision=stored.revision)
        raise RetryLater("ledger: the row keeps changing", code="storage_busy")

    def finish_posting(self, row: LedgerRow, *, owner: str) -> bool:
        wanted = replace(row, owner=owner)
        for _ in range(MOST_ROUNDS):
            try:
                self._replace(wanted, wanted.revision, _OURS, _OURS_VALUES)
            except _NotWritten as failed:
                stored = failed.stored
                if stored is None or stored.owner != owner:
                    return False
                if stored.state not in (POSTING, UNCLEAR):
                    return False
                wanted = replace(wanted, revision=stored.revision)
            else:
                return True
        raise RetryLater("ledger: the row keeps changing", code="storage_busy")

    def _record_one(self, new: LedgerRow, replaces: LedgerRow | None) -> bool:
        try:
            if replaces is None:
                self._replace(new, 0, _NEW)
            else:
                self._replace(new, replaces.revision, _UNCHANGED)
        except _NotWritten:
            return False
        return True

    def _replace(
        self, new: LedgerRow, was: int, condition: str, values: Item | None = None
    ) -> None:
        """Write the revision after ``was``; raises ``_NotWritten`` when something else is there."""
        row = replace(new, revision=was + 1)
        try:
            self._update(row, full_update(row), condition, values or {})
        except _NotWritten as failed:
            if failed.stored != row:
                raise

    def _claim(self, claim: LedgerRow) -> LedgerRow:
        row = replace(claim, revision=claim.revision + 1)
        answer = self._update(
            row, claiming_update(row), _QUEUED, _QUEUED_VALUES, ReturnValues="ALL_NEW"
        )
        return read_row(answer["Attributes"])

    def _update(
        self, row: LedgerRow, update: Update, condition: str, values: Item, **options: str
    ) -> Any:
        """One UpdateItem: it leaves the events of earlier revisions where they are."""
        used = update.values | values
        if _UNCHANGED in condition:
            used[":was"] = {"N": str(row.revision - 1)}
        try:
            return self._table.update(
                row_key(row.key),
                UpdateExpression=update.expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=used,
                **options,
            )
        except ConditionFailed as failed:
            raise _NotWritten(read_row(failed.stored) if failed.stored else None) from None

    def _insert(self, rows: Sequence[LedgerRow]) -> set[OrderKey]:
        """Insert new rows, 25 a call; what was not inserted is left to the single write.

        A single write decides what a refusal means, so a batch that is refused for whatever
        reason costs time and nothing else.
        """
        written: set[OrderKey] = set()
        for chunk in batched(rows, MOST_STATEMENTS, strict=False):
            statements = [self._insertion(replace(row, revision=1)) for row in chunk]
            try:
                with aws.faults("ledger"):
                    answer = self._table.client.batch_execute_statement(Statements=statements)
            except NeedsOperator as refused:
                log.warning("rows are written one by one", extra={"why": refused.detail})
                return written
            for row, result in zip(chunk, answer["Responses"], strict=True):
                if "Error" not in result:
                    written.add(row.key)
        return written

    def _insertion(self, row: LedgerRow) -> dict[str, Any]:
        item = row_key(row.key) | row_values(row) | event_values(row)
        names = ", ".join(f"'{name}': ?" for name in item)
        return {
            "Statement": f'INSERT INTO "{self._table.name}" VALUE {{{names}}}',
            "Parameters": list(item.values()),
        }
