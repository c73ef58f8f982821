"""What a run left half done -> ended: every few minutes, and at night.

unclear post                         looked for in Acumulus
waiting to be fetched again          fetched, decided and sent on
booked again, the old entry there    the old entry goes to the bin (R124)
booked after a post was given up     looked for once more at night: it must not be there twice
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from boekbrug.errors import BoekbrugError, NeedsOperator, RetryLater, StopShop
from boekbrug.journey.after_booking import differences, watched
from boekbrug.journey.customer_again import customer_of
from boekbrug.journey.decisions import open_books, shop_run, sweep_from
from boekbrug.journey.fetch_shop import ShopRun, fetch_again
from boekbrug.journey.following import FollowServices, Teller
from boekbrug.journey.log_fields import fields_of
from boekbrug.journey.look_up import (
    ABSENT,
    NOBODY,
    REFUSALS,
    Customer,
    Lists,
    Sighting,
    decided,
    double,
    sight,
    unread,
    whole,
)
from boekbrug.journey.pauses import stop_administration
from boekbrug.journey.ports.ledger import BOOKED, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.ports.tenants import PAUSED_BY_HAND, Administration, ConnectedShop
from boekbrug.journey.replacing import RESEND, left_behind, put_away
from boekbrug.journey.resting import left_alone
from boekbrug.journey.triage import POSTED_TWICE, RETRY
from boekbrug.journey.trials import TRIAL_LIMIT

log = logging.getLogger(__name__)

READABLE = ("", PAUSED_BY_HAND, TRIAL_LIMIT)
"""Pauses under which Acumulus still answers; any other is about access."""


@dataclass(slots=True)
class LookedUp:
    """What became of them: how many unclear posts ended in which state.

    ``left`` need only time, ``unread`` an answer that did not come.
    """

    states: Counter[str] = field(default_factory=Counter)
    left: int = 0
    unread: int = 0

    def add(self, other: "LookedUp") -> None:
        """Together with those of another administration."""
        self.states.update(other.states)
        self.left += other.left
        self.unread += other.unread


FETCH_AGAIN = frozenset({ABSENT, RESEND, RETRY})
"""Reasons to wait for nothing but to be fetched again."""


def open_posts(services: FollowServices) -> dict[str, list[LedgerRow]]:
    """What is half done, per shop."""
    found: dict[str, list[LedgerRow]] = {}
    for row in services.ledger.open_rows():
        if (
            row.state == UNCLEAR
            or (row.state == WAITING and row.reason in FETCH_AGAIN)
            or left_behind(row)
        ):
            found.setdefault(row.key.shop_id, []).append(row)
    return found


def look_up_posts(
    services: FollowServices,
    shops: Sequence[ConnectedShop],
    rows: dict[str, list[LedgerRow]],
    time_left: Callable[[], bool] = lambda: True,
) -> LookedUp:
    """End what shops that share one administration left half done; each list is read once.

    Raises ``RetryLater`` when our own storage cannot be read.
    """
    report, lists = LookedUp(), None
    for shop in shops:
        work = _Looking(services, shop)
        for row in rows.get(shop.shop_id, []):
            if row.state == UNCLEAR and not services.pauses.due(row, work.run.now):
                report.left += 1
            elif not time_left():
                report.unread += 1
            elif row.state == WAITING:
                work.send(row, report)
            else:
                lists = lists or _open_lists(services, shop)
                work.step(row)(lists, row, report)
    return report


def _open_lists(services: FollowServices, shop: ConnectedShop) -> Lists | None:
    """``None`` when Acumulus does not let us in, or is left alone."""
    administration = services.tenants.administration(shop.administration_id)
    if administration is None or not readable(services, administration):
        return None
    try:
        return Lists(open_books(services.deciding, shop))
    except BoekbrugError:
        return None


def readable(services: FollowServices, administration: Administration) -> bool:
    """Whether it is worth asking Acumulus now."""
    switches, now = services.tenants.switches(), services.clock.now()
    return administration.paused in READABLE and not left_alone(administration.rest, switches, now)


class _Looking:
    """One shop whose posts are looked for."""

    def __init__(self, services: FollowServices, shop: ConnectedShop) -> None:
        self.services = services
        self.shop = shop
        self.run: ShopRun = shop_run(services.deciding, shop, services.fetching.orders_queue)
        self._booked: dict[date, list[LedgerRow]] = {}

    def step(self, row: LedgerRow) -> Callable[[Lists | None, LedgerRow, LookedUp], None]:
        """What is left to be done for a row that Acumulus is asked about."""
        if row.state == UNCLEAR:
            return self.look
        return self.put_away if left_behind(row) else self.look_for_double

    def look(self, lists: Lists | None, row: LedgerRow, report: LookedUp) -> None:
        """Look for one post and write down what follows."""
        after, seen = self._judged(lists, row)
        if after is None:
            report.unread += 1
            return
        if row.key not in self.services.ledger.record([(after, row)]):
            report.left += 1  # somebody else decided meanwhile
            return
        _log(after)
        report.states[after.state] += 1
        if after.state == UNCLEAR:
            report.left += 1
        elif after.state == BOOKED:
            self._compare(after, seen)
        elif after.state == WAITING:
            self.send(after, report)

    def look_for_double(self, lists: Lists | None, row: LedgerRow, report: LookedUp) -> None:
        """A booked order whose first post was given up; the next night looks again."""
        found = self._seen(lists, row)
        if found is None:
            report.unread += 1
            return
        after = double(row, found[0], self._taken(row), self.run.now)
        if after is not None and self.services.ledger.record([(after, row)]):
            _log(after)
            report.states[after.state] += 1

    def put_away(self, lists: Lists | None, row: LedgerRow, report: LookedUp) -> None:
        """The old entry of an order that is booked again; else the next run does."""
        try:
            if lists is None:
                raise RetryLater("Acumulus lets nobody in", code="books_closed")  # noqa: TRY301  # as if it did not answer
            put_away(self.services.ledger, lists.books, row, self.run.now)
        except (RetryLater, StopShop, NeedsOperator) as failed:
            report.unread += 1
            log.warning("old entry stays", extra={"order": row.key.number, "code": failed.code})

    def send(self, row: LedgerRow, report: LookedUp) -> None:
        """Fetch an order that is to be fetched again, and send it on; else the next run does."""
        if self.shop.paused:
            report.left += 1
            return
        try:
            sweep_from(self.services.deciding, self.shop, row.order_date)
            fetch_again(self.run, [row.key.number])
        except BoekbrugError as failed:
            report.unread += 1
            log.warning("not fetched now", extra={"shop": self.shop.shop_id, "code": failed.code})

    def _judged(self, lists: Lists | None, row: LedgerRow) -> tuple[LedgerRow | None, Sighting]:
        now, pauses = self.run.now, self.services.pauses
        found = self._seen(lists, row)
        if lists is None or found is None:
            return unread(row, pauses, now), Sighting()
        seen, customer = found
        after = decided(row, seen, self._taken(row), now)
        if customer is None and after.state != BOOKED and after.reason != POSTED_TWICE:
            return unread(row, pauses, now), seen
        if after.state == WAITING and not whole(
            lists, row, customer or NOBODY, self._booked_since(row)
        ):
            log.warning("a list is cut off", extra={"order": row.key.number})
            return unread(row, pauses, now), seen
        return after, seen

    def _seen(self, lists: Lists | None, row: LedgerRow) -> tuple[Sighting, Customer | None] | None:
        """What Acumulus shows of an order, and by whom it looked; ``None`` without an answer."""
        if lists is None or lists.away or not row.reference:
            return None
        customer = customer_of(self.run, row)
        try:
            return sight(lists, row, customer or NOBODY), customer
        except StopShop as refused:
            self._stop(refused)
        except (RetryLater, NeedsOperator) as failed:
            log.warning("not looked up now", extra={"order": row.key.number, "code": failed.code})
            lists.away = failed.code not in REFUSALS
        return None

    def _taken(self, row: LedgerRow) -> list[str]:
        """Entries of other orders under this number."""
        others = self.services.ledger.by_number(row.key.shop_id, row.key.number)
        return [one.entryid for one in others if one.key != row.key]

    def _booked_since(self, row: LedgerRow) -> list[LedgerRow]:
        """What of this shop is in the books for certain, and came there after this post."""
        begun = row.posting_at
        if begun is None:
            return []
        day = begun.date()
        if day not in self._booked:  # one read for all posts that an outage left unclear
            rows = self.services.ledger.recent_rows(self.shop.shop_id, day)
            self._booked[day] = [one for one in rows if watched(one) and one.entryid]
        return [one for one in self._booked[day] if one.posting_at and one.posting_at >= begun]

    def _stop(self, refused: StopShop) -> None:
        administration = self.services.tenants.administration(self.shop.administration_id)
        if administration is not None:
            stop_administration(self.services.pausing, administration, refused.code)

    def _compare(self, row: LedgerRow, seen: Sighting) -> None:
        """The totals, as after every booking (R83)."""
        for entry in seen.live:
            found = differences(row, entry) if entry.entryid == row.entryid else {}
            for code, difference in found.items():
                Teller(self.services, self.shop.shop_id).tell(row.key.number, code, difference)


def administrations_of(shops: Iterable[ConnectedShop]) -> list[list[ConnectedShop]]:
    """Shops, those of one administration together."""
    groups: dict[str, list[ConnectedShop]] = {}
    for shop in shops:
        groups.setdefault(shop.administration_id, []).append(shop)
    return list(groups.values())


def _log(row: LedgerRow) -> None:
    log.info("unclear post looked up", extra={**fields_of(row), "entryid": row.entryid})
