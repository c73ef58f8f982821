"""A signed call from outside -> this shop, or this order, is fetched now.

    POST <hook address>/<shop id>/<version>
    X-Boekbrug-Timestamp: seconds since 1970
    X-Boekbrug-Signature: sha256=<HMAC-SHA256 of "<timestamp>.<body>" under the shop's hook secret>
    {"order": "1042"}                  without an order: everything that is new

A shop's secret is derived from one master secret, the shop and a version. So a call that is not
signed is refused without a read, and a new version makes every older secret worthless.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar, Protocol

from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.tenants import ConnectedShop, Secret, Tenants

FRESH = timedelta(minutes=5)
"""How far the time of a call may be from ours; a signature is remembered for twice as long."""
LONGEST_BODY = 4096  # bytes
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,20}")
_SHOP = re.compile(r"[0-9A-Za-z-]{1,64}")


class HookKeys(Protocol):
    """The master secret of all hooks. Raises ``RetryLater`` as the settings table does."""

    def master(self) -> Secret | None:
        """``None`` until the first hook was made."""

    def make(self) -> Secret:
        """The master secret, made when there is none; two at once get the same."""


class Once(Protocol):
    """Does something once for a key, whoever asks again within ten minutes."""

    def first(self, key: str, work: Callable[[], None]) -> bool:
        """Whether it was done now: false for a repeat. What raises counts as not done."""


class HookRefused(BoekbrugError):
    """When a call is not answered with a fetch; ``status`` is the HTTP status that tells it."""

    code: ClassVar[str] = "hook_refused"
    status: ClassVar[int] = 401


class HookNotSigned(HookRefused):
    """When signature, time, shop or version are not right: nobody is told which of them."""

    code = "hook_not_signed"


class HookNotUnderstood(HookRefused):
    """When a signed call asks for something that does not exist."""

    code = "hook_not_understood"
    status = 400


class HookRepeated(HookRefused):
    """When a signed call comes a second time."""

    code = "hook_repeated"
    status = 409


class HookShopStopped(HookRefused):
    """When the shop is paused: nothing is fetched until it goes on."""

    code = "hook_shop_stopped"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCall:
    """A call as it came in; ``version`` and ``timestamp`` as text."""

    shop_id: str
    version: str
    timestamp: str
    signature: str = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookServices:
    """What a call from outside needs."""

    tenants: Tenants
    keys: HookKeys
    once: Once
    shops_queue: ShopsQueue
    clock: Clock


@dataclass(frozen=True, slots=True)
class Triggered:
    """What is fetched now: one order, or everything that is new (``number`` is empty)."""

    shop_id: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """What is shown once to whoever sets up a hook: the path behind the address, the secret."""

    path: str
    secret: Secret


def new_hook(tenants: Tenants, keys: HookKeys, shop: ConnectedShop) -> Hook:
    """A hook with a secret of its own; the shop's earlier secrets are worthless from now on."""
    master = keys.make()
    version = tenants.renew_hook(shop.shop_id)
    return Hook(f"{shop.shop_id}/{version}", secret_of(master, shop.shop_id, version))


def trigger(services: HookServices, call: HookCall) -> Triggered:
    """Have the shop or the order fetched. Raises ``HookRefused`` and ``RetryLater``."""
    shop = _signed_shop(services, call)
    number = _number(call.body)
    if shop.paused:
        raise HookShopStopped(f"shop {shop.shop_id} is stopped")
    numbers = (number,) if number else ()
    done = services.once.first(
        f"{call.shop_id}|{call.timestamp}|{call.signature}",
        lambda: services.shops_queue.send([shop.shop_id], numbers=numbers),
    )
    if not done:
        raise HookRepeated("this call came before")
    return Triggered(shop.shop_id, number)


def secret_of(master: Secret, shop_id: str, version: int) -> Secret:
    """The secret of a shop's hook, as text that fits a form field."""
    mark = hmac.digest(master.text.encode(), f"{shop_id}.{version}".encode(), sha256)
    return Secret("bbh_" + urlsafe_b64encode(mark).decode().rstrip("="))


def signature(secret: Secret, timestamp: str, body: bytes) -> str:
    """What the header of a call must hold."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.text.encode(), signed, sha256).hexdigest()


def _signed_shop(services: HookServices, call: HookCall) -> ConnectedShop:
    """The shop that the call is signed for; only a right signature costs a read."""
    master = services.keys.master() if _well_formed(call, services.clock.now()) else None
    if master is None:
        raise HookNotSigned
    version = int(call.version)
    expected = signature(secret_of(master, call.shop_id, version), call.timestamp, call.body)
    if not hmac.compare_digest(expected.encode(), call.signature.encode()):
        raise HookNotSigned
    shop = services.tenants.shop(call.shop_id)
    if shop is None or shop.hook_version != version:
        raise HookNotSigned
    return shop


def _well_formed(call: HookCall, now: datetime) -> bool:
    if len(call.body) > LONGEST_BODY or not _SHOP.fullmatch(call.shop_id):
        return False
    if not re.fullmatch("[0-9]{1,6}", call.version) or not re.fullmatch(
        "[0-9]{1,12}", call.timestamp
    ):
        return False
    return abs(now.timestamp() - int(call.timestamp)) <= FRESH.total_seconds()


def _number(body: bytes) -> str:
    """The order that is asked for; nothing at all asks for everything that is new."""
    if not body.strip():
        return ""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise HookNotUnderstood("the body is no JSON") from None
    if not isinstance(asked, dict) or set(asked) - {"order"}:
        raise HookNotUnderstood('the body must be {} or {"order": "1042"}')
    number = str(asked.get("order", ""))
    if "order" in asked and not _NUMBER.fullmatch(number):
        raise HookNotUnderstood("order is not an order number")
    return number
