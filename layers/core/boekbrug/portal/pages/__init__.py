"""The pages, a module per area."""

from boekbrug.portal.pages import (
    account,
    check,
    connect,
    orders,
    overview,
    settings,
    settings_access,
    settings_versions,
    sign_in,
    try_out,
)

AREAS = (
    sign_in.area,
    overview.area,
    orders.area,
    connect.area,
    settings.area,
    settings_versions.area,
    settings_access.area,
    account.area,
    try_out.area,
    check.area,
)
