"""Shops that are being connected <-> the settings table, with their account, or memory."""

from datetime import datetime
from typing import Any

from boekbrug.aws.table import Item, Table
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.tenants import ConnectDraft
from boekbrug.settings.items import draft_key, moment, read_store, store_value

_TEXTS = {
    "token": "sealed_token",
    "administration": "administration_id",
    "contractcode": "contractcode",
    "username": "username",
    "password": "sealed_password",
    "company": "company_name",
}
"""Attribute -> field of the texts in a draft."""


class MemoryConnectDrafts:
    """Lives as long as the object."""

    def __init__(self) -> None:
        self._drafts: dict[str, ConnectDraft] = {}

    def of(self, account_id: str) -> ConnectDraft | None:
        return self._drafts.get(account_id)

    def keep(self, draft: ConnectDraft) -> None:
        self._drafts[draft.account_id] = draft

    def drop(self, account_id: str) -> None:
        self._drafts.pop(account_id, None)


class DynamoConnectDrafts:
    """In the settings table; ``expires`` (seconds) lets DynamoDB take an old one away."""

    def __init__(self, table_name: str, client: Any = None) -> None:
        self._table = Table(table_name, "drafts", client)

    def of(self, account_id: str) -> ConnectDraft | None:
        item = self._table.get(draft_key(account_id))
        return _read(account_id, item) if item else None

    def keep(self, draft: ConnectDraft) -> None:
        self._table.put(_item(draft))

    def drop(self, account_id: str) -> None:
        self._table.transact({"Delete": {"Key": draft_key(account_id)}})


def _item(draft: ConnectDraft) -> Item:
    texts = {name: {"S": getattr(draft, field)} for name, field in _TEXTS.items()}
    choices = {"choices": {"S": draft.settings.model_dump_json()}} if draft.settings else {}
    return (
        draft_key(draft.account_id)
        | texts
        | choices
        | {
            "store": store_value(draft.store),
            "until": {"S": moment(draft.expires)},
            "expires": {"N": str(int(draft.expires.timestamp()))},
        }
    )


def _read(account_id: str, item: Item) -> ConnectDraft:
    choices = item.get("choices")
    return ConnectDraft(
        account_id=account_id,
        store=read_store(item["store"]["M"]),
        settings=ShopSettings.model_validate_json(choices["S"]) if choices else None,
        expires=datetime.fromisoformat(item["until"]["S"]),
        **{field: item[name]["S"] for name, field in _TEXTS.items()},
    )
