"""Tokens, contracts and settings -> connected shops: all of it is tried before any of it is stored.

    asked ─▶ merged ─▶ checked (contract, token, settings, prefixes) ─▶ stored

Connecting the same again changes nothing; connecting with something new replaces it and sets what
was stopped going again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey import prefixes
from boekbrug.journey.connect_checks import (
    check_settings,
    contract_advice,
    title,
    try_contract,
    try_token,
)
from boekbrug.journey.connect_document import (
    AdministrationToConnect,
    ConnectDocument,
    ShopToConnect,
    read_document,
    to_connect,
)
from boekbrug.journey.connect_rows import (
    ConnectServices,
    Tell,
    administration_id_of,
    administration_row,
    nobody,
    put_administration,
    put_shop,
    refuse_clash,
    shop_row,
    short_hash,
    taken_prefixes,
)
from boekbrug.journey.connect_texts import ConnectRefused, Remark
from boekbrug.journey.ports.books import Books, Contract
from boekbrug.journey.ports.tenants import NOT_STARTED, Account, Administration, ConnectedShop

__all__ = ["ConnectRefused", "ConnectServices", "connect", "connect_file"]


def connect_file(
    services: ConnectServices,
    document: ConnectDocument | Mapping[str, Any] | str | bytes,
    *,
    emails: Sequence[str] = (),
    by: str = "connect",
    started: bool = True,
    tell: Tell = nobody,
) -> list[ConnectedShop]:
    """Connect everything in a --connect document, in its order, or nothing of it.

    ``emails`` are where mails about its accounts go. Raises ``ConnectRefused`` with one sentence
    that names the place in the document.
    """
    read = document if isinstance(document, ConnectDocument) else read_document(document)
    return connect(services, to_connect(read, emails=emails), by=by, started=started, tell=tell)


def connect(
    services: ConnectServices,
    asked: Sequence[AdministrationToConnect],
    *,
    by: str,
    started: bool = True,
    tell: Tell = nobody,
) -> list[ConnectedShop]:
    """Try every contract, token and setting, then store them all; returns the shops as stored.

    ``by`` names who chose the settings, kept with their version. Shops that are new and not
    ``started`` wait for their owner to switch them on. Raises ``ConnectRefused`` before
    anything is stored, and ``RetryLater`` when our own storage does not answer.
    """
    checked = [_checked(services, one, tell) for one in _merged(asked)]
    _refuse_twice([shop for one in checked for shop in one.shops])
    planned = [replace(one, shops=_with_prefixes(services, one, tell)) for one in checked]
    how = _Storing(services, by, tell, paused="" if started else NOT_STARTED)
    return [shop for one in planned for shop in _stored(how, one)]


# --------------------------------------------------------------------------- checking


@dataclass(frozen=True, slots=True)
class _CheckedShop:
    asked: ShopToConnect
    store: Store
    settings: ShopSettings
    existing: ConnectedShop | None


@dataclass(frozen=True, slots=True)
class _Checked:
    asked: AdministrationToConnect
    administration_id: str
    account_id: str
    existing: Administration | None
    contract: Contract
    shops: tuple[_CheckedShop, ...]


def _merged(asked: Sequence[AdministrationToConnect]) -> list[AdministrationToConnect]:
    """One entry per contract: naming a contract twice is the same administration."""
    merged: dict[str, AdministrationToConnect] = {}
    for one in asked:
        key = administration_id_of(one.credentials.contractcode)
        known = merged.get(key)
        if known is not None and known.credentials != one.credentials:
            raise ConnectRefused("contract_twice", where=one.where)
        merged[key] = one if known is None else replace(known, shops=known.shops + one.shops)
    return list(merged.values())


def _checked(services: ConnectServices, one: AdministrationToConnect, tell: Tell) -> _Checked:
    administration_id = administration_id_of(one.credentials.contractcode)
    existing = services.tenants.administration(administration_id)
    if existing is not None and one.account_id not in {"", existing.account_id}:
        raise ConnectRefused("contract_of_another_account", where=one.where)
    books, contract = try_contract(
        services.administrations, one.credentials, where=one.where, patience=services.patience
    )
    for remark in contract_advice(contract, where=one.where):
        tell(remark)
    account_id = existing.account_id if existing else one.account_id
    checked = _Checked(
        asked=one,
        administration_id=administration_id,
        account_id=account_id or "acc-" + short_hash(one.credentials.contractcode),
        existing=existing,
        contract=contract,
        shops=(),
    )
    shops = tuple(_checked_shop(services, checked, shop, books, tell) for shop in one.shops)
    return replace(checked, shops=shops)


def _checked_shop(
    services: ConnectServices, owner: _Checked, asked: ShopToConnect, books: Books, tell: Tell
) -> _CheckedShop:
    shop, store = try_token(
        services.shops, asked.token, where=asked.where, patience=services.patience
    )
    existing = services.tenants.shop(store.id)
    if existing is not None:
        _refuse_elsewhere(owner, existing, asked.where)
    remarks = check_settings(
        asked.settings,
        shop=shop,
        store=store,
        books=books,
        where=asked.where,
        patience=services.patience,
    )
    for remark in remarks:
        tell(remark)
    return _CheckedShop(asked, store, asked.settings, existing)


def _refuse_elsewhere(owner: _Checked, existing: ConnectedShop, where: str) -> None:
    """A shop belongs to one account and one administration: its orders are booked there once."""
    if existing.account_id != owner.account_id:
        raise ConnectRefused("shop_of_another_account", where=where, shop=title(existing.store))
    if existing.administration_id != owner.administration_id:
        shop = title(existing.store)
        raise ConnectRefused("shop_on_another_administration", where=where, shop=shop)


def _refuse_twice(shops: Sequence[_CheckedShop]) -> None:
    seen: set[str] = set()
    for shop in shops:
        if shop.store.id in seen:
            raise ConnectRefused("shop_twice", where=shop.asked.where, shop=title(shop.store))
        seen.add(shop.store.id)


# --------------------------------------------------------------------------- prefixes


def _with_prefixes(
    services: ConnectServices, one: _Checked, tell: Tell
) -> tuple[_CheckedShop, ...]:
    """Every shop of the administration gets references of its own: asked for, kept, or derived."""
    taken = taken_prefixes(services, one.account_id, one.administration_id)
    stored = {shop_id: prefix for shop_id, (prefix, _) in taken.items()}
    for shop in one.shops:
        if shop.settings.order_prefix:
            taken[shop.store.id] = (shop.settings.order_prefix, title(shop.store))
    return tuple(_with_prefix(shop, taken, stored, tell) for shop in one.shops)


def _with_prefix(
    shop: _CheckedShop, taken: dict[str, tuple[str, str]], stored: Mapping[str, str], tell: Tell
) -> _CheckedShop:
    others = {prefix: name for key, (prefix, name) in taken.items() if key != shop.store.id}
    prefix = shop.settings.order_prefix
    if prefix:
        refuse_clash(prefix, others, where=shop.asked.where)
    elif any(prefixes.clash("", other) for other in others):
        prefix = stored.get(shop.store.id, "")
        if not prefix or any(prefixes.clash(prefix, other) for other in others):
            prefix = prefixes.derive(shop.store.name or shop.store.domain, others)
        values = {"shop": title(shop.store), "prefix": prefix}
        tell(Remark("prefix_derived", shop.asked.where, values))
    taken[shop.store.id] = (prefix, title(shop.store))
    return replace(shop, settings=shop.settings.model_copy(update={"order_prefix": prefix}))


# --------------------------------------------------------------------------- storing


@dataclass(frozen=True, slots=True)
class _Storing:
    """Where and in whose name it is stored; ``paused`` is how a new shop begins."""

    services: ConnectServices
    by: str
    tell: Tell
    paused: str


def _stored(how: _Storing, one: _Checked) -> list[ConnectedShop]:
    """Account, administration, shops: in this order, so that nothing stored points at nothing."""
    services = how.services
    _store_account(services, one)
    row = administration_row(
        services, one.existing, one.account_id, one.asked.credentials, one.contract
    )
    put_administration(services, row, one.existing, how.tell)
    return [_store_shop(how, one, shop) for shop in one.shops]


def _store_account(services: ConnectServices, one: _Checked) -> None:
    existing = services.tenants.account(one.account_id)
    known = existing or Account(account_id=one.account_id, emails=())
    account = replace(known, emails=one.asked.emails or known.emails, language=one.asked.language)
    if account != existing:
        services.tenants.put_account(account)


def _store_shop(how: _Storing, one: _Checked, shop: _CheckedShop) -> ConnectedShop:
    services = how.services
    version = _settings_version(services, shop, how.by)
    existing = shop.existing and replace(shop.existing, settings_version=version)
    row = shop_row(
        services,
        existing,
        account_id=one.account_id,
        administration_id=one.administration_id,
        store=shop.store,
        token=shop.asked.token,
    )
    row = replace(row, settings_version=version)
    if existing is None and how.paused:
        row = replace(row, paused=how.paused, paused_at=services.clock.now())
    return put_shop(services, row, existing, how.tell)


def _settings_version(services: ConnectServices, shop: _CheckedShop, by: str) -> int:
    """The version that holds these settings: the present one when nothing changed."""
    existing = shop.existing
    if existing is not None:
        now = services.tenants.settings(existing.shop_id, existing.settings_version)
        if now == shop.settings:
            return existing.settings_version
    return services.tenants.save_settings(
        shop.store.id, shop.settings, by=by, at=services.clock.now()
    )
