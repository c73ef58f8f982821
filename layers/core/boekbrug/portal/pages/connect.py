"""Connecting a shop in three steps: token, contract, start; then a last look before it is kept."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import wraps

from boekbrug.domain.days import AMSTERDAM
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_steps import (
    Proposal,
    current_draft,
    finish,
    open_draft,
    propose,
    take_administration,
    take_choices,
    take_contract,
    take_token,
)
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.ports.tenants import ConnectDraft, Secret
from boekbrug.journey.prospects import Prospect, prospect, start_at
from boekbrug.journey.shop_choices import Lists, ShopChoices, shop_choices
from boekbrug.portal.area import Area
from boekbrug.portal.contract_form import contract_error, typed_contract
from boekbrug.portal.settings_form import Fields, settings_with, values_of
from boekbrug.portal.visit import Answer, Flash, Page, Redirect, Visit

area = Area()

COUNTING = timedelta(seconds=15)
"""How long a person waits for the count of a long history."""
ANOTHER = "nieuw"
"""The choice of a contract that is not connected yet."""
CHOICES = ("trigger_statuses", "start_date", "start_number", "order_prefix", "cost_center")
TOKEN, SHOP, BOOKS, START, LOOK = (
    "/koppelen",
    "/koppelen/winkel",
    "/koppelen/administratie",
    "/koppelen/start",
    "/koppelen/controle",
)
AFTER = "/proefdraaien"
"""Where a shop that was just connected is looked at."""

type Step = Callable[[Visit, ConnectDraft], Answer]


def with_draft(*, needs: str = "") -> Callable[[Step], Callable[[Visit], Answer]]:
    """A step that goes on with what was entered before; without it, back to the first step.

    ``needs`` is the field of the draft that an earlier step fills. A form of another tab, about
    another shop, changes nothing.
    """

    def made(step: Step) -> Callable[[Visit], Answer]:
        @wraps(step)
        def page(visit: Visit) -> Answer:
            draft = current_draft(visit.services.connect_steps, visit.account.account_id)
            if draft is None:
                return Redirect(TOKEN, flash=Flash.info(visit.say("connect.expired")))
            about = visit.form.text("over")
            if about and about != draft.store.id:
                return Redirect(SHOP, flash=Flash.info(visit.say("connect.another_tab")))
            if needs and not getattr(draft, needs):
                return Redirect(BOOKS)
            return step(visit, draft)

        return page

    return made


# --------------------------------------------------------------------------- the token


@area.get(TOKEN, owner=True)
def token(visit: Visit) -> Answer:
    draft = current_draft(visit.services.connect_steps, visit.account.account_id)
    return Page("connect/token.html.j2", {"draft": draft})


@area.post(TOKEN)
def send_token(visit: Visit) -> Answer:
    typed = Secret(visit.form.text("token"))
    if not typed.text:
        return _token_page(visit.say("connect.token_missing"))
    try:
        take_token(visit.services.connect_steps, visit.account.account_id, typed)
    except ConnectRefused as refused:
        return _token_page(refused.remark.told(visit.language))
    return Redirect(SHOP)


def _token_page(error: str) -> Page:
    return Page("connect/token.html.j2", {"draft": None}, errors={"token": error})


@area.get(SHOP, owner=True)
@with_draft()
def shop(visit: Visit, draft: ConnectDraft) -> Answer:  # noqa: ARG001  # every step has both
    return Page("connect/shop.html.j2", {"draft": draft, "shop": title(draft.store)})


@area.post("/koppelen/stoppen")
def stop(visit: Visit) -> Answer:
    visit.services.connect_steps.drafts.drop(visit.account.account_id)
    return Redirect("/overzicht", flash=Flash.info(visit.say("connect.stopped")))


# --------------------------------------------------------------------------- the contract


@area.get(BOOKS, owner=True)
@with_draft()
def books(visit: Visit, draft: ConnectDraft) -> Answer:
    return _books_page(visit, draft)


@area.post(BOOKS)
@with_draft()
def send_books(visit: Visit, draft: ConnectDraft) -> Answer:
    said: list[Remark] = []
    chosen = visit.form.text("administratie")
    steps = visit.services.connect_steps
    try:
        if chosen and chosen != ANOTHER:
            take_administration(steps, draft, chosen, tell=said.append)
        else:
            typed, missing = typed_contract(visit)
            if missing:
                return _books_page(visit, draft, missing)
            take_contract(steps, draft, typed, tell=said.append)
    except ConnectRefused as refused:
        errors = contract_error(visit, refused)
        if chosen and chosen != ANOTHER:  # nothing was typed that could be mended here
            errors = {"administratie": " ".join(errors.values())}
        return _books_page(visit, draft, errors)
    advice = " ".join(remark.told(visit.language) for remark in said)
    return Redirect(START, flash=Flash.info(advice) if advice else None)


def _books_page(visit: Visit, draft: ConnectDraft, errors: Mapping[str, str] | None = None) -> Page:
    mine = visit.services.tenants.account_administrations(visit.account.account_id)
    known = draft.administration_id in {one.administration_id for one in mine}
    first = mine[0].administration_id if mine else ANOTHER
    values = {
        "administratie": draft.administration_id if known else first,
        "contractcode": "" if known else draft.contractcode,
        "gebruiker": "" if known else draft.username,
    }
    return Page(
        "connect/books.html.j2",
        {"draft": draft, "shop": title(draft.store), "mine": mine, "another": ANOTHER},
        errors=errors or {},
        values=values,
    )


# --------------------------------------------------------------------------- the start


@area.get(START, owner=True)
@with_draft(needs="administration_id")
def start(visit: Visit, draft: ConnectDraft) -> Answer:
    return _start_page(visit, draft)


@area.post("/koppelen/lijsten")
@with_draft(needs="administration_id")
def read_lists(visit: Visit, draft: ConnectDraft) -> Answer:
    _choices(visit, draft, anew=True)
    return Redirect(START, flash=Flash.good(visit.say("settings.lists_read")))


@area.post(START)
@with_draft(needs="administration_id")
def send_start(visit: Visit, draft: ConnectDraft) -> Answer:
    steps = visit.services.connect_steps
    try:
        typed = {
            "trigger_statuses": visit.form.all("trigger_statuses"),
            "order_prefix": visit.form.text("order_prefix"),
            "cost_center": visit.form.text("cost_center"),
        } | _typed_start(visit, draft)
        before = draft.settings or ShopSettings()
        wanted, errors = settings_with(before, typed, visit.language, visit.say)
        errors |= _own_coupling(visit)
        if not errors:
            take_choices(steps, draft, wanted)
            return Redirect(LOOK)
    except ConnectRefused as refused:
        errors = {refused.remark.setting: refused.remark.told(visit.language)}
    return _start_page(visit, draft, errors)


def _typed_start(visit: Visit, draft: ConnectDraft) -> dict[str, object]:
    """A day, or the first order to be booked, which tells its day."""
    if visit.form.text("begin") != "nummer":
        return {"start_date": visit.form.text("start_date"), "start_number": None}
    opened, _ = open_draft(visit.services.connect_steps, draft)
    day, number = start_at(opened, draft.store, visit.form.text("start_number").lstrip("#"))
    return {"start_date": day, "start_number": number}


def _own_coupling(visit: Visit) -> dict[str, str]:
    """Two couplings at work would book every order twice."""
    answer = visit.form.text("eigen_koppeling")
    if answer == "uit":
        return {}
    problem = "coupling_on" if answer == "aan" else "coupling_missing"
    return {"eigen_koppeling": visit.say(f"connect.{problem}")}


def _start_page(visit: Visit, draft: ConnectDraft, errors: Mapping[str, str] | None = None) -> Page:
    choices = _choices(visit, draft)
    proposed = propose(visit.services.connect_steps, draft, choices.cost_centers or ())
    settings = draft.settings or _first_choices(visit, proposed)
    fields = Fields(visit.language, visit.say, choices)
    values = values_of(settings, CHOICES, visit.language)
    begin = "nummer" if settings.start_number else "datum"
    return Page(
        "connect/start.html.j2",
        {
            "draft": draft,
            "shop": title(draft.store),
            "choices": choices,
            "fields": {name: fields.of(name, settings) for name in CHOICES},
            "neighbours": proposed.others,
        },
        errors=errors or {},
        values=values | {"begin": begin, "eigen_koppeling": "uit" if draft.settings else ""},
    )


def _first_choices(visit: Visit, proposed: Proposal) -> ShopSettings:
    """What the third step begins with: this VAT quarter, and what keeps shops apart."""
    today = visit.now.astimezone(AMSTERDAM).date()
    return ShopSettings(
        start_date=date(today.year, 3 * ((today.month - 1) // 3) + 1, 1),
        order_prefix=proposed.order_prefix,
        cost_center=proposed.cost_center,
    )


def _choices(visit: Visit, draft: ConnectDraft, *, anew: bool = False) -> ShopChoices:
    steps = visit.services.connect_steps
    lists = Lists(
        shop=lambda: open_draft(steps, draft)[0],
        books=lambda: open_draft(steps, draft)[1],
        cache=visit.services.cache,
        name=f"{draft.store.id}#{draft.administration_id}",
    )
    return shop_choices(lists, now=visit.now, anew=anew)


# --------------------------------------------------------------------------- a last look


@area.get(LOOK, owner=True)
@with_draft(needs="settings")
def look(visit: Visit, draft: ConnectDraft) -> Answer:
    return _look_page(visit, draft)


@area.post(LOOK)
@with_draft(needs="settings")
def connect(visit: Visit, draft: ConnectDraft) -> Answer:
    steps = visit.services.connect_steps
    try:
        connected = finish(steps, draft, account=visit.account, by=visit.by)
    except ConnectRefused as refused:
        return _look_page(visit, draft, errors={"": refused.remark.told(visit.language)})
    told = visit.say("connect.done", shop=title(connected.store))
    return Redirect(f"{AFTER}?winkel={connected.shop_id}", flash=Flash.good(told))


def _look_page(visit: Visit, draft: ConnectDraft, errors: Mapping[str, str] | None = None) -> Page:
    settings = draft.settings or ShopSettings()
    choices = _choices(visit, draft)
    fields = Fields(visit.language, visit.say, choices)
    return Page(
        "connect/look.html.j2",
        {
            "draft": draft,
            "shop": title(draft.store),
            "settings": settings,
            "statuses": fields.value_text("trigger_statuses", settings.trigger_statuses),
            "cost_center": fields.value_text("cost_center", settings.cost_center),
            "found": _prospect(visit, draft, settings),
        },
        errors=errors or {},
    )


def _prospect(visit: Visit, draft: ConnectDraft, settings: ShopSettings) -> Prospect | None:
    """``None`` when the shop does not answer now: connecting goes on without."""
    opened, _ = open_draft(visit.services.connect_steps, draft)
    clock, until = visit.services.clock, visit.now + COUNTING
    try:
        return prospect(
            opened, draft.store, settings, now=visit.now, time_left=lambda: clock.now() < until
        )
    except BoekbrugError:
        return None
