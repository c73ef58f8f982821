"""What each addressee was told of <-> the settings table, side by side, or memory."""

import json
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from boekbrug.aws.table import ConditionFailed, Item, Table
from boekbrug.journey.ports.mails import MailMemory, ToldCause
from boekbrug.settings.items import key

MAILS_PK, TO = "MAILS", "TO#"


class MemoryMailMemories:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, MailMemory] = {}

    def of(self, addressee: str) -> MailMemory:
        return self._kept.get(addressee) or MailMemory(addressee=addressee)

    def all(self) -> list[MailMemory]:
        with self._lock:
            return [self._kept[addressee] for addressee in sorted(self._kept)]

    def keep(self, memory: MailMemory) -> bool:
        with self._lock:
            if self.of(memory.addressee).revision != memory.revision:
                return False
            self._kept[memory.addressee] = replace(memory, revision=memory.revision + 1)
            return True


class DynamoMailMemories:
    """In the settings table; all of them are one query."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "settings", client)

    def of(self, addressee: str) -> MailMemory:
        item = self._table.get(key(MAILS_PK, TO + addressee))
        return _read(item) if item else MailMemory(addressee=addressee)

    def all(self) -> list[MailMemory]:
        return [_read(item) for item in self._table.collection(MAILS_PK, TO)]

    def keep(self, memory: MailMemory) -> bool:
        item = _item(replace(memory, revision=memory.revision + 1))
        try:
            self._table.put(
                item,
                ConditionExpression="attribute_not_exists(#pk)" if not memory.revision else _WAS,
                ExpressionAttributeValues={":was": {"N": str(memory.revision)}}
                if memory.revision
                else {},
            )
        except ConditionFailed as failed:
            return failed.stored == item  # our own write, whose answer was lost
        return True


_WAS = "#rv = :was"


def _item(memory: MailMemory) -> Item:
    told = {
        "causes": {code: _told(one) for code, one in memory.causes.items()},
        "closed": {code: at.isoformat() for code, at in memory.closed.items()},
        "remarks": _told(memory.remarks) if memory.remarks else None,
        "summary": _written(memory.summary_until),
    }
    return key(MAILS_PK, TO + memory.addressee) | {
        "told": {"S": json.dumps(told, separators=(",", ":"))},
        "rv": {"N": str(memory.revision)},
    }


def _read(item: Item) -> MailMemory:
    told = json.loads(item["told"]["S"])
    return MailMemory(
        addressee=item["sk"]["S"].removeprefix(TO),
        causes={code: _cause(one) for code, one in told["causes"].items()},
        closed={code: datetime.fromisoformat(at) for code, at in told["closed"].items()},
        remarks=_cause(told["remarks"]) if told["remarks"] else None,
        summary_until=_moment(told["summary"]),
        revision=int(item["rv"]["N"]),
    )


def _told(one: ToldCause) -> list[Any]:
    return [one.first.isoformat(), one.last.isoformat(), one.orders]


def _cause(told: list[Any]) -> ToldCause:
    first, last, orders = told
    return ToldCause(
        first=datetime.fromisoformat(first),
        last=datetime.fromisoformat(last),
        orders=tuple((shop_id, number) for shop_id, number in orders),
    )


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(written: str) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
