"""Who may come in, the address of signed calls, what is kept, and the end of an account."""

import json
from typing import Any

from boekbrug.errors import RetryLater
from boekbrug.journey.account_care import (
    AccountRefused,
    add_person,
    change_person,
    close_account,
    everything_kept,
    orders_kept,
    remove_person,
)
from boekbrug.journey.ports.tenants import OWNER, ROLES
from boekbrug.journey.receive_hook import new_hook
from boekbrug.journey.sign_in import SignInRefused, invite
from boekbrug.portal.area import Area
from boekbrug.portal.request import SESSION, gone
from boekbrug.portal.visit import Answer, Download, Flash, Guest, NotFound, Page, Redirect, Visit

area = Area()

JSON = "application/json; charset=utf-8"
CLOSING = {"nl": "opheffen", "en": "close"}
"""The word that is typed to close an account."""


@area.get("/account", nav="account")
def account(visit: Visit) -> Answer:
    return _page(visit)


# --------------------------------------------------------------------------- people


@area.post("/account/gebruikers")
def add(visit: Visit) -> Answer:
    email, role = visit.form.text("email"), visit.form.text("rol")
    mailed = visit.form.checked("mails")
    try:
        add_person(visit.services.caring, visit.account, email, role, mailed=mailed)
    except AccountRefused as refused:
        field = "rol" if refused.code == "no_role" else "email"
        return _page(visit, errors={field: visit.say(f"account.{refused.code}")})
    return Redirect("/account", flash=_invited(visit, email))


def _invited(visit: Visit, email: str) -> Flash:
    """With a first link; without it the newcomer asks for one on the sign-in page."""
    try:
        invite(
            visit.services.signing_in,
            email,
            account=visit.account,
            portal_url=visit.portal_url,
        )
    except (RetryLater, SignInRefused):
        url = f"{visit.portal_url}/inloggen"
        return Flash.info(visit.say("account.added_without_mail", email=email, url=url))
    return Flash.good(visit.say("account.added", email=email))


@area.post("/account/gebruikers/wijzigen")
def change(visit: Visit) -> Answer:
    email, role = visit.form.text("wie"), visit.form.text("rol")
    mailed = visit.form.checked("mails")
    try:
        if visit.form.text("doe") == "weg":
            remove_person(visit.services.caring, visit.account, email)
            told = "account.removed"
        else:
            change_person(visit.services.caring, visit.account, email, role, mailed=mailed)
            told = "account.changed"
    except AccountRefused as refused:
        return _page(visit, errors={"": visit.say(f"account.{refused.code}")})
    return Redirect("/account", flash=Flash.good(visit.say(told, email=email)))


# --------------------------------------------------------------------------- signed calls


@area.get("/account/signaal", nav="account", owner=True)
def hook(visit: Visit) -> Answer:
    return Page("account/hook.html.j2", {"shop": visit.shop, "hook": None})


@area.post("/account/signaal")
def renew_hook(visit: Visit) -> Answer:
    """Shown in the answer itself, once: nothing of it is kept to be shown again."""
    made = new_hook(visit.services.tenants, visit.services.hook_keys, visit.shop)
    url = f"{visit.services.hook_url.rstrip('/')}/{made.path}"
    shown = {"url": url, "secret": made.secret.text}
    return Page("account/hook.html.j2", {"shop": visit.shop, "hook": shown})


# --------------------------------------------------------------------------- what is kept


@area.get("/account/verwerking", nav="account")
def agreement(visit: Visit) -> Answer:  # noqa: ARG001  # the same for everybody
    return Page("account/agreement.html.j2")


@area.get("/account/gegevens.json")
def export(visit: Visit) -> Answer:
    return _download("boekbrug.json", everything_kept(visit.services.caring, visit.account))


@area.get("/account/bestellingen.json")
def export_orders(visit: Visit) -> Answer:
    year = visit.query.text("jaar")
    if not (year.isascii() and year.isdigit() and len(year) == 4):  # a year
        raise NotFound
    orders = list(orders_kept(visit.services.caring, visit.shop, int(year)))
    name = f"boekbrug-{visit.shop.shop_id}-{year}.json"
    return _download(name, {"shop": visit.shop.shop_id, "year": int(year), "orders": orders})


def _download(name: str, document: dict[str, Any]) -> Download:
    return Download(name, JSON, json.dumps(document, ensure_ascii=False, indent=1).encode())


# --------------------------------------------------------------------------- the end


@area.get("/account/opheffen", nav="account", owner=True)
def closing(visit: Visit) -> Answer:
    return _closing_page(visit)


@area.post("/account/opheffen")
def close(visit: Visit) -> Answer:
    if visit.form.text("zeker").lower() not in CLOSING.values():
        word = CLOSING[visit.language]
        return _closing_page(visit, {"zeker": visit.say("account.close_not_sure", word=word)})
    receipt = close_account(visit.services.caring, visit.account)
    visit.services.connect_steps.drafts.drop(visit.account.account_id)
    told = Flash.good(visit.say("account.closed", number=receipt.number))
    return Redirect("/opgeheven", flash=told, cookies=(gone(SESSION),))


@area.get("/opgeheven", public=True)
def closed(guest: Guest) -> Answer:  # noqa: ARG001  # the receipt is in the mail
    return Page("account/closed.html.j2")


def _closing_page(visit: Visit, errors: dict[str, str] | None = None) -> Page:
    word = CLOSING[visit.language]
    return Page("account/close.html.j2", {"shops": visit.shops, "word": word}, errors=errors or {})


def _page(visit: Visit, errors: dict[str, str] | None = None) -> Page:
    mailed = {email.lower() for email in visit.account.emails}
    people = [(one, one.email.lower() in mailed) for one in visit.account.people]
    years = range(visit.now.year, visit.now.year - 7, -1)
    context = {
        "people": people,
        "roles": ROLES,
        "owner_role": OWNER,
        "shops": visit.shops,
        "years": years,
    }
    return Page("account/account.html.j2", context, errors=errors or {})
