"""The settings of a shop by groups, with what they would change before they are kept."""

from collections.abc import Mapping, Sequence

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.conversions import Conversions, OnceAYear
from boekbrug.journey.ports.tenants import NOTIFY, ConnectedShop
from boekbrug.journey.settings_history import changed
from boekbrug.journey.shop_choices import ShopChoices, lists_of, shop_choices
from boekbrug.journey.standstill import standstills
from boekbrug.journey.upkeep import change_settings, choose_messages
from boekbrug.journey.what_if import WhatIf, what_if
from boekbrug.portal.area import Area
from boekbrug.portal.render import url
from boekbrug.portal.settings_form import REQUIRED, Fields, read_fields, settings_with, values_of
from boekbrug.portal.visit import Answer, Flash, NotFound, Page, Redirect, Visit
from boekbrug.portal.what_if_words import in_words

area = Area()

INDEX = "/instellingen"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "bestellingen": (
        *("trigger_statuses", "start_date", "start_number", "paid_only", "paid_statuses"),
        *("authorized_counts_as_paid", "send_credit_orders", "credit_statuses", "send_zero_total"),
    ),
    "boeken": (
        *("concept", "issue_date", "locked_period", "account", "cost_center"),
        *("accounts_by_payment", "cost_centers_by_payment", "template_due", "template_paid"),
        *("order_prefix", "send_free_shipping", "missing_amount", "exchange_rates"),
    ),
    "btw": (
        *("home_country", "sells", "service_skus", "zero_rate_means", "domestic_reverse_charge"),
        *("eu_vat", "eu_threshold_percentage", "margin_goods", "margin_skus"),
        *("fiscal_address", "warehouse_country", "vies_check"),
    ),
    "klanten": (
        *("send_private_customers", "generic_customer_email", "email_if_absent"),
        "overwrite_contacts",
    ),
}
"""Every setting is in one of them; the names are those of the addresses."""
OVER = "versie"
"""The version that was looked at when a form was filled in."""
MOST_EXAMPLES = 6


@area.get(INDEX, nav="settings")
def index(visit: Visit) -> Answer:
    return index_page(visit)


def index_page(visit: Visit, errors: Mapping[str, str] | None = None) -> Page:
    """Everything there is to set, and how the shop is doing."""
    shop = visit.shop
    (version,) = visit.services.tenants.settings_versions(shop.shop_id, 1) or (None,)
    return Page(
        "settings/index.html.j2",
        {
            "shop": shop,
            "name": title(shop.store),
            "administration": visit.administration(shop.administration_id),
            "standstills": standstills(visit.services.tenants, shop),
            "groups": list(GROUPS),
            "version": version,
        },
        errors=errors or {},
    )


# --------------------------------------------------------------------------- one group


@area.get("/instellingen/<group>", nav="settings")
def group(visit: Visit, group: str) -> Answer:
    return _group_page(visit, group)


@area.post("/instellingen/lijsten")
def read_lists(visit: Visit) -> Answer:
    """Accounts, cost centres, statuses and methods as they are now."""
    choices_of(visit, visit.shop, anew=True)
    to = url(visit, f"/instellingen/{_known(visit.form.text('groep'))}")
    return Redirect(to, flash=Flash.good(visit.say("settings.lists_read")))


@area.post("/instellingen/<group>/vooraf", nav="settings")
def ahead(visit: Visit, group: str) -> Answer:
    """What it would change, before it is kept."""
    wanted, errors = _typed(visit, group)
    if errors:
        return _group_page(visit, group, errors)
    now = settings_of(visit, visit.shop)
    if wanted == now:
        to = url(visit, f"/instellingen/{group}")
        return Redirect(to, flash=Flash.info(visit.say("settings.same")))
    fields = Fields(visit.language, visit.say, choices_of(visit, visit.shop))
    hidden = [
        (name, value)
        for name in visit.form.fields
        if name.partition(".")[0] in {*GROUPS[group], OVER}
        for value in visit.form.all(name)
    ]
    return what_if_page(visit, wanted, fields, action=f"/instellingen/{group}", hidden=hidden)


@area.post("/instellingen/<group>", nav="settings")
def save(visit: Visit, group: str) -> Answer:
    wanted, errors = _typed(visit, group)
    if visit.form.text("stap") == "terug":
        values = {name: visit.form.all(name) for name in visit.form.fields}
        return _group_page(visit, group, values=values)
    if errors:
        return _group_page(visit, group, errors)
    typed = {name: getattr(wanted, name) for name in GROUPS[group]}
    try:
        change_settings(
            visit.services.connecting, visit.shop.shop_id, typed, by=visit.by, over=looked_at(visit)
        )
    except ConnectRefused as refused:
        errors = {refused.remark.setting: refused.remark.told(visit.language)}
        return _group_page(visit, group, errors, seen=refused.remark.code == "changed_meanwhile")
    told = Flash.good(visit.say("settings.saved"))
    return Redirect(url(visit, f"/instellingen/{group}"), flash=told)


