"""Is there still work? The queues and the ledger, read until every order has its state."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from boekbrug.journey.fetch_orders import PAUSES
from boekbrug.journey.ports import NOT_STARTED
from workbench.embedded_aws import EmbeddedAwsError
from workbench.screen import Screen
from workbench.table import Summary
from workbench.world import World

LOOK_EVERY = 0.1  # seconds between looks at the queues
READ_EVERY = 1.0  # seconds between readings of the ledger, which costs more
TRIES = 3  # of the hourly job, when messages were lost and the ledger still has work
PATIENCE = 900  # seconds without any change before a run gives up
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
        self._read_at = 0.0
        self._summary = Summary(len(shop_ids), ())

    def run_hourly_job(self) -> None:
        """As EventBridge does."""
        self._invoke("ScheduleFetchesFunction")

    def tell_owners(self) -> None:
        """The mails about what waits for a person, as EventBridge lets them go out each hour."""
        self._invoke("SendNoticesFunction")

    def _invoke(self, name: str) -> None:
        function = self._world.outputs.get(name)
        if function is None:
            return
        answer = self._world.aws.client("lambda").invoke(FunctionName=function, Payload=b"{}")
        if "FunctionError" in answer:
            told = json.loads(answer["Payload"].read()).get("errorMessage", "no message")
            raise EmbeddedAwsError(f"{name} failed: {told} (see aws.log)")

    def until_done(self) -> Done:
        """Run the hourly job and wait until the queues are empty and no order is under way."""
        since = int(time.time() * 1000)
        for _ in range(TRIES):
            self.run_hourly_job()
            gave_up = not self._until_quiet()
            if gave_up or not self._summary.underway:
                break
        self.tell_owners()
        return Done(self._summary, self._faults(since, gave_up=gave_up))

    def summary(self) -> Summary:
        """What the ledger says now."""
        self._read_at = time.monotonic()
        self._summary = Summary.of(self._world.stack.ledger, self._shop_ids)
        return self._summary

    def quiet(self) -> bool:
        """No message waits, is worked on, or is delayed; shops first, they send to orders."""
        outputs = self._world.outputs
        return not any(
            self._messages(outputs[name]) for name in ("ShopsQueueUrl", "OrdersQueueUrl")
        )

    def _until_quiet(self) -> bool:
        """False when nothing changed for a long time."""
        changed, before = time.monotonic(), self._summary
        while not self.quiet():
            if not self._world.aws.alive:
                raise EmbeddedAwsError("The embedded AWS stopped by itself: see aws.log.")
            if time.monotonic() - self._read_at > READ_EVERY:
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
        return (*faults, *self._dead_letters(), *self._paused(), *self._never_fetched(since))

    def _dead_letters(self) -> list[str]:
        queues = ("ShopsDeadLetters", "OrdersDeadLetters")
        counts = {name: self._messages(self._world.outputs[f"{name}Url"]) for name in queues}
        return [f"{count} messages lie in {name}." for name, count in counts.items() if count]

    def _paused(self) -> list[str]:
        tenants = self._world.tenants
        stopped = [
            f"The shop {shop.store.name} is stopped: {shop.paused}."
            for shop in tenants.all_shops()
            if shop.paused and shop.paused != NOT_STARTED
        ]
        return stopped + [
            f"The administration {one.company_name or one.contractcode} is stopped: {one.paused}."
            for one in tenants.all_administrations()
            if one.paused
        ]

    def _never_fetched(self, since: int) -> list[str]:
        """Shops that failed as often as one run tries them; the functions' logs tell."""
        failed: Counter[str] = Counter()
        why: dict[str, str] = {}
        for line in self._fetch_logs(since):
            if "report" in line:
                failed.update(line["report"]["failed"])
            elif str(line.get("message", "")).startswith("shop not fetched"):
                why[line["shop"]] = f": {line.get('why') or line.get('code')}"
        names = {shop.shop_id: shop.store.name for shop in self._world.tenants.all_shops()}
        return [
            f"The shop {names.get(shop, shop)} could not be fetched{why.get(shop, '')}."
            for shop, times in failed.items()
            if times > len(PAUSES)
        ]

    def _fetch_logs(self, since: int) -> list[dict[str, Any]]:
        logs = self._world.aws.client("logs")
        group = self._world.outputs["FetchOrdersLogs"]
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


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
