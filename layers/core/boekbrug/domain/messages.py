"""What we tell the merchant: a stable code, a severity and one Dutch sentence (R126-R130)."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How loud a message is; a ``warning`` also turns the invoice into a concept (section 0)."""

    NOTE = "note"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One finding about one order; ``text`` is for the merchant and holds no customer data."""

    code: str
    severity: Severity
    text: str
