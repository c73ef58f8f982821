"""Is there still work? The queues and the ledger, read until every order has its state."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from boekbrug.journey.fetch_orders import PAUSES
from boekbrug.journey.follow_up import GIVEN_UP
from boekbrug.journey.look_up import ABSENT
from boekbrug.journey.ports.ledger import POSTING, UNCLEAR, WAITING, LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import CHOSEN_PAUSES
from boekbrug.journey.triage import POSTING_LEASE
from boekbrug.journey.trials import TRIAL_LIMIT
from workbench.embedded_aws import EmbeddedAwsError
from workbench.screen import Screen
from workbench.table import Summary
from workbench.world import World

LOOK_EVERY = 0.25  # seconds between looks at the queues
READ_EVERY = 1.0  # seconds between readings of the whole ledger
SHARE = 10  # and at least so many times what a reading takes: it must not slow down the work
TRIES = 3  # of the hourly job, when messages were lost and the ledger still has work
PATIENCE = 900  # seconds without any change before a run gives up
LOOK_UP_EVERY = 5.0  # seconds, while posts are unclear
NO_FAULT = frozenset({"", TRIAL_LIMIT, *CHOSEN_PAUSES})  # their orders wait, and say why
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: what the ledger says, and what went wrong besides."""

    summary: Summary
    faults: tuple[str, ...]


