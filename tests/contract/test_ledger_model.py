"""Any sequence of writes, stale and foreign ones included: the ledger does what a page says."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from boekbrug.journey.ports.ledger import (
    BOOKED,
    POSTING,
    QUEUED,
    STATES,
    UNCLEAR,
    Ledger,
    LedgerRow,
)
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.memory import MemoryLedger
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW, a_key, a_row
from tests.support.stores import ledger_client, make_table

NUMBERS = st.sampled_from(["1", "2"])
OWNERS = st.sampled_from(["ann", "bob"])
MARKS = st.sampled_from(["old", "new"])
SOME_STATES = st.sampled_from(STATES)


class LedgerMachine(RuleBasedStateMachine):
    """``model`` is what the rows must be, ``seen`` is every version a worker may still hold."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.ledger = ledger
        self.shop_id = uuid4().hex
        self.model: dict[str, LedgerRow] = {}
        self.seen: dict[str, list[LedgerRow]] = {"1": [], "2": []}
        self.step = 0

    def a_version(self, number: str, state: str, mark: str) -> LedgerRow:
        self.step += 1
        return replace(
            a_row(number, state, fingerprint=mark, reason=f"step-{self.step}"),
            key=a_key(number, self.shop_id),
        )

    def keep(self, row: LedgerRow) -> None:
        self.model[row.key.number] = row
        self.seen[row.key.number].append(row)

    @rule(number=NUMBERS, state=SOME_STATES, mark=MARKS)
    def record_as_new(self, number: str, state: str, mark: str) -> None:
        row = self.a_version(number, state, mark)

        written = self.ledger.record([(row, None)])

        assert written == (set() if number in self.model else {row.key})
        if written:
            self.keep(replace(row, revision=1))

    @rule(number=NUMBERS, state=SOME_STATES, mark=MARKS, age=st.integers(0, 3))
    def record_over(self, number: str, state: str, mark: str, age: int) -> None:
        versions = self.seen[number]
        if not versions:
            return
        known = versions[-1 - min(age, len(versions) - 1)]
        row = replace(self.a_version(number, state, mark), owner=known.owner)

        written = self.ledger.record([(row, known)])

        assert written == ({row.key} if known == self.model[number] else set())
        if written:
            self.keep(replace(row, revision=known.revision + 1))

    @rule(number=NUMBERS, owner=OWNERS, mark=MARKS, revision=st.integers(0, 4))
    def claim(self, number: str, owner: str, mark: str, revision: int) -> None:
        row = replace(self.a_version(number, POSTING, mark), revision=revision)
        before = self.model.get(number)

        claimed = self.ledger.start_posting(row, owner=owner, at=NOW)

        if before is None or before.fingerprint != mark:
            assert claimed is None
        elif before.state == POSTING and before.owner == owner:
            assert claimed == before  # its own claim, once more
        elif before.state != QUEUED:
            assert claimed is None
        else:
            assert claimed is not None
            assert (claimed.state, claimed.owner) == (POSTING, owner)
            assert claimed.revision == before.revision + 1
            assert claimed.attempts == before.attempts + 1
            self.keep(claimed)

    @precondition(lambda self: self.model)
    @rule(number=NUMBERS, owner=OWNERS, state=st.sampled_from([BOOKED, UNCLEAR, QUEUED]))
    def finish(self, number: str, owner: str, state: str) -> None:
        before = self.model.get(number)
        row = self.a_version(number, state, "new")
        row = replace(row, revision=before.revision if before else 0)

        finished = self.ledger.finish_posting(row, owner=owner)

        ours = before is not None and before.owner == owner
        assert finished == (ours and before.state in (POSTING, UNCLEAR))
        if finished:
            self.keep(replace(row, owner=owner, revision=before.revision + 1))

    @invariant()
    def the_rows_are_those_of_the_model(self) -> None:
        assert {row.key.number: row for row in self.ledger.shop_rows(self.shop_id)} == self.model

    @invariant()
    def the_last_event_is_the_last_change(self) -> None:
        for row in self.model.values():
            events = self.ledger.timeline(row.key)
            assert len(events) == min(row.revision, 12)
            assert (events[-1].state, events[-1].code) == (row.state, row.reason)


type Play = tuple[Callable[[], LedgerMachine], int]


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def play(request: pytest.FixtureRequest) -> Iterator[Play]:
    """A machine, and how many games of it take about three seconds."""
    if request.param == "memory":
        yield (lambda: LedgerMachine(MemoryLedger())), 100
        return
    with an_aws(request, request.param) as aws:
        ledger = DynamoLedger(make_table(aws, "LedgerTable"), ledger_client(aws))
        yield (lambda: LedgerMachine(ledger)), {MOTO: 4, EMBEDDED: 10}[aws.name]


@pytest.mark.slow
def test_any_sequence_of_writes(play: Play) -> None:
    """Every answer and every row is what the model says, after every step."""
    machine, games = play
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=games,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
