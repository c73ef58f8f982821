"""The first page after signing in."""

from boekbrug.portal.area import Area
from boekbrug.portal.visit import Answer, Page, Redirect, Visit

area = Area()


@area.get("/")
def home(visit: Visit) -> Answer:  # noqa: ARG001  # the same for everybody
    return Redirect("/overzicht")


@area.get("/overzicht", nav="overview")
def overview(visit: Visit) -> Answer:
    return Page("overview/overview.html.j2", {"shops": visit.shops})
