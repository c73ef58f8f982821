"""The operator's switch at the command line."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.ports.tenants import Rest, Switches
from tests.support.journey_world import World
from tests.support.orders import order_json
from workbench.cli import make_app
from workbench.plain import WRONG_USE, Reach
from workbench.stack import Stack


@pytest.fixture
def world() -> World:
    world = World()
    world.shop().add(order_json("1042"))
    return world


def posting(world: World, *arguments: str) -> Result:
    connecting = ConnectServices(
        tenants=world.tenants,
        sealer=world.sealer,
        shops=world.shops,
        administrations=world.books,
        clock=world.clock,
    )
    stack = Stack(connecting=connecting, ledger=world.ledger, shops_queue=world.shops_queue)
    asked = ("posting", *arguments)
    return CliRunner().invoke(make_app(asked), asked, obj=Reach(stack=stack, interactive=False))


def test_posting_is_stopped_and_started_for_everybody(world: World) -> None:
    """What comes in meanwhile waits, and is booked by the first run afterwards."""
    assert "are posted" in posting(world).stdout
    assert "Nothing is posted" in posting(world, "stop").stdout
    world.hour()
    assert world.states() == {"1042": "waiting"}
    assert world.books.references == []

    assert "are posted" in posting(world, "start").stdout
    world.hour()
    assert world.books.references == ["Bestelling 1042"]


def test_it_says_that_acumulus_fails_and_when_it_is_tried_again(world: World) -> None:
    """Since when, for everybody."""
    now = world.clock.now()
    rest = Rest(failures=5, since=now - timedelta(hours=2), until=now + timedelta(minutes=1))
    storm = Switches(failing=frozenset({"1", "2", "3"}), rest=rest)
    assert world.tenants.note_outage(storm, Switches())
    told = " ".join(posting(world).stdout.split())

    assert "It fails since 2026-03-20 10:00 UTC at several administrations" in told
    assert "tried again from 12:01:00 on" in told


def test_another_word_is_wrong_use(world: World) -> None:
    """And changes nothing."""
    wrong = posting(world, "pause")

    assert wrong.exit_code == WRONG_USE
    assert "stop, start or nothing, not pause" in wrong.stderr
    assert world.tenants.posting_allowed()
