"""Orders: the list, one order beside its invoice, and the decisions of a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from boekbrug.errors import StopShop
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import Said, retry_cause
from boekbrug.journey.explain import Explanation, explain, plain_number
from boekbrug.journey.order_list import (
    KINDS,
    NEEDS_YOU,
    from_cursor,
    list_orders,
    to_cursor,
)
from boekbrug.journey.order_view import order_view
from boekbrug.journey.overview import is_concept, is_moving
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.journey.possible import Decision, may_retry_all, possible, possible_unseen
from boekbrug.journey.sentences import cause_in_words, sentence
from boekbrug.portal.area import Area
from boekbrug.portal.order_decisions import decided
from boekbrug.portal.order_page import booked_as, order_parts, order_path
from boekbrug.portal.render import url
from boekbrug.portal.visit import Answer, Flash, NotFound, Page, Redirect, Visit

area = Area()

ORDERS = "/bestellingen"
SLUGS: Mapping[str, str] = dict(
    zip(KINDS, ("", "wacht-op-u", "vanzelf", "geboekt", "concept", "niet-te-boeken"), strict=True)
)
"""The kinds of orders as they stand in an address."""
DECISIONS: Mapping[str, Decision] = {
    "toch-boeken": Decision.BOOK,
    "opnieuw": Decision.RETRY,
    "niet-boeken": Decision.SKIP,
    "met-de-hand": Decision.BY_HAND,
    "opnieuw-boeken": Decision.RESEND,
    "gevonden": Decision.THERE,
    "niet-gevonden": Decision.ABSENT,
}
"""The decisions, likewise."""
LONGEST_NUMBER = 40


# --------------------------------------------------------------------------- the list


@area.get(ORDERS, nav="orders")
def orders(visit: Visit) -> Answer:
    if "zoek" in visit.query:
        return _search(visit)
    return _list_page(visit)


def _search(visit: Visit) -> Answer:
    """One order is one page: nobody has to pick it from a list of one."""
    shop = visit.shop
    settings = visit.services.tenants.settings(shop.shop_id, shop.settings_version)
    number = plain_number(visit.query.text("zoek"), settings.order_prefix)[:LONGEST_NUMBER]
    if not number:
        return _list_page(visit, {"zoek": visit.say("orders.search_empty")})
    return Redirect(url(visit, order_path(number)))


def _list_page(visit: Visit, errors: Mapping[str, str] | None = None) -> Page:
    shop_id = visit.shop.shop_id
    kind = _kind(visit)
    before = from_cursor(shop_id, visit.query.text("voor"))
    listed = list_orders(visit.services.ledger, shop_id, kind, before=before)
    return Page(
        "orders/list.html.j2",
        {
            "kind": kind,
            "slugs": SLUGS,
            "groups": _groups(visit, listed.rows, by_cause=kind == NEEDS_YOU),
            "listed": listed,
            "older": to_cursor(listed.older) if listed.older else "",
            "begins_later": before is not None,
            "booked_as": lambda row: booked_as(row, visit),
            "order_path": order_path,
        },
        errors=errors or {},
    )


def _kind(visit: Visit) -> str:
    slug = visit.query.text("soort")
    return next((kind for kind, known in SLUGS.items() if known == slug), "")


@area.post("/bestellingen/opnieuw", nav="orders")
def retry_all(visit: Visit) -> Answer:
    reason = visit.form.text("reden")
    said = Said(visit.form.text(f"waarom-{reason}"), visit.by)
    try:
        rows = retry_cause(visit.services.deciding, visit.shop, reason, said)
    except DecisionRefused as refused:
        field = f"waarom-{reason}"
        return _list_page(visit, {field: refused.sentence(visit.language)})
    key = {0: "orders.retried_none", 1: "orders.retried_all_one"}.get(
        len(rows), "orders.retried_all"
    )
    told = Flash.good(visit.say(key, n=len(rows)))
    return Redirect(url(visit, ORDERS, soort=SLUGS[NEEDS_YOU]), flash=told)


@dataclass(frozen=True, slots=True)
class Group:
    """Orders with what each means; ``reason`` and its ``sentence`` when they share a cause.

    What the sentence says already is not said again for each order.
    ``retry`` tells whether all of them can be tried again at once.
    """

    reason: str
    sentence: str
    orders: list[tuple[LedgerRow, str]]
    retry: bool


def _groups(visit: Visit, rows: tuple[LedgerRow, ...], *, by_cause: bool) -> list[Group]:
    """What waits for a person is shown by cause: one thing to mend, all orders below it."""
    told = [(row, sentence(row, visit.language)) for row in rows]
    if not by_cause:
        return [Group("", "", told, retry=False)] if told else []
    found: dict[str, list[tuple[LedgerRow, str]]] = {}
    for row, words in told:
        found.setdefault(row.reason or row.state, []).append((row, words))
    return [_group(visit, reason, members) for reason, members in found.items()]


def _group(visit: Visit, reason: str, members: list[tuple[LedgerRow, str]]) -> Group:
    same = {words for _, words in members}
    cause = same.pop() if len(same) == 1 else cause_in_words(reason, visit.language)
    retry = visit.is_owner and all(may_retry_all(row) for row, _ in members)
    rest = [(row, words.removeprefix(cause).strip()) for row, words in members]
    return Group(reason, cause, rest, retry=retry)


# --------------------------------------------------------------------------- one order


@area.get("/bestellingen/<number>", nav="orders")
def order(visit: Visit, number: str) -> Answer:
    return _order_page(visit, number)


@area.post("/bestellingen/<number>/<what>", nav="orders")
def decide(visit: Visit, number: str, what: str) -> Answer:
    decision = DECISIONS.get(what)
    if decision is None:
        raise NotFound
    try:
        told = decided(visit, number, decision, what)
    except DecisionRefused as refused:
        field = _field_of(refused, what)
        return _order_page(visit, number, {field: refused.sentence(visit.language)})
    except StopShop:
        return _order_page(visit, number, {"": visit.say("orders.access_refused")})
    return Redirect(url(visit, order_path(number)), flash=told)


def _field_of(refused: DecisionRefused, what: str) -> str:
    """The field of the form that a refusal is about."""
    if refused.code == "decision_without_reason":
        return f"waarom-{what}"
    return f"nummer-{what}" if refused.code.startswith("entry_") and what == "gevonden" else ""


@area.get("/bestellingen/<number>/nu", nav="orders")
def now(visit: Visit, number: str) -> Answer:
    """The part of an order's page that changes while it is booked; asks nothing outside."""
    why = explain(visit.services.explaining, visit.shop, number, language=visit.language)
    if why.row is None:
        raise NotFound
    return Page("orders/now.html.j2", {**_now(visit, why), "part_of_old": True})


def _order_page(visit: Visit, number: str, errors: Mapping[str, str] | None = None) -> Page:
    if len(number) > LONGEST_NUMBER:
        raise NotFound
    view = order_view(visit.services.deciding, visit.shop, number, language=visit.language)
    context = {"view": view, **_now(visit, view.explanation), **order_parts(view, visit)}
    return Page("orders/order.html.j2", context, errors=errors or {})


def _now(visit: Visit, why: Explanation) -> dict[str, object]:
    """What became of an order so far, and what can be decided."""
    row = why.row
    unseen = () if visit.shop.paused else possible_unseen(why.reason)
    choices = possible(row) if row else unseen
    slugs = {decision: slug for slug, decision in DECISIONS.items()}
    moving = row is not None and is_moving(row, visit.now)
    path = order_path(why.number)
    return {
        "why": why,
        "row": row,
        "concept": row is not None and is_concept(row),
        "decisions": [(one.value, slugs[one]) for one in choices],
        "follow": url(visit, f"{path}/nu") if moving else "",
        "order_path": order_path,
        "part_of_old": False,
    }
