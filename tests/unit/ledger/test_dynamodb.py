"""What the ledger costs, and what it does when the table is busy, refuses or is out of reach."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.ports.ledger import BOOKED, ShopMemory
from boekbrug.ledger.dynamodb import DynamoLedger
from tests.support.embedded import Aws
from tests.support.faults import counted_calls, refusing
from tests.support.ledger_rows import NOW, SHOP, a_key, a_row
from tests.support.stores import RefusesBatches, make_table

pytestmark = pytest.mark.embedded  # moto carries out a call before a test can refuse it


@pytest.fixture
def ledger(embedded: Aws) -> DynamoLedger:
    return DynamoLedger(make_table(embedded, "LedgerTable"), embedded.client("dynamodb"))


def test_booking_costs_two_writes_and_no_read(embedded: Aws, ledger: DynamoLedger) -> None:
    """Claim and outcome, nothing else."""
    ledger.record([(a_row(), None)])
    with counted_calls(embedded.client("dynamodb")) as calls:
        claimed = ledger.start_posting(a_row(revision=1), owner="one", at=NOW)
        assert claimed is not None
        ledger.finish_posting(replace(claimed, state=BOOKED), owner="one")

    assert calls == {"UpdateItem": 2}


def test_a_page_of_new_orders_costs_four_calls(embedded: Aws) -> None:
    """A hundred orders that were never seen: twenty-five a call."""
    client = embedded.client("dynamodb")
    ledger = DynamoLedger(make_table(embedded, "LedgerTable"), client)
    rows = [a_row(str(number)) for number in range(1, 101)]
    with counted_calls(client) as calls:
        assert len(ledger.record([(row, None) for row in rows])) == 100

    assert calls == {"BatchExecuteStatement": 4}
    assert len(list(ledger.shop_rows(SHOP))) == 100


def test_a_page_of_idle_shops_costs_one_read(embedded: Aws, ledger: DynamoLedger) -> None:
    """A hundred memories in one call."""
    ledger.remember("shop-7", ShopMemory())
    with counted_calls(embedded.client("dynamodb")) as calls:
        assert set(ledger.memories([f"shop-{index}" for index in range(100)])) == {"shop-7"}

    assert calls == {"Query": 1}


def test_asking_for_nothing_costs_nothing(embedded: Aws, ledger: DynamoLedger) -> None:
    """No shops, no keys, no changes: no call."""
    with counted_calls(embedded.client("dynamodb")) as calls:
        assert (ledger.memories([]), ledger.rows([]), ledger.record([])) == ({}, {}, set())

    assert not calls


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ProvisionedThroughputExceededException"),
        (400, "ThrottlingException"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
    ],
)
def test_a_busy_table_is_not_now(
    embedded: Aws, ledger: DynamoLedger, status: int, code: str
) -> None:
    """Reading, recording, claiming and finishing all say the same."""
    client = embedded.client("dynamodb")
    ledger.record([(a_row(), None)])
    row = ledger.rows([a_key()])[a_key()]
    steps = {
        "BatchGetItem": lambda: ledger.rows([row.key]),
        "PutItem": lambda: ledger.remember(SHOP, ShopMemory()),
        "Query": lambda: ledger.by_number(SHOP, "1042"),
        "GetItem": lambda: ledger.timeline(row.key),
        "UpdateItem": lambda: ledger.start_posting(row, owner="one", at=NOW),
        "BatchExecuteStatement": lambda: ledger.record([(a_row("2"), None), (a_row("3"), None)]),
    }
    for operation, step in steps.items():
        with refusing(client, operation, status, code) as refused, pytest.raises(RetryLater):
            step()
        assert refused
    assert ledger.rows([row.key])[row.key] == row


def test_a_table_that_refuses_is_for_the_operator(embedded: Aws, ledger: DynamoLedger) -> None:
    """A missing right passes not by waiting."""
    client = embedded.client("dynamodb")
    with (
        refusing(client, "UpdateItem", 400, "AccessDeniedException"),
        pytest.raises(NeedsOperator) as told,
    ):
        ledger.record([(a_row(), None)])

    assert told.value.detail == "ledger: AccessDeniedException at UpdateItem"


def test_batches_that_are_refused_are_written_one_by_one(
    embedded: Aws, ledger: DynamoLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """A role without the right to batches costs calls, never an order."""
    client = embedded.client("dynamodb")
    rows = [a_row(str(number)) for number in range(1, 31)]
    with (
        caplog.at_level(logging.WARNING),
        refusing(client, "BatchExecuteStatement", 400, "AccessDeniedException") as refused,
    ):
        written = ledger.record([(row, None) for row in rows])

    assert written == {row.key for row in rows}
    assert len(refused) == 1
    assert [record.message for record in caplog.records] == ["rows are written one by one"]


def test_statements_that_are_refused_are_written_one_by_one(embedded: Aws) -> None:
    """A busy table refuses a few of a batch: a single write decides about those."""
    table, client = make_table(embedded, "LedgerTable"), embedded.client("dynamodb")
    ledger = DynamoLedger(table, RefusesBatches(client))
    ledger.record([(a_row("2", reason="first"), None)])
    rows = [a_row("1"), a_row("2", reason="second"), a_row("3")]

    assert ledger.record([(row, None) for row in rows]) == {a_key("1"), a_key("3")}

    assert ledger.rows([a_key("2")])[a_key("2")].reason == "first"


class AnswersInParts:
    """A DynamoDB that is too busy to answer a read at once: three items a call."""

    def __init__(self, client: Any, rounds: int) -> None:
        self._client = client
        self._rounds = rounds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> Any:  # noqa: N803  # the name AWS gives it
        ((table, asked),) = RequestItems.items()
        some = 3 if self._rounds else 0
        now, rest = asked["Keys"][:some], asked["Keys"][some:]
        answer = self._client.batch_get_item(RequestItems={table: asked | {"Keys": now or rest}})
        if not now:
            answer["Responses"][table] = []
        left = {table: asked | {"Keys": rest}} if rest else {}
        return answer | {"UnprocessedKeys": left}


def test_an_answer_in_parts_is_put_together(embedded: Aws) -> None:
    """What DynamoDB leaves out is asked for again."""
    table, client = make_table(embedded, "LedgerTable"), embedded.client("dynamodb")
    ledger = DynamoLedger(table, AnswersInParts(client, rounds=9))
    for number in range(1, 9):
        ledger.record([(a_row(str(number)), None)])

    assert len(ledger.rows([a_key(str(number)) for number in range(1, 9)])) == 8


def test_an_answer_that_never_comes_is_not_now(
    embedded: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not finding a row must never be mistaken for a row that is not there."""
    monkeypatch.setattr("boekbrug.aws.table.FIRST_PAUSE", 0)
    table, client = make_table(embedded, "LedgerTable"), embedded.client("dynamodb")
    ledger = DynamoLedger(table, AnswersInParts(client, rounds=0))

    with pytest.raises(RetryLater):
        ledger.rows([a_key()])
