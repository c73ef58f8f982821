"""Settings and sealing in memory: for previews and tests; same contract as on DynamoDB and KMS."""

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from threading import Lock

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.mails import NOTICE_PAUSED
from boekbrug.journey.ports.tenants import (
    Account,
    Administration,
    ConnectedShop,
    ForBooking,
    Rest,
    Secret,
    SettingsVersion,
    Switches,
)
from boekbrug.settings.envelope import (
    KEY_BYTES,
    DataKey,
    SealBroken,
    open_sealed,
    seal,
    wrapped_key,
)
from boekbrug.settings.faults import belongs_to_another, no_such_settings, not_connected


class MemoryTenants:
    """Accounts, administrations, shops and settings that live as long as the object."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._accounts: dict[str, Account] = {}
        self._administrations: dict[str, Administration] = {}
        self._shops: dict[str, ConnectedShop] = {}
        self._settings: dict[str, list[SettingsVersion]] = {}
        self._switches = Switches()

    def active_shops(self, after: str | None, limit: int) -> tuple[list[ConnectedShop], str | None]:
        active = sorted(
            (shop for shop in self.all_shops() if not shop.paused), key=lambda shop: shop.shop_id
        )
        rest = [shop for shop in active if after is None or shop.shop_id > after]
        page = rest[:limit]
        return page, page[-1].shop_id if len(rest) > limit else None

    def shop(self, shop_id: str) -> ConnectedShop | None:
        return self._shops.get(shop_id)

    def shops(self, shop_ids: Collection[str]) -> dict[str, ConnectedShop]:
        with self._lock:
            return {one: self._shops[one] for one in shop_ids if one in self._shops}

    def all_shops(self) -> list[ConnectedShop]:
        with self._lock:
            return list(self._shops.values())

    def all_administrations(self) -> list[Administration]:
        with self._lock:
            return list(self._administrations.values())

    def account_shops(self, account_id: str) -> list[ConnectedShop]:
        mine = (shop for shop in self.all_shops() if shop.account_id == account_id)
        return sorted(mine, key=lambda shop: shop.shop_id)

    def account_administrations(self, account_id: str) -> list[Administration]:
        mine = (one for one in self.all_administrations() if one.account_id == account_id)
        return sorted(mine, key=lambda one: (one.company_name.casefold(), one.administration_id))

    def administration(self, administration_id: str) -> Administration | None:
        return self._administrations.get(administration_id)

    def account(self, account_id: str) -> Account | None:
        return self._accounts.get(account_id)

    def all_accounts(self) -> list[Account]:
        with self._lock:
            return list(self._accounts.values())

    def accounts_of(self, email: str) -> list[Account]:
        mine = (account for account in self.all_accounts() if account.role_of(email))
        return sorted(mine, key=lambda account: account.account_id)

    def settings(self, shop_id: str, version: int) -> ShopSettings:
        versions = self._settings.get(shop_id, [])
        if not 1 <= version <= len(versions):
            raise no_such_settings(shop_id, version)
        return versions[version - 1].settings

    def settings_versions(self, shop_id: str, limit: int) -> list[SettingsVersion]:
        with self._lock:
            return self._settings.get(shop_id, [])[::-1][:limit]

    def put_account(self, account: Account) -> None:
        self._accounts[account.account_id] = account

    def put_administration(self, administration: Administration) -> None:
        with self._lock:
            known = self._administrations.get(administration.administration_id)
            if known is not None and known.account_id != administration.account_id:
                raise belongs_to_another("administration")
            self._administrations[administration.administration_id] = administration

    def put_shop(self, shop: ConnectedShop) -> None:
        with self._lock:
            known = self._shops.get(shop.shop_id)
            if known is not None and known.account_id != shop.account_id:
                raise belongs_to_another("shop")
            self._shops[shop.shop_id] = shop

    def save_settings(self, shop_id: str, settings: ShopSettings, *, by: str, at: datetime) -> int:
        with self._lock:
            versions = self._settings.setdefault(shop_id, [])
            number = len(versions) + 1
            versions.append(SettingsVersion(version=number, settings=settings, by=by, at=at))
            if shop_id in self._shops:
                self._shops[shop_id] = replace(self._shops[shop_id], settings_version=number)
            return number

    def remove_shop(self, shop_id: str) -> None:
        with self._lock:
            self._shops.pop(shop_id, None)

    def remove_administration(self, administration_id: str) -> None:
        with self._lock:
            self._administrations.pop(administration_id, None)

    def remove_account(self, account_id: str) -> None:
        with self._lock:
            self._accounts.pop(account_id, None)

    def renew_hook(self, shop_id: str) -> int:
        with self._lock:
            shop = self._shops.get(shop_id)
            if shop is None:
                raise not_connected(shop_id)
            self._shops[shop_id] = replace(shop, hook_version=shop.hook_version + 1)
            return shop.hook_version + 1

    def pause_shop(
        self, shop_id: str, reason: str, *, token_version: int | None, at: datetime
    ) -> bool:
        with self._lock:
            shop = self._shops.get(shop_id)
            if shop is None or shop.paused or token_version not in (None, shop.token_version):
                return False
            self._shops[shop_id] = replace(
                shop, paused=reason, paused_at=at, notice_owed=NOTICE_PAUSED
            )
            return True

    def resume_shop(self, shop_id: str, *, notice_owed: str = "") -> None:
        with self._lock:
            if shop_id in self._shops:
                self._shops[shop_id] = replace(
                    self._shops[shop_id], paused="", paused_at=None, notice_owed=notice_owed
                )

    def settle_shop_notice(self, shop_id: str, notice: str) -> None:
        with self._lock:
            shop = self._shops.get(shop_id)
            if shop is not None and shop.notice_owed == notice:
                self._shops[shop_id] = replace(shop, notice_owed="")

    def pause_administration(
        self, administration_id: str, reason: str, *, credentials_version: int | None, at: datetime
    ) -> bool:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is None or known.paused:
                return False
            if credentials_version not in (None, known.credentials_version):
                return False
            self._administrations[administration_id] = replace(
                known, paused=reason, paused_at=at, notice_owed=NOTICE_PAUSED
            )
            return True

    def resume_administration(self, administration_id: str, *, notice_owed: str = "") -> None:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is not None:
                self._administrations[administration_id] = replace(
                    known, paused="", paused_at=None, notice_owed=notice_owed
                )

    def settle_administration_notice(self, administration_id: str, notice: str) -> None:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is not None and known.notice_owed == notice:
                self._administrations[administration_id] = replace(known, notice_owed="")

    def note_entries_left(self, administration_id: str, entries_left: int | None) -> None:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is not None:
                self._administrations[administration_id] = replace(known, entries_left=entries_left)

    def count_imports(self, administration_id: str, booked: int) -> None:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is not None and known.entries_left is not None:
                self._administrations[administration_id] = replace(
                    known,
                    imports=known.imports + booked,
                    entries_left=known.entries_left - booked,
                )

    def note_rest(self, administration_id: str, rest: Rest) -> None:
        with self._lock:
            known = self._administrations.get(administration_id)
            if known is not None:
                self._administrations[administration_id] = replace(known, rest=rest)

    def for_booking(self, administration_id: str, shop_ids: Collection[str]) -> ForBooking:
        return ForBooking(
            administration=self.administration(administration_id),
            shops=self.shops(shop_ids),
            switches=self.switches(),
        )

    def switches(self) -> Switches:
        return self._switches

    def note_outage(self, switches: Switches, was: Switches) -> bool:
        with self._lock:
            now = self._switches
            wanted = replace(switches, posting=now.posting)
            if (now.failing, now.rest) != (was.failing, was.rest):
                return now == wanted
            self._switches = wanted
            return True

    def posting_allowed(self) -> bool:
        return self._switches.posting

    def set_posting_allowed(self, *, allowed: bool) -> None:
        with self._lock:
            self._switches = replace(self._switches, posting=allowed)


class MemorySealer:
    """Seals for as long as the object lives: another object opens nothing of it."""

    def __init__(self) -> None:
        self._key = DataKey(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    def seal(self, secret: Secret, *, tenant: str, field: str) -> str:
        return seal(secret, self._key, tenant=tenant, field=field)

    def open(self, sealed: str, *, tenant: str, field: str) -> Secret:
        if wrapped_key(sealed) != self._key.wrapped:
            raise SealBroken("sealed under an unknown key")
        return open_sealed(sealed, self._key.plain, tenant=tenant, field=field)
