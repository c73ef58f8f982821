"""Collects everything that is found while an invoice is made: all reasons, each once (R51)."""

from boekbrug.domain.messages import Message, Severity
from boekbrug.domain.reasons import message


class Findings:
    """The messages of one order, in the order in which they were found."""

    __slots__ = ("messages",)

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def add(self, code: str, **values: object) -> None:
        """Add the message of a code; the same message twice is told once."""
        found = message(code, **values)
        if found not in self.messages:
            self.messages.append(found)

    def has(self, code: str) -> bool:
        """Whether a message with this code was found."""
        return any(found.code == code for found in self.messages)

    @property
    def warns(self) -> bool:
        """Whether the invoice must be looked at before it is final."""
        found = self.messages
        return bool(found) and any(one.severity is Severity.WARNING for one in found)
