"""One suite for what signed calls need: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator

import pytest

from boekbrug.errors import RetryLater
from boekbrug.hooks.keys import DynamoHookKeys, MemoryHookKeys
from boekbrug.hooks.once import IdempotentOnce, MemoryOnce
from boekbrug.journey.receive_hook import HookKeys, Once
from boekbrug.settings.memory import MemorySealer
from tests.support.embedded import EMBEDDED, MOTO, Aws, an_aws
from tests.support.stores import make_table

PLACES = ["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)]


@pytest.fixture(params=PLACES)
def keys(request: pytest.FixtureRequest) -> Iterator[HookKeys]:
    if request.param == "memory":
        yield MemoryHookKeys()
        return
    with an_aws(request, request.param) as aws:
        table = make_table(aws, "SettingsTable")
        yield DynamoHookKeys(table, MemorySealer(), aws.client("dynamodb"))


@pytest.fixture(params=PLACES)
def once(request: pytest.FixtureRequest) -> Iterator[Once]:
    if request.param == "memory":
        yield MemoryOnce()
        return
    with an_aws(request, request.param) as aws:
        yield IdempotentOnce(make_table(aws, "SettingsTable"), aws.client("dynamodb"))


def test_there_is_no_master_secret_until_it_is_made(keys: HookKeys) -> None:
    """Made twice it stays the same."""
    assert keys.master() is None
    made = keys.make()

    assert len(made.text) >= 40
    assert keys.make() == made == keys.master()


def test_two_that_make_it_at_once_get_the_same(cloud: Aws) -> None:
    """The second finds what the first one put there meanwhile."""
    table, sealer = make_table(cloud, "SettingsTable"), MemorySealer()
    first, second = (DynamoHookKeys(table, sealer, cloud.client("dynamodb")) for _ in range(2))
    assert second.master() is None
    made = first.make()
    second.master = lambda: None  # type: ignore[method-assign]  # it looked before the other wrote

    assert second.make() == made


def test_work_is_done_once_for_a_key(once: Once) -> None:
    """Another key is another piece of work."""
    done: list[str] = []

    assert once.first("a", lambda: done.append("a"))
    assert not once.first("a", lambda: done.append("a again"))
    assert once.first("b", lambda: done.append("b"))
    assert done == ["a", "b"]


def test_work_that_raises_was_not_done(once: Once) -> None:
    """It may be tried again."""

    def away() -> None:
        raise RetryLater("away")

    with pytest.raises(RetryLater):
        once.first("a", away)

    assert once.first("a", lambda: None)
