"""The pages, a module per area."""

from boekbrug.portal.pages import overview, sign_in

AREAS = (
    sign_in.area,
    overview.area,
)
