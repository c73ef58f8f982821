"""A small shared memory for what was looked up outside, such as VAT rates; never the truth."""

import json
from datetime import datetime
from threading import Lock
from typing import Any

from boekbrug.aws.table import Item, Table


class MemoryCache:
    """A cache that lives as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, tuple[str, datetime]] = {}

    def get(self, name: str, *, now: datetime) -> Any:
        with self._lock:
            value, expires = self._values.get(name, ("", now))
        return json.loads(value) if now < expires else None

    def put(self, name: str, value: Any, *, expires: datetime) -> None:
        with self._lock:
            self._values[name] = (json.dumps(value), expires)


class SharedCache:
    """A cache in the ledger table, shared by all processes; the table forgets by ``ex``.

    Raises ``RetryLater`` when the table cannot be reached.
    """

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "cache", client)

    def get(self, name: str, *, now: datetime) -> Any:
        item = self._table.get(_key(name))
        if item is None or int(item["ex"]["N"]) <= now.timestamp():
            return None
        return json.loads(item["js"]["S"])

    def put(self, name: str, value: Any, *, expires: datetime) -> None:
        self._table.put(
            _key(name)
            | {
                "js": {"S": json.dumps(value, separators=(",", ":"))},
                "ex": {"N": str(int(expires.timestamp()))},
            }
        )


def _key(name: str) -> Item:
    return {"pk": {"S": f"CACHE#{name}"}, "sk": {"S": "CACHE"}}
