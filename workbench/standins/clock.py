"""The present time as both systems count it."""

from datetime import datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def amsterdam_now() -> datetime:
    """The present time with the zone of both systems."""
    return datetime.now(AMSTERDAM)
