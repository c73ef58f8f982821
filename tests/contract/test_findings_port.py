"""One suite for what following up keeps: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.journey.ports.findings import Finding, Findings, FollowMemories, FollowMemory
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.findings import (
    DynamoFindings,
    DynamoFollowMemories,
    MemoryFindings,
    MemoryFollowMemories,
)
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW, SHOP, a_row
from tests.support.stores import ledger_client, make_table

PLACES = ["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)]
FOUND = Finding(
    code="changed_after_booking", shop_id="shop-1", number="1042", detail="5,00 minder.", at=NOW
)


@pytest.fixture(params=PLACES)
def findings(request: pytest.FixtureRequest) -> Iterator[Findings]:
    if request.param == "memory":
        yield MemoryFindings()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoFindings(make_table(aws, "LedgerTable"), aws.client("dynamodb"))


@pytest.fixture(params=PLACES)
def memories(request: pytest.FixtureRequest) -> Iterator[FollowMemories]:
    if request.param == "memory":
        yield MemoryFollowMemories()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoFollowMemories(make_table(aws, "LedgerTable"), aws.client("dynamodb"))


def test_a_finding_is_new_once(findings: Findings) -> None:
    """Found again the next night it is known, with the moment of the first time."""
    assert findings.record(FOUND)
    assert not findings.record(replace(FOUND, at=NOW + timedelta(days=1)))
    assert list(findings.open()) == [FOUND]


def test_another_difference_is_told_again(findings: Findings) -> None:
    """The detail holds the amounts: the order changed once more."""
    findings.record(FOUND)
    again = replace(FOUND, detail="7,50 minder.", at=NOW + timedelta(days=1))

    assert findings.record(again)
    assert list(findings.open()) == [again]


def test_what_is_solved_is_not_open_and_can_come_back(findings: Findings) -> None:
    """Solving it twice changes nothing."""
    findings.record(FOUND)

    assert findings.resolve("shop-1", FOUND.code, "1042")
    assert not findings.resolve("shop-1", FOUND.code, "1042")
    assert list(findings.open()) == []
    assert findings.record(FOUND)


def test_only_what_is_meant_is_solved(findings: Findings) -> None:
    """Another order, another code and the shop as a whole stay open."""
    others = [
        replace(FOUND, number=""),
        replace(FOUND, code="deleted_in_books"),
        replace(FOUND, number="1043"),
    ]
    for one in (*others, FOUND):
        findings.record(one)
    findings.resolve("shop-1", FOUND.code, "1042")

    assert list(findings.open("shop-1")) == others


def test_findings_of_one_shop_are_its_own(findings: Findings) -> None:
    """Not those of a shop whose id begins the same; and all of them by shop and number."""
    shops = ("shop-2", "shop-10", "shop-1")
    for shop in shops:
        findings.record(replace(FOUND, shop_id=shop, number="999"))
        findings.record(replace(FOUND, shop_id=shop))

    assert [one.number for one in findings.open("shop-1")] == ["999", "1042"]
    assert [one.shop_id for one in findings.open()] == [one for one in sorted(shops) for _ in "ab"]


@pytest.mark.parametrize("place", [MOTO])
def test_findings_are_not_taken_for_orders(request: pytest.FixtureRequest, place: str) -> None:
    """They lie beside the rows of the shop, in the same index."""
    with an_aws(request, place) as aws:
        table = make_table(aws, "LedgerTable")
        ledger = DynamoLedger(table, ledger_client(aws))
        DynamoFindings(table, aws.client("dynamodb")).record(replace(FOUND, shop_id=SHOP))
        ledger.record([(a_row("1042", "held"), None)])

        assert [row.key.number for row in ledger.shop_rows(SHOP)] == ["1042"]
        assert [row.key.number for row in ledger.open_rows()] == ["1042"]


def test_a_shop_that_was_never_followed_up_has_an_empty_memory(memories: FollowMemories) -> None:
    """And one that was gives it back whole, every time anew."""
    whole = FollowMemory(
        last_run=NOW,
        last_long=NOW.date(),
        looked_until=NOW - timedelta(hours=1),
        holes=frozenset({"1003", "999"}),
    )

    assert memories.of("shop-1") == FollowMemory()
    memories.keep("shop-1", whole)
    assert memories.of("shop-1") == whole
    memories.keep("shop-1", FollowMemory(last_run=NOW))
    assert memories.of("shop-1") == FollowMemory(last_run=NOW)
    assert memories.of("shop-2") == FollowMemory()
