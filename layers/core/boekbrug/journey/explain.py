"""An order number -> the answer to "waarom wel, waarom niet?", also for one never fetched.

The ledger answers first; a number it does not know is asked of the shop, and judged by the same
rules as in a run. Nothing is written.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Hold, Skip
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_rows import open_token
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.ledger import BOOKED, QUEUED, WAITING, Ledger, LedgerRow, TimelineEvent
from boekbrug.journey.ports.shops import FetchedOrder, Shop, Shops, UnreadableOrder
from boekbrug.journey.ports.tenants import ConnectedShop, Sealer, Tenants
from boekbrug.journey.sentences import DUTCH, ENGLISH, Words, reason_in_words, sentence
from boekbrug.journey.standstill import STOPPED_FOR_ALL, standstills

UNSEEN: Final = "unseen"
"""The state of a number that the ledger does not know."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainServices:
    """What explaining needs; all of it is only read."""

    tenants: Tenants
    ledger: Ledger
    sealer: Sealer
    shops: Shops
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an order is or is not booked.

    ``text`` is for the shop owner; ``remarks`` are what else matters now, such as a stopped shop.
    ``row`` and ``timeline`` are empty for an order the ledger does not know; then ``fetched`` is
    what the shop gave when it was asked.
    """

    number: str
    state: str
    reason: str
    text: str
    remarks: tuple[str, ...] = ()
    row: LedgerRow | None = None
    timeline: tuple[TimelineEvent, ...] = ()
    fetched: FetchedOrder | UnreadableOrder | None = field(default=None, repr=False)


def explain(
    services: ExplainServices, shop: ConnectedShop, number: str, *, language: str = DUTCH
) -> Explanation:
    """Answer for the number as a person types it: "1042", "#1042" or "WA1042".

    Never raises for a shop that does not answer: then that is the answer. Raises ``RetryLater``
    when our own storage cannot be read.
    """
    settings = services.tenants.settings(shop.shop_id, shop.settings_version)
    number = plain_number(number, settings.order_prefix)
    rows = services.ledger.by_number(shop.shop_id, number)
    if not rows:
        return _not_in_ledger(services, shop, number, language)
    row = max(rows, key=lambda one: one.changed_at or one.seen_at or _NEVER)
    return Explanation(
        number=number,
        state=row.state,
        reason=row.reason,
        text=sentence(row, language),
        remarks=_remarks(services, shop, row.state, language),
        row=row,
        timeline=tuple(services.ledger.timeline(row.key)),
    )


def plain_number(typed: str, prefix: str) -> str:
    """The shop's own number in what a person typed or copied from an invoice."""
    typed = typed.strip().removeprefix("#").strip()
    rest = typed[len(prefix) :]
    mine = prefix and typed.casefold().startswith(prefix.casefold()) and rest.isdigit()
    return rest if mine else typed


def _not_in_ledger(
    services: ExplainServices, shop: ConnectedShop, number: str, language: str
) -> Explanation:
    reason, words, fetched = _asked(services, shop, number)
    return Explanation(
        number=number,
        state=UNSEEN,
        reason=reason,
        text=words.of(language),
        remarks=_remarks(services, shop, UNSEEN, language),
        fetched=fetched,
    )


type Asked = tuple[str, Words, FetchedOrder | UnreadableOrder | None]
"""Reason, sentence, and what the shop gave."""


def _asked(services: ExplainServices, shop: ConnectedShop, number: str) -> Asked:
    """Ask the shop for the order and judge it as a run would."""
    try:
        api = services.shops.open(open_token(services.sealer, shop))
        found = api.order(number)
    except BoekbrugError:
        return "shop_unreachable", _NOT_GIVEN, None
    if found is None:
        words = Words(
            f"Mijnwebwinkel kent in deze winkel geen bestelling {number}.",
            f"Mijnwebwinkel knows no order {number} in this shop.",
        )
        return "not_in_shop", words, None
    if isinstance(found, UnreadableOrder):
        return "unreadable_order", _reason("unreadable_order", found.problem), found
    settings = services.tenants.settings(shop.shop_id, shop.settings_version)
    facts = Facts(now=services.clock.now(), store=shop.store, statuses=_statuses(api))
    return *_judged(found.order, settings, facts), found


def _judged(order: Order, settings: ShopSettings, facts: Facts) -> tuple[str, Words]:
    match decide(order, settings, facts):
        case Skip(reason=reason, messages=messages) | Hold(reason=reason, messages=messages):
            words = _reason(reason, messages[0].text if messages else "")
        case None:
            return "next_run", _NEXT_RUN
    now = facts.statuses.get(order.status) if order.status is not None else None
    if reason == "status" and now is not None:
        words = Words(
            f"{words.dutch} Nu is de status: {now.description}.",
            f"{words.english} The status is now: {now.description}.",
        )
    return reason, words


def _reason(reason: str, told: str) -> Words:
    return Words(reason_in_words(reason, told), reason_in_words(reason, told, ENGLISH))


_NOT_GIVEN = Words(
    "Deze bestelling is nog niet opgehaald, en Mijnwebwinkel geeft haar nu niet.",
    "This order was not fetched yet, and Mijnwebwinkel does not give it now.",
)
_NEXT_RUN = Words(
    "Deze bestelling is nog niet opgehaald. Dat gebeurt bij de volgende ronde, en dan wordt zij "
    "geboekt.",
    "This order was not fetched yet. The next run does that, and then it is booked.",
)


def _statuses(api: Shop) -> dict[int, OrderStatus]:
    try:
        return {status.id: status for status in api.order_statuses()}
    except BoekbrugError:
        return {}


def _remarks(
    services: ExplainServices, shop: ConnectedShop, state: str, language: str
) -> tuple[str, ...]:
    """What holds up everything of this shop at the moment, as far as it matters to this order."""
    if state == BOOKED:
        return ()
    unposted = state in {QUEUED, WAITING, UNSEEN}
    return tuple(
        one.words.of(language)
        for one in standstills(services.tenants, shop)
        if unposted or one.code != STOPPED_FOR_ALL
    )
