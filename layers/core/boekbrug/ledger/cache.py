"""A small shared memory for what was looked up outside, such as VAT rates; never the truth."""

from datetime import datetime
from threading import Lock
from typing import Any, Protocol


class Cache(Protocol):
    """JSON values by name, each until a moment; gone or expired reads as ``None``."""

    def get(self, name: str, *, now: datetime) -> Any: ...
    def put(self, name: str, value: Any, *, expires: datetime) -> None: ...


class MemoryCache:
    """A cache that lives as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, tuple[Any, datetime]] = {}

    def get(self, name: str, *, now: datetime) -> Any:
        with self._lock:
            value, expires = self._values.get(name, (None, now))
        return value if now < expires else None

    def put(self, name: str, value: Any, *, expires: datetime) -> None:
        with self._lock:
            self._values[name] = (value, expires)
