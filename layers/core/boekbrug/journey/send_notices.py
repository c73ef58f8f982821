"""What waits for a person -> one mail to each account that has something to hear (R126, R129).

    hourly    causes that are new, grew or are over, also of what was found after booking; what was
              booked with a remark
    nightly   also summaries, and mails that could not go out before

A mail goes out first and is remembered then: a crash between the two tells something twice rather
than never. An account whose mail fails never holds up the others.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from boekbrug.errors import BoekbrugError, where
from boekbrug.journey import digests
from boekbrug.journey.digests import OURS, Digest, Item, Section
from boekbrug.journey.pauses import PauseServices, send_owed_notices
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Findings
from boekbrug.journey.ports.ledger import Ledger, LedgerRow
from boekbrug.journey.ports.mails import MailMemories, MailMemory, Notices
from boekbrug.journey.ports.tenants import Account, ConnectedShop, Tenants

log = logging.getLogger(__name__)

OPERATOR = "operator"
"""The operator's name among the addressees; no account has it."""

DAYS_BACK = 3  # of remarks: a run that was missed is made up for


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeServices:
    """What telling needs; ``operator`` is who gets crash mails, empty for nobody."""

    tenants: Tenants
    ledger: Ledger
    findings: Findings
    notices: Notices
    memories: MailMemories
    clock: Clock
    operator: str = ""


@dataclass(slots=True)
class NoticesReport:
    """How many mails went out, and how many accounts could not be told now."""

    mails: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Desk:
    """One account and all that may be told to it."""

    account: Account
    memory: MailMemory
    shops: dict[str, ConnectedShop] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    remarks: list[LedgerRow] = field(default_factory=list)


def send_notices(
    services: NoticeServices,
    *,
    nightly: bool = False,
    time_left: Callable[[], bool] = lambda: True,
) -> NoticesReport:
    """Tell everybody who has something to hear; what there is no time for is told next time.

    Raises ``RetryLater`` when our own storage cannot be read.
    """
    report, now = NoticesReport(), services.clock.now()
    if nightly:
        pausing = PauseServices(services.tenants, services.notices, services.clock)
        report.mails += send_owed_notices(pausing)
    rows = list(services.ledger.open_rows())
    _guarded(report, OPERATOR, partial(_tell_operator, services, rows, now))
    for desk in _desks(services, rows, now, nightly=nightly):
        if not time_left():
            report.failed += 1
            continue
        telling = partial(_tell, services, desk, now, nightly=nightly)
        _guarded(report, desk.account.account_id, telling)
    return report


def _guarded(report: NoticesReport, addressee: str, tell: Callable[[], int]) -> None:
    try:
        report.mails += tell()
    except BoekbrugError as failed:
        report.failed += 1
        log.warning("not told now", extra={"addressee": addressee, "code": failed.code})
    except Exception as fault:  # noqa: BLE001  # one account never stops the others
        report.failed += 1
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "not told: fault", extra={"addressee": addressee, "why": where(fault)}
        )


# --------------------------------------------------------------------------- who may hear what


def _desks(
    services: NoticeServices, rows: Iterable[LedgerRow], now: datetime, *, nightly: bool
) -> list[_Desk]:
    """Every account with something open, something to remark, or something told before."""
    items = [item for row in rows if (item := digests.item_of(row, now)) is not None]
    items += map(digests.item_of_finding, services.findings.open())
    remarked = _remarked(services, now)
    ids = {item.shop_id for item in items} | {row.key.shop_id for row in remarked}
    shops = services.tenants.shops(sorted(ids))
    memories = {memory.addressee: memory for memory in services.memories.all()}
    wanted = {shop.account_id for shop in shops.values()} | {
        one.addressee for one in memories.values() if one.causes and one.addressee != OPERATOR
    }
    desks = {
        one.account_id: _desk(one, memories) for one in _accounts(services, wanted, nightly=nightly)
    }
    for shop_id, shop in shops.items():
        if shop.account_id in desks:
            desk = desks[shop.account_id]
            desk.shops[shop_id] = shop
            desk.items += [item for item in items if item.shop_id == shop_id]
            desk.remarks += [row for row in remarked if row.key.shop_id == shop_id]
    return list(desks.values())


def _accounts(services: NoticeServices, wanted: Iterable[str], *, nightly: bool) -> list[Account]:
    found = {one: services.tenants.account(one) for one in sorted(wanted)}
    if nightly:
        chosen = (one for one in services.tenants.all_accounts() if one.notify != "problems")
        found |= {one.account_id: one for one in chosen}
    return [account for account in found.values() if account is not None and account.emails]


