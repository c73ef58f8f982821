"""One administration in one batch: may Acumulus be posted to now, and what do its answers say?

While it is left alone shops go on being fetched, and their orders wait on the queue. Owners hear
of it when it lasts (``BOOKS_AWAY``), and once more when it is over.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from boekbrug.domain.reasons import message
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Finding, Findings
from boekbrug.journey.ports.tenants import Administration, Rest, Switches, Tenants
from boekbrug.journey.resting import Restraint, lasts, storming, until

log = logging.getLogger(__name__)

BOOKS_AWAY = "books_away"
TOO_BUSY = frozenset({"books_throttled", "books_unreachable"})
"""Why nothing was sent; the next order would fare no better."""
TRIES = 3


class Breaker:
    """``resting`` is asked before every post, one of the others told after it; ``keep`` ends it."""

    def __init__(
        self,
        tenants: Tenants,
        clock: Clock,
        restraint: Restraint,
        administration: Administration,
        switches: Switches,
    ) -> None:
        self._tenants = tenants
        self._clock = clock
        self._restraint = restraint
        self._administration = administration
        self._switches = switches
        self._rest = administration.rest
        self._probes = self._answered = self._failed = False

    def resting(self) -> bool:
        """Whether nothing may be posted now."""
        now = self._clock.now()
        if until(self._rest) > now:
            return True
        if self._probes or self._answered or not storming(self._switches):
            return False
        return not self._may_probe(now)

    def pause(self) -> timedelta:
        """How long what waits may stay where it is."""
        return max(until(self._rest) - self._clock.now(), timedelta())

    # ----------------------------------------------------------------- what Acumulus did

    def answered(self) -> None:
        """Yes or no: it is there."""
        self._rest, self._answered = Rest(), True

    def too_busy(self, asked: int | None) -> None:
        """It did not see the post; ``asked`` are the seconds that it wants to be left."""
        self._failed = True
        self._rest = self._restraint.after_throttle(self._rest, self._clock.now(), asked=asked)

    def unclear(self, *, busy: bool) -> None:
        """Nobody knows; ``busy`` when it may still be working on the post."""
        now = self._clock.now()
        self._failed = True
        self._rest = self._restraint.after_unclear(self._rest, now, busy=busy)
        if self._probes:  # one post told enough
            self._rest = replace(
                self._rest, until=max(until(self._rest), now + self._restraint.busy)
            )

    # ----------------------------------------------------------------- what is remembered

    def keep(self, findings: Findings | None, shop_ids: Iterable[str]) -> None:
        """For the next batch of this administration, and of all others; owners hear of what lasts.

        Raises ``RetryLater`` when it cannot be kept: then the next batch finds out by itself.
        """
        known, now = self._administration, self._clock.now()
        if self._rest != known.rest:
            self._tenants.note_rest(known.administration_id, self._rest)
        self._keep_outage(now)
        if findings is None:
            return
        if lasts(self._rest, now):
            told = message(BOOKS_AWAY).text
            for shop_id in shop_ids:
                findings.record(Finding(code=BOOKS_AWAY, shop_id=shop_id, detail=told, at=now))
        elif self._answered and lasts(known.rest, now):
            for shop in self._tenants.account_shops(known.account_id):
                if shop.administration_id == known.administration_id:
                    findings.resolve(shop.shop_id, BOOKS_AWAY)

    def _keep_outage(self, now: datetime) -> None:
        """One answer is proof enough; so many failures are only together."""
        if self._answered and self._switches.failing:
            self._tenants.note_outage(Switches(), self._switches)
        elif self._failed and not self._answered and self.pause():
            self._note_failure(now)

    def _note_failure(self, now: datetime) -> None:
        before = self._switches
        for _ in range(TRIES):
            after = self._restraint.storm(before, self._administration.administration_id, now)
            known = after.failing == before.failing and not storming(after)
            if known or self._tenants.note_outage(after, before):
                return
            before = self._tenants.switches()
            if storming(before) and until(before.rest) > now:
                return  # all are left alone already

    def _may_probe(self, now: datetime) -> bool:
        """After a storm one administration tries; the others wait for what it meets."""
        shared = self._switches.rest
        if until(shared) <= now:
            probing = self._restraint.probe(self._switches, now)
            self._probes = self._tenants.note_outage(probing, self._switches)
            self._switches, shared = probing, probing.rest
        if not self._probes:
            since = self._rest.since or shared.since
            self._rest = Rest(failures=self._rest.failures or 1, since=since, until=shared.until)
        return self._probes
