"""Proven tokens and contracts -> the rows that are stored, written only when something changed."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from boekbrug.domain.order import Store
from boekbrug.errors import BoekbrugError, RetryLater
from boekbrug.journey import prefixes
from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.patience import AT_ONCE, Patience
from boekbrug.journey.pauses import (
    PauseServices,
    owed_after_resume,
    tell_about_administration,
    tell_about_shop,
)
from boekbrug.journey.ports.books import Administrations, Contract, Credentials
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.mails import NOTICE_RESOLVED, Notices
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.shops import Shops
from boekbrug.journey.ports.tenants import (
    CHOSEN_PAUSES,
    NOT_STARTED,
    Administration,
    ConnectedShop,
    Sealer,
    Secret,
    Tenants,
)
from boekbrug.journey.trials import TRIAL_LIMIT

Tell = Callable[[Remark], None]
"""Receives what is good to know and stops nothing: advice, a derived prefix, a resumed shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectServices:
    """What connecting needs; without ``notices`` an "Opgelost" mail stays owed for a later run.

    What goes on again is fetched at once, or without ``shops_queue`` by the next hour.
    ``patience`` is how long an outside system that fails for a moment may be asked again.
    """

    tenants: Tenants
    sealer: Sealer
    shops: Shops
    administrations: Administrations
    clock: Clock
    notices: Notices | None = None
    shops_queue: ShopsQueue | None = None
    patience: Patience = AT_ONCE


def nobody(_remark: Remark) -> None:
    """For callers that show no remarks."""


def administration_id_of(contractcode: str) -> str:
    """The same contract is the same administration, whoever connects it and how often."""
    return "adm-" + short_hash(contractcode)


def token_field(shop_id: str) -> str:
    """The name a shop's token is sealed under."""
    return f"shop:{shop_id}:token"


def password_field(administration_id: str) -> str:
    """The name a contract's password is sealed under."""
    return f"administration:{administration_id}:password"


def connected_shop(services: ConnectServices, shop_id: str) -> ConnectedShop:
    """The shop, or a refusal that names it."""
    shop = services.tenants.shop(shop_id)
    if shop is None:
        raise ConnectRefused("unknown_shop", shop=shop_id)
    return shop


def open_token(sealer: Sealer, shop: ConnectedShop) -> Secret:
    """The token of a connected shop."""
    return sealer.open(shop.sealed_token, tenant=shop.account_id, field=token_field(shop.shop_id))


def open_credentials(sealer: Sealer, administration: Administration) -> Credentials:
    """The credentials of a connected administration."""
    password = sealer.open(
        administration.sealed_password,
        tenant=administration.account_id,
        field=password_field(administration.administration_id),
    )
    return Credentials(administration.contractcode, administration.username, password)


def refuse_clash(prefix: str, others: Mapping[str, str], *, where: str = "") -> None:
    """Refuse a prefix that another shop (prefix -> shop name) could be confused with (R99)."""
    for other, shop in others.items():
        if prefixes.clash(prefix, other):
            raise ConnectRefused(
                "prefix_taken",
                where=where,
                setting="order_prefix",
                prefix=prefix,
                other=other,
                shop=shop,
            )


def taken_prefixes(
    services: ConnectServices, account_id: str, administration_id: str
) -> dict[str, tuple[str, str]]:
    """Prefix and name of each shop that is on the administration now, by shop id."""
    return {
        shop.shop_id: (
            services.tenants.settings(shop.shop_id, shop.settings_version).order_prefix,
            title(shop.store),
        )
        for shop in services.tenants.account_shops(account_id)
        if shop.administration_id == administration_id
    }


def administration_row(
    services: ConnectServices,
    existing: Administration | None,
    account_id: str,
    credentials: Credentials,
    contract: Contract,
) -> Administration:
    administration_id = administration_id_of(credentials.contractcode)
    if existing is not None and _same_credentials(services.sealer, existing, credentials):
        name = contract.company_name or existing.company_name
        return replace(existing, company_name=name, entries_left=contract.entries_left)
    sealed = services.sealer.seal(
        credentials.password, tenant=account_id, field=password_field(administration_id)
    )
    fresh = Administration(
        administration_id=administration_id,
        account_id=account_id,
        contractcode=credentials.contractcode,
        username=credentials.username,
        sealed_password=sealed,
        company_name=contract.company_name,
        entries_left=contract.entries_left,
    )
    return fresh if existing is None else _carrying_on(fresh, existing)


