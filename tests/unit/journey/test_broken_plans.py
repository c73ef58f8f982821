"""Never double, never silently lost: the whole journey under faults that hypothesis thinks up."""

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from boekbrug.journey.ports import QUEUED, UNCLEAR, LedgerRow
from boekbrug.ledger.memory import MemoryLedger
from tests.support.broken_world import EVENTS, FAULTS, Machine, Plan, Violated, check, one_thread

HOURS = 3
CALLS = 400  # about as many as the hours with faults take

PLANS = st.builds(
    Plan,
    strikes=st.dictionaries(
        st.integers(1, CALLS), st.sampled_from(FAULTS) | st.sampled_from(EVENTS), max_size=14
    ),
    turns=st.lists(st.integers(0, 3), max_size=80),
)
MANY = int(os.environ.get("BROKEN_PLANS", "0"))
"""``BROKEN_PLANS=5000`` plays that many plans, other ones every time: for a night."""

THOROUGH = settings(
    max_examples=MANY or 300,
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
        for _ in range(HOURS):
            machine.hour()
        machine.calm(4)
    return machine


def test_without_faults_everything_is_booked_once() -> None:
    """The machine itself is sound: no strike, no violation, nothing unclear."""
    machine = played(Plan())
    check(machine, unclear_allowed=False)

    assert machine.count > CALLS / 2
    assert len(machine.world.books.references) == 14


@settings(THOROUGH)
@given(PLANS)
def test_no_plan_breaks_the_promise(plan: Plan) -> None:
    """Whatever fails when: at most one invoice each, nothing stuck, every order has its reason."""
    machine = played(plan)

    check(machine, unclear_allowed=True)


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


def test_the_machine_catches_fetching_that_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests can fail: orders that are settled as soon as they are seen get lost."""
    monkeypatch.setattr("boekbrug.journey.sweep_plan.Outcome.settled", True)

    assert found_by_the_machine().startswith(("stuck", "not booked"))


def found_by_the_machine(ledger: type[MemoryLedger] = MemoryLedger) -> str:
    """What breaks under such plans; as many as it takes, since most of them strike elsewhere."""

    @settings(THOROUGH, max_examples=3000, phases=[Phase.generate], report_multiple_bugs=False)
    @given(PLANS)
    def break_it(plan: Plan) -> None:
        check(played(plan, ledger=ledger()), unclear_allowed=True)

    with pytest.raises(Violated) as violated:
        break_it()
    return str(violated.value)