def _desk(account: Account, memories: Mapping[str, MailMemory]) -> _Desk:
    known = memories.get(account.account_id)
    return _Desk(account, known or MailMemory(addressee=account.account_id))


def _remarked(services: NoticeServices, now: datetime) -> list[LedgerRow]:
    days = [now.date() - timedelta(days=back) for back in reversed(range(DAYS_BACK))]
    return [row for day in days for row in services.ledger.remarked_rows(day)]


# --------------------------------------------------------------------------- telling one account


def _tell(services: NoticeServices, desk: _Desk, now: datetime, *, nightly: bool) -> int:
    """The closing mail, then the digest; each is remembered as soon as it went out."""
    sent = 0
    gone, causes = digests.over(desk.items, desk.memory), desk.memory.causes
    news = [code for code in gone if not digests.let_go(causes[code], code, now)]
    if news:
        closed = tuple(_closed(services, desk.memory, code) for code in news)
        services.notices.solved(desk.account, closed, _names(services, desk, closed))
        sent += 1
    if gone:
        desk.memory = _kept(services, digests.after_closing(desk.memory, gone, now))
    digest, after = _digest(services, desk, now, nightly=nightly)
    if not digest.empty:
        services.notices.digest(desk.account, digest)
        _kept(services, after)
        sent += 1
    return sent


def _kept(services: NoticeServices, memory: MailMemory) -> MailMemory:
    """When another run was faster, it told the same at the same time: nothing is lost by that."""
    services.memories.keep(memory)
    return services.memories.of(memory.addressee)


def _digest(
    services: NoticeServices, desk: _Desk, now: datetime, *, nightly: bool
) -> tuple[Digest, MailMemory]:
    sections, after = digests.problems(desk.items, desk.memory, now)
    remarks, after = digests.remarks(desk.remarks, after, now)
    since = digests.summary_since(desk.account, desk.memory, now) if nightly else None
    if since is not None:
        rows = _all_rows(services, desk)
        after = replace(after, summary_until=now)
        summary = digests.summary(rows, since)
    else:
        summary = None
    names = {shop_id: _title(shop) for shop_id, shop in desk.shops.items()}
    return Digest(problems=sections, remarks=remarks, summary=summary, shops=names), after


def _all_rows(services: NoticeServices, desk: _Desk) -> Iterable[LedgerRow]:
    """Every order of the account: only who asked for summaries costs this."""
    for shop in services.tenants.account_shops(desk.account.account_id):
        yield from services.ledger.shop_rows(shop.shop_id)


def _closed(services: NoticeServices, memory: MailMemory, code: str) -> Section:
    """What became of the orders of a cause that is over."""
    orders = memory.causes[code].orders
    items = tuple(Item(code=code, shop_id=shop, number=number) for shop, number in orders)
    found = [services.ledger.by_number(shop, number) for shop, number in orders if number]
    states = Counter(row.state for rows in found for row in rows[-1:])
    return Section(code=code, items=items, outcomes=dict(states))


def _names(services: NoticeServices, desk: _Desk, sections: Iterable[Section]) -> dict[str, str]:
    ids = {item.shop_id for section in sections for item in section.items}
    found = services.tenants.shops(sorted(ids - set(desk.shops))) | desk.shops
    return {shop_id: _title(shop) for shop_id, shop in found.items()}


def _title(shop: ConnectedShop) -> str:
    return shop.store.name or shop.store.domain or shop.shop_id


# --------------------------------------------------------------------------- the operator


def _tell_operator(services: NoticeServices, rows: Iterable[LedgerRow], now: datetime) -> int:
    """One mail per fault and day, however many orders and runs it hits (R129)."""
    memory = services.memories.of(OPERATOR)
    faults = [_fault(row) for row in rows if row.reason in OURS]
    gone = digests.over(faults, memory)
    sections, after = digests.problems(faults, memory, now)
    if not services.operator or not (gone or sections):
        return 0
    for section in sections:
        services.notices.crashed(services.operator, section)
    _kept(services, digests.after_closing(after, gone, now))
    return len(sections)


def _fault(row: LedgerRow) -> Item:
    """The place of the fault makes the cause: the same mistake in many orders is one."""
    cause = f"{row.reason}: {row.detail}" if row.detail else row.reason
    return Item(code=cause, shop_id=row.key.shop_id, number=row.key.number)
