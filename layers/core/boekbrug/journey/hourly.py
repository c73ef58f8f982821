"""The hour strikes: every active shop is put on the queue, and when it struck is remembered.

One small write an hour for all shops together: so that every owner can see when the last run was,
although a run that finds nothing new writes nothing for its shop.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.tenants import Cache
from boekbrug.journey.schedule_fetches import Scheduled, ScheduleServices, schedule_fetches

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
REMEMBERED = timedelta(days=30)
LAST = "hourly"
"""The name of what is remembered."""


@dataclass(frozen=True, slots=True)
class HourlyServices:
    """What the hourly rule needs."""

    scheduling: ScheduleServices
    cache: Cache
    clock: Clock


def hour_strikes(services: HourlyServices) -> Scheduled:
    """Send every active shop once; that it cannot be remembered stops no fetch."""
    done, now = schedule_fetches(services.scheduling), services.clock.now()
    try:
        services.cache.put(LAST, now.isoformat(), expires=now + REMEMBERED)
    except RetryLater as failed:
        log.warning("the hour is not remembered", extra={"code": failed.code})
    return done


def last_strike(cache: Cache, now: datetime) -> datetime | None:
    """When the hour struck last; ``None`` when nobody knows."""
    kept = cache.get(LAST, now=now)
    return datetime.fromisoformat(kept) if kept else None
