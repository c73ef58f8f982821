"""Our values <-> the bodies of queue messages; a body that is not ours is refused by name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import batched
from typing import Any

from boekbrug.errors import NeedsOperator
from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage

LARGEST_BODY = 240_000
"""Bytes of a body, and of a batch of bodies: SQS' limit of 256 KiB with room for attributes."""

SHOPS_PER_MESSAGE = 1000

_FORM = "boekbrug.order.1"
_TEXTS = ("account_id", "administration_id", "correlation_id")
_NUMBERS = ("settings_version", "revision")
_PAYLOADS = ("raw", "payments", "original")


class NotOurMessage(NeedsOperator):
    """When a queue holds a message that we did not write: it is parked, nothing is guessed."""

    code = "not_our_message"


@dataclass(frozen=True, slots=True)
class ShopsPage:
    """A page of shops to fetch, and how often it came back already.

    ``numbers`` are the only orders that are wanted of the one shop; none: everything new.
    """

    shop_ids: list[str]
    attempt: int = 0
    numbers: tuple[str, ...] = ()


# --------------------------------------------------------------------------- orders


def order_body(message: OrderMessage) -> str:
    """The message as JSON; what is too large is left out: first the order, then its original.

    An order that is left out is read again from the shop.
    """
    left_out: set[str] = {name for name in _PAYLOADS if _text(getattr(message, name)) is None}
    for too_large in ("raw", "original", "payments"):
        body = _body(message, left_out)
        if len(body.encode()) <= LARGEST_BODY:
            break
        left_out.add(too_large)
    return _body(message, left_out)


def dedup_id(message: OrderMessage) -> str:
    """The same for one decision about one order: an accidental second send within five minutes is
    dropped by the queue, a new decision (another revision) or a later sweep is not.
    """
    key = message.key
    identity = "|".join((key.shop_id, key.number, key.uuid, str(message.revision)))
    return sha256(identity.encode()).hexdigest()


def parse_order_message(body: str) -> OrderMessage:
    """Raises ``NotOurMessage``, which names the field and never a value."""
    data = _object(body, "an order message")
    if data.get("form") != _FORM:
        raise NotOurMessage("not an order message: form")
    key = [_field(data, name, str) for name in ("shop_id", "number", "uuid")]
    return OrderMessage(
        key=OrderKey(*key),
        **{name: _field(data, name, str) for name in _TEXTS},
        **{name: _field(data, name, int) for name in _NUMBERS},
        **{name: _field(data, name, str).encode() for name in _PAYLOADS},
        credit_status=_field(data, "credit_status", bool),
        by_request=_field({"by_request": False} | data, "by_request", bool),
    )


def _body(message: OrderMessage, left_out: set[str]) -> str:
    key = message.key
    fields: dict[str, Any] = {
        "form": _FORM,
        "shop_id": key.shop_id,
        "number": key.number,
        "uuid": key.uuid,
        "credit_status": message.credit_status,
    }
    fields |= {"by_request": True} if message.by_request else {}
    fields |= {name: getattr(message, name) for name in (*_TEXTS, *_NUMBERS)}
    fields |= {n: "" if n in left_out else _text(getattr(message, n)) for n in _PAYLOADS}
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    # The two characters that JSON text may hold and SQS refuses.
    return body.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _text(payload: bytes) -> str | None:
    """JSON is UTF-8; anything else is not sent along but read again."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None


# --------------------------------------------------------------------------- pages of shops


def shops_bodies(
    shop_ids: Sequence[str], attempt: int = 0, numbers: Sequence[str] = ()
) -> list[str]:
    """The bodies of the messages for these shops: one, unless there are very many."""
    wanted = {"numbers": list(numbers)} if numbers else {}
    return [
        json.dumps({"shops": page, "attempt": attempt} | wanted, separators=(",", ":"))
        for page in batched(shop_ids, SHOPS_PER_MESSAGE, strict=False)
    ]


def parse_shops_message(body: str) -> ShopsPage:
    """Raises ``NotOurMessage``. ``{"shops": ["<id>"]}`` is enough, also by hand."""
    data = _object(body, "a page of shops")
    shops = _field(data, "shops", list)
    if not shops or not all(isinstance(shop, str) and _whole(shop) for shop in shops):
        raise NotOurMessage("not a page of shops: shops")
    attempt = _field({"attempt": 0} | data, "attempt", int)
    numbers = _field({"numbers": []} | data, "numbers", list)
    if not all(isinstance(number, str) and _whole(number) for number in numbers):
        raise NotOurMessage("not a page of shops: numbers")
    return ShopsPage(shops, attempt, tuple(numbers))


# --------------------------------------------------------------------------- fields


def _object(body: str, what: str) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise NotOurMessage(f"not {what}: no JSON") from None
    if not isinstance(data, dict):
        raise NotOurMessage(f"not {what}: no JSON object")
    return data


def _field(data: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = data.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotOurMessage(f"field {name} is missing or of another kind")
    if isinstance(value, str) and value and not _whole(value):
        raise NotOurMessage(f"field {name} holds half a character")
    return value


def _whole(text: str) -> bool:
    """A text that UTF-8 can hold: JSON may escape half a surrogate pair, we never write one."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False
