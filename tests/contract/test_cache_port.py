"""One suite for every cache: in memory, on moto, on the embedded AWS."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from boekbrug.journey.ports.tenants import Cache
from boekbrug.ledger.cache import MemoryCache, SharedCache
from tests.support.embedded import EMBEDDED, MOTO, an_aws
from tests.support.ledger_rows import NOW
from tests.support.stores import make_table

SOON = NOW + timedelta(hours=1)


@pytest.fixture(params=["memory", MOTO, pytest.param(EMBEDDED, marks=pytest.mark.embedded)])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    with an_aws(request, request.param) as aws:
        yield SharedCache(make_table(aws, "LedgerTable"), aws.client("dynamodb"))


def test_a_value_comes_back_until_it_expires(cache: Cache) -> None:
    """From that moment on it is gone."""
    value = [{"rate": "21.0000", "until": None}, "é"]
    cache.put("vat:NL", value, expires=SOON)

    assert cache.get("vat:NL", now=NOW) == value
    assert cache.get("vat:NL", now=SOON) is None
    assert cache.get("vat:BE", now=NOW) is None


def test_a_newer_value_replaces(cache: Cache) -> None:
    """With its own end."""
    cache.put("vat:NL", 1, expires=NOW)
    cache.put("vat:NL", 2, expires=SOON)

    assert cache.get("vat:NL", now=NOW) == 2


def test_what_comes_back_is_a_copy(cache: Cache) -> None:
    """A caller that changes it changes nothing for the next one."""
    cache.put("vat:NL", [1], expires=SOON)
    cache.get("vat:NL", now=NOW).append(2)

    assert cache.get("vat:NL", now=NOW) == [1]
