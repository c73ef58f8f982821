"""The master secret of all hooks, sealed in the settings table."""

import secrets
from threading import Lock
from typing import Any

from boekbrug.aws.table import ConditionFailed, Item, Table
from boekbrug.journey.ports.tenants import Sealer, Secret

_ITEM = {"pk": {"S": "GLOBAL"}, "sk": {"S": "HOOKS"}}
TENANT, FIELD = "boekbrug", "hooks:master"


class DynamoHookKeys:
    """Read once per process; sealing needs more rights than opening, so only ``make`` seals."""

    def __init__(self, table_name: str, sealer: Sealer, client: Any = None) -> None:
        self._table = Table(table_name, "settings", client)
        self._sealer = sealer
        self._lock = Lock()
        self._known: Secret | None = None

    def master(self) -> Secret | None:
        with self._lock:
            if self._known is None:
                item = self._table.get(_ITEM)
                self._known = self._opened(item) if item else None
            return self._known

    def make(self) -> Secret:
        known = self.master()
        if known is not None:
            return known
        fresh = Secret(secrets.token_urlsafe(48))
        item = _ITEM | {"secret": {"S": self._sealer.seal(fresh, tenant=TENANT, field=FIELD)}}
        try:
            self._table.put(item, ConditionExpression="attribute_not_exists(#pk)")
        except ConditionFailed as failed:
            return self._opened(failed.stored) if failed.stored else fresh
        return fresh

    def _opened(self, item: Item) -> Secret:
        return self._sealer.open(str(item["secret"]["S"]), tenant=TENANT, field=FIELD)


class MemoryHookKeys:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._known: Secret | None = None

    def master(self) -> Secret | None:
        return self._known

    def make(self) -> Secret:
        self._known = self._known or Secret(secrets.token_urlsafe(48))
        return self._known
