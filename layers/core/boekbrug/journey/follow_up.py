"""The night: every active shop once more, and the unclear posts of all.

    nightly            pages of shops on the FollowUpQueue ─▶ each shop swept and followed
    every few minutes  unclear posts whose pause is over are looked for

Shops of one administration are followed one after the other, several administrations at a time.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from boekbrug.errors import BoekbrugError, NeedsOperator, RetryLater, StopShop, where
from boekbrug.journey.decisions import open_books, shop_run
from boekbrug.journey.follow_shop import Picklists, ShopFollowed, follow_shop
from boekbrug.journey.following import FollowServices, Teller
from boekbrug.journey.pauses import (
    owed_after_resume,
    stop_administration,
    tell_about_administration,
)
from boekbrug.journey.ports.books import Books
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.journey.ports.mails import NOTICE_RESOLVED
from boekbrug.journey.ports.tenants import Administration, ConnectedShop
from boekbrug.journey.schedule_fetches import (
    Scheduled,
    ScheduleServices,
    schedule_fetches,
)
from boekbrug.journey.trials import TRIAL_ENDING, TRIAL_LIMIT, WARN_AT, WARNING, room
from boekbrug.journey.unclear_posts import (
    LookedUp,
    administrations_of,
    look_up_posts,
    open_posts,
    readable,
)

log = logging.getLogger(__name__)

ADMINISTRATIONS_IN_FLIGHT = 16
PAUSES = (300, 900)  # seconds before a shop that failed is tried again; then the next night does
GIVEN_UP = "shops not followed tonight"


@dataclass(slots=True)
class FollowReport:
    """What became of a page of shops; ``failed`` are those that could not be read."""

    shops: int = 0
    told: int = 0
    paid: int = 0
    failed: list[str] = field(default_factory=list)
    looked_up: LookedUp = field(default_factory=LookedUp)

    def add(self, other: "FollowReport") -> None:
        """Together with those of another administration."""
        self.shops += other.shops
        self.told += other.told
        self.paid += other.paid
        self.failed += other.failed
        self.looked_up.add(other.looked_up)


def schedule_follow_ups(services: FollowServices) -> Scheduled:
    """Every active shop once, in pages on the FollowUpQueue."""
    return schedule_fetches(ScheduleServices(services.tenants, services.pages))


def follow_page(
    services: FollowServices,
    shop_ids: Sequence[str],
    *,
    attempt: int = 0,
    time_left: Callable[[], bool] = lambda: True,
) -> FollowReport:
    """Follow every shop of a page; what failed goes back as a smaller page, a few times.

    Raises ``RetryLater`` only when our own storage cannot be read.
    """
    report = _follow(services, shop_ids, time_left)
    if report.failed and attempt < len(PAUSES):
        services.pages.send(report.failed, delay=PAUSES[attempt], attempt=attempt + 1)
    elif report.failed:
        log.error(GIVEN_UP, extra={"shops": report.failed})
    return report


def look_up_open(
    services: FollowServices, time_left: Callable[[], bool] = lambda: True
) -> LookedUp:
    """Look for every unclear post whose pause is over; one read when there is none."""
    rows = open_posts(services)
    shops = services.tenants.shops(sorted(rows))
    report = LookedUp()

    def look(group: list[ConnectedShop]) -> LookedUp:
        try:
            return look_up_posts(services, group, rows, time_left)
        except Exception as broken:  # noqa: BLE001  # one administration never stops the others
            _log_fault(group[0].administration_id, broken)
            return LookedUp(unread=sum(len(rows.get(one.shop_id, ())) for one in group))

    with ThreadPoolExecutor(max_workers=ADMINISTRATIONS_IN_FLIGHT) as pool:
        for found in pool.map(look, administrations_of(shops.values())):
            report.add(found)
    return report


# --------------------------------------------------------------------------- one administration


def _follow(
    services: FollowServices, shop_ids: Sequence[str], time_left: Callable[[], bool]
) -> FollowReport:
    shops = [shop for shop in services.tenants.shops(shop_ids).values() if not shop.paused]
    report = FollowReport()

    def follow(group: list[ConnectedShop]) -> FollowReport:
        try:
            return _Group(services, group, time_left).follow()
        except Exception as broken:  # noqa: BLE001  # one administration never stops the others
            _log_fault(group[0].administration_id, broken)
            return FollowReport(shops=len(group), failed=[shop.shop_id for shop in group])

    with ThreadPoolExecutor(max_workers=ADMINISTRATIONS_IN_FLIGHT) as pool:
        for found in pool.map(follow, administrations_of(shops)):
            report.add(found)
    return report


class _Group:
    """The shops of one administration, one after the other."""

    def __init__(
        self,
        services: FollowServices,
        shops: list[ConnectedShop],
        time_left: Callable[[], bool],
    ) -> None:
        self.services = services
        self.shops = shops
        self.time_left = time_left
        self.report = FollowReport(shops=len(shops))
        self.picklists = self._open()

    def follow(self) -> FollowReport:
        """Each shop, then the posts of all that are unclear."""
        unclear: dict[str, list[LedgerRow]] = {}
        for shop in self.shops:
            followed = self._shop(shop)
            if followed is None:
                continue
            unclear[shop.shop_id] = followed.unclear
            self.report.told += followed.told
            self.report.paid += followed.paid
            if followed.refused:
                self._stop(followed.refused)
        looked_up = look_up_posts(self.services, self.shops, unclear, self.time_left)
        self.report.looked_up.add(looked_up)
        return self.report

    def _shop(self, shop: ConnectedShop) -> ShopFollowed | None:
        """``None`` when it failed. A refused token is left to the hourly run, which knows more."""
        services = self.services
        try:
            if not self.time_left():
                raise RetryLater("no time left in this run", code="out_of_time")  # noqa: TRY301  # as if the shop did not answer
            run = shop_run(services.deciding, shop, services.fetching.orders_queue)
            return follow_shop(services, shop, run, self.picklists, self.time_left)
        except StopShop:
            return None
        except BoekbrugError as failed:
            log.warning("shop not followed now", extra={"shop": shop.shop_id, "code": failed.code})
        except Exception as broken:  # noqa: BLE001  # a fault in one shop never stops the other shops
            log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
                "shop not followed: fault", extra={"shop": shop.shop_id, "why": where(broken)}
            )
        self.report.failed.append(shop.shop_id)
        return None

    # ----------------------------------------------------------------- its contract

    def _open(self) -> Picklists | None:
        """The books, unless access was refused before; a trial is looked at first."""
        services, shop = self.services, self.shops[0]
        administration = services.tenants.administration(shop.administration_id)
        if administration is None or not readable(services, administration):
            return None
        try:
            books = open_books(services.deciding, shop)
            if administration.entries_left is not None or administration.paused == TRIAL_LIMIT:
                self._look_at_trial(books, administration)
            return Picklists(books)
        except StopShop as refused:
            self._stop(refused.code)
        except (RetryLater, NeedsOperator) as failed:
            log.warning("books not read now", extra={"code": failed.code})
        return None

    def _look_at_trial(self, books: Books, administration: Administration) -> None:
        """How much is left: warn at ten, and go on when it rose or the contract is paid now."""
        services, administration_id = self.services, administration.administration_id
        left = books.contract().entries_left
        if left != administration.entries_left:
            services.tenants.note_entries_left(administration_id, left)
        now = services.tenants.administration(administration_id)
        places = room(now, services.booking.trial_cap) if now is not None else None
        for shop in self.shops:
            teller = Teller(services, shop.shop_id)
            if places is not None and places <= WARN_AT:
                teller.tell("", TRIAL_ENDING, WARNING)
            else:
                teller.over("", TRIAL_ENDING)
        if now is not None and now.paused == TRIAL_LIMIT and places != 0:
            self._resume(now)

    def _resume(self, administration: Administration) -> None:
        owed = owed_after_resume(administration)
        services, administration_id = self.services, administration.administration_id
        services.tenants.resume_administration(administration_id, notice_owed=owed)
        resumed = services.tenants.administration(administration_id)
        if owed == NOTICE_RESOLVED and resumed is not None:
            tell_about_administration(services.pausing, resumed)

    def _stop(self, reason: str) -> None:
        """Refused: one mail, and the books are left alone for tonight."""
        services = self.services
        administration = services.tenants.administration(self.shops[0].administration_id)
        if administration is not None:
            stop_administration(services.pausing, administration, reason)
        self.picklists = None


def _log_fault(administration_id: str, broken: Exception) -> None:
    """Kind and place only: the text of an unknown fault may hold customer data."""
    why = broken.code if isinstance(broken, BoekbrugError) else where(broken)
    log.error("not followed: fault", extra={"administration": administration_id, "why": why})
