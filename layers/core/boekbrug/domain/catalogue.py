"""What is known of one code: what it means for an order, how loud it is, and its words."""

from dataclasses import dataclass
from enum import StrEnum

from boekbrug.domain.messages import Severity


class Kind(StrEnum):
    """What a code means for the order."""

    SKIP = "skip"
    """Nothing to do now."""
    HOLD = "hold"
    """A person is needed first."""
    WAIT = "wait"
    """Solves itself: tried again."""
    MESSAGE = "message"
    """Told about a booking; a warning makes it a concept."""
    LATER = "later"
    """Found after the booking, which stays as it is."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One code; ``dutch`` and ``english`` may hold names in braces, ``action`` is Dutch too."""

    code: str
    kind: Kind
    severity: Severity
    dutch: str
    action: str
    english: str
    rules: tuple[str, ...]

    def text(self, **values: object) -> str:
        """The Dutch sentence and what to do."""
        told = f"{self.dutch} {self.action}" if self.action else self.dutch
        return told.format(**values) if values else told
