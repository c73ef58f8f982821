"""Workers that meet on one row, and answers that get lost: on the embedded AWS only."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.ledger import (
    BOOKED,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    Ledger,
    LedgerRow,
)
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.memory import MemoryLedger
from tests.support.embedded import Aws
from tests.support.faults import lost_replies, retrying_client
from tests.support.ledger_rows import NOW, a_row
from tests.support.stores import make_table

pytestmark = pytest.mark.embedded

WORKERS = 8
ROUNDS = 25


@pytest.fixture
def table(embedded: Aws) -> str:
    return make_table(embedded, "LedgerTable")


@pytest.fixture(params=["memory", "embedded"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    aws: Aws = request.getfixturevalue("embedded")
    return DynamoLedger(make_table(aws, "LedgerTable"), retrying_client(aws, "dynamodb"))


def at_once(steps: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all steps at the same moment, each in a thread of its own."""
    start = Barrier(len(steps))

    def run(step: Callable[[], Any]) -> Any:
        start.wait(10)
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def queued(ledger: Ledger, number: int) -> LedgerRow:
    row = a_row(str(number))
    ledger.record([(row, None)])
    return ledger.rows([row.key])[row.key]


def test_of_many_workers_one_claims(ledger: Ledger) -> None:
    """Eight deliveries of one message at the same moment: one post, every time."""
    for number in range(1, ROUNDS + 1):
        row = queued(ledger, number)
        claims = at_once(
            [
                partial(ledger.start_posting, row, owner=f"worker-{index}", at=NOW)
                for index in range(WORKERS)
            ]
        )

        winners = [claim for claim in claims if claim is not None]
        assert len(winners) == 1
        assert ledger.rows([row.key])[row.key] == winners[0]


def test_fetching_and_booking_never_both_win(ledger: Ledger) -> None:
    """Either the order was set aside and is not posted, or it is posted and not set aside."""
    for number in range(1, ROUNDS + 1):
        row = queued(ledger, number)
        aside = replace(row, state=SKIPPED)
        claim, written = at_once(
            [
                partial(ledger.start_posting, row, owner="one", at=NOW),
                partial(ledger.record, [(aside, row)]),
            ]
        )

        assert (claim is None) == (written == {row.key})
        assert ledger.rows([row.key])[row.key].state == (SKIPPED if claim is None else POSTING)


def test_of_many_first_sights_one_is_recorded(ledger: Ledger) -> None:
    """Overlapping fetches of one shop see forty new orders: each is recorded, and sent, once."""
    rows = [a_row(str(number)) for number in range(1, 41)]
    pages = [[replace(row, correlation_id=f"run-{run}") for row in rows] for run in range(4)]

    written = at_once([partial(ledger.record, [(row, None) for row in page]) for page in pages])

    assert sorted(key.number for keys in written for key in keys) == sorted(
        row.key.number for row in rows
    )


def test_the_answer_of_acumulus_survives_the_end_of_the_lease(ledger: Ledger) -> None:
    """Whoever is first, the worker with the answer or the one that gives it up: it is booked."""
    for number in range(1, ROUNDS + 1):
        claimed = ledger.start_posting(queued(ledger, number), owner="one", at=NOW)
        assert claimed is not None
        booked = replace(claimed, state=BOOKED, entryid="12")
        given_up = replace(claimed, state=UNCLEAR, reason="worker_lost")
        finished, _ = at_once(
            [
                partial(ledger.finish_posting, booked, owner="one"),
                partial(ledger.record, [(given_up, claimed)]),
            ]
        )

        assert finished
        assert ledger.rows([claimed.key])[claimed.key].state == BOOKED


# --------------------------------------------------------------------------- lost answers


def test_a_claim_whose_answer_is_lost_is_a_claim(embedded: Aws, table: str) -> None:
    """The repeated write fails against itself; the owner tells that it is ours."""
    client = retrying_client(embedded, "dynamodb")
    ledger = DynamoLedger(table, client)
    row = queued(ledger, 1)

    with lost_replies(client, "UpdateItem") as lost:
        claimed = ledger.start_posting(row, owner="one", at=NOW)

    assert lost == [200]
    assert claimed is not None
    assert (claimed.owner, claimed.attempts, claimed.revision) == ("one", 1, 2)
    assert ledger.rows([row.key])[row.key] == claimed


def test_a_finish_whose_answer_is_lost_is_finished(embedded: Aws, table: str) -> None:
    """The order is booked and stays booked, with one event for it."""
    client = retrying_client(embedded, "dynamodb")
    ledger = DynamoLedger(table, client)
    claimed = ledger.start_posting(queued(ledger, 1), owner="one", at=NOW)
    assert claimed is not None

    with lost_replies(client, "UpdateItem") as lost:
        assert ledger.finish_posting(replace(claimed, state=BOOKED), owner="one")

    assert lost == [200]
    assert [event.state for event in ledger.timeline(claimed.key)] == [QUEUED, POSTING, BOOKED]


@pytest.mark.parametrize(
    ("orders", "operation"), [(1, "UpdateItem"), (30, "BatchExecuteStatement")]
)
def test_records_whose_answer_is_lost_are_recorded(
    embedded: Aws, table: str, orders: int, operation: str
) -> None:
    """One by one or in batches: what was written is reported as written, so it is sent on."""
    client = retrying_client(embedded, "dynamodb")
    ledger = DynamoLedger(table, client)
    rows = [a_row(str(number)) for number in range(1, orders + 1)]

    with lost_replies(client, operation) as lost:
        written = ledger.record([(row, None) for row in rows])

    assert lost == [200]
    assert written == {row.key for row in rows}
    assert {row.revision for row in ledger.rows(written).values()} == {1}


def test_a_claim_that_cannot_be_proven_is_not_made(embedded: Aws, table: str) -> None:
    """Every answer is lost: the caller is told "not now", and posts nothing."""
    client = retrying_client(embedded, "dynamodb")
    ledger = DynamoLedger(table, client)
    row = queued(ledger, 1)

    with lost_replies(client, "UpdateItem", count=9), pytest.raises(RetryLater) as told:
        ledger.start_posting(row, owner="one", at=NOW)

    assert told.value.code == "storage_unreachable"
