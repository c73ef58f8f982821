"""Connecting a shop step by step: each entry is proven at once, and kept sealed until the end.

    token ─▶ "is this the shop?" ─▶ contract, or an administration that is there ─▶ choices ─▶ shop

Nothing that was typed comes back to a page: the draft holds it, on our side, for a short while.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey import prefixes
from boekbrug.journey.connect import connect
from boekbrug.journey.connect_checks import (
    check_settings,
    contract_advice,
    title,
    try_contract,
    try_token,
)
from boekbrug.journey.connect_document import AdministrationToConnect, ShopToConnect
from boekbrug.journey.connect_rows import (
    ConnectServices,
    Tell,
    administration_id_of,
    nobody,
    open_credentials,
    refuse_clash,
    taken_prefixes,
)
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.access import Access
from boekbrug.journey.ports.books import Books, Choice, Credentials
from boekbrug.journey.ports.shops import Shop
from boekbrug.journey.ports.tenants import (
    Account,
    Administration,
    ConnectDraft,
    ConnectDrafts,
    ConnectedShop,
    Secret,
)

DRAFT_LIVES = timedelta(hours=2)
TRIES_SPAN = 3600  # seconds
MOST_TRIES = 30  # tokens and passwords an account may try in that time
TOKEN_FIELD, PASSWORD_FIELD = "draft:token", "draft:password"  # names, not secrets


@dataclass(frozen=True, slots=True)
class StepServices:
    """What the steps need."""

    connecting: ConnectServices
    drafts: ConnectDrafts
    access: Access


def count_try(services: StepServices, account_id: str) -> None:
    """One token or password more that is tried for the account.

    Whoever has an account here could otherwise try passwords of others. Raises ``ConnectRefused``
    after too many in an hour.
    """
    span = int(services.connecting.clock.now().timestamp()) // TRIES_SPAN + 1
    until = datetime.fromtimestamp(span * TRIES_SPAN, UTC)
    if services.access.count(f"tries of {account_id}", until) > MOST_TRIES:
        raise ConnectRefused("too_many_tries")


def current_draft(services: StepServices, account_id: str) -> ConnectDraft | None:
    """What the account is connecting, unless that is too long ago."""
    draft = services.drafts.of(account_id)
    if draft is None or services.connecting.clock.now() >= draft.expires:
        return None
    return draft


def take_token(services: StepServices, account_id: str, token: Secret) -> ConnectDraft:
    """First step: whose token is it? A contract that was entered before is kept.

    Raises ``ConnectRefused`` for a token that does not work, and for a shop that is connected.
    """
    connecting = services.connecting
    count_try(services, account_id)
    _, store = try_token(connecting.shops, token)
    connected = connecting.tenants.shop(store.id)
    if connected is not None:
        mine = connected.account_id == account_id
        problem = "shop_connected" if mine else "shop_of_another_account"
        raise ConnectRefused(problem, shop=title(store))
    sealed = connecting.sealer.seal(token, tenant=account_id, field=TOKEN_FIELD)
    known = current_draft(services, account_id)
    if known is not None:
        return _kept(services, replace(known, store=store, sealed_token=sealed))
    now = connecting.clock.now()
    draft = ConnectDraft(account_id=account_id, store=store, sealed_token=sealed, expires=now)
    return _kept(services, draft)


def take_contract(
    services: StepServices, draft: ConnectDraft, credentials: Credentials, *, tell: Tell = nobody
) -> ConnectDraft:
    """Second step with a contract: tried first, so that only who knows it learns whose it is."""
    connecting = services.connecting
    count_try(services, draft.account_id)
    _, contract = try_contract(connecting.administrations, credentials)
    administration_id = administration_id_of(credentials.contractcode)
    existing = connecting.tenants.administration(administration_id)
    if existing is not None and existing.account_id != draft.account_id:
        raise ConnectRefused("contract_of_another_account")
    for remark in contract_advice(contract):
        tell(remark)
    sealed = connecting.sealer.seal(
        credentials.password, tenant=draft.account_id, field=PASSWORD_FIELD
    )
    chosen = replace(
        draft,
        administration_id=administration_id,
        contractcode=credentials.contractcode,
        username=credentials.username,
        sealed_password=sealed,
        company_name=contract.company_name,
    )
    return _kept(services, chosen)


def take_administration(
    services: StepServices, draft: ConnectDraft, administration_id: str, *, tell: Tell = nobody
) -> ConnectDraft:
    """Second step with an administration that the account has already; its access is proven."""
    existing = _administration(services, draft.account_id, administration_id)
    credentials = open_credentials(services.connecting.sealer, existing)
    _, contract = try_contract(services.connecting.administrations, credentials)
    for remark in contract_advice(contract):
        tell(remark)
    chosen = replace(
        draft,
        administration_id=administration_id,
        contractcode=existing.contractcode,
        username=existing.username,
        sealed_password="",
        company_name=contract.company_name or existing.company_name,
    )
    return _kept(services, chosen)


def open_draft(services: StepServices, draft: ConnectDraft) -> tuple[Shop, Books]:
    """The shop and the books, for the choices of the third step; nothing is asked yet."""
    connecting = services.connecting
    return (
        connecting.shops.open(_token(services, draft)),
        connecting.administrations.open(_credentials(services, draft)),
    )


def take_choices(
    services: StepServices, draft: ConnectDraft, settings: ShopSettings, *, tell: Tell = nobody
) -> ConnectDraft:
    """Third step: every choice exists, and no two shops of the administration get mixed up."""
    shop, books = open_draft(services, draft)
    for remark in check_settings(settings, shop=shop, store=draft.store, books=books):
        tell(remark)
    refuse_clash(settings.order_prefix, other_prefixes(services, draft))
    return _kept(services, replace(draft, settings=settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Choices that keep the shops of one administration apart; ``others`` are their names."""

    others: tuple[str, ...] = ()
    order_prefix: str = ""
    cost_center: int | None = None


