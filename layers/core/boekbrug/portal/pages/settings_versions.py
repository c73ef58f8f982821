"""The versions of a shop's settings: who changed what, one of them, and choosing one again."""

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.settings_history import Revision, changed, history
from boekbrug.journey.upkeep import restore_settings
from boekbrug.portal.area import Area
from boekbrug.portal.pages.settings import (
    GROUPS,
    OVER,
    choices_of,
    looked_at,
    settings_of,
    what_if_page,
)
from boekbrug.portal.render import url
from boekbrug.portal.settings_form import Fields
from boekbrug.portal.visit import Answer, Flash, NotFound, Page, Redirect, Visit

area = Area()

VERSIONS = "/instellingen/versies"


@area.get(VERSIONS, nav="settings")
def versions(visit: Visit) -> Answer:
    fields = Fields(visit.language, visit.say, choices_of(visit, visit.shop))
    listed = [
        (one, [fields.title(name) for name in one.changed])
        for one in history(visit.services.tenants, visit.shop)
    ]
    return Page("settings/versions.html.j2", {"shop": visit.shop, "versions": listed})


@area.get(f"{VERSIONS}/<number>", nav="settings")
def version(visit: Visit, number: str) -> Answer:
    return _version_page(visit, _revision(visit, number))


@area.post(f"{VERSIONS}/<number>/vooraf", nav="settings")
def ahead(visit: Visit, number: str) -> Answer:
    """What choosing it again would change."""
    wanted = _revision(visit, number).version.settings
    if wanted == settings_of(visit, visit.shop):
        told = Flash.info(visit.say("settings.same"))
        return Redirect(url(visit, f"{VERSIONS}/{number}"), flash=told)
    fields = Fields(visit.language, visit.say, choices_of(visit, visit.shop))
    return what_if_page(
        visit,
        wanted,
        fields,
        action=f"{VERSIONS}/{number}",
        hidden=[(OVER, str(visit.shop.settings_version))],
        back=f"{VERSIONS}/{number}",
    )


@area.post(f"{VERSIONS}/<number>", nav="settings")
def restore(visit: Visit, number: str) -> Answer:
    revision = _revision(visit, number)
    chosen = revision.version.version
    try:
        restore_settings(
            visit.services.connecting,
            visit.shop.shop_id,
            chosen,
            by=visit.by,
            over=looked_at(visit),
        )
    except ConnectRefused as refused:
        return _version_page(visit, revision, refused.remark.told(visit.language))
    told = Flash.good(visit.say("settings.restored", number=chosen))
    return Redirect(url(visit, VERSIONS), flash=told)


def _revision(visit: Visit, number: str) -> Revision:
    """One of the versions that are listed."""
    for one in history(visit.services.tenants, visit.shop):
        if str(one.version.version) == number:
            return one
    raise NotFound


def _version_page(visit: Visit, revision: Revision, error: str = "") -> Page:
    """All of it; what is not as it is now is marked, and so is what the version changed."""
    fields = Fields(visit.language, visit.say, choices_of(visit, visit.shop))
    settings, now = revision.version.settings, settings_of(visit, visit.shop)
    differs = changed(settings, now)
    groups = [
        (
            group,
            [
                (
                    fields.title(name),
                    fields.value_text(name, getattr(settings, name)),
                    fields.value_text(name, getattr(now, name)) if name in differs else None,
                )
                for name in names
                if name in differs or getattr(settings, name) != _default(name)
            ],
        )
        for group, names in GROUPS.items()
    ]
    return Page(
        "settings/version.html.j2",
        {"shop": visit.shop, "revision": revision, "groups": groups, "differs": bool(differs)},
        errors={"": error} if error else {},
    )


def _default(name: str) -> object:
    return ShopSettings.model_fields[name].default
