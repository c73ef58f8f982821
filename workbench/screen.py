"""What a run tells while it works: a live line on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.status import Status

PLAIN_WIDTH = 110
SECONDS_BETWEEN_PLAIN_LINES = 4


class Screen:
    """``to_stderr`` leaves standard output to the summary as JSON."""

    def __init__(self, *, to_stderr: bool) -> None:
        self._console = Console(stderr=to_stderr, highlight=False, soft_wrap=False)
        if not self._console.is_terminal:
            self._console.width = PLAIN_WIDTH
        self._started = time.monotonic()
        self._status: Status | None = None
        self._said = ""
        self._said_at = 0.0

    @property
    def seconds(self) -> float:
        """Since the start of the run."""
        return time.monotonic() - self._started

    def step(self, text: str) -> None:
        """Something was done."""
        self._console.print(f"[dim]{self.seconds:6.1f} s[/dim]  ", end="")
        self._console.print(text, markup=False, soft_wrap=True)

    def warn(self, text: str) -> None:
        """Something a person should know."""
        self._console.print(text, style="yellow", markup=False, soft_wrap=True)

    def show(self, what: RenderableType = "") -> None:
        self._console.print(what)

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """``now`` may be called inside."""
        if not self._console.is_terminal:
            self._said_at = self.seconds
            yield
            return
        with self._console.status(text) as self._status:
            yield
        self._status = None

    def now(self, text: str) -> None:
        """Where the work stands; said again only when it has changed."""
        if self._status is not None:
            self._status.update(text)
        elif text != self._said and self.seconds - self._said_at > SECONDS_BETWEEN_PLAIN_LINES:
            self._said, self._said_at = text, self.seconds
            self.step(text)
