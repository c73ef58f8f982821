"""VIES in memory: the port ``Vies`` for tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from boekbrug.domain.facts import VatCheck


@dataclass(slots=True)
class FakeVies:
    """Every number exists but those in ``invalid``; while ``away`` it tells nothing.

    ``asked`` are (number, requester) of every question.
    """

    invalid: set[str] = field(default_factory=set)
    away: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime(2026, 3, 2, tzinfo=UTC)

    def check(self, number: str, *, requester: str = "") -> VatCheck | None:
        self.asked.append((number, requester))
        if self.away:
            return None
        consultation = f"WAPI{len(self.asked):012d}" if requester else ""
        return VatCheck(number not in self.invalid, self.now(), consultation)
