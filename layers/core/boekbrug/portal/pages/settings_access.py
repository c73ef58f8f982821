"""A connected shop: another token, another user of Acumulus; paused, going on, disconnected."""

from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_steps import count_try
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.tenants import Secret
from boekbrug.journey.upkeep import pause, remove, replace_credentials, replace_token, resume
from boekbrug.portal.area import Area
from boekbrug.portal.contract_form import PASSWORD, USER
from boekbrug.portal.pages.settings import INDEX, index_page
from boekbrug.portal.render import url
from boekbrug.portal.visit import Answer, Flash, Page, Redirect, Visit

area = Area()

TOKEN, BOOKS, REMOVE = (
    "/instellingen/token",
    "/instellingen/acumulus",
    "/instellingen/ontkoppelen",
)


# --------------------------------------------------------------------------- token


@area.get(TOKEN, nav="settings", owner=True)
def token(visit: Visit) -> Answer:
    return _token_page(visit)


@area.post(TOKEN, nav="settings")
def send_token(visit: Visit) -> Answer:
    typed, said = Secret(visit.form.text("token")), list[Remark]()
    if not typed.text:
        return _token_page(visit, visit.say("connect.token_missing"))
    try:
        count_try(visit.services.connect_steps, visit.account.account_id)
        replace_token(visit.services.connecting, visit.shop.shop_id, typed, tell=said.append)
    except ConnectRefused as refused:
        return _token_page(visit, refused.remark.told(visit.language))
    return _done(visit, visit.say("settings.token_replaced", end=typed.last_four), said)


def _token_page(visit: Visit, error: str = "") -> Page:
    told = {"shop": visit.shop, "name": title(visit.shop.store)}
    return Page("settings/token.html.j2", told, errors={"token": error} if error else {})


# --------------------------------------------------------------------------- contract


@area.get(BOOKS, nav="settings", owner=True)
def books(visit: Visit) -> Answer:
    return _books_page(visit, {})


@area.post(BOOKS, nav="settings")
def send_books(visit: Visit) -> Answer:
    administration = visit.administration(visit.shop.administration_id)
    user, password = visit.form.text(USER), visit.form.text(PASSWORD)
    missing = {
        name: visit.say(f"connect.missing_{name}")
        for name, typed in ((USER, user), (PASSWORD, password))
        if not typed
    }
    if missing:
        return _books_page(visit, missing)
    said: list[Remark] = []
    try:
        count_try(visit.services.connect_steps, visit.account.account_id)
        replace_credentials(
            visit.services.connecting,
            administration.administration_id,
            Credentials(administration.contractcode, user, Secret(password)),
            tell=said.append,
        )
    except ConnectRefused as refused:
        typed_wrong = refused.remark.code in {"contract_refused", "role_refused"}
        told = refused.remark.told(visit.language)
        return _books_page(visit, {USER if typed_wrong else "": told})
    return _done(visit, visit.say("settings.contract_replaced"), said)


def _books_page(visit: Visit, errors: dict[str, str]) -> Page:
    administration = visit.administration(visit.shop.administration_id)
    neighbours = [
        title(shop.store)
        for shop in visit.shops
        if shop.administration_id == administration.administration_id
    ]
    return Page(
        "settings/contract.html.j2",
        {"shop": visit.shop, "administration": administration, "neighbours": neighbours},
        errors=errors,
        values={USER: administration.username},
    )


def _done(visit: Visit, told: str, said: list[Remark]) -> Redirect:
    """Back to the overview of the settings, with everything there is to say."""
    sentences = " ".join([told, *(remark.told(visit.language) for remark in said)])
    return Redirect(url(visit, INDEX), flash=Flash.good(sentences))


# --------------------------------------------------------------------------- stop, go, gone


@area.post("/instellingen/pauze", nav="settings")
def stop(visit: Visit) -> Answer:
    pause(visit.services.connecting, visit.shop.shop_id)
    told = visit.say("settings.paused", shop=title(visit.shop.store))
    return Redirect(url(visit, INDEX), flash=Flash.good(told))


@area.post("/instellingen/hervatten", nav="settings")
def go_on(visit: Visit) -> Answer:
    said: list[Remark] = []
    try:
        resume(visit.services.connecting, visit.shop.shop_id, tell=said.append)
    except ConnectRefused as refused:
        return index_page(visit, {"": refused.remark.told(visit.language)})
    told = " ".join(remark.told(visit.language) for remark in said)
    return Redirect(url(visit, INDEX), flash=Flash.good(told) if told else None)


@area.get(REMOVE, nav="settings", owner=True)
def leaving(visit: Visit) -> Answer:
    return _remove_page(visit)


@area.post(REMOVE, nav="settings")
def leave(visit: Visit) -> Answer:
    if not visit.form.checked("zeker"):
        return _remove_page(visit, visit.say("settings.remove_unsure"))
    gone = remove(visit.services.connecting, visit.shop.shop_id)
    told = visit.say("settings.removed", shop=title(gone.store))
    return Redirect("/overzicht", flash=Flash.good(told))


def _remove_page(visit: Visit, error: str = "") -> Page:
    shop = visit.shop
    waiting = sum(1 for _ in visit.services.ledger.open_rows(shop.shop_id))
    return Page(
        "settings/remove.html.j2",
        {"shop": shop, "name": title(shop.store), "waiting": waiting},
        errors={"zeker": error} if error else {},
    )
