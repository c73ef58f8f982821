"""Ledger rows and shop memories <-> DynamoDB items; short names keep a row under 1 KB.

A write costs one unit per KB, so empty and default values are left out. Money is stored as text,
exactly as it was; moments are microseconds since 1970 (UTC). The names are listed in docs/data.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from boekbrug.aws.table import Item
from boekbrug.domain.facts import VatCheck
from boekbrug.journey.attention import place
from boekbrug.journey.ports.ledger import LedgerRow, OrderKey, ShopMemory, TimelineEvent
from boekbrug.ledger.timeline import EVENTS_KEPT, event_of, slot

MEMORIES_PK = "MEMORIES"  # side by side, so that a page of shops is one packed read
ORDER_SK = "ORDER#"
NUMBER_WIDTH = 12
DIGEST_BYTES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEPARATOR = "\x1f"


# --------------------------------------------------------------------------- keys


def shop_pk(shop_id: str) -> str:
    return f"SHOP#{shop_id}"


def number_prefix(number: str) -> str:
    """The start of the sort key of all rows with this number; padded, so that rows sort by it."""
    return f"{ORDER_SK}{number.rjust(NUMBER_WIDTH, '0')}#"


def row_key(key: OrderKey) -> Item:
    return {
        "pk": {"S": shop_pk(key.shop_id)},
        "sk": {"S": number_prefix(key.number) + key.uuid},
    }


def memory_key(shop_id: str) -> Item:
    return {"pk": {"S": MEMORIES_PK}, "sk": {"S": shop_id}}


def _key_of(item: Item) -> OrderKey:
    shop_id = item["pk"]["S"].removeprefix("SHOP#")
    rest = item["sk"]["S"].removeprefix(ORDER_SK)
    if "nr" in item:
        number = item["nr"]["S"]
        return OrderKey(shop_id, number, item["sk"]["S"].removeprefix(number_prefix(number)))
    number, _, uuid = rest.partition("#")
    return OrderKey(shop_id, number.lstrip("0") or "0", uuid)


def _odd_number(key: OrderKey) -> str:
    """The number when the sort key does not give it back: leading zeros, or a ``#`` in it."""
    number = key.number
    plain = "#" not in number and (number.lstrip("0") or "0") == number
    return "" if plain else number


# --------------------------------------------------------------------------- one value


def _text(value: str) -> dict[str, Any]:
    return {"S": value}


def _number(value: int) -> dict[str, Any]:
    return {"N": str(value)}


def _money(value: Decimal) -> dict[str, Any]:
    return {"S": str(value)}


def _day(value: date) -> dict[str, Any]:
    return {"S": value.isoformat()}


def _moment(value: datetime) -> dict[str, Any]:
    return {"N": str(_microseconds(value))}


def _microseconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1)


def _to_moment(microseconds: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))


def _flag(value: bool) -> dict[str, Any]:
    return {"BOOL": value}


def _texts(value: tuple[str, ...]) -> dict[str, Any]:
    return {"L": [{"S": text} for text in value]}


def _amounts(value: Mapping[str, Decimal]) -> dict[str, Any]:
    return {"M": {rate: {"S": str(amount)} for rate, amount in value.items()}}


def _vat_check(value: VatCheck) -> dict[str, Any]:
    parts = ("1" if value.valid else "0", str(_microseconds(value.at)), value.consultation)
    return {"S": _SEPARATOR.join(parts)}


def _read_text(value: dict[str, Any]) -> str:
    return str(value["S"])


def _read_number(value: dict[str, Any]) -> int:
    return int(value["N"])


def _read_money(value: dict[str, Any]) -> Decimal:
    return Decimal(value["S"])


def _read_day(value: dict[str, Any]) -> date:
    return date.fromisoformat(value["S"])


def _read_moment(value: dict[str, Any]) -> datetime:
    return _to_moment(value["N"])


def _read_flag(value: dict[str, Any]) -> bool:
    return bool(value["BOOL"])


def _read_texts(value: dict[str, Any]) -> tuple[str, ...]:
    return tuple(one["S"] for one in value["L"])


