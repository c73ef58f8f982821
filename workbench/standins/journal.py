"""Every request that came in, and how many were in flight at once."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from workbench.standins.http_server import Request


@dataclass(slots=True)
class Recorded:
    """One request as it came in, unmasked: for tests. ``repr`` shows no secret.

    ``call`` is the stand-in's name for it, ``scope`` the shop or contract, ``decoded`` the body.
    """

    number: int
    method: str
    path: str
    call: str
    scope: str = ""
    status: int = 0  # 0: still in flight, or no answer was given
    fault: str = ""
    query: dict[str, str] = field(default_factory=dict, repr=False)
    decoded: Any = field(default=None, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Journal:
    """Requests and violations in the order of arrival; keeps the last ``remember`` of each."""

    def __init__(self, remember: int | None = None) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Recorded] = deque(maxlen=remember)
        self._violations: deque[str] = deque(maxlen=remember)
        self._in_flight: Counter[str] = Counter()
        self.most_in_flight: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._count = 0

    def record(self, request: Request, call: str, scope: str, decoded: Any = None) -> Recorded:
        with self._lock:
            self._count += 1
            self.calls[call] += 1
            seen = Recorded(self._count, request.method, request.path, call, scope)
            seen.query, seen.decoded = dict(request.query), decoded
            self._requests.append(seen)
        return seen

    def violation(self, sentence: str) -> None:
        """Remember something that a client must never do."""
        with self._lock:
            self._violations.append(sentence)

    @property
    def requests(self) -> list[Recorded]:
        with self._lock:
            return list(self._requests)

    @property
    def violations(self) -> list[str]:
        with self._lock:
            return list(self._violations)

    @contextmanager
    def in_flight(self, key: str) -> Iterator[None]:
        """Counts the request from here until its answer is ready (not until it was sent)."""
        with self._lock:
            self._in_flight[key] += 1
            self.most_in_flight[key] = max(self.most_in_flight[key], self._in_flight[key])
        try:
            yield
        finally:
            with self._lock:
                self._in_flight[key] -= 1

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
            self._violations.clear()
            self.most_in_flight.clear()
            self.calls.clear()