def looked_at(visit: Visit) -> int | None:
    """The version that a form was filled in over."""
    version = visit.form.text(OVER)
    return int(version) if version.isdecimal() and len(version) < 10 else None


def _known(group: str) -> str:
    if group not in GROUPS:
        raise NotFound
    return group


def _typed(visit: Visit, group: str) -> tuple[ShopSettings, dict[str, str]]:
    before = settings_of(visit, visit.shop)
    fields = Fields(visit.language, visit.say, choices_of(visit, visit.shop))
    shown = [fields.of(name, before) for name in GROUPS[_known(group)]]
    typed = read_fields(visit.form, shown)
    missed = {name for name in REQUIRED if getattr(before, name)}
    return settings_with(before, typed, visit.language, visit.say, required=missed)


def _group_page(
    visit: Visit,
    group: str,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, object] | None = None,
    *,
    seen: bool = False,
) -> Page:
    """``seen``: the owner is told that another version decides now, so he may go on over it."""
    names, shop = GROUPS[_known(group)], visit.shop
    settings = settings_of(visit, shop)
    choices = choices_of(visit, shop)
    fields = Fields(visit.language, visit.say, choices)
    return Page(
        "settings/group.html.j2",
        {
            "shop": shop,
            "group": group,
            "choices": choices,
            "fields": [fields.of(name, settings) for name in names],
            "told": [
                (fields.title(name), fields.value_text(name, getattr(settings, name)))
                for name in names
            ],
            "version": (not seen and visit.form.text(OVER)) or shop.settings_version,
        },
        errors=errors or {},
        values=values or values_of(settings, names, visit.language),
    )


# --------------------------------------------------------------------------- what would change


def what_if_page(
    visit: Visit,
    wanted: ShopSettings,
    fields: Fields,
    *,
    action: str,
    hidden: Sequence[tuple[str, str]],
    back: str = "",
) -> Page:
    """What changes, what that would have meant for the latest orders, and whether to keep it.

    ``hidden`` goes along with the button; without ``back`` a button leads back to what was typed.
    """
    now = settings_of(visit, visit.shop)
    changes = [
        (
            fields.title(name),
            fields.value_text(name, getattr(now, name)),
            fields.value_text(name, getattr(wanted, name)),
        )
        for name in changed(now, wanted)
    ]
    found = _what_if(visit, now, wanted)
    examples = found.examples[:MOST_EXAMPLES] if found else ()
    return Page(
        "settings/what_if.html.j2",
        {
            "shop": visit.shop,
            "changes": changes,
            "found": found,
            "examples": [
                (one, [in_words(difference, fields) for difference in one.differences])
                for one in examples
            ],
            "action": action,
            "hidden": hidden,
            "back": back,
        },
    )


def _what_if(visit: Visit, now: ShopSettings, wanted: ShopSettings) -> WhatIf | None:
    """``None`` when the shop does not answer now: saving goes on without."""
    services, shop = visit.services.connecting, visit.shop
    administration = visit.administration(shop.administration_id)
    try:
        credentials = open_credentials(services.sealer, administration)
        report = OnceAYear(services.administrations.open(credentials))
        return what_if(
            services.shops.open(open_token(services.sealer, shop)),
            lambda statuses, originals: Conversions(
                sources=visit.services.deciding.booking.one,
                report=report,
                shop=shop,
                statuses=statuses,
                originals=originals,
                now=visit.now,
            ),
            now,
            wanted,
        )
    except BoekbrugError:
        return None


# --------------------------------------------------------------------------- messages


@area.get("/instellingen/berichten", nav="settings")
def messages(visit: Visit) -> Answer:
    return Page(
        "settings/messages.html.j2",
        {"choices": _notify_choices(visit)},
        values={"wanneer": visit.account.notify},
    )


@area.post("/instellingen/berichten", nav="settings")
def choose(visit: Visit) -> Answer:
    services, wanted = visit.services.connecting, visit.form.text("wanneer")
    if not choose_messages(services, visit.account.account_id, wanted):
        errors = {"wanneer": visit.say("settings.notify_missing")}
        page = {"choices": _notify_choices(visit)}
        return Page("settings/messages.html.j2", page, errors=errors)
    told = Flash.good(visit.say("settings.saved"))
    return Redirect(url(visit, "/instellingen/berichten"), flash=told)


def _notify_choices(visit: Visit) -> list[tuple[str, str]]:
    return [(one, visit.say(f"settings.notify_{one}")) for one in NOTIFY]


# --------------------------------------------------------------------------- parts


def settings_of(visit: Visit, shop: ConnectedShop) -> ShopSettings:
    """The settings that decide now."""
    return visit.services.tenants.settings(shop.shop_id, shop.settings_version)


def choices_of(visit: Visit, shop: ConnectedShop, *, anew: bool = False) -> ShopChoices:
    """What there is to choose from, as it was read not long ago."""
    lists = lists_of(visit.services.connecting, visit.services.cache, shop)
    return shop_choices(lists, now=visit.now, anew=anew)