def _read_vat_check(value: dict[str, Any]) -> VatCheck:
    valid, at, consultation = value["S"].split(_SEPARATOR)
    return VatCheck(valid == "1", _to_moment(at), consultation)


def _read_amounts(value: dict[str, Any]) -> dict[str, Decimal]:
    return {rate: Decimal(amount["S"]) for rate, amount in value["M"].items()}


# --------------------------------------------------------------------------- rows

type _Write = Callable[[Any], dict[str, Any]]
type _Read = Callable[[dict[str, Any]], Any]

_FIELDS: dict[str, tuple[str, _Write, _Read]] = {
    "uuid": ("uu", _text, _read_text),
    "state": ("st", _text, _read_text),
    "reason": ("re", _text, _read_text),
    "detail": ("de", _text, _read_text),
    "messages": ("ms", _texts, _read_texts),
    "order_date": ("od", _day, _read_day),
    "total": ("to", _money, _read_money),
    "order_vat": ("ov", _amounts, _read_amounts),
    "credit": ("cr", _flag, _read_flag),
    "currency": ("cu", _text, _read_text),
    "fingerprint": ("fp", _text, _read_text),
    "settings_version": ("sv", _number, _read_number),
    "converter": ("cv", _text, _read_text),
    "revision": ("rv", _number, _read_number),
    "attempts": ("at", _number, _read_number),
    "owner": ("ow", _text, _read_text),
    "posting_at": ("pa", _moment, _read_moment),
    "entryid": ("en", _text, _read_text),
    "invoicenumber": ("in", _text, _read_text),
    "contactid": ("co", _text, _read_text),
    "conceptid": ("cc", _text, _read_text),
    "reference": ("rf", _text, _read_text),
    "posted_total": ("pt", _money, _read_money),
    "vat": ("va", _amounts, _read_amounts),
    "payment_status": ("ps", _text, _read_text),
    "concept": ("cn", _flag, _read_flag),
    "due": ("du", _flag, _read_flag),
    "vat_check": ("vc", _vat_check, _read_vat_check),
    "absent_at": ("ab", _moment, _read_moment),
    "given_up_at": ("gu", _moment, _read_moment),
    "by_request": ("br", _flag, _read_flag),
    "correlation_id": ("ci", _text, _read_text),
    "seen_at": ("se", _moment, _read_moment),
    "changed_at": ("ch", _moment, _read_moment),
}
"""Field -> (attribute, how it is written, how it is read)."""

PLACE = "op"  # the key of the index, on rows that somebody must hear of and on no other
REPLACES = "rp"  # the row that is replaced, as attributes of its own
ATTRIBUTES = (*(attribute for attribute, _, _ in _FIELDS.values()), REPLACES, PLACE)
_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(LedgerRow)} | {
    "vat": {},
    "order_vat": {},
}


def row_values(row: LedgerRow) -> Item:
    """The attributes of a row without its key and events; what has its default is left out."""
    values, odd, where = _plain(row), _odd_number(row.key), place(row)
    values |= {REPLACES: {"M": _plain(row.replaces)}} if row.replaces else {}
    values |= {"nr": _text(odd)} if odd else {}
    return values | ({PLACE: _text(where)} if where else {})


def _plain(row: LedgerRow) -> Item:
    return {
        attribute: write(getattr(row, name))
        for name, (attribute, write, _) in _FIELDS.items()
        if getattr(row, name) != _DEFAULTS[name]
    }


def recent(row: LedgerRow, since: date) -> bool:
    """Whether an order was placed or changed on that day or later."""
    return row.order_date >= since or (
        row.changed_at is not None and row.changed_at.date() >= since
    )


def read_row(item: Item) -> LedgerRow:
    row = _read_plain(_key_of(item), item)
    if REPLACES not in item:
        return row
    return replace(row, replaces=_read_plain(row.key, item[REPLACES]["M"]))


def _read_plain(key: OrderKey, item: Item) -> LedgerRow:
    values = {
        name: read(item[attribute])
        for name, (attribute, _, read) in _FIELDS.items()
        if attribute in item
    }
    return LedgerRow(key=key, **values)


