"""Acumulus fails or is too busy -> it is left alone, longer every time (R125). Pure.

    one administration   after every 429, after three unclear posts in a row, and whenever it may
                         still be busy with a post that we gave up waiting for
    all of them          when three administrations fared so and none any better since

What waits stays on its queue, in order. The first answer ends it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from boekbrug.journey.ports.tenants import Rest, Switches

STORM = 3
"""So many unclear posts in a row are no accident, nor so many administrations."""
GROWTH = (1, 5, 30, 150, 450, 900)
BUSY = 15
FORGOTTEN = timedelta(hours=2)
"""Failures that lie further apart are no outage."""
OUTAGE = timedelta(hours=4)
"""An outage that is shorter is caught up without a word to anybody."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Restraint:
    """How long Acumulus is left alone: ``first`` the first time, growing to ``most``."""

    first: timedelta = timedelta(seconds=2)
    most: timedelta = timedelta(minutes=30)

    def after_throttle(self, rest: Rest, now: datetime, *, asked: int | None) -> Rest:
        """Not seen, since it is too busy; ``asked`` are the seconds that it wants to be left."""
        failures = _lately(rest, now).failures + 1
        pause = max(self._grown(failures), timedelta(seconds=asked or 0))
        return _failed(rest, now, pause)

    def after_unclear(self, rest: Rest, now: datetime, *, busy: bool) -> Rest:
        """No answer that can be understood; ``busy`` when Acumulus may still work on it."""
        failures = _lately(rest, now).failures + 1
        pause = self._grown(failures - STORM + 1)
        return _failed(rest, now, max(pause, self.busy) if busy else pause)

    @property
    def busy(self) -> timedelta:
        """How long Acumulus may go on with what we gave up waiting for."""
        return BUSY * self.first

    def storm(self, switches: Switches, administration_id: str, now: datetime) -> Switches:
        """One more administration that must be left alone."""
        before = _lately(switches.rest, now)
        known = switches.failing if before.failures else frozenset[str]()
        if len(known) < STORM:
            failing = known | {administration_id}
            failures = len(failing)
        else:
            failing, failures = known, before.failures + 1
        again = now + self._grown(failures - STORM + 1)
        rest = Rest(failures=failures, since=before.since or now, until=again)
        return replace(switches, failing=failing, rest=rest)

    def probe(self, switches: Switches, now: datetime) -> Switches:
        """Who gets this written tries Acumulus; the others wait for what comes of it."""
        held = replace(switches.rest, until=now + 2 * self.busy)
        return replace(switches, rest=held)

    def _grown(self, step: int) -> timedelta:
        if step < 1:
            return timedelta()
        return min(self.first * GROWTH[min(step, len(GROWTH)) - 1], self.most)


def storming(switches: Switches) -> bool:
    """Whether all administrations are left alone, or were until a moment ago."""
    return len(switches.failing) >= STORM


def left_alone(rest: Rest, switches: Switches, now: datetime) -> bool:
    """Whether an administration with this rest is left alone, by itself or with all others."""
    return until(rest) > now or (storming(switches) and until(switches.rest) > now)


def until(rest: Rest) -> datetime:
    """Nothing is posted before then."""
    return rest.until or _LONG_AGO


def lasts(rest: Rest, now: datetime) -> bool:
    """Whether it goes on for so long that owners hear of it."""
    return rest.since is not None and now - rest.since >= OUTAGE


def _lately(rest: Rest, now: datetime) -> Rest:
    """What is known, unless it is long ago."""
    return Rest() if rest.until is None or now - rest.until > FORGOTTEN else rest


def _failed(rest: Rest, now: datetime, pause: timedelta) -> Rest:
    known = _lately(rest, now)
    return Rest(failures=known.failures + 1, since=known.since or now, until=now + pause)
