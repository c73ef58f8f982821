"""Order documents in, records that can be filtered, changed and served out."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator
from typing import Any

from workbench.standins.errors import StandInError


class OrderRecord:
    """One order as the shop holds it; ``data`` is the document that is served.

    Replace ``data`` by ``edit`` only: the served text is kept until then.
    """

    __slots__ = ("data", "number", "rendered")

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.number = str(data["number"])
        self.rendered: dict[Any, bytes] = {}

    @property
    def is_test(self) -> bool:
        """Only digits make a real order (Mijnwebwinkel API, order numbers)."""
        return re.fullmatch("[0-9]+", self.number) is None

    @property
    def is_credit(self) -> bool:
        return self.data.get("credited_order_number") not in {None, "", 0, "0"}

    @property
    def archived(self) -> bool:
        return str(self.data.get("archived", "")).lower() in {"true", "1"}

    @property
    def status(self) -> str:
        return str(self.data.get("status", ""))

    @property
    def placed(self) -> str:
        return _moment(self.data.get("date"), self.data.get("time"))

    @property
    def status_changed(self) -> str:
        """Local date and time of the last change of status, "" when the order has none."""
        return _moment(self.data.get("status_changed_date"), self.data.get("status_changed_time"))

    @property
    def numeric_key(self) -> tuple[int, str]:
        digits = re.sub("[^0-9]", "", self.number)
        return int(digits or 0), self.number

    def edit(self, changes: dict[str, Any]) -> None:
        self.data = merged(self.data, changes)
        self.rendered.clear()


def _moment(date: Any, time: Any) -> str:
    return f"{date} {time or '00:00:00'}" if date else ""


def merged(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``data`` with ``changes`` laid over it; objects merge, all else is replaced."""
    result = dict(data)
    for name, value in changes.items():
        mine = result.get(name)
        both = isinstance(mine, dict) and isinstance(value, dict)
        result[name] = merged(mine, value) if both else value  # type: ignore[arg-type]  # checked by both
    return result


class OrderBook:
    """The orders of one shop by number, in numeric order."""

    def __init__(self, orders: Iterable[dict[str, Any]] = ()) -> None:
        self._by_number: dict[str, OrderRecord] = {}
        self._ordered: list[OrderRecord] = []
        for order in orders:
            self._put(order)
        self._ordered = sorted(self._by_number.values(), key=_numeric_key)

    def _put(self, data: Any) -> OrderRecord:
        if not isinstance(data, dict) or data.get("number") in {None, ""}:
            raise StandInError("an order needs to be an object with a number")
        record = OrderRecord(data)
        if record.number in self._by_number:
            raise StandInError(f"there is an order {record.number} already")
        self._by_number[record.number] = record
        return record

    def add(self, data: dict[str, Any]) -> OrderRecord:
        record = self._put(data)
        insort(self._ordered, record, key=_numeric_key)
        return record

    def remove(self, number: str) -> None:
        self._ordered.remove(self.get(number))
        del self._by_number[number]

    def get(self, number: str) -> OrderRecord:
        record = self.find(number)
        if record is None:
            raise StandInError(f"there is no order {number}")
        return record

    def find(self, number: str) -> OrderRecord | None:
        return self._by_number.get(number)

    def __iter__(self) -> Iterator[OrderRecord]:
        return iter(self._ordered)

    def __len__(self) -> int:
        return len(self._ordered)


def _numeric_key(record: OrderRecord) -> tuple[int, str]:
    return record.numeric_key
