"""Documents as if they were of other days, so that samples stay recent."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=$|[T ])")


def days_to(newest: date, orders: Iterable[dict[str, Any]]) -> timedelta:
    """How far to move these orders until the newest of them is of this day."""
    return newest - max((date.fromisoformat(order["date"]) for order in orders), default=newest)


def moved(document: Any, by: timedelta) -> Any:
    """The same document; every date in it, and the day of every moment, is moved."""
    match document:
        case dict():
            return {key: moved(value, by) for key, value in document.items()}
        case list():
            return [moved(each, by) for each in document]
        case str() if found := _DAY.match(document):
            return f"{date.fromisoformat(found[0]) + by}{document[found.end() :]}"
    return document
