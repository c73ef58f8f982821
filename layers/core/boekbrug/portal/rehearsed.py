"""A rehearsal -> what its pages list: problems first, by cause, each with its sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, WAITING
from boekbrug.journey.rehearsal import CONCEPT, THERE, Rehearsal, Rehearsed
from boekbrug.journey.sentences import reason_in_words
from boekbrug.portal.visit import Visit

STATES = (HELD, CONCEPT, WAITING, BOOKED, SKIPPED, THERE)
DIFFERS = "differs"
A_PAGE = 50
MOST_SHOWN = 5  # orders of one cause; the rest is a page of its own
_CAUSES = (HELD, CONCEPT, WAITING, SKIPPED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in a list; ``sentence`` is empty when there is nothing to say."""

    order: Rehearsed
    path: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Orders of one state and reason; ``sentence`` is empty when each has its own."""

    state: str
    reason: str
    sentence: str
    entries: tuple[Entry, ...]
    count: int


def causes(visit: Visit, orders: Iterable[Rehearsed]) -> list[Cause]:
    """What a person should look at, the most urgent first, the most frequent of those first."""
    found: dict[tuple[str, str], list[Rehearsed]] = {}
    for order in orders:
        if order.state in _CAUSES:
            found.setdefault((order.state, order.reason), []).append(order)
    by_urgency = sorted(found, key=lambda one: (_CAUSES.index(one[0]), -len(found[one])))
    return [_cause(visit, *key, found[key]) for key in by_urgency]


def _cause(visit: Visit, state: str, reason: str, orders: list[Rehearsed]) -> Cause:
    alike = len({order.text for order in orders}) == 1
    return Cause(
        state=state,
        reason=reason,
        sentence=_sentence(visit, orders[0]) if alike else "",
        entries=entries(visit, orders[-1 : -MOST_SHOWN - 1 : -1]),
        count=len(orders),
    )


def listed(found: Rehearsal, state: str, reason: str) -> list[Rehearsed]:
    """The orders of a kind, the newest first; all of them for no kind."""
    if state == DIFFERS:
        chosen: Sequence[Rehearsed] = found.differing
    else:
        chosen = [one for one in found.orders if state in ("", one.state)]
    return [one for one in reversed(chosen) if reason in ("", one.reason)]


def entries(visit: Visit, orders: Iterable[Rehearsed]) -> tuple[Entry, ...]:
    return tuple(
        Entry(order, f"/proefdraaien/{quote(order.number, safe='')}", _sentence(visit, order))
        for order in orders
    )


def _sentence(visit: Visit, order: Rehearsed) -> str:
    """Why; of an invoice, its first message."""
    if order.state in (BOOKED, THERE) and not order.text:
        return ""
    return reason_in_words(order.reason, order.text, visit.language)
