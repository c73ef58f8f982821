"""Trying out a shop: what would be booked, each invoice beside its order, and switching on."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError, StopShop
from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.conversions import Outcome
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.order_view import order_view
from boekbrug.journey.ports.tenants import NOT_STARTED, ConnectedShop
from boekbrug.journey.rehearsal import Rehearsal, rates_of, told, whole_of
from boekbrug.journey.rehearse import (
    DAYS_BACK,
    RehearsalServices,
    as_rehearsed,
    begin,
    go_on,
    keep_checked,
    rehearsal,
)
from boekbrug.journey.sample_check import check_sample, sample
from boekbrug.journey.sentences import reason_in_words
from boekbrug.journey.switch_on import switch_on
from boekbrug.journey.trials import room
from boekbrug.portal.area import Area
from boekbrug.portal.order_page import order_parts
from boekbrug.portal.rehearsed import A_PAGE, DIFFERS, STATES, causes, entries, listed
from boekbrug.portal.render import url
from boekbrug.portal.visit import Answer, Flash, NotFound, Page, Redirect, Visit

area = Area()

TRY, GO_ON, LIST, CHECK = (
    "/proefdraaien",
    "/proefdraaien/verder",
    "/proefdraaien/lijst",
    "/proefdraaien/nakijken",
)
ON = "/aanzetten"
STEP, CHECKING = timedelta(seconds=4), timedelta(seconds=20)
"""How long one request looks at orders, or has invoices checked."""
LONGEST_NUMBER = 40


# --------------------------------------------------------------------------- what would be booked


@area.get(TRY)
def page(visit: Visit) -> Answer:
    return _page(visit, rehearsal(_services(visit), visit.shop))


@area.post(TRY, reader=True)
def start(visit: Visit) -> Answer:
    from_start = visit.form.text("periode") != str(DAYS_BACK)
    try:
        begin(_services(visit), visit.shop, from_start=from_start)
    except BoekbrugError as failed:
        return _page(visit, None, errors={"": _sentence(visit, failed)})
    return Redirect(url(visit, TRY))


@area.get(GO_ON)
def step(visit: Visit) -> Answer:
    """One step further: asked for by the page itself, or by who has no JavaScript."""
    services, problem = _services(visit), ""
    try:
        found = go_on(services, visit.shop, time_left=_time_left(visit, STEP))
    except BoekbrugError as failed:
        found, problem = rehearsal(services, visit.shop), _sentence(visit, failed)
    return _page(visit, found, problem=problem)


def _page(
    visit: Visit,
    found: Rehearsal | None,
    *,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
) -> Page:
    shop, orders = visit.shop, found.orders if found else ()
    return Page(
        "try_out/try_out.html.j2",
        {
            "shop": title(shop.store),
            "startable": shop.paused == NOT_STARTED,
            "settings": _settings(visit),
            "days_back": DAYS_BACK,
            "found": found,
            "problem": problem,
            "go_on": url(visit, GO_ON),
            "outdated": found is not None and found.settings_version != shop.settings_version,
            "rates": rates_of(orders),
            "whole": whole_of(orders),
            "causes": causes(visit, orders),
            "differs": DIFFERS,
            "sample_size": len(sample(found)) if found else 0,
            "said": _said(visit, found),
        },
        errors=errors or {},
        values={"periode": "begin" if found is None or found.from_start else DAYS_BACK},
    )


@area.get(LIST)
def orders(visit: Visit) -> Answer:
    found = rehearsal(_services(visit), visit.shop)
    if found is None:
        return Redirect(url(visit, TRY))
    state, reason = visit.query.text("soort"), visit.query.text("reden")
    chosen = listed(found, state, reason)
    typed = visit.query.text("vanaf")
    first = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    at = {"soort": state, "reden": reason}
    more, before = first + A_PAGE < len(chosen), max(0, first - A_PAGE)
    return Page(
        "try_out/list.html.j2",
        {
            "state": state if state in (*STATES, DIFFERS) else "",
            "entries": entries(visit, chosen[first : first + A_PAGE]),
            "count": len(chosen),
            "previous": url(visit, LIST, **at, vanaf=before or "") if first else "",
            "next": url(visit, LIST, **at, vanaf=first + A_PAGE) if more else "",
        },
    )


@area.get("/proefdraaien/<number>")
def order(visit: Visit, number: str) -> Answer:
    """The order beside its invoice, under the choices that were rehearsed."""
    if len(number) > LONGEST_NUMBER:
        raise NotFound
    view = order_view(
        visit.services.deciding,
        visit.shop,
        number,
        language=visit.language,
        as_if=as_rehearsed(_services(visit), visit.shop),
    )
    why = "" if view.outcome is None or view.invoice else _why_not(visit, view.outcome)
    parts = {"view": view, "why": why, **order_parts(view, visit)}
    if why:
        parts["messages"] = []  # the first of them is why
    return Page("try_out/order.html.j2", parts)


def _why_not(visit: Visit, outcome: Outcome) -> str:
    _, reason, text = told(outcome)
    return reason_in_words(reason, text, visit.language)


# --------------------------------------------------------------------------- a sample


@area.post(CHECK)
def check(visit: Visit) -> Answer:
    services = _services(visit)
    found = rehearsal(services, visit.shop)
    if found is None or found.going_on:
        return Redirect(url(visit, TRY))
    try:
        checked = check_sample(
            services, visit.shop, sample(found), time_left=_time_left(visit, CHECKING)
        )
    except BoekbrugError as failed:
        return _page(visit, found, errors={"": _sentence(visit, failed)})
    keep_checked(services, visit.shop, checked)
    return Redirect(f"{url(visit, TRY)}#steekproef")


def _said(visit: Visit, found: Rehearsal | None) -> list[tuple[str, bool, str]]:
    """Number, whether it is fine, and what Acumulus said about it."""
    checked = found.checked if found else ()
    return [
        (
            one.number,
            not one.refusal,
            reason_in_words(one.refusal, one.told, visit.language) if one.refusal else one.told,
        )
        for one in checked
    ]


# --------------------------------------------------------------------------- on


@area.get(ON, owner=True)
def confirm(visit: Visit) -> Answer:
    return _confirm_page(visit)


@area.post(ON)
def send_on(visit: Visit) -> Answer:
    said: list[Remark] = []
    services = visit.services
    try:
        begun = switch_on(services.connecting, visit.shop, tell=said.append)
    except ConnectRefused as refused:
        return _confirm_page(visit, {"": refused.remark.told(visit.language)})
    key = "try_out.is_on" if begun else "try_out.was_on"
    sentence = visit.say(key, shop=title(visit.shop.store))
    asked = int(visit.now.timestamp()) if begun else ""
    return Redirect(url(visit, "/overzicht", sinds=asked), flash=Flash.good(sentence))


def _confirm_page(visit: Visit, errors: Mapping[str, str] | None = None) -> Answer:
    shop = visit.shop
    if shop.paused != NOT_STARTED:
        sentence = visit.say("try_out.was_on", shop=title(shop.store))
        return Redirect(url(visit, "/overzicht"), flash=Flash.info(sentence))
    found = _of_now(visit, shop)
    administration = visit.administration(shop.administration_id)
    cap = visit.services.deciding.booking.trial_cap
    left = room(administration, cap)
    invoices = len(found.invoices) if found else 0
    return Page(
        "try_out/on.html.j2",
        {
            "shop": title(shop.store),
            "administration": administration,
            "settings": _settings(visit),
            "found": found,
            "whole": whole_of(found.orders if found else ()),
            "room": left if left is not None and left < invoices else None,
        },
        errors=errors or {},
    )


def _of_now(visit: Visit, shop: ConnectedShop) -> Rehearsal | None:
    """The rehearsal that tells what switching on would book, if there is one."""
    found = rehearsal(_services(visit), shop)
    if found is None or found.going_on or not found.from_start:
        return None
    return found if found.settings_version == shop.settings_version else None


# --------------------------------------------------------------------------- shared


def _services(visit: Visit) -> RehearsalServices:
    return RehearsalServices(visit.services.deciding, visit.services.cache)


def _settings(visit: Visit) -> ShopSettings:
    shop = visit.shop
    return visit.services.tenants.settings(shop.shop_id, shop.settings_version)


def _time_left(visit: Visit, how_long: timedelta) -> Callable[[], bool]:
    clock, until = visit.services.clock, visit.now + how_long
    return lambda: clock.now() < until


def _sentence(visit: Visit, failed: BoekbrugError) -> str:
    """What holds it up, and what to do."""
    if isinstance(failed, DecisionRefused):
        return failed.sentence(visit.language)
    if not isinstance(failed, StopShop):
        return visit.say("try_out.no_answer")
    shop = failed.code == "token_refused"
    return visit.say("try_out.shop_refuses" if shop else "try_out.books_refuse")
