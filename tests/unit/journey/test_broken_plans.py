"""Never double, never silently lost: the whole journey under faults that hypothesis thinks up."""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from boekbrug.journey.ports.ledger import QUEUED, UNCLEAR, LedgerRow
from boekbrug.ledger.memory import MemoryLedger
from tests.support.broken.events import EVENTS
from tests.support.broken.machine import FAULTS, Machine, one_thread
from tests.support.broken.promise import check
from tests.support.broken.steps import Plan, Violated

HOURS = 3
CALM = 7  # hours afterwards, with two nights
CALLS = {
    "add_invoice": 30,
    "start_posting": 30,
    "finish_posting": 30,
    "delete_entry": 3,
    "record": 24,
    "rows": 24,
    "remember": 10,
    "memories": 8,
    "by_number": 4,
    "open_rows": 16,
    "send": 16,
    "delete": 12,
    "hold": 6,
    "orders_page": 40,
    "order": 12,
    "payments": 16,
    "order_statuses": 12,
    "count": 4,
    "recent_entries": 4,
    "contacts": 4,
    "contact_invoices": 6,
    "entry": 16,
    "open": 24,
    "settings": 30,
    "administration": 20,
    "shops": 20,
    "active_shops": 5,
    "for_booking": 20,
    "switches": 8,
    "note_rest": 6,
    "note_outage": 4,
    "recent_rows": 4,
    "of": 4,
    "keep": 4,
    "resolve": 3,
}
"""About how many calls of each name the hours with faults take."""
POINTS = [(name, number + 1) for name, most in CALLS.items() for number in range(most)]
KINDS = st.sampled_from(FAULTS) | st.sampled_from(EVENTS)
PLANS = st.builds(
    Plan,
    strikes=st.dictionaries(st.sampled_from(POINTS), KINDS, max_size=8)
    | st.dictionaries(st.sampled_from(POINTS), KINDS, min_size=8, max_size=30),
    turns=st.lists(st.integers(0, 3), max_size=120),
)
MANY = int(os.environ.get("BROKEN_PLANS", "0"))
"""``BROKEN_PLANS=5000`` plays that many plans, other ones every time: for a night."""

THOROUGH = settings(
    max_examples=MANY or 150,
    derandomize=not MANY,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """Nobody reads what thousands of faults log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def played(plan: Plan, **parts: Any) -> Machine:
    """The hours of a plan, and the hours after it, in which everything is caught up."""
    with one_thread():
        machine = Machine(plan, **parts)
        machine.run(HOURS)
        machine.calm(CALM)
    return machine


def test_without_faults_everything_is_booked_once() -> None:
    """The machine itself is sound: no strike, no violation, nothing unclear."""
    machine = played(Plan())
    check(machine)

    assert machine.counts.keys() >= {"add_invoice", "open_rows", "recent_rows", "entry", "hold"}
    assert len(machine.world.books.references) == 14


@settings(THOROUGH)
@given(PLANS)
def test_no_plan_breaks_the_promise(plan: Plan) -> None:
    """Whatever fails when: at most one invoice each, nothing stuck, every order has its reason."""
    machine = played(plan)

    check(machine)


class Reposting(MemoryLedger):
    """What must never be: an unclear post goes to the queue again."""

    def finish_posting(self, row: LedgerRow, *, owner: str) -> bool:
        state = QUEUED if row.state == UNCLEAR else row.state
        return super().finish_posting(replace(row, state=state), owner=owner)


class Claimless(MemoryLedger):
    """What must never be: whoever comes may post."""

    def start_posting(self, row: LedgerRow, *, owner: str, at: datetime) -> LedgerRow | None:
        for stored in self.rows([row.key]).values():
            self.record([(replace(stored, state=QUEUED), stored)])
        return super().start_posting(row, owner=owner, at=at)


@pytest.mark.parametrize("ledger", [Reposting, Claimless])
def test_the_machine_catches_a_ledger_that_books_twice(ledger: type[MemoryLedger]) -> None:
    """These tests can fail: both ways to book twice are found."""
    assert "booked twice" in found_by_the_machine(ledger=ledger)


MUTANTS: dict[str, tuple[dict[str, object], str]] = {
    "orders are settled as soon as they are seen, and there is no night": (
        {
            "boekbrug.journey.sweep_plan.Outcome.settled": True,
            "tests.support.broken.machine.schedule_follow_ups": lambda _services: None,
        },
        "stuck|not booked",
    ),
    "look-ups see nothing": (
        {"boekbrug.journey.look_up._listed": lambda *_: iter(())},
        "booked twice",
    ),
    "a resend leaves the old entry": (
        {"boekbrug.journey.replacing.left_behind": lambda _row: ""},
        "booked twice|stuck",
    ),
    "nobody is left alone": (
        {"boekbrug.journey.breaker.Breaker.resting": lambda _breaker: False},
        "posts at once",
    ),
}


@pytest.mark.parametrize(("changes", "found"), MUTANTS.values(), ids=MUTANTS.keys())
def test_the_machine_catches_a_journey_with_a_mistake(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], found: str
) -> None:
    """These tests can fail: whatever is taken away is missed."""
    for place, mistake in changes.items():
        monkeypatch.setattr(place, mistake)

    assert re.search(found, found_by_the_machine())


def found_by_the_machine(ledger: type[MemoryLedger] = MemoryLedger) -> str:
    """What breaks under such plans; as many as it takes, since most of them strike elsewhere."""

    @settings(THOROUGH, max_examples=3000, phases=[Phase.generate], report_multiple_bugs=False)
    @given(PLANS)
    def break_it(plan: Plan) -> None:
        check(played(plan, ledger=ledger()))

    with pytest.raises(Violated) as violated:
        break_it()
    return str(violated.value)
