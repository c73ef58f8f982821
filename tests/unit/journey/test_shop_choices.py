"""What there is to choose from: read once, kept for a day, and usable in part."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from boekbrug.errors import StopShop
from boekbrug.journey.ports.books import Books, Choice, Credentials
from boekbrug.journey.ports.shops import Shop
from boekbrug.journey.ports.tenants import Secret
from boekbrug.journey.shop_choices import Lists, ShopChoices, shop_choices
from boekbrug.ledger.cache import MemoryCache
from tests.support.fake_books import FakeAdministrations
from tests.support.fake_shop import STATUSES, FakeShop, unreachable
from tests.support.orders import order_json

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@dataclass
class World:
    shop: FakeShop = field(default_factory=FakeShop)
    books: FakeAdministrations = field(default_factory=FakeAdministrations)
    cache: MemoryCache = field(default_factory=MemoryCache)

    def read(self, *, later: timedelta = timedelta(0), anew: bool = False) -> ShopChoices:
        lists = Lists(shop=self._shop, books=self._books, cache=self.cache, name="shop-1")
        return shop_choices(lists, now=NOW + later, anew=anew)

    def _shop(self) -> Shop:
        return self.shop

    def _books(self) -> Books:
        return self.books.open(Credentials("123456", "api", Secret("pw")))


@pytest.fixture
def world() -> World:
    world = World()
    world.shop.add(*(order_json(str(number)) for number in range(1001, 1004)))
    world.shop.add(order_json("1004", status=1))
    return world


def test_everything_there_is_to_choose_from(world: World) -> None:
    """With how many of the latest orders have each status now."""
    found = world.read()

    assert found.statuses == STATUSES
    assert (dict(found.counts), found.counted) == ({3: 3, 1: 1}, 4)
    assert found.payment_methods == (("mollie", "ideal", "iDEAL"),)
    assert found.accounts
    assert isinstance(found.accounts[0], Choice)
    assert found.cost_centers
    assert found.templates
    assert (found.complete, found.read_at) == (True, NOW)


def test_it_is_read_once_a_day(world: World) -> None:
    """And it comes back from where it is kept as it was read."""
    first = world.read()
    calls = Counter(world.shop.calls)

    assert world.read(later=timedelta(hours=23)) == first
    assert Counter(world.shop.calls) == calls
    assert world.read(later=timedelta(hours=24)).read_at > NOW


def test_a_button_reads_it_anew(world: World) -> None:
    """An account that was just made in Acumulus is there at once."""
    world.read()
    world.shop.add(order_json("1005", status=2))

    assert world.read(anew=True).counts[2] == 1
    assert world.read().counts[2] == 1


def test_a_list_that_does_not_come_leaves_the_others(world: World) -> None:
    """The next minute it is asked for again."""
    world.books["123456"].unreadable.add("accounts")

    found = world.read()
    world.books["123456"].unreadable.clear()

    assert (found.accounts, found.complete) == (None, False)
    assert found.cost_centers
    assert found.statuses
    assert world.read().accounts is None
    assert world.read(later=timedelta(minutes=1)).complete


@pytest.mark.parametrize("failing", [unreachable(), StopShop("no", code="token_refused")])
def test_a_shop_that_does_not_answer_leaves_the_books(world: World, failing: Exception) -> None:
    """Refused or out of reach: its lists are missing, nothing else."""
    world.shop.failing = failing  # type: ignore[assignment]  # either error

    found = world.read()

    assert (found.statuses, found.counted, found.payment_methods) == (None, None, None)
    assert found.accounts