def propose(
    services: StepServices, draft: ConnectDraft, cost_centers: Sequence[Choice]
) -> Proposal:
    """A prefix when there are more shops, and the cost centre that bears the shop's name.

    One that another shop has is left to it.
    """
    tenants = services.connecting.tenants
    neighbours = [
        shop
        for shop in tenants.account_shops(draft.account_id)
        if shop.administration_id == draft.administration_id
    ]
    chosen = [tenants.settings(shop.shop_id, shop.settings_version) for shop in neighbours]
    taken = {settings.cost_center for settings in chosen}
    name = title(draft.store)
    prefix = prefixes.derive(name, [settings.order_prefix for settings in chosen])
    return Proposal(
        others=tuple(title(shop.store) for shop in neighbours),
        order_prefix=prefix if neighbours else "",
        cost_center=next(
            (one.id for one in cost_centers if one.id not in taken and _alike(one.name, name)), None
        ),
    )


def _alike(one: str, other: str) -> bool:
    """Whether one of two names is in the other."""
    short, long = sorted((one.strip().casefold(), other.strip().casefold()), key=len)
    return bool(short) and short in long


def other_prefixes(services: StepServices, draft: ConnectDraft) -> dict[str, str]:
    """Prefix and name of each shop that is on the chosen administration already."""
    taken = taken_prefixes(services.connecting, draft.account_id, draft.administration_id)
    return dict(taken.values())


def finish(
    services: StepServices,
    draft: ConnectDraft,
    *,
    account: Account,
    by: str,
    tell: Tell = nobody,
) -> ConnectedShop:
    """Everything is tried once more, stored, and waits to be switched on.

    Raises ``ConnectRefused`` as ``connect`` does; then the draft is kept.
    """
    settings = draft.settings or ShopSettings()
    asked = AdministrationToConnect(
        credentials=_credentials(services, draft),
        shops=(ShopToConnect(token=_token(services, draft), settings=settings),),
        account_id=draft.account_id,
        language=account.language,
    )
    (shop,) = connect(services.connecting, [asked], by=by, started=False, tell=tell)
    services.drafts.drop(draft.account_id)
    return shop


def _kept(services: StepServices, draft: ConnectDraft) -> ConnectDraft:
    """Every step gives it its full time again."""
    draft = replace(draft, expires=services.connecting.clock.now() + DRAFT_LIVES)
    services.drafts.keep(draft)
    return draft


def _token(services: StepServices, draft: ConnectDraft) -> Secret:
    sealer = services.connecting.sealer
    return sealer.open(draft.sealed_token, tenant=draft.account_id, field=TOKEN_FIELD)


def _credentials(services: StepServices, draft: ConnectDraft) -> Credentials:
    sealer = services.connecting.sealer
    if not draft.sealed_password:
        existing = _administration(services, draft.account_id, draft.administration_id)
        return open_credentials(sealer, existing)
    password = sealer.open(draft.sealed_password, tenant=draft.account_id, field=PASSWORD_FIELD)
    return Credentials(draft.contractcode, draft.username, password)


def _administration(
    services: StepServices, account_id: str, administration_id: str
) -> Administration:
    """One of the account's own; another's is as unknown as one that does not exist."""
    found = services.connecting.tenants.administration(administration_id)
    if found is None or found.account_id != account_id:
        raise ConnectRefused("unknown_administration", administration=administration_id)
    return found
