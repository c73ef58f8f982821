"""The pages, a module per area."""

from boekbrug.portal.pages import connect, overview, sign_in

AREAS = (
    sign_in.area,
    overview.area,
    connect.area,
)
