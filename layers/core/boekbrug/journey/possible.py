"""A ledger row -> what a person can decide about its order now. Pure.

What is offered is never refused for the state of the order, unless that changed meanwhile
(``decisions`` and ``resend`` have the last word).
"""

from enum import StrEnum

from boekbrug.domain.eligibility import NOT_BY_ITSELF
from boekbrug.journey.decisions import BY_HAND
from boekbrug.journey.ports.ledger import HELD, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.triage import BY_OWNER, PERHAPS_POSTED


class Decision(StrEnum):
    """What a person can decide about one order."""

    BOOK = "book"
    RETRY = "retry"
    SKIP = "skip"
    BY_HAND = "by_hand"
    RESEND = "resend"
    THERE = "there"
    ABSENT = "absent"


def possible(row: LedgerRow) -> tuple[Decision, ...]:
    """The most likely one first; none for what goes on by itself."""
    state = UNCLEAR if row.reason in PERHAPS_POSTED else row.state
    match state:
        case "held" | "waiting":
            return Decision.RETRY, Decision.BY_HAND, Decision.SKIP
        case "skipped" if row.reason == BY_OWNER:
            return Decision.RETRY, Decision.BY_HAND
        case "skipped":
            first = possible_unseen(row.reason)
            return *first, Decision.RETRY, Decision.BY_HAND, Decision.SKIP
        case "unclear":
            return Decision.THERE, Decision.ABSENT, Decision.BY_HAND
        case "booked" if row.reason != BY_HAND and (row.entryid or row.conceptid):
            return (Decision.RESEND,)
        case _:
            return ()


def possible_unseen(reason: str) -> tuple[Decision, ...]:
    """The same for an order that was never fetched; ``reason`` is why it would be skipped."""
    return (Decision.BOOK,) if reason in NOT_BY_ITSELF else ()


def may_retry_all(row: LedgerRow) -> bool:
    """Whether an order can be tried again together with all others of its cause."""
    return row.state in (HELD, WAITING) and row.reason not in PERHAPS_POSTED
