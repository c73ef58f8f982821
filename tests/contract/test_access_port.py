"""One suite for every store of links and sessions: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.journey.ports.access import Access, Session, SignInLink
from boekbrug.settings.access import DynamoAccess, MemoryAccess
from tests.support.embedded import EMBEDDED, MOTO, Aws, an_aws
from tests.support.ledger_rows import NOW
from tests.support.stores import make_table

LATER = NOW + timedelta(minutes=15)
LINK = SignInLink(email="Eigenaar@example.nl", language="en", leads_to="/controle", until=LATER)
SESSION = Session(email="eigenaar@example.nl", account_id="acc-1", started=NOW, until=LATER)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def access(request: pytest.FixtureRequest) -> Iterator[Access]:
    if request.param == "memory":
        yield MemoryAccess()
        return
    with an_aws(request, request.param) as aws:
        yield DynamoAccess(make_table(aws, "SettingsTable"), aws.client("dynamodb"))


def test_a_link_comes_back(access: Access) -> None:
    """Every field; another hash gives nothing."""
    access.put_link("h1", LINK)

    assert access.link("h1") == LINK
    assert access.link("h2") is None


def test_a_link_is_used_once(access: Access) -> None:
    """The second use is refused, and one can see why."""
    access.put_link("h1", LINK)

    assert [access.use_link("h1"), access.use_link("h1")] == [True, False]
    assert access.link("h1") == replace(LINK, used=True)
    assert access.use_link("never-made") is False


@pytest.mark.embedded
def test_of_many_at_once_one_uses_the_link(embedded: Aws) -> None:
    """However many press at the same moment (moto would let two of them win)."""
    access = DynamoAccess(make_table(embedded, "SettingsTable"), embedded.client("dynamodb"))
    access.put_link("h1", LINK)
    with ThreadPoolExecutor(8) as pool:
        uses = list(pool.map(lambda _: access.use_link("h1"), range(8)))

    assert uses.count(True) == 1


def test_a_session_comes_back_until_it_ends(access: Access) -> None:
    """A second put goes on with it; ending it twice is no harm."""
    access.put_session("s1", SESSION)
    moved = replace(SESSION, until=LATER + timedelta(hours=1))
    access.put_session("s1", moved)

    assert access.session("s1") == moved
    access.end_session("s1")
    access.end_session("s1")
    assert access.session("s1") is None


def test_a_link_is_no_session(access: Access) -> None:
    """The hash of the one opens nothing of the other."""
    access.put_link("h1", LINK)
    access.put_session("s1", SESSION)

    assert access.session("h1") is None
    assert access.link("s1") is None


def test_limits_count_per_time_and_thing(access: Access) -> None:
    """Each by itself, from one on."""
    counts = [access.count("a", LATER), access.count("a", LATER), access.count("b", LATER)]

    assert counts == [1, 2, 1]
    assert access.count("a", LATER + timedelta(hours=1)) == 1
