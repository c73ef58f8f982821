"""One suite for every memory of what was mailed: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.journey.ports.mails import MailMemories, MailMemory, ToldCause
from boekbrug.settings.mail_memories import DynamoMailMemories, MemoryMailMemories
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW
from tests.support.stores import make_table

LATER = NOW + timedelta(days=1)
FULL = MailMemory(
    addressee="account-1",
    causes={"no_lines": ToldCause(first=NOW, last=LATER, orders=(("shop-1", "1042"),))},
    closed={"period_locked": LATER},
    remarks=ToldCause(first=NOW, last=NOW, orders=(("shop-1", "7"), ("shop-2", "8"))),
    summary_until=LATER,
)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def memories(request: pytest.FixtureRequest) -> Iterator[MailMemories]:
    if request.param == "memory":
        yield MemoryMailMemories()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoMailMemories(make_table(aws, "SettingsTable"), aws.client("dynamodb"))


def test_who_was_never_told_anything_has_an_empty_memory(memories: MailMemories) -> None:
    """Nothing is stored for it."""
    assert memories.of("account-1") == MailMemory(addressee="account-1")
    assert memories.all() == []


def test_a_memory_comes_back_whole(memories: MailMemories) -> None:
    """By its addressee, and among all."""
    other = MailMemory(addressee="account-2")

    assert memories.keep(other)
    assert memories.keep(FULL)
    assert memories.of("account-1") == replace(FULL, revision=1)
    assert memories.all() == [replace(FULL, revision=1), replace(other, revision=1)]


def test_of_two_runs_at_once_one_writes(memories: MailMemories) -> None:
    """The other one sees that it was not the first."""
    memories.keep(FULL)
    read = memories.of("account-1")

    assert memories.keep(replace(read, causes={}))
    assert not memories.keep(replace(read, closed={}))
    assert not memories.keep(FULL)
    assert memories.of("account-1") == replace(FULL, causes={}, revision=2)
