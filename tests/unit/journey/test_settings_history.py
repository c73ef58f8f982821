"""The versions of a shop's settings, told as what changed."""

from dataclasses import replace

import pytest

from boekbrug.journey.settings_history import history
from tests.support.journey_world import World
from tests.support.orders import STORE_ID


@pytest.fixture
def world() -> World:
    """Three versions by the same owner, an hour apart."""
    world = World()
    world.shop()
    for choices in ({"paid_only": True}, {"paid_only": True, "concept": "never"}):
        world.clock.move(hours=1)
        world.choose(trigger_statuses=(3,), **choices)
    return world


def test_every_version_tells_what_it_changed(world: World) -> None:
    """The newest first; the first one beside the defaults."""
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None

    found = history(world.tenants, shop)

    assert [(one.version.version, one.changed, one.current) for one in found] == [
        (3, ("concept",), True),
        (2, ("paid_only",), False),
        (1, ("trigger_statuses",), False),
    ]


def test_a_long_history_is_told_in_part(world: World) -> None:
    """The oldest one shown is still compared with the one before it."""
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None

    found = history(world.tenants, replace(shop, settings_version=2), most=2)

    assert [(one.changed, one.current) for one in found] == [
        (("concept",), False),
        (("paid_only",), True),
    ]
