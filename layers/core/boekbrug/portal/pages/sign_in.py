"""Coming in with a link, leaving, and choosing a language or an account."""

from boekbrug.errors import RetryLater
from boekbrug.journey.sign_in import (
    SignInRefused,
    ask_link,
    choose_account,
    confirm,
    look_at_link,
    sign_out,
)
from boekbrug.portal.area import Area
from boekbrug.portal.request import A_YEAR, GUEST, LANGUAGE, SESSION, cookie, gone
from boekbrug.portal.visit import LANGUAGES, Answer, Flash, Guest, NotFound, Page, Redirect, Visit

area = Area()


@area.get("/inloggen", public=True)
def ask(guest: Guest) -> Answer:
    if isinstance(guest, Visit):
        return Redirect(guest.leads_to)
    return _ask_page(guest)


@area.post("/inloggen", public=True)
def send(guest: Guest) -> Answer:
    try:
        email = ask_link(
            guest.services.signing_in,
            guest.form.text("email"),
            source=guest.source,
            portal_url=guest.portal_url,
            language=guest.language,
            leads_to=guest.leads_to,
        )
    except SignInRefused as refused:
        status = 429 if refused.code == "too_many_links" else 422
        return _ask_page(guest, error=refused.code, status=status)
    except RetryLater as failed:
        if failed.code != "mail_failed":
            raise
        return _ask_page(guest, error="mail_failed", status=503)
    return Page("sign_in/sent.html.j2", {"email": email})


@area.get("/inloggen/<token>", public=True)
def look(guest: Guest, token: str) -> Answer:
    """A mail scanner that opens the link uses nothing up: a person presses the button."""
    try:
        link = look_at_link(guest.services.signing_in, token)
    except SignInRefused as refused:
        return _refused_page(refused)
    return Page("sign_in/confirm.html.j2", {"email": link.email, "token": token})


@area.post("/inloggen/<token>", public=True)
def come_in(guest: Guest, token: str) -> Answer:
    services = guest.services.signing_in
    try:
        session, link = confirm(services, token)
    except SignInRefused as refused:
        return _refused_page(refused)
    if isinstance(guest, Visit):
        sign_out(services, guest.browser)
    several = len(services.tenants.accounts_of(link.email)) > 1
    to = "/accounts" if several else link.leads_to
    return Redirect(to, cookies=(cookie(SESSION, session), gone(GUEST)))


@area.post("/uitloggen", reader=True)
def leave(visit: Visit) -> Answer:
    sign_out(visit.services.signing_in, visit.browser)
    told = Flash.good(visit.say("sign_in.signed_out"))
    return Redirect("/inloggen", flash=told, cookies=(gone(SESSION),))


@area.get("/accounts")
def accounts(visit: Visit) -> Answer:
    tenants = visit.services.tenants
    mine = tenants.accounts_of(visit.email)
    named = [
        (account, [shop.store.name for shop in tenants.account_shops(account.account_id)])
        for account in mine
    ]
    return Page("sign_in/accounts.html.j2", {"accounts": named})


@area.post("/accounts", reader=True)
def choose(visit: Visit) -> Answer:
    wanted = visit.form.text("account")
    if not choose_account(visit.services.signing_in, visit.browser, wanted):
        raise NotFound
    return Redirect("/")


@area.post("/taal", public=True)
def language(guest: Guest) -> Answer:
    wanted = guest.form.text("taal")
    chosen = wanted if wanted in LANGUAGES else guest.language
    return Redirect(guest.leads_to, cookies=(cookie(LANGUAGE, chosen, seconds=A_YEAR),))


def _ask_page(guest: Guest, *, error: str = "", status: int = 200) -> Page:
    errors = {"email": guest.say(f"sign_in.refused_{error}")} if error else {}
    return Page("sign_in/ask.html.j2", errors=errors, status=status)


def _refused_page(refused: SignInRefused) -> Page:
    return Page("sign_in/refused.html.j2", {"code": refused.code}, status=410)