def _carrying_on(fresh: Administration, existing: Administration) -> Administration:
    """New credentials of a known administration: its pause and its debts stay its own."""
    return replace(
        fresh,
        credentials_version=existing.credentials_version + 1,
        paused=existing.paused,
        paused_at=existing.paused_at,
        notice_owed=existing.notice_owed,
        imports=existing.imports,
    )


def shop_row(
    services: ConnectServices,
    existing: ConnectedShop | None,
    *,
    account_id: str,
    administration_id: str,
    store: Store,
    token: Secret,
) -> ConnectedShop:
    if existing is not None and _same_token(services.sealer, existing, token):
        return replace(existing, store=store)
    sealed = services.sealer.seal(token, tenant=account_id, field=token_field(store.id))
    if existing is not None:
        version = existing.token_version + 1
        return replace(existing, store=store, sealed_token=sealed, token_version=version)
    return ConnectedShop(
        shop_id=store.id,
        account_id=account_id,
        administration_id=administration_id,
        sealed_token=sealed,
        store=store,
    )


def put_administration(
    services: ConnectServices, row: Administration, existing: Administration | None, tell: Tell
) -> Administration:
    """Write what changed, and let it go on when only refused credentials had stopped it.

    A trial that is full goes on once the contract is paid, or at night when there is room again.
    """
    if row != existing:
        services.tenants.put_administration(row)
    full = row.paused == TRIAL_LIMIT and row.entries_left is not None
    if full or row.paused in {"", *CHOSEN_PAUSES}:
        return row
    return resume_administration(services, row, tell)


def put_shop(
    services: ConnectServices, row: ConnectedShop, existing: ConnectedShop | None, tell: Tell
) -> ConnectedShop:
    if row != existing:
        services.tenants.put_shop(row)
    if row.paused in {"", *CHOSEN_PAUSES}:
        return row
    return resume_shop(services, row, tell)


def resume_shop(services: ConnectServices, shop: ConnectedShop, tell: Tell) -> ConnectedShop:
    owed = owed_after_resume(shop)
    services.tenants.resume_shop(shop.shop_id, notice_owed=owed)
    resumed = replace(shop, paused="", paused_at=None, notice_owed=owed)
    _fetch_soon(services, [resumed])
    code = "started" if shop.paused == NOT_STARTED else "resumed"
    tell(Remark(code, values={"name": title(shop.store)}))
    if owed == NOTICE_RESOLVED and services.notices is not None:
        tell_about_shop(_telling(services, services.notices), resumed)
    return replace(resumed, notice_owed="")


def resume_administration(
    services: ConnectServices, administration: Administration, tell: Tell
) -> Administration:
    owed = owed_after_resume(administration)
    services.tenants.resume_administration(administration.administration_id, notice_owed=owed)
    resumed = replace(administration, paused="", paused_at=None, notice_owed=owed)
    ours = services.tenants.account_shops(administration.account_id)
    _fetch_soon(services, [one for one in ours if _waits_for(one, administration)])
    tell(Remark("resumed", values={"name": administration.company_name or "Acumulus"}))
    if owed == NOTICE_RESOLVED and services.notices is not None:
        tell_about_administration(_telling(services, services.notices), resumed)
    return replace(resumed, notice_owed="")


def _waits_for(shop: ConnectedShop, administration: Administration) -> bool:
    return shop.administration_id == administration.administration_id and not shop.paused


def _fetch_soon(services: ConnectServices, shops: Sequence[ConnectedShop]) -> None:
    """What waited is caught up now; when that cannot be asked, the next hour does it."""
    if services.shops_queue is not None and shops:
        with suppress(RetryLater):
            services.shops_queue.send([shop.shop_id for shop in shops])


def _telling(services: ConnectServices, notices: Notices) -> PauseServices:
    return PauseServices(services.tenants, notices, services.clock)


def _same_credentials(sealer: Sealer, existing: Administration, credentials: Credentials) -> bool:
    try:
        return open_credentials(sealer, existing) == credentials
    except BoekbrugError:  # sealed with a key that is gone: sealing it anew mends that
        return False


def _same_token(sealer: Sealer, existing: ConnectedShop, token: Secret) -> bool:
    try:
        return open_token(sealer, existing) == token
    except BoekbrugError:  # as above
        return False


def short_hash(contractcode: str) -> str:
    digest = hashlib.sha256(f"acumulus:{contractcode.strip()}".encode())
    return digest.hexdigest()[:16]
