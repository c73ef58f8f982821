"""Tenants <-> DynamoDB items; the names are listed in docs/data.md."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from boekbrug.aws.table import Item
from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.tenants import (
    NOTIFY_PROBLEMS,
    Account,
    Administration,
    ConnectedShop,
    Rest,
    SettingsVersion,
    Switches,
    User,
)

ACCOUNT_SK = "ACCOUNT"
ADMINISTRATION_SK = "ADMINISTRATION"
SHOP_SK = "SHOP"
DRAFT_SK = "DRAFT"
SETTINGS_SK = "SETTINGS#"
ACTIVE = {"S": "1"}
"""The partition of the sparse index ``active-shops``; a paused shop has no such attribute."""


def account_pk(account_id: str) -> str:
    return f"ACCOUNT#{account_id}"


def key(pk: str, sk: str) -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def account_key(account_id: str) -> Item:
    return key(account_pk(account_id), ACCOUNT_SK)


def administration_key(administration_id: str) -> Item:
    return key(f"ADMINISTRATION#{administration_id}", ADMINISTRATION_SK)


def shop_key(shop_id: str) -> Item:
    return key(f"SHOP#{shop_id}", SHOP_SK)


def member_key(account_id: str, kind: str, member_id: str) -> Item:
    """The item that lists a shop or administration among those of its account."""
    return key(account_pk(account_id), f"{kind}#{member_id}")


def email_pk(email: str) -> str:
    """Where the accounts of an address are listed; an address is a name, so only its hash."""
    return f"EMAIL#{sha256(email.lower().encode()).hexdigest()}"


def email_key(email: str, account_id: str) -> Item:
    return key(email_pk(email), account_pk(account_id))


def draft_key(account_id: str) -> Item:
    """A shop that the account is connecting now."""
    return key(account_pk(account_id), DRAFT_SK)


def settings_key(shop_id: str, version: int) -> Item:
    return key(f"SHOP#{shop_id}", f"{SETTINGS_SK}{version:06d}")


# --------------------------------------------------------------------------- values -> items


def account_item(account: Account) -> Item:
    item = account_key(account.account_id) | {
        "emails": {"L": [{"S": email} for email in account.emails]},
        "language": {"S": account.language},
        "notify": {"S": account.notify},
    }
    if account.users:
        users = [{"M": {"email": {"S": u.email}, "role": {"S": u.role}}} for u in account.users]
        item["users"] = {"L": users}
    return item


def administration_item(one: Administration) -> Item:
    item = administration_key(one.administration_id) | {
        "account": {"S": one.account_id},
        "contractcode": {"S": one.contractcode},
        "username": {"S": one.username},
        "password": {"S": one.sealed_password},
        "secret_version": {"N": str(one.credentials_version)},
        "company": {"S": one.company_name},
    }
    if one.entries_left is not None:
        item["left"] = {"N": str(one.entries_left)}
    if one.imports:
        item["imports"] = {"N": str(one.imports)}
    item |= rest_values(one.rest)
    return item | pause_values(one.paused, one.paused_at, one.notice_owed)


def shop_item(shop: ConnectedShop) -> Item:
    item = shop_key(shop.shop_id) | {
        "account": {"S": shop.account_id},
        "administration": {"S": shop.administration_id},
        "token": {"S": shop.sealed_token},
        "secret_version": {"N": str(shop.token_version)},
        "settings": {"N": str(shop.settings_version)},
        "store": store_value(shop.store),
    }
    if not shop.paused:
        item["active"] = ACTIVE
    if shop.hook_version:
        item["hook"] = {"N": str(shop.hook_version)}
    return item | pause_values(shop.paused, shop.paused_at, shop.notice_owed)


def store_value(store: Store) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": {"S": store.id},
        "name": {"S": store.name},
        "domain": {"S": store.domain},
        "region": {"S": store.region_code},
        "currency": {"S": store.currency},
    }
    if store.prices_include_tax is not None:
        values["incl_tax"] = {"BOOL": store.prices_include_tax}
    return {"M": values}


def version_item(
    shop_id: str, version: int, settings: ShopSettings, *, by: str, at: datetime
) -> Item:
    return settings_key(shop_id, version) | {
        "choices": {"S": settings.model_dump_json()},
        "by": {"S": by},
        "at": {"S": moment(at)},
    }


def pause_values(paused: str, paused_at: datetime | None, notice_owed: str) -> Item:
    values: Item = {}
    if paused:
        values["paused"] = {"S": paused}
    if paused_at:
        values["paused_at"] = {"S": moment(paused_at)}
    if notice_owed:
        values["owed"] = {"S": notice_owed}
    return values


def rest_values(rest: Rest) -> Item:
    """In one attribute, so that it is written and compared as a whole; none without failures."""
    if not rest.failures or rest.since is None or rest.until is None:
        return {}
    since, until = ({"S": moment(at)} for at in (rest.since, rest.until))
    return {"rest": {"M": {"failures": {"N": str(rest.failures)}, "since": since, "until": until}}}


def outage_values(switches: Switches) -> Item:
    failing: Item = {"failing": {"SS": sorted(switches.failing)}} if switches.failing else {}
    return rest_values(switches.rest) | failing


def moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


# --------------------------------------------------------------------------- items -> values


def read_account(item: Item) -> Account:
    return Account(
        account_id=_id(item),
        emails=tuple(email["S"] for email in item["emails"]["L"]),
        language=item["language"]["S"],
        notify=_text(item, "notify") or NOTIFY_PROBLEMS,
        users=tuple(_user(one["M"]) for one in item.get("users", {"L": []})["L"]),
    )


def _user(values: dict[str, Any]) -> User:
    return User(email=values["email"]["S"], role=values["role"]["S"])


def read_administration(item: Item) -> Administration:
    return Administration(
        administration_id=_id(item),
        account_id=item["account"]["S"],
        contractcode=item["contractcode"]["S"],
        username=item["username"]["S"],
        sealed_password=item["password"]["S"],
        credentials_version=int(item["secret_version"]["N"]),
        company_name=item["company"]["S"],
        paused=_text(item, "paused"),
        paused_at=_moment(item),
        notice_owed=_text(item, "owed"),
        entries_left=int(item["left"]["N"]) if "left" in item else None,
        imports=int(item["imports"]["N"]) if "imports" in item else 0,
        rest=_rest(item),
    )


def read_switches(item: Item) -> Switches:
    return Switches(
        posting=bool(item["posting"]["BOOL"]) if "posting" in item else True,
        failing=frozenset(item["failing"]["SS"]) if "failing" in item else frozenset(),
        rest=_rest(item),
    )


def _rest(item: Item) -> Rest:
    if "rest" not in item:
        return Rest()
    values = item["rest"]["M"]
    return Rest(
        failures=int(values["failures"]["N"]),
        since=datetime.fromisoformat(values["since"]["S"]),
        until=datetime.fromisoformat(values["until"]["S"]),
    )


def read_shop(item: Item) -> ConnectedShop:
    return ConnectedShop(
        shop_id=_id(item),
        account_id=item["account"]["S"],
        administration_id=item["administration"]["S"],
        sealed_token=item["token"]["S"],
        token_version=int(item["secret_version"]["N"]),
        settings_version=int(item["settings"]["N"]),
        store=read_store(item["store"]["M"]),
        paused=_text(item, "paused"),
        paused_at=_moment(item),
        notice_owed=_text(item, "owed"),
        hook_version=int(item["hook"]["N"]) if "hook" in item else 0,
    )


def read_version(item: Item) -> SettingsVersion:
    return SettingsVersion(
        version=int(item["sk"]["S"].removeprefix(SETTINGS_SK)),
        settings=ShopSettings.model_validate_json(item["choices"]["S"]),
        by=item["by"]["S"],
        at=datetime.fromisoformat(item["at"]["S"]),
    )


def read_store(values: dict[str, Any]) -> Store:
    return Store(
        id=values["id"]["S"],
        name=values["name"]["S"],
        domain=values["domain"]["S"],
        region_code=values["region"]["S"],
        currency=values["currency"]["S"],
        prices_include_tax=values["incl_tax"]["BOOL"] if "incl_tax" in values else None,
    )


def _id(item: Item) -> str:
    return str(item["pk"]["S"]).partition("#")[2]


def _text(item: Item, name: str) -> str:
    return str(item[name]["S"]) if name in item else ""


def _moment(item: Item) -> datetime | None:
    return datetime.fromisoformat(item["paused_at"]["S"]) if "paused_at" in item else None