class Watch:
    """Watches one run of the hourly job over these shops."""

    def __init__(self, world: World, shop_ids: Sequence[str], screen: Screen) -> None:
        self._world = world
        self._shop_ids = shop_ids
        self._screen = screen
        self._queues = world.aws.client("sqs")
        self._read_next = 0.0
        self._summary = Summary(len(shop_ids), ())

    def take_in(self, shop_ids: Iterable[str]) -> None:
        """Watch these too, from now on."""
        self._shop_ids = tuple(dict.fromkeys((*self._shop_ids, *shop_ids)))

    def run_hourly_job(self) -> None:
        """As EventBridge does."""
        self._invoke("ScheduleFetchesFunction")

    def tell_owners(self) -> None:
        """The mails about what waits for a person, as EventBridge lets them go out each hour."""
        self._invoke("SendNoticesFunction")

    def _invoke(self, name: str, **event: bool) -> None:
        answer = self._world.aws.client("lambda").invoke(
            FunctionName=self._world.outputs[name], Payload=json.dumps(event)
        )
        if "FunctionError" in answer:
            told = json.loads(answer["Payload"].read()).get("errorMessage", "no message")
            raise EmbeddedAwsError(f"{name} failed: {told} (see aws.log)")

    def until_done(self, *, follow_up: bool = False) -> Done:
        """Run the hourly job and wait until the queues are empty and no order is under way.

        ``follow_up`` runs the nightly job too, and looks for lost answers until none is left.
        """
        since = int(time.time() * 1000)
        for _ in range(TRIES):
            self.run_hourly_job()
            gave_up = not self._until_quiet()
            if gave_up or not self._summary.underway:
                break
        if follow_up and not gave_up:
            gave_up = not self._followed_up()
        self.tell_owners()
        return Done(self.summary(), self._faults(since, gave_up=gave_up))

    def _followed_up(self) -> bool:
        """The night and all that comes of it; false when the queues do not empty.

        What was found may be what a credit order waits for, so the hourly job follows.
        """
        self._invoke("FollowUpFunction")
        quiet, before = self._settled(), set[OrderKey]()
        while quiet and (waiting := self._waiting()) and waiting != before:
            self.run_hourly_job()
            quiet, before = self._settled(), waiting
        return quiet

    def _settled(self) -> bool:
        return self._until_quiet() and self._looked_up()

    def _waiting(self) -> set[OrderKey]:
        return {row.key for row in self._summary.rows if row.state == WAITING}

    def _looked_up(self) -> bool:
        """Look-ups until no post is unclear or nothing changes any more."""
        quiet = True
        changed, before = time.monotonic(), self._summary
        while quiet and (unsure := [row for row in self._summary.rows if _is_unsure(row)]):
            if time.monotonic() - changed > _WORTH_WAITING:
                break
            time.sleep(LOOK_UP_EVERY)
            if any(row.state == POSTING for row in unsure):
                self.run_hourly_job()  # frees what a lost worker held, once that is certain
                self._until_quiet()  # a shop is asked one thing at a time
            self._invoke("FollowUpFunction", look_ups=True)
            quiet = self._until_quiet()
            if self._summary != before:
                changed, before = time.monotonic(), self._summary
        return quiet

    def summary(self) -> Summary:
        """What the ledger says now."""
        began = time.monotonic()
        self._summary = Summary.of(self._world.stack.ledger, self._shop_ids)
        took = time.monotonic() - began
        self._read_next = began + max(READ_EVERY, SHARE * took)
        return self._summary

    def quiet(self) -> bool:
        """No message waits, is worked on, or is delayed; shops first, they send to orders."""
        outputs = self._world.outputs
        queues = ("FollowUpQueueUrl", "ShopsQueueUrl", "OrdersQueueUrl")
        return not any(self._messages(outputs[name]) for name in queues)

    def _until_quiet(self) -> bool:
        """False when nothing changed for a long time."""
        changed, before = time.monotonic(), self._summary
        while not self.quiet():
            if not self._world.aws.alive:
                raise EmbeddedAwsError("The embedded AWS stopped by itself: see aws.log.")
            if time.monotonic() > self._read_next:
                self._screen.now(self.summary().progress)
                if self._summary != before:
                    changed, before = time.monotonic(), self._summary
            if time.monotonic() - changed > PATIENCE:
                return False
            time.sleep(LOOK_EVERY)
        self._screen.now(self.summary().progress)
        return True

    def _messages(self, url: str) -> int:
        answer = self._queues.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        return sum(int(answer["Attributes"][name]) for name in _COUNTS)

    # --------------------------------------------------------------------- what went wrong

    def _faults(self, since: int, *, gave_up: bool) -> tuple[str, ...]:
        faults: list[str] = []
        if gave_up:
            faults.append(
                f"Nothing changed for {PATIENCE // 60} minutes; the queues are not empty."
            )
        return (
            *faults,
            *self._dead_letters(),
            *self._paused(),
            *self._never_fetched(since),
            *self._never_followed(since),
        )

    def _dead_letters(self) -> list[str]:
        queues = ("ShopsDeadLetters", "OrdersDeadLetters", "FollowUpDeadLetters")
        counts = {name: self._messages(self._world.outputs[f"{name}Url"]) for name in queues}
        return [f"{count} messages lie in {name}." for name, count in counts.items() if count]

    def _paused(self) -> list[str]:
        tenants = self._world.tenants
        shops = tenants.shops(self._shop_ids).values()
        ours = {shop.administration_id for shop in shops}
        stopped = [
            f"The shop {shop.store.name} is stopped: {shop.paused}."
            for shop in shops
            if shop.paused not in NO_FAULT
        ]
        return stopped + [
            f"The administration {one.company_name or one.contractcode} is stopped: {one.paused}."
            for one in tenants.all_administrations()
            if one.paused not in NO_FAULT and one.administration_id in ours
        ]

    def _never_fetched(self, since: int) -> list[str]:
        """Shops that failed as often as one run tries them; the functions' logs tell."""
        failed: Counter[str] = Counter()
        refused_us: set[str] = set()
        why: dict[str, str] = {}
        for line in self._logs("FetchOrdersLogs", since):
            if "report" in line:
                failed.update(line["report"]["failed"])
                refused_us.update(line["report"]["refused_us"])
            elif str(line.get("message", "")).startswith("shop not fetched"):
                why[line["shop"]] = f": {line.get('why') or line.get('code')}"
        names = self._names()
        faults = [
            f"The shop {names.get(shop, shop)} could not be fetched{why.get(shop, '')}."
            for shop, times in failed.items()
            if times > len(PAUSES)
        ]
        if refused_us:
            left = ", ".join(sorted(names.get(shop, shop) for shop in refused_us))
            faults.append(f"Mijnwebwinkel refuses the partner token; not fetched: {left}.")
        return faults

    def _never_followed(self, since: int) -> list[str]:
        lines = self._logs("FollowUpLogs", since)
        failed = {
            shop for line in lines if line.get("message") == GIVEN_UP for shop in line["shops"]
        }
        names = self._names()
        return [f"The shop {names.get(shop, shop)} could not be followed up." for shop in failed]

    def _names(self) -> dict[str, str]:
        return {shop.shop_id: shop.store.name for shop in self._world.tenants.all_shops()}

    def _logs(self, output: str, since: int) -> list[dict[str, Any]]:
        logs = self._world.aws.client("logs")
        group = self._world.outputs[output]
        found: list[dict[str, Any]] = []
        try:
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, startTime=since
            )
            for page in pages:
                for event in page["events"]:
                    found += [_parsed(line) for line in event["message"].splitlines()]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return found


_WORTH_WAITING = POSTING_LEASE.total_seconds() + 160
"""Seconds without any change in which a lost worker, and after it both looks, would show."""


def _is_unsure(row: LedgerRow) -> bool:
    """Whether a look-up still has to tell if the order is in the books."""
    proven_absent = row.state == WAITING and row.reason == ABSENT
    return proven_absent or row.state in (POSTING, UNCLEAR)


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
