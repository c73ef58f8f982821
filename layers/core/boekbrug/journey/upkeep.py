"""A connected shop -> another token, contract or choice; stopped, going on, or disconnected."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.connect_checks import (
    check_settings,
    contract_advice,
    title,
    try_contract,
    try_token,
)
from boekbrug.journey.connect_document import read_settings
from boekbrug.journey.connect_rows import (
    ConnectServices,
    Tell,
    administration_id_of,
    administration_row,
    connected_shop,
    nobody,
    open_credentials,
    open_token,
    put_administration,
    put_shop,
    refuse_clash,
    resume_administration,
    resume_shop,
    shop_row,
    taken_prefixes,
)
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.books import Credentials
from boekbrug.journey.ports.mails import NOTICE_PAUSED
from boekbrug.journey.ports.tenants import (
    NOTIFY,
    PAUSED_BY_HAND,
    Administration,
    ConnectedShop,
    Secret,
)
from boekbrug.journey.trials import TRIAL_LIMIT


def replace_token(
    services: ConnectServices, shop_id: str, token: Secret, *, tell: Tell = nobody
) -> ConnectedShop:
    """Give a shop a new token, once it is proven to be of the same shop; a refused shop goes on."""
    shop = connected_shop(services, shop_id)
    _, store = try_token(services.shops, token, patience=services.patience)
    if store.id != shop.shop_id:
        expected = title(shop.store)
        raise ConnectRefused("token_of_another_shop", found=title(store), expected=expected)
    row = shop_row(
        services,
        shop,
        account_id=shop.account_id,
        administration_id=shop.administration_id,
        store=store,
        token=token,
    )
    return put_shop(services, row, shop, tell)


def replace_credentials(
    services: ConnectServices,
    administration_id: str,
    credentials: Credentials,
    *,
    tell: Tell = nobody,
) -> Administration:
    """Give an administration a new user or password of the same contract, once they are proven."""
    existing = services.tenants.administration(administration_id)
    if existing is None:
        raise ConnectRefused("unknown_administration", administration=administration_id)
    if administration_id_of(credentials.contractcode) != administration_id:
        raise ConnectRefused("contract_of_another_administration")
    _, contract = try_contract(services.administrations, credentials, patience=services.patience)
    for remark in contract_advice(contract):
        tell(remark)
    row = administration_row(services, existing, existing.account_id, credentials, contract)
    return put_administration(services, row, existing, tell)


def change_settings(
    services: ConnectServices,
    shop_id: str,
    changes: Mapping[str, Any],
    *,
    by: str,
    over: int | None = None,
    tell: Tell = nobody,
) -> int:
    """Change some settings of a shop; returns the version that now decides, unchanged when equal.

    ``changes`` are names and values; what is not named keeps its value. ``over`` is the version
    that was looked at when they were chosen: refused when another one decides by now.
    """
    shop = connected_shop(services, shop_id)
    if over not in (None, shop.settings_version):
        raise ConnectRefused("changed_meanwhile")
    now = services.tenants.settings(shop_id, shop.settings_version)
    wanted = read_settings(now.model_dump() | dict(changes), where="")
    if wanted == now:
        return shop.settings_version
    before, after = now.model_dump(), wanted.model_dump()
    changed = {name: value for name, value in after.items() if value != before[name]}
    _check_change(services, shop, ShopSettings.model_validate(changed), tell)
    if "order_prefix" in changed:
        _check_prefix(services, shop, wanted.order_prefix)
    return services.tenants.save_settings(shop_id, wanted, by=by, at=services.clock.now())


def restore_settings(
    services: ConnectServices,
    shop_id: str,
    version: int,
    *,
    by: str,
    over: int | None = None,
    tell: Tell = nobody,
) -> int:
    """Choose an earlier version again, as a new one; what it names must still be there."""
    earlier = services.tenants.settings(shop_id, version)
    return change_settings(services, shop_id, earlier.model_dump(), by=by, over=over, tell=tell)


def choose_messages(services: ConnectServices, account_id: str, notify: str) -> bool:
    """When the account is mailed (R126); false for an account or a choice that does not exist."""
    account = services.tenants.account(account_id)
    if account is None or notify not in NOTIFY:
        return False
    services.tenants.put_account(replace(account, notify=notify))
    return True


def pause(services: ConnectServices, shop_id: str) -> bool:
    """Stop a shop by hand: nobody is mailed; false when it was stopped already."""
    connected_shop(services, shop_id)
    won = services.tenants.pause_shop(
        shop_id, PAUSED_BY_HAND, token_version=None, at=services.clock.now()
    )
    if won:
        services.tenants.settle_shop_notice(shop_id, NOTICE_PAUSED)
    return won


def resume(services: ConnectServices, shop_id: str, *, tell: Tell = nobody) -> ConnectedShop:
    """Let a stopped shop, and its stopped administration, go on once their access works again."""
    shop = connected_shop(services, shop_id)
    administration = services.tenants.administration(shop.administration_id)
    if administration is not None and administration.paused:
        _prove(services, administration)
    try_token(services.shops, open_token(services.sealer, shop), patience=services.patience)
    if administration is not None and administration.paused:
        resume_administration(services, administration, tell)
    return resume_shop(services, shop, tell) if shop.paused else shop


def _prove(services: ConnectServices, administration: Administration) -> None:
    """Its access works again, and what stopped a trial contract is over."""
    credentials = open_credentials(services.sealer, administration)
    _, contract = try_contract(services.administrations, credentials, patience=services.patience)
    left = contract.entries_left
    if left != administration.entries_left:
        services.tenants.note_entries_left(administration.administration_id, left)
    if administration.paused == TRIAL_LIMIT and left is not None:
        raise ConnectRefused("still_trial", left=left)


def remove(services: ConnectServices, shop_id: str) -> ConnectedShop:
    """Disconnect a shop and forget its token; what was booked stays known in the ledger."""
    shop = connected_shop(services, shop_id)
    services.tenants.remove_shop(shop_id)
    return shop


def _check_change(
    services: ConnectServices, shop: ConnectedShop, changed: ShopSettings, tell: Tell
) -> None:
    """Only what changed is compared: the rest was, and needs no answer from outside again."""
    administration = services.tenants.administration(shop.administration_id)
    if administration is None:
        raise ConnectRefused("unknown_administration", administration=shop.administration_id)
    books = services.administrations.open(open_credentials(services.sealer, administration))
    api = services.shops.open(open_token(services.sealer, shop))
    remarks = check_settings(
        changed, shop=api, store=shop.store, books=books, patience=services.patience
    )
    for remark in remarks:
        tell(remark)


def _check_prefix(services: ConnectServices, shop: ConnectedShop, prefix: str) -> None:
    taken = taken_prefixes(services, shop.account_id, shop.administration_id)
    others = {other: name for key, (other, name) in taken.items() if key != shop.shop_id}
    refuse_clash(prefix, others)
