"""An order number -> the answer to "waarom wel, waarom niet?", also for one never fetched.

The ledger answers first; a number it does not know is asked of the shop, and judged by the same
rules as in a run. Nothing is written.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Hold, Skip
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_rows import open_token
from boekbrug.journey.ports import (
    BOOKED,
    NOT_STARTED,
    PAUSED_BY_HAND,
    QUEUED,
    WAITING,
    Clock,
    ConnectedShop,
    Ledger,
    LedgerRow,
    Sealer,
    Shop,
    Shops,
    Tenants,
    TimelineEvent,
    UnreadableOrder,
)
from boekbrug.journey.sentences import reason_in_words, sentence

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

    ``text`` is Dutch, for the shop owner; ``remarks`` are what else matters now, such as a stopped
    shop. ``row`` and ``timeline`` are empty for an order the ledger does not know.
    """

    number: str
    state: str
    reason: str
    text: str
    remarks: tuple[str, ...] = ()
    row: LedgerRow | None = None
    timeline: tuple[TimelineEvent, ...] = ()


def explain(services: ExplainServices, shop: ConnectedShop, number: str) -> Explanation:
    """Answer for the number as a person types it: "1042", "#1042" or "WA1042".

    Never raises for a shop that does not answer: then that is the answer. Raises ``RetryLater``
    when our own storage cannot be read.
    """
    settings = services.tenants.settings(shop.shop_id, shop.settings_version)
    number = plain_number(number, settings.order_prefix)
    rows = services.ledger.by_number(shop.shop_id, number)
    if not rows:
        return _not_in_ledger(services, shop, settings, number)
    row = max(rows, key=lambda one: one.changed_at or one.seen_at or _NEVER)
    return Explanation(
        number=number,
        state=row.state,
        reason=row.reason,
        text=sentence(row),
        remarks=_remarks(services, shop, row.state),
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
    services: ExplainServices, shop: ConnectedShop, settings: ShopSettings, number: str
) -> Explanation:
    reason, text = _asked(services, shop, settings, number)
    return Explanation(
        number=number,
        state=UNSEEN,
        reason=reason,
        text=text,
        remarks=_remarks(services, shop, UNSEEN),
    )


def _asked(
    services: ExplainServices, shop: ConnectedShop, settings: ShopSettings, number: str
) -> tuple[str, str]:
    """Ask the shop for the order and judge it as a run would; reason and sentence."""
    try:
        api = services.shops.open(open_token(services.sealer, shop))
        found = api.order(number)
    except BoekbrugError:
        return "shop_unreachable", (
            "Deze bestelling is nog niet opgehaald, en Mijnwebwinkel geeft haar nu niet."
        )
    if found is None:
        return "not_in_shop", f"Mijnwebwinkel kent in deze winkel geen bestelling {number}."
    if isinstance(found, UnreadableOrder):
        return "unreadable_order", reason_in_words("unreadable_order", found.problem)
    facts = Facts(now=services.clock.now(), store=shop.store, statuses=_statuses(api))
    return _judged(found.order, settings, facts)


def _judged(order: Order, settings: ShopSettings, facts: Facts) -> tuple[str, str]:
    match decide(order, settings, facts):
        case Skip(reason=reason, messages=messages) | Hold(reason=reason, messages=messages):
            text = messages[0].text if messages else reason_in_words(reason)
        case None:
            return "next_run", (
                "Deze bestelling is nog niet opgehaald. Dat gebeurt bij de volgende ronde, en dan "
                "wordt zij geboekt."
            )
    now = facts.statuses.get(order.status) if order.status is not None else None
    if reason == "status" and now is not None:
        text += f" Nu is de status: {now.description}."
    return reason, text


def _statuses(api: Shop) -> dict[int, OrderStatus]:
    try:
        return {status.id: status for status in api.order_statuses()}
    except BoekbrugError:
        return {}


def _remarks(services: ExplainServices, shop: ConnectedShop, state: str) -> tuple[str, ...]:
    """What holds up everything of this shop at the moment."""
    if state == BOOKED:
        return ()
    found: list[str] = []
    if shop.paused == NOT_STARTED:
        found.append(
            "De winkel is gekoppeld maar nog niet aangezet: er wordt niets opgehaald en geboekt."
        )
    elif shop.paused == PAUSED_BY_HAND:
        found.append("De winkel staat op pauze: er wordt niets opgehaald.")
    elif shop.paused:
        found.append(
            "Mijnwebwinkel weigert de token van deze winkel: er wordt niets opgehaald tot er een "
            "nieuwe is."
        )
    administration = services.tenants.administration(shop.administration_id)
    if administration is not None and administration.paused:
        found.append(
            "Acumulus weigert de toegang tot deze administratie: er wordt niets geboekt tot dat is "
            "hersteld."
        )
    if state in {QUEUED, WAITING, UNSEEN} and not services.tenants.posting_allowed():
        found.append("Het boeken is voor iedereen even stilgezet.")
    return tuple(found)
