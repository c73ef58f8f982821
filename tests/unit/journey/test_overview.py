"""The first page of a shop: one light, what was done, what waits; in a handful of reads."""

from dataclasses import replace
from decimal import Decimal

import pytest

from boekbrug.errors import StopShop
from boekbrug.journey.hourly import EVERY
from boekbrug.journey.overview import Light, Overview, glances, overview
from boekbrug.journey.pauses import PauseServices, stop_administration, stop_shop
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import NOT_STARTED, Administration, ConnectedShop
from boekbrug.ledger.memory import MemoryLedger
from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import BEGIN, World
from tests.support.ledger_rows import SHOP, a_row
from tests.support.orders import order_json


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{SHOP}"]


def connected(world: World) -> ConnectedShop:
    found = world.tenants.shop(SHOP)
    assert found is not None
    return found


def seen(world: World) -> Overview:
    return overview(world, connected(world))


def pausing(world: World) -> PauseServices:
    return PauseServices(world.tenants, world.notices, world.clock)


def test_all_is_well(world: World, shop: FakeShop) -> None:
    """Green, with what was booked and when the runs are."""
    shop.add(order_json("1042"), order_json("1043"))
    world.hour()

    page = seen(world)

    assert (page.glance.light, page.glance.sentence.dutch) == (
        Light.GOOD,
        "Alles loopt; er wacht niets op u.",
    )
    assert (page.booked.number, page.needs_you.number, page.waiting.number) == (2, 0, 0)
    assert [row.key.number for row in page.latest] == ["1043", "1042"]
    assert all(row.invoicenumber for row in page.latest)
    assert (page.last_run, page.next_run) == (BEGIN, BEGIN + EVERY)


def test_an_order_that_needs_a_choice_makes_it_orange(world: World, shop: FakeShop) -> None:
    """One sentence says how many."""
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    shop.add(order_json("1042"))
    world.hour()

    page = seen(world)

    assert page.glance.light is Light.ATTENTION
    assert page.glance.sentence.dutch == "Er wacht 1 bestelling op een keuze van u."
    assert (page.needs_you.number, page.waiting.number) == (1, 0)


def test_an_unclear_post_becomes_its_owners_after_a_day(world: World, shop: FakeShop) -> None:
    """Until then it is looked up by itself."""
    world.books["123456"].faults.append(Fault.LOST_ANSWER)
    shop.add(order_json("1042"))
    world.hour()
    assert (seen(world).needs_you.number, seen(world).waiting.number) == (0, 1)

    world.clock.move(days=1)
    world.schedule()

    assert seen(world).needs_you.number == 1


def test_what_only_we_can_mend_asks_nothing_of_the_owner(world: World) -> None:
    """But it is no green light."""
    row = a_row(state="held", reason="fault", changed_at=world.clock.now())
    world.ledger.record([(row, None)])

    page = seen(world)

    assert page.glance.light is Light.ATTENTION
    assert "u hoeft niets te doen" in page.glance.sentence.dutch
    assert page.needs_you.number == 0


def test_a_refused_token_makes_it_red(world: World) -> None:
    """With what to do about it."""
    stop_shop(pausing(world), connected(world), StopShop(code="token_refused").code)

    page = seen(world)

    assert page.glance.light is Light.BAD
    assert "weigert de token" in page.glance.sentence.dutch
    assert page.glance.standstills[0].to_do is not None
    assert page.next_run is None


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("credentials_refused", "weigert de toegang"),
        ("role_refused", "API-gebruiker"),
        ("trial_limit", "proefcontract"),
    ],
)
def test_a_stopped_administration_makes_it_red(world: World, reason: str, says: str) -> None:
    """Each cause has its own words."""
    administration = world.tenants.administration("123456")
    assert isinstance(administration, Administration)
    stop_administration(pausing(world), administration, reason)

    glance = seen(world).glance

    assert glance.light is Light.BAD
    assert says in glance.sentence.dutch


@pytest.mark.parametrize("reason", ["by_hand", NOT_STARTED])
def test_a_chosen_pause_is_no_alarm(world: World, reason: str) -> None:
    """Orange: its owner knows, and can end it."""
    world.tenants.put_shop(replace(connected(world), paused=reason))

    assert seen(world).glance.light is Light.ATTENTION


