"""The hour strikes: all active shops are on the queue, and it is known when that was."""

from datetime import datetime, timedelta
from typing import Any

from boekbrug.errors import RetryLater
from boekbrug.journey.hourly import HourlyServices, hour_strikes, last_strike
from boekbrug.journey.schedule_fetches import ScheduleServices
from tests.support.journey_world import BEGIN, World


class Broken:
    """A cache that nobody reaches."""

    def get(self, name: str, *, now: datetime) -> Any:
        raise RetryLater("away", code="storage_unreachable")

    def put(self, name: str, value: Any, *, expires: datetime) -> None:
        raise RetryLater("away", code="storage_unreachable")


def test_when_it_struck_is_remembered() -> None:
    """The last time, for every owner to see."""
    world = World()
    world.shop()
    assert last_strike(world.cache, BEGIN) is None

    world.hour()
    world.hour()

    assert last_strike(world.cache, world.clock.now()) == BEGIN + timedelta(hours=1)


def test_what_cannot_be_remembered_stops_no_fetch() -> None:
    """The shops are on the queue all the same."""
    world = World()
    world.shop()
    scheduling = ScheduleServices(world.tenants, world.shops_queue)

    assert hour_strikes(HourlyServices(scheduling, Broken(), world.clock)).shops == 1
    assert len(world.shops_queue.take()) == 1
