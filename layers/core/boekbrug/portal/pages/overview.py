"""The first page after signing in: how the shop does, and its two or three buttons."""

from datetime import UTC, datetime, timedelta

from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.overview import glances, overview
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.ports.tenants import NOT_STARTED
from boekbrug.journey.standstill import ROLE_REFUSED
from boekbrug.journey.upkeep import pause, resume
from boekbrug.portal.area import Area
from boekbrug.portal.order_page import booked_as, order_path
from boekbrug.portal.render import url
from boekbrug.portal.texts import CATALOGUE
from boekbrug.portal.visit import SHOP, Answer, Flash, Page, Redirect, Visit

area = Area()

OVERVIEW = "/overzicht"
FOLLOWED = timedelta(seconds=45)
"""How long the page follows a fetch that was just asked for, if nothing comes of it."""
MOST_FINDINGS = 20

WHERE_TO = {
    NOT_STARTED: ("/proefdraaien", "overview.to_trial_run"),
    "token_refused": ("/instellingen/token", "overview.to_token"),
    "credentials_refused": ("/instellingen/acumulus", "overview.to_books"),
    ROLE_REFUSED: ("/instellingen/acumulus", "overview.to_books"),
    "administration_removed": ("/koppelen", "overview.to_connect"),
}
"""Where what holds up a shop is mended; the rest goes on with the button Hervatten."""


@area.get("/")
def home(visit: Visit) -> Answer:  # noqa: ARG001  # the same for everybody
    return Redirect(OVERVIEW)


@area.get(OVERVIEW, nav="overview")
def page(visit: Visit) -> Answer:
    return _page(visit)


@area.post("/overzicht/ophalen", nav="overview")
def fetch(visit: Visit) -> Answer:
    shop = visit.shop
    if shop.paused:
        told = Flash.bad(visit.say("overview.stands_still"))
        return Redirect(url(visit, OVERVIEW), flash=told)
    visit.services.shops_queue.send([shop.shop_id])
    asked_at = int(visit.now.timestamp())
    told = Flash.info(visit.say("overview.fetching"))
    return Redirect(url(visit, OVERVIEW, sinds=asked_at), flash=told)


@area.post("/overzicht/pauze", nav="overview")
def stop(visit: Visit) -> Answer:
    pause(visit.services.connecting, visit.shop.shop_id)
    return Redirect(url(visit, OVERVIEW), flash=Flash.good(visit.say("overview.paused")))


@area.post("/overzicht/hervatten", nav="overview")
def go_on(visit: Visit) -> Answer:
    said: list[Remark] = []
    try:
        resume(visit.services.connecting, visit.shop.shop_id, tell=said.append)
    except ConnectRefused as refused:
        return _page(visit, {"": refused.remark.told(visit.language)})
    told = " ".join(remark.told(visit.language) for remark in said)
    return Redirect(url(visit, OVERVIEW), flash=Flash.good(told) if told else None)


def _page(visit: Visit, errors: dict[str, str] | None = None) -> Page:
    if not visit.shops and SHOP not in visit.query:
        return Page("overview/no_shop.html.j2")
    seen = overview(visit.services, visit.shop)
    others = [shop for shop in visit.shops if shop.shop_id != visit.shop.shop_id]
    following = seen.moving or _asked_just_now(visit)
    return Page(
        "overview/overview.html.j2",
        {
            "seen": seen,
            "glance": seen.glance,
            "shop": title(visit.shop.store),
            "paused": visit.shop.paused,
            "startable": visit.shop.paused != NOT_STARTED,
            "where_to": WHERE_TO,
            "findings": [_told(visit, one) for one in seen.glance.findings[:MOST_FINDINGS]],
            "others": [(title(one.shop.store), one) for one in glances(visit.services, others)],
            "follow": _this_page(visit) if following else "",
            "booked_as": lambda row: booked_as(row, visit),
            "order_path": order_path,
        },
        errors=errors or {},
    )


def _told(visit: Visit, finding: Finding) -> tuple[Finding, str]:
    """A finding with what kind it is, in the visitor's language."""
    known = f"overview.finding_{finding.code}"
    return finding, visit.say(known if known in CATALOGUE else "overview.finding_other")


def _asked_just_now(visit: Visit) -> bool:
    asked = visit.query.text("sinds")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return False
    return timedelta(0) <= visit.now - datetime.fromtimestamp(int(asked), UTC) < FOLLOWED


def _this_page(visit: Visit) -> str:
    return url(visit, OVERVIEW, sinds=visit.query.text("sinds"))
