"""GET requests for /v1/... in, Mijnwebwinkel's answers out; writes are refused and remembered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from workbench.standins.base import HTML_FAULTS, StandIn, transport_fault
from workbench.standins.clock import AMSTERDAM
from workbench.standins.errors import StandInError
from workbench.standins.faults import CHANGE, Fault
from workbench.standins.http_server import Answer, Delivery, Request
from workbench.standins.journal import Recorded
from workbench.standins.rate_limit import RateLimit
from workbench.standins.shop.answers import error, not_found, rate_limited, token_refused
from workbench.standins.shop.calls import CALLS, Ask, served
from workbench.standins.shop.filters import BadQuery
from workbench.standins.shop.folder import read_shop
from workbench.standins.shop.routes import Route, route
from workbench.standins.shop.shop_data import Access, Shop, demo_store, shop_of
from workbench.standins.shop.switches import ShopSwitches

PARTNER_TOKEN = "standin-partner-token"  # noqa: S105 -- a documented default of a test server
SHOP_TOKEN = "standin-shop-token"  # noqa: S105 -- as above

FAULTS = {
    "429": "too many requests; retry_after adds the header",
    "500": "500 with an HTML page",
    "502": "502 with an HTML page",
    "503": "503 with an HTML page",
    "404": "404 with an HTML page",
    "html_200": "200 with an HTML page (maintenance)",
    "drop": "the connection closes without an answer",
    "cut": "the connection closes in the middle of the body",
    "slow": "the answer waits for `seconds`",
    "truncated_json": "200 with the first half of the JSON, complete as HTTP",
    "empty": "200 with an empty body",
    "object": "200 with a JSON object where a list is expected",
    "refuse_token": "the answer to an inactive token",
    CHANGE: "the data changes before or after this request",
}


class ShopStandIn(StandIn):
    """Mijnwebwinkel on 127.0.0.1 with any number of shops, each behind its own token."""

    name = "shop"
    switches: ShopSwitches

    def __init__(self, *, partner_token: str = PARTNER_TOKEN, **options: Any) -> None:
        """``options`` are those of ``StandIn``: port, latency, remember, now."""
        super().__init__(FAULTS, **options)
        self.partner_token = partner_token
        self.switches = ShopSwitches()
        self._by_token: dict[str, Shop] = {}
        self._by_id: dict[str, Shop] = {}
        self._rate_limit = RateLimit()

    # ------------------------------------------------------------ data, for people and tests

    @property
    def shops(self) -> list[Shop]:
        return list(self._by_id.values())

    def add_shop(
        self, token: str = SHOP_TOKEN, orders: Iterable[dict[str, Any]] = (), **parts: Any
    ) -> Shop:
        """A shop with these order documents; ``parts`` are fields of ``Shop`` (store, ...).

        Without a store it gets a stable one of its own, named after its place in the row.
        """
        parts.setdefault("store", self._next_store())
        return self._added(shop_of(token, orders, **parts))

    def load(
        self, folder: Path | str, token: str = SHOP_TOKEN, *, newest: date | None = None
    ) -> Shop:
        """A shop from a folder of files (see ``read_shop``); its store as with ``add_shop``.

        A folder that is loaded again gives a shop with a store id of its own.
        """
        shop = read_shop(Path(folder), token, self._next_store(), newest=newest)
        if shop.id in self._by_id:
            again = self._next_store()
            shop.store = shop.store | {"id": again["id"], "name": again["name"]}
        return self._added(shop)

    def _next_store(self) -> dict[str, Any]:
        return demo_store(f"Voorbeeldwinkel {len(self._by_id) + 1}")

    def _added(self, shop: Shop) -> Shop:
        with self.lock:
            if shop.token in self._by_token or shop.id in self._by_id:
                raise StandInError(f"there is a shop with this token or store id {shop.id} already")
            self._by_token[shop.token] = self._by_id[shop.id] = shop
        return shop

    def shop(self, store_id: str | None = None) -> Shop:
        """The shop with this store id; without one the only (or first) shop."""
        found = self._by_id.get(store_id) if store_id else next(iter(self._by_id.values()), None)
        if found is None:
            raise StandInError(
                f"there is no shop {store_id}" if store_id else "there is no shop yet"
            )
        return found

    def add_order(self, order: dict[str, Any], shop: str | None = None) -> None:
        """A new order comes in."""
        with self.lock:
            self.shop(shop).orders.add(order)

    def edit_order(self, number: str, changes: dict[str, Any], shop: str | None = None) -> None:
        """Lay ``changes`` over an order's document, also after it was booked."""
        with self.lock:
            self.shop(shop).orders.get(number).edit(changes)

    def delete_order(self, number: str, shop: str | None = None) -> None:
        """The merchant deletes an order."""
        with self.lock:
            self.shop(shop).orders.remove(number)

    def archive_order(self, number: str, shop: str | None = None, *, archived: bool = True) -> None:
        """The merchant moves an order to the archive, or back."""
        self.edit_order(number, {"archived": archived}, shop)

    def set_status(
        self, number: str, status: int, shop: str | None = None, at: datetime | str | None = None
    ) -> None:
        """The merchant gives an order a status, now or ``at`` (Amsterdam time without zone)."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at or self.now()
        local = moment.astimezone(AMSTERDAM) if moment.tzinfo else moment
        stamp = {
            "status_changed_date": f"{local:%Y-%m-%d}",
            "status_changed_time": f"{local:%H:%M:%S}",
        }
        self.edit_order(number, {"status": status, **stamp}, shop)

    def set_payments(
        self, number: str, payments: list[dict[str, Any]], shop: str | None = None
    ) -> None:
        """The payments of an order as the API lists them."""
        with self.lock:
            self.shop(shop).payments[number] = payments

    def set_token(self, state: Access, shop: str | None = None) -> None:
        """The merchant switches the token off, it expires, or it works again."""
        if state not in get_args(Access):
            raise StandInError(f"a token is {', '.join(get_args(Access))}, not {state!r}")
        self.shop(shop).access = state

    def change(self, **change: Any) -> Any:
        """One of the methods above by name, ``do="delete_order", number="1042"``."""
        verbs: Mapping[str, Callable[..., None]] = {
            "add_order": self.add_order,
            "edit_order": self.edit_order,
            "delete_order": self.delete_order,
            "archive_order": self.archive_order,
            "set_status": self.set_status,
            "set_payments": self.set_payments,
            "set_token": self.set_token,
        }
        do = change.pop("do", None)
        if do not in verbs:
            raise StandInError(f"unknown change {do!r}; there are: {', '.join(verbs)}")
        try:
            verbs[do](**change)
        except (TypeError, ValueError) as failure:
            raise StandInError(f"{do}: {failure}") from None
        return do

    def state(self) -> dict[str, Any]:
        return {
            "shops": [
                {
                    "store": shop.store,
                    "token": shop.access,
                    "orders": [order.data for order in shop.orders],
                }
                for shop in self.shops
            ]
        }

    def contents(self) -> str:
        shops = [f"{shop.store.get('name')} with {len(shop.orders)} orders" for shop in self.shops]
        return "; ".join(shops) or "no shop yet"

    def clear_data(self) -> None:
        """Forget every shop."""
        with self.lock:
            self._by_token.clear()
            self._by_id.clear()

    # ------------------------------------------------------------ the API

    def respond(self, request: Request) -> Answer:
        found = route(request.path)
        shop = self._by_token.get(request.query.get("token", ""))
        seen = self.journal.record(request, found.call, shop.id if shop else "")
        with self.journal.in_flight(seen.scope or "no shop"):
            answer = self._answer(request, found, shop, seen)
        seen.status = 0 if answer.delivery is Delivery.NOTHING else answer.status
        return answer

    def _answer(self, request: Request, found: Route, shop: Shop | None, seen: Recorded) -> Answer:
        struck = self.faults.striking(found.call, found.number, seen.scope)
        seen.fault = ", ".join(fault.kind for fault in struck)
        self.pause(self.latency + sum(fault.seconds for fault in struck if fault.kind == "slow"))
        with self.lock:
            self.play_changes(struck, "before")
            answer = self._played(struck, lambda: self._checked(request, found, shop, seen))
            self.play_changes(struck, "after")
        return answer

    def _played(self, struck: list[Fault], real: Callable[[], Answer]) -> Answer:
        """The first fault that answers itself, else the real answer, spoilt where asked."""
        for fault in struck:
            if fault.kind == "refuse_token":
                return token_refused(self.switches.refuse_inactive)
            if fault.kind in HTML_FAULTS or fault.kind == "drop":
                return transport_fault(fault) or real()
        answer = real()
        for fault in struck:
            answer = _spoilt(answer, fault.kind)
        return answer

    def _checked(self, request: Request, found: Route, shop: Shop | None, seen: Recorded) -> Answer:
        if request.method != "GET":
            self.journal.violation(f"{request.method} {request.path}: the shop may only be read")
            return error(405, "Method Not Allowed", "Only GET is allowed.", (("Allow", "GET"),))
        if found.call not in CALLS:
            return not_found("No such path.")
        if self._rate_limit.exceeded(seen.scope, self.switches.requests_per_second):
            return rate_limited(self.switches.rate_limit_retry_after)
        refused = self._refused(request, found, shop)
        if refused:
            return token_refused(refused)
        try:
            return served(Ask(request.query, found, shop or self.shop(), self.switches))
        except BadQuery as failure:
            return error(400, "Bad Request", str(failure))

    def _refused(self, request: Request, found: Route, shop: Shop | None) -> str | None:
        """The form of the refusal, None when the tokens are good (Mijnwebwinkel API, tokens)."""
        if request.query.get("partner_token") != self.partner_token:
            return self.switches.refuse_partner
        if shop is not None:
            return self._refused_shop(shop)
        partner_only = found.partner_token_is_enough and "token" not in request.query
        return None if partner_only and self.shops else self.switches.refuse_unknown

    def _refused_shop(self, shop: Shop) -> str | None:
        if shop.access == "active":
            return None
        expired = shop.access == "expired"
        return self.switches.refuse_expired if expired else self.switches.refuse_inactive


def _spoilt(answer: Answer, kind: str) -> Answer:
    match kind:
        case "cut":
            return replace(answer, delivery=Delivery.CUT)
        case "truncated_json":
            return replace(answer, body=answer.body[: max(1, len(answer.body) // 2)])
        case "empty":
            return Answer(200)
        case "object":
            return Answer(200, b'{"message": "Temporarily unavailable"}')
        case _:
            return answer
