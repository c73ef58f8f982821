"""What owners must hear of once, and how far following up came <-> the ledger table, or memory."""

from collections.abc import Iterable
from datetime import date, datetime
from threading import Lock
from typing import Any

from boekbrug.aws.table import ConditionFailed, Item, Table
from boekbrug.journey.ports.findings import Finding, FollowMemory
from boekbrug.ledger.rows import NUMBER_WIDTH, PLACE, shop_pk

OPEN_INDEX = "open-orders"
FINDING = "FINDING"
"""Where the index holds what is not solved, beside the orders that are open."""
FOLLOW_UPS_PK = "FOLLOWUPS"


def _place(finding: Finding) -> tuple[str, str, str]:
    return finding.shop_id, finding.number.rjust(NUMBER_WIDTH, "0"), finding.code


class MemoryFindings:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[tuple[str, str, str], Finding] = {}

    def record(self, finding: Finding) -> bool:
        place = _place(finding)
        with self._lock:
            known = self._open.get(place)
            if known is not None and known.detail == finding.detail:
                return False
            self._open[place] = finding
            return True

    def open(self, shop_id: str = "") -> Iterable[Finding]:
        with self._lock:
            found = [self._open[place] for place in sorted(self._open)]
        return iter([one for one in found if shop_id in ("", one.shop_id)])

    def resolve(self, shop_id: str, code: str, number: str = "") -> bool:
        place = (shop_id, number.rjust(NUMBER_WIDTH, "0"), code)
        with self._lock:
            return self._open.pop(place, None) is not None


class MemoryFollowMemories:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._kept: dict[str, FollowMemory] = {}

    def of(self, shop_id: str) -> FollowMemory:
        return self._kept.get(shop_id, FollowMemory())

    def keep(self, shop_id: str, memory: FollowMemory) -> None:
        self._kept[shop_id] = memory


class DynamoFindings:
    """In the shop's partition of the ledger table; what is open is in its index."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "ledger", client)

    def record(self, finding: Finding) -> bool:
        item = _key(finding.shop_id, finding.number, finding.code) | {
            "cd": {"S": finding.code},
            "nr": {"S": finding.number},
            "de": {"S": finding.detail},
            "at": {"S": finding.at.isoformat()},
            PLACE: {"S": FINDING},
        }
        try:
            self._table.put(
                item,
                ConditionExpression=f"attribute_not_exists(#{PLACE}) OR #de <> :de",
                ExpressionAttributeValues={":de": {"S": finding.detail}},
            )
        except ConditionFailed as failed:
            return failed.stored == item  # our own write, whose answer was lost
        return True

    def open(self, shop_id: str = "") -> Iterable[Finding]:
        pk = shop_pk(shop_id) if shop_id else "SHOP#"
        items = self._table.indexed(OPEN_INDEX, (PLACE, FINDING), ("pk", pk))
        found = sorted(map(_read, items), key=_place)  # the index sorts by shop only
        return iter([one for one in found if shop_id in ("", one.shop_id)])

    def resolve(self, shop_id: str, code: str, number: str = "") -> bool:
        try:
            self._table.update(
                _key(shop_id, number, code),
                UpdateExpression=f"REMOVE #{PLACE}",
                ConditionExpression=f"attribute_exists(#{PLACE})",
            )
        except ConditionFailed:
            return False
        return True


class DynamoFollowMemories:
    """Side by side in the ledger table."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "ledger", client)

    def of(self, shop_id: str) -> FollowMemory:
        item = self._table.get(_memory_key(shop_id)) or {}
        return FollowMemory(
            last_run=_moment(item.get("lr")),
            last_long=date.fromisoformat(item["ll"]["S"]) if "ll" in item else None,
            looked_until=_moment(item.get("lu")),
            holes=frozenset(item["ho"]["S"].split()) if "ho" in item else frozenset(),
        )

    def keep(self, shop_id: str, memory: FollowMemory) -> None:
        known = {"lr": memory.last_run, "ll": memory.last_long, "lu": memory.looked_until}
        values = {name: {"S": one.isoformat()} for name, one in known.items() if one}
        holes = {"ho": {"S": " ".join(sorted(memory.holes))}} if memory.holes else {}
        self._table.put(_memory_key(shop_id) | values | holes)


def _memory_key(shop_id: str) -> Item:
    return {"pk": {"S": FOLLOW_UPS_PK}, "sk": {"S": shop_id}}


def _key(shop_id: str, number: str, code: str) -> Item:
    padded = number.rjust(NUMBER_WIDTH, "0")
    return {"pk": {"S": shop_pk(shop_id)}, "sk": {"S": f"{FINDING}#{padded}#{code}"}}


def _read(item: Item) -> Finding:
    return Finding(
        code=item["cd"]["S"],
        shop_id=item["pk"]["S"].removeprefix("SHOP#"),
        number=item["nr"]["S"],
        detail=item["de"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
    )


def _moment(value: dict[str, Any] | None) -> datetime | None:
    return datetime.fromisoformat(value["S"]) if value else None
