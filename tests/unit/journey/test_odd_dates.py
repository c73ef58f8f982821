"""Orders with a date that cannot be right: a person is told, and nothing else is in their way."""

import re
from html import unescape

import pytest

from boekbrug.journey.ports.ledger import BOOKED, HELD
from tests.support.journey_world import World
from tests.support.orders import order_json
from tests.support.portal_world import PortalWorld

ODD = ("0001-01-01", "1800-01-01", "1999-12-31", "2027-03-02", "2062-03-02", "9999-12-31")
each_day = pytest.mark.parametrize("day", ODD)


@each_day
def test_it_is_held_with_its_date_and_the_others_are_booked(day: str) -> None:
    """Whatever the year: the shop's run ends well, hour after hour, and night after night."""
    world = World()
    world.shop().add(order_json("1001", date=day), order_json("1002"))
    for _ in range(2):
        world.hour()
        world.night()
    row = world.rows()["1001"]

    assert world.states() == {"1001": HELD, "1002": BOOKED}
    assert row.reason == "implausible_date"
    assert "-".join(reversed(day.split("-"))) in row.detail


@each_day
def test_it_is_no_trouble_as_the_only_order_of_a_shop(day: str) -> None:
    """The next run asks from a day that exists, and the shop is not taken for failing."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001", date=day))
    world.hour()
    world.night()
    shop.add(order_json("1002", date=day))
    world.hour()
    memory = world.ledger.memories([world.tenants.all_shops()[0].shop_id])

    assert world.states() == {"1001": HELD, "1002": HELD}
    assert [one.failing_since for one in memory.values()] == [None]


def test_a_mended_date_is_judged_again() -> None:
    """The date alone makes the order another one, though its amounts are the same."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001", date="2062-03-02"))
    world.hour()
    shop.edit("1001", date="2026-03-02")
    world.hour()
    world.night()

    assert world.states() == {"1001": BOOKED}


@each_day
def test_the_owner_sees_it_and_may_try_again(day: str) -> None:
    """Every page that shows the order takes its date, and trying again ends as before."""
    world = PortalWorld()
    shop = next(iter(world.shops.by_token.values()))
    shop.add(order_json("1001", date=day))
    world.hour()
    order = world.owner.get("/bestellingen/1001")
    pages = [world.owner.get(path) for path in ("/overzicht", "/bestellingen", "/controle")]

    assert [page.status for page in (order, *pages)] == [200] * 4
    assert "datum die niet kan kloppen" in order.text
    for link in re.findall(r'href="(/controle\?van=[^"]+)"', pages[-1].text):
        assert world.owner.get(unescape(link)).status == 200
    assert (
        world.owner.post("/bestellingen/1001/opnieuw", {"waarom-opnieuw": "hersteld"}).status == 303
    )
    world.hour()
    assert world.rows()["1001"].reason == "implausible_date"
