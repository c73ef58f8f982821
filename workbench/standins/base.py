"""What every stand-in is: a server with a journal, faults, switches and a control API."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

from workbench.standins import control
from workbench.standins.clock import amsterdam_now
from workbench.standins.errors import StandInError
from workbench.standins.faults import CHANGE, Fault, Faults
from workbench.standins.http_server import HOST, Answer, Delivery, Request, Server, html
from workbench.standins.journal import Journal, Recorded
from workbench.standins.switches import Switches

_log = logging.getLogger(__name__)

#: Faults that answer instead of the system, which then does nothing.
HTML_FAULTS = {
    "404": (404, "404 Not Found"),
    "429": (429, "429 Too Many Requests"),
    "500": (500, "500 Internal Server Error"),
    "502": (502, "502 Bad Gateway"),
    "503": (503, "503 Service Temporarily Unavailable"),
    "html_200": (200, "We zijn zo terug"),
}


class StandIn(ABC):
    """A server on 127.0.0.1 that plays one outside system; a context manager.

    ``latency`` (seconds) is added to every answer, ``remember`` limits the journal (None: all),
    ``now`` is the clock for "today" and for times that the system stamps.
    """

    name: str
    switches: Switches

    def __init__(
        self,
        fault_kinds: Mapping[str, str],
        *,
        port: int = 0,
        latency: float = 0.0,
        remember: int | None = None,
        now: Callable[[], datetime] = amsterdam_now,
    ) -> None:
        self.latency = latency
        self.now = now
        self.faults = Faults(fault_kinds)
        self.journal = Journal(remember)
        self.lock = threading.RLock()
        self._port = port
        self._server: Server | None = None
        self._stopping = threading.Event()

    def start(self) -> Self:
        """Listen; raises StandInError when the port is taken."""
        if self._server is not None:
            raise StandInError(f"the {self.name} stand-in runs already")
        self._stopping.clear()
        self._server = Server(self._respond, self._port)
        self._port = self._server.port
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening and close every connection; delays end at once. Safe to repeat."""
        self._stopping.set()
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def requests(self) -> list[Recorded]:
        return self.journal.requests

    @property
    def violations(self) -> list[str]:
        return self.journal.violations

    @abstractmethod
    def respond(self, request: Request) -> Answer:
        """Play the system for one request."""

    @abstractmethod
    def change(self, **change: Any) -> Any:
        """Do one change of the data, named by ``do``; also what a "change" fault does."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Everything the system holds, as JSON, without tokens and passwords."""

    @abstractmethod
    def contents(self) -> str:
        """What it holds, in a few words for a person."""

    @abstractmethod
    def clear_data(self) -> None:
        """Forget what clients made the system hold."""

    def statistics(self) -> dict[str, Any]:
        """Counts for people and tests."""
        return {
            "requests": sum(self.journal.calls.values()),
            "calls": dict(self.journal.calls),
            "most_in_flight": dict(self.journal.most_in_flight),
            "violations": self.violations,
        }

    def reset(self, *what: str) -> None:
        """Forget "requests", "faults", "switches" or "data"; nothing named is the first three."""
        forget: dict[str, Callable[[], None]] = {
            "requests": self.journal.clear,
            "faults": self.faults.clear,
            "switches": self.switches.reset,
            "data": self.clear_data,
        }
        if unknown := sorted(set(what) - set(forget)):
            raise StandInError(f"cannot reset {unknown[0]!r}; there are: {', '.join(forget)}")
        for name in what or ("requests", "faults", "switches"):
            forget[name]()

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than until the stand-in stops."""
        if seconds > 0:
            self._stopping.wait(seconds)

    def play_changes(self, struck: list[Fault], when: str) -> None:
        """Do the changes of the "change" faults that struck, before or after the answer."""
        for fault in struck:
            if fault.kind == CHANGE and fault.when == when:
                self.change(**fault.change)

    def _respond(self, request: Request) -> Answer:
        if request.path == "/_standin" or request.path.startswith(control.PREFIX):
            return control.respond(self, request)
        answer = self.respond(request)
        _log.debug("%s %s %s: %s", self.name, request.method, request.path, answer.status)
        return answer


def transport_fault(fault: Fault) -> Answer | None:
    """The answer of a fault that strikes before the system sees the request; None if it does."""
    if fault.kind in HTML_FAULTS:
        status, title = HTML_FAULTS[fault.kind]
        return html(status, title, _retry_after(fault))
    if fault.kind == "drop":
        return Answer(200, delivery=Delivery.NOTHING)
    return None


def _retry_after(fault: Fault) -> tuple[tuple[str, str], ...]:
    if fault.retry_after is None:
        return ()
    if fault.retry_after == "date":
        soon = datetime.now(UTC) + timedelta(seconds=1)
        return (("Retry-After", format_datetime(soon, usegmt=True)),)
    return (("Retry-After", fault.retry_after),)
