"""Tenants and their versioned settings on DynamoDB.

A shop is found by its own id with one read, because fetching does that for every shop every hour;
its account lists it in a small item beside. The key also makes sure that a shop has one account.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from boekbrug.aws.table import A_PAGE, ConditionFailed, Item, Table
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import RetryLater
from boekbrug.journey.ports.mails import NOTICE_PAUSED
from boekbrug.journey.ports.tenants import (
    Account,
    Administration,
    ConnectedShop,
    ForBooking,
    Rest,
    SettingsVersion,
    Switches,
)
from boekbrug.settings.faults import belongs_to_another, no_such_settings, not_connected
from boekbrug.settings.items import (
    ACCOUNT_SK,
    ACTIVE,
    ADMINISTRATION_SK,
    SETTINGS_SK,
    SHOP_SK,
    account_item,
    account_key,
    account_pk,
    administration_item,
    administration_key,
    draft_key,
    email_key,
    email_pk,
    key,
    member_key,
    moment,
    outage_values,
    read_account,
    read_administration,
    read_shop,
    read_switches,
    read_version,
    rest_values,
    settings_key,
    shop_item,
    shop_key,
    version_item,
)

ACTIVE_INDEX = "active-shops"
MOST_ROUNDS = 5
MOST_CACHED = 2000  # settings versions kept per process
SWITCHES_SK = "SWITCHES"
SWITCHES = key("GLOBAL", SWITCHES_SK)
FOR_BOOKING = (ADMINISTRATION_SK, SHOP_SK, SWITCHES_SK)


def _whole(values: Mapping[str, dict[str, Any] | None]) -> dict[str, Any]:
    """An update that sets these attributes; those without a value are removed."""
    sets = [f"#{name} = :{name}" for name, value in values.items() if value]
    gone = [f"#{name}" for name, value in values.items() if not value]
    parts = (f"SET {', '.join(sets)}" if sets else "", f"REMOVE {', '.join(gone)}" if gone else "")
    return {
        "UpdateExpression": " ".join(part for part in parts if part),
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items() if value},
    }


class DynamoTenants:
    """The settings table; safe to use from several threads."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "settings", client)
        self._settings: dict[tuple[str, int], ShopSettings] = {}

    # ----------------------------------------------------------------- reading

    def active_shops(self, after: str | None, limit: int) -> tuple[list[ConnectedShop], str | None]:
        start = {"ExclusiveStartKey": shop_key(after) | {"active": ACTIVE}} if after else {}
        page = self._table.query_page(
            IndexName=ACTIVE_INDEX,
            KeyConditionExpression="#active = :active",
            ExpressionAttributeValues={":active": ACTIVE},
            Limit=limit,
            **start,
        )
        shops = [read_shop(item) for item in page["Items"]]
        return shops, shops[-1].shop_id if "LastEvaluatedKey" in page else None

    def shop(self, shop_id: str) -> ConnectedShop | None:
        item = self._table.get(shop_key(shop_id))
        return read_shop(item) if item else None

    def shops(self, shop_ids: Collection[str]) -> dict[str, ConnectedShop]:
        near = {one.shop_id: one for one in self._page_of_shops(shop_ids)}
        found = {one: near[one] for one in shop_ids if one in near}
        keys = [shop_key(shop_id) for shop_id in dict.fromkeys(shop_ids) if shop_id not in found]
        rest = (read_shop(item) for item in self._table.get_all(keys, consistent=False))
        return found | {shop.shop_id: shop for shop in rest}

    def _page_of_shops(self, shop_ids: Collection[str]) -> Iterable[ConnectedShop]:
        """A page as it was scheduled stands together in the index: one read for all of it."""
        if len(shop_ids) < A_PAGE:
            return ()
        first, last = shop_key(min(shop_ids))["pk"], shop_key(max(shop_ids))["pk"]
        items = self._table.stretch(
            ("active", ACTIVE), ("pk", first, last), most=2 * len(shop_ids), IndexName=ACTIVE_INDEX
        )
        return map(read_shop, items or ())

    def all_shops(self) -> list[ConnectedShop]:
        return [read_shop(item) for item in self._of_kind(SHOP_SK)]

    def all_administrations(self) -> list[Administration]:
        return [read_administration(item) for item in self._of_kind(ADMINISTRATION_SK)]

    def account_shops(self, account_id: str) -> list[ConnectedShop]:
        members = self._table.collection(account_pk(account_id), f"{SHOP_SK}#")
        found = self.shops([item["sk"]["S"].partition("#")[2] for item in members])
        mine = (shop for shop in found.values() if shop.account_id == account_id)
        return sorted(mine, key=lambda shop: shop.shop_id)

    def account_administrations(self, account_id: str) -> list[Administration]:
        members = self._table.collection(account_pk(account_id), f"{ADMINISTRATION_SK}#")
        keys = [administration_key(item["sk"]["S"].partition("#")[2]) for item in members]
        found = map(read_administration, self._table.get_all(keys, consistent=True))
        return sorted(
            (one for one in found if one.account_id == account_id),
            key=lambda one: (one.company_name.casefold(), one.administration_id),
        )

    def administration(self, administration_id: str) -> Administration | None:
        item = self._table.get(administration_key(administration_id))
        return read_administration(item) if item else None

    def account(self, account_id: str) -> Account | None:
        item = self._table.get(account_key(account_id))
        return read_account(item) if item else None

    def all_accounts(self) -> list[Account]:
        return [read_account(item) for item in self._of_kind(ACCOUNT_SK)]

    def accounts_of(self, email: str) -> list[Account]:
        listed = self._table.collection(email_pk(email), account_pk(""))
        keys = [account_key(item["sk"]["S"].removeprefix(account_pk(""))) for item in listed]
        found = (read_account(item) for item in self._table.get_all(keys, consistent=True))
        mine = (account for account in found if account.role_of(email))
        return sorted(mine, key=lambda account: account.account_id)

    def settings(self, shop_id: str, version: int) -> ShopSettings:
        known = self._settings.get((shop_id, version))
        if known is None:
            item = self._table.get(settings_key(shop_id, version)) if version > 0 else None
            if item is None:
                raise no_such_settings(shop_id, version)
            known = ShopSettings.model_validate_json(item["choices"]["S"])
            if len(self._settings) >= MOST_CACHED:
                self._settings.clear()
            self._settings[shop_id, version] = known
        return known

    def settings_versions(self, shop_id: str, limit: int) -> list[SettingsVersion]:
        newest_first = self._table.collection(
            shop_key(shop_id)["pk"]["S"], SETTINGS_SK, ScanIndexForward=False, Limit=limit
        )
        return [read_version(item) for item in islice(newest_first, limit)]

    def for_booking(self, administration_id: str, shop_ids: Collection[str]) -> ForBooking:
        wanted = (administration_key(administration_id), *map(shop_key, sorted(set(shop_ids))))
        items = self._table.get_all([SWITCHES, *wanted], consistent=True)
        of_kind = {sk: [one for one in items if one["sk"]["S"] == sk] for sk in FOR_BOOKING}
        administrations = map(read_administration, of_kind[ADMINISTRATION_SK])
        shops = map(read_shop, of_kind[SHOP_SK])
        return ForBooking(
            administration=next(administrations, None),
            shops={shop.shop_id: shop for shop in shops},
            switches=read_switches(next(iter(of_kind[SWITCHES_SK]), {})),
        )

    def switches(self) -> Switches:
        return read_switches(self._table.get(SWITCHES) or {})

    def posting_allowed(self) -> bool:
        return self.switches().posting

    # ----------------------------------------------------------------- writing

    def put_account(self, account: Account) -> None:
        """Its users are listed by address in the same write, and those who left are not."""
        before = self.account(account.account_id)
        users = {email_pk(user.email): user.email for user in account.people}
        gone = {email_pk(user.email): user.email for user in (before.people if before else ())}
        self._table.transact(
            {"Put": {"Item": account_item(account)}},
            *({"Put": {"Item": email_key(email, account.account_id)}} for email in users.values()),
            *(
                {"Delete": {"Key": email_key(email, account.account_id)}}
                for pk, email in gone.items()
                if pk not in users
            ),
        )

    def put_administration(self, administration: Administration) -> None:
        self._put_owned(
            "administration",
            administration_item(administration),
            member_key(
                administration.account_id, ADMINISTRATION_SK, administration.administration_id
            ),
        )

    def put_shop(self, shop: ConnectedShop) -> None:
        self._put_owned("shop", shop_item(shop), member_key(shop.account_id, SHOP_SK, shop.shop_id))

    def save_settings(self, shop_id: str, settings: ShopSettings, *, by: str, at: datetime) -> int:
        """Two saves at once get two versions; the later one is current."""
        for _ in range(MOST_ROUNDS):
            version = self._last_version(shop_id) + 1
            if self._put_once(version_item(shop_id, version, settings, by=by, at=at)):
                self._make_current(shop_id, version)
                return version
        raise RetryLater("settings: too many saves at once", code="storage_busy")

    def remove_shop(self, shop_id: str) -> None:
        """The versions of its settings stay: ledger rows name them."""
        shop = self.shop(shop_id)
        if shop is not None:
            member = member_key(shop.account_id, SHOP_SK, shop_id)
            self._table.transact(
                {"Delete": {"Key": shop_key(shop_id)}}, {"Delete": {"Key": member}}
            )

    def remove_administration(self, administration_id: str) -> None:
        known = self.administration(administration_id)
        if known is not None:
            member = member_key(known.account_id, ADMINISTRATION_SK, administration_id)
            self._table.transact(
                {"Delete": {"Key": administration_key(administration_id)}},
                {"Delete": {"Key": member}},
            )

    def remove_account(self, account_id: str) -> None:
        known = self.account(account_id)
        if known is not None:
            people = {email_pk(user.email): user.email for user in known.people}
            self._table.transact(
                {"Delete": {"Key": account_key(account_id)}},
                {"Delete": {"Key": draft_key(account_id)}},
                *({"Delete": {"Key": email_key(email, account_id)}} for email in people.values()),
            )

    def renew_hook(self, shop_id: str) -> int:
        try:
            answer = self._table.update(
                shop_key(shop_id),
                UpdateExpression="ADD #hook :one",
                ConditionExpression="attribute_exists(#pk)",
                ExpressionAttributeValues={":one": {"N": "1"}},
                ReturnValues="UPDATED_NEW",
            )
        except ConditionFailed:
            raise not_connected(shop_id) from None
        return int(answer["Attributes"]["hook"]["N"])

    def pause_shop(
        self, shop_id: str, reason: str, *, token_version: int | None, at: datetime
    ) -> bool:
        return self._pause(shop_key(shop_id), reason, token_version, at)

    def resume_shop(self, shop_id: str, *, notice_owed: str = "") -> None:
        self._resume(shop_key(shop_id), notice_owed, sets={"active": ACTIVE})

    def settle_shop_notice(self, shop_id: str, notice: str) -> None:
        self._settle(shop_key(shop_id), notice)

    def pause_administration(
        self, administration_id: str, reason: str, *, credentials_version: int | None, at: datetime
    ) -> bool:
        return self._pause(administration_key(administration_id), reason, credentials_version, at)

    def resume_administration(self, administration_id: str, *, notice_owed: str = "") -> None:
        self._resume(administration_key(administration_id), notice_owed, sets={})

    def settle_administration_notice(self, administration_id: str, notice: str) -> None:
        self._settle(administration_key(administration_id), notice)

    def note_entries_left(self, administration_id: str, entries_left: int | None) -> None:
        known = entries_left is not None
        with suppress(ConditionFailed):  # disconnected meanwhile
            self._table.update(
                administration_key(administration_id),
                UpdateExpression="SET #left = :left" if known else "REMOVE #left",
                ConditionExpression="attribute_exists(#pk)",
                ExpressionAttributeValues={":left": {"N": str(entries_left)}} if known else {},
            )

    def count_imports(self, administration_id: str, booked: int) -> None:
        with suppress(ConditionFailed):  # a paid contract by now
            self._table.update(
                administration_key(administration_id),
                UpdateExpression="ADD #imports :booked, #left :less",
                ConditionExpression="attribute_exists(#left)",
                ExpressionAttributeValues={
                    ":booked": {"N": str(booked)},
                    ":less": {"N": str(-booked)},
                },
            )

    def note_rest(self, administration_id: str, rest: Rest) -> None:
        with suppress(ConditionFailed):  # disconnected meanwhile
            self._table.update(
                administration_key(administration_id),
                ConditionExpression="attribute_exists(#pk)",
                **_whole({"rest": rest_values(rest).get("rest")}),
            )

    def note_outage(self, switches: Switches, was: Switches) -> bool:
        values, before = outage_values(switches), outage_values(was)
        names = ("rest", "failing")
        change = _whole({name: values.get(name) for name in names})
        conditions = [
            f"#{name} = :was_{name}" if name in before else f"attribute_not_exists(#{name})"
            for name in names
        ]
        change["ExpressionAttributeValues"] |= {f":was_{name}": before[name] for name in before}
        try:
            self._table.update(SWITCHES, ConditionExpression=" AND ".join(conditions), **change)
        except ConditionFailed as failed:
            stored = read_switches(failed.stored or {})  # our own write, whose answer was lost?
            return (stored.failing, stored.rest) == (switches.failing, switches.rest)
        return True

    def set_posting_allowed(self, *, allowed: bool) -> None:
        self._table.update(SWITCHES, **_whole({"posting": {"BOOL": allowed}}))

    # ----------------------------------------------------------------- parts

    def _of_kind(self, sk: str) -> Iterator[Item]:
        """Reads the whole table: for the operator and the nightly run only."""
        return self._table.scan(
            FilterExpression="#sk = :sk", ExpressionAttributeValues={":sk": {"S": sk}}
        )

    def _last_version(self, shop_id: str) -> int:
        versions = self._table.collection(
            shop_key(shop_id)["pk"]["S"],
            SETTINGS_SK,
            ProjectionExpression="#sk",
            ScanIndexForward=False,
            Limit=1,
        )
        last = next(versions, None)
        return int(last["sk"]["S"].removeprefix(SETTINGS_SK)) if last else 0

    def _put_once(self, item: Item) -> bool:
        """False when there is another item already; our own earlier write counts as written."""
        try:
            self._table.put(item, ConditionExpression="attribute_not_exists(#pk)")
        except ConditionFailed as failed:
            return failed.stored == item
        return True

    def _put_owned(self, what: str, item: Item, member: Item) -> None:
        """Store it and list it with its account; what has another account is refused."""
        put = {
            "Item": item,
            "ConditionExpression": "attribute_not_exists(#pk) OR #account = :account",
            "ExpressionAttributeValues": {":account": item["account"]},
        }
        try:
            self._table.transact({"Put": put}, {"Put": {"Item": member}})
        except ConditionFailed:
            raise belongs_to_another(what) from None

    def _make_current(self, shop_id: str, version: int) -> None:
        """A shop that is not connected yet gets the version when it is."""
        with suppress(ConditionFailed):
            self._table.update(
                shop_key(shop_id),
                UpdateExpression="SET #settings = :version",
                ConditionExpression="attribute_exists(#pk) AND #settings < :version",
                ExpressionAttributeValues={":version": {"N": str(version)}},
            )

    def _pause(self, tenant: Item, reason: str, version: int | None, at: datetime) -> bool:
        condition = "attribute_exists(#pk) AND attribute_not_exists(#paused)"
        pause = {":paused": {"S": reason}, ":at": {"S": moment(at)}}
        values = pause | {":owed": {"S": NOTICE_PAUSED}}
        if version is not None:
            condition += " AND #secret_version = :version"
            values[":version"] = {"N": str(version)}
        try:
            self._table.update(
                tenant,
                UpdateExpression=(
                    "SET #paused = :paused, #paused_at = :at, #owed = :owed REMOVE #active"
                ),
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except ConditionFailed as failed:
            # Our own pause whose answer was lost counts: else nobody would send the mail.
            stored = failed.stored or {}
            return (stored.get("paused"), stored.get("paused_at")) == tuple(pause.values())
        return True

    def _resume(self, tenant: Item, notice_owed: str, *, sets: Mapping[str, Any]) -> None:
        values = dict(sets) | ({"owed": {"S": notice_owed}} if notice_owed else {})
        removes = "#paused, #paused_at" + ("" if notice_owed else ", #owed")
        assigned = ", ".join(f"#{name} = :{name}" for name in values)
        with suppress(ConditionFailed):  # nothing to resume
            self._table.update(
                tenant,
                UpdateExpression=f"{f'SET {assigned} ' if values else ''}REMOVE {removes}",
                ConditionExpression="attribute_exists(#pk)",
                ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
            )

    def _settle(self, tenant: Item, notice: str) -> None:
        with suppress(ConditionFailed):  # something else is owed by now
            self._table.update(
                tenant,
                UpdateExpression="REMOVE #owed",
                ConditionExpression="#owed = :notice",
                ExpressionAttributeValues={":notice": {"S": notice}},
            )