# --------------------------------------------------------------------------- timeline


def event_values(row: LedgerRow) -> Item:
    """The event of this revision of a row, in its slot."""
    event = event_of(row)
    parts = (str(row.revision), str(_microseconds(event.at)), event.state, event.code, event.text)
    return {f"e{slot(row.revision)}": {"S": _SEPARATOR.join(parts)}}


def read_events(item: Item) -> list[TimelineEvent]:
    """The events that are kept, oldest first."""
    found: list[tuple[int, TimelineEvent]] = []
    for index in range(EVENTS_KEPT):
        if f"e{index}" in item:
            revision, at, state, code, text = item[f"e{index}"]["S"].split(_SEPARATOR, 4)
            found.append((int(revision), TimelineEvent(_to_moment(at), state, code, text)))
    return [event for _, event in sorted(found, key=lambda pair: pair[0])]


# --------------------------------------------------------------------------- updates


@dataclass(frozen=True, slots=True)
class Update:
    """The parts of an UpdateItem; every attribute is named ``#x``, its value ``:x``."""

    expression: str
    values: Item


def full_update(row: LedgerRow) -> Update:
    """Everything of a row, and its event; attributes it has no value for are removed."""
    return _update(row, frozenset())


def claiming_update(row: LedgerRow) -> Update:
    """As ``full_update``, but what only the stored row knows stays; one attempt is added."""
    update = _update(row, frozenset({"uu", "se", "at", "gu", "br", REPLACES}))
    return Update(
        f"{update.expression} ADD #at :one",
        update.values | {":one": {"N": "1"}},
    )


def _update(row: LedgerRow, kept: frozenset[str]) -> Update:
    values = row_values(row) | event_values(row)
    sets = [name for name in values if name not in kept]
    gone = [name for name in ATTRIBUTES if name not in values and name not in kept]
    removes = f" REMOVE {', '.join(f'#{name}' for name in gone)}" if gone else ""
    return Update(
        f"SET {', '.join(f'#{name} = :{name}' for name in sets)}{removes}",
        {f":{name}": values[name] for name in sets},
    )


# --------------------------------------------------------------------------- memories


def memory_item(shop_id: str, memory: ShopMemory) -> Item:
    item = memory_key(shop_id) | {
        "sv": _number(memory.settings_version),
        "rv": _number(memory.revision),
    }
    if memory.settled:
        item["dg"] = {"B": _packed(memory.settled)}
    if memory.window_from:
        item["wf"] = _day(memory.window_from)
    if memory.watermark:
        item["wm"] = {"S": memory.watermark.isoformat()}  # the shop's own clock: no offset
    if memory.watching:
        item["wa"] = {"BOOL": True}
    if memory.offset:
        item["of"] = _number(memory.offset)
    if memory.page:
        item["pg"] = {"B": memory.page}
    if memory.last_success:
        item["ls"] = _moment(memory.last_success)
    if memory.failing_since:
        item["fs"] = _moment(memory.failing_since)
    return item


def _packed(digests: frozenset[bytes]) -> bytes:
    if any(len(digest) != DIGEST_BYTES for digest in digests):
        raise ValueError(f"a digest has {DIGEST_BYTES} bytes")
    return b"".join(sorted(digests))


def read_memory(item: Item) -> ShopMemory:
    digests: bytes = bytes(item["dg"]["B"]) if "dg" in item else b""
    return ShopMemory(
        settled=frozenset(
            digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)
        ),
        window_from=_read_day(item["wf"]) if "wf" in item else None,
        watermark=datetime.fromisoformat(item["wm"]["S"]) if "wm" in item else None,
        settings_version=_read_number(item["sv"]),
        watching="wa" in item,
        offset=_read_number(item["of"]) if "of" in item else 0,
        page=bytes(item["pg"]["B"]) if "pg" in item else b"",
        last_success=_read_moment(item["ls"]) if "ls" in item else None,
        failing_since=_read_moment(item["fs"]) if "fs" in item else None,
        revision=_read_number(item["rv"]) if "rv" in item else 0,
    )