def test_a_switch_of_the_operator_is_told(world: World) -> None:
    """Nothing to do for the owner, and no green light."""
    world.tenants.set_posting_allowed(allowed=False)

    glance = seen(world).glance

    assert glance.light is Light.ATTENTION
    assert "voor iedereen" in glance.sentence.dutch


def test_a_finding_is_something_to_look_at(world: World) -> None:
    """Of this shop only."""
    for shop_id in (SHOP, "another"):
        world.findings.record(
            Finding(code="entry_differs", shop_id=shop_id, number="1042", at=world.clock.now())
        )

    page = seen(world)

    assert page.glance.light is Light.ATTENTION
    assert [one.shop_id for one in page.glance.findings] == [SHOP]


def test_a_run_that_did_not_come_is_seen(world: World) -> None:
    """The light is orange, and no next run is promised."""
    world.schedule()
    world.clock.move(hours=3)

    page = seen(world)

    assert page.glance.light is Light.ATTENTION
    assert "Er gaat niets verloren" in page.glance.sentence.dutch
    assert (page.last_run, page.next_run) == (BEGIN, None)


def test_a_shop_that_could_not_be_fetched_for_hours_is_no_green_light(
    world: World, shop: FakeShop
) -> None:
    """Of the shop itself, and in the line of another; green again once it is fetched."""
    world.hour()
    shop.failing = unreachable()
    for _ in range(3):
        world.schedule()
        while world.fetch():
            pass
        world.clock.move(hours=1)

    page = seen(world)
    (line,) = glances(world, [connected(world)])

    assert [one.light for one in (page.glance, line)] == [Light.ATTENTION] * 2
    assert "konden al 3 uur niet worden opgehaald" in page.glance.sentence.dutch
    assert page.glance.sentence == line.sentence
    shop.failing = None
    world.hour()
    assert seen(world).glance.light is Light.GOOD


def test_books_that_are_away_are_told_for_what_they_are(world: World) -> None:
    """Not as something about orders that are booked."""
    world.findings.record(Finding(code="books_away", shop_id=SHOP, at=world.clock.now()))

    assert "Acumulus antwoordt al uren niet" in seen(world).glance.sentence.dutch


def test_bookings_of_longer_ago_are_not_counted(world: World, shop: FakeShop) -> None:
    """The count is of a week; the latest bookings are shown all the same."""
    shop.add(order_json("1042"))
    world.hour()
    world.clock.move(days=8)

    page = seen(world)

    assert page.booked.number == 0
    assert [row.key.number for row in page.latest] == ["1042"]


def test_a_concept_is_counted_apart_too(world: World, shop: FakeShop) -> None:
    """The owner makes it final."""
    world.choose(trigger_statuses=(3,), concept="always")
    shop.add(order_json("1042"))
    world.hour()

    page = seen(world)

    assert (page.booked.number, page.concepts.number) == (1, 1)


class Counting(MemoryLedger):
    """Counts the rows that are read of the whole shop."""

    read = 0

    def newest_rows(
        self, shop_id: str, limit: int, *, before: OrderKey | None = None
    ) -> list[LedgerRow]:
        rows = super().newest_rows(shop_id, limit, before=before)
        self.read += len(rows)
        return rows


def test_a_big_shop_costs_no_more_than_a_small_one(world: World) -> None:
    """The count ends where the reading ends, and says so."""
    world.ledger = ledger = Counting()
    rows = [
        a_row(str(number), "booked", posting_at=world.clock.now(), posted_total=Decimal(1))
        for number in range(1000, 3000)
    ]
    ledger.record([(replace(row, changed_at=world.clock.now()), None) for row in rows])

    page = seen(world)

    assert (page.booked.number, page.booked.more) == (200, True)
    assert ledger.read == 200


def test_every_shop_of_an_account_has_its_line(world: World) -> None:
    """In the order that was asked, each with its own light."""
    world.shop("another-shop")
    other = world.tenants.shop("another-shop")
    assert other is not None
    world.tenants.put_shop(replace(other, paused="by_hand"))
    paused = world.tenants.shop("another-shop")
    assert paused is not None

    found = glances(world, [paused, connected(world)])

    assert [one.light for one in found] == [Light.ATTENTION, Light.GOOD]
    assert found[0].shop.shop_id == "another-shop"


def test_a_new_shop_is_well(world: World) -> None:
    """A shop without any order is well, and nobody knows of a last run yet."""
    page = seen(world)

    assert page.glance.light is Light.GOOD
    assert (page.booked.number, page.latest, page.last_run) == (0, (), None)
