"""The shop's API -> pages of orders, the store, statuses, payments. It can only read."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from boekbrug.domain.days import earlier
from boekbrug.domain.order import OrderStatus, Payment, Store
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.ports.shops import FetchedOrder, OrdersPage, Sweep, UnreadableOrder
from boekbrug.journey.ports.tenants import Secret
from boekbrug.mijnwebwinkel import exact_json
from boekbrug.mijnwebwinkel.answers import (
    Meaning,
    error_in,
    json_or_none,
    meaning,
    retry_after,
    told,
)
from boekbrug.mijnwebwinkel.to_order import (
    UnreadableData,
    count_from_json,
    fetched_order,
    payment_methods_from_json,
    payments_from_json,
    statuses_from_json,
    store_from_json,
)
from boekbrug.mijnwebwinkel.transport import CONNECT_SECONDS, READ_SECONDS, Answer, ShopHttp

LIVE = "https://api.myonlinestore.com"
LIMIT = 100
STEP = 90
"""Pages overlap by ten, so that an order which leaves the list makes no gap (section 4.2)."""

ALWAYS = {"format": "json", "language": "nl_NL"}
NO_TOKEN = Secret("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one call may be tried again, in seconds; ``budget`` limits waits and tries together.

    ``waits`` follow a failure, ``busy_waits`` a 429 without Retry-After.
    """

    waits: tuple[float, ...] = (0.5, 2.0)
    busy_waits: tuple[float, ...] = (5.0, 15.0)
    budget: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class _Odd(Exception):
    """When an answer may mean a refused token as well as something else."""

    def __init__(self, what: str, *, missing: bool = False) -> None:
        super().__init__(what)
        self.missing = missing


class _NoData(Exception):
    """When the body is JSON, but not the data that was asked for."""

    def __init__(self, value: Any) -> None:
        super().__init__("JSON of another shape")
        self.value = value


class MijnwebwinkelShops:
    """Opens shops; all share one pool of connections (port ``Shops``)."""

    def __init__(
        self,
        base_url: str = LIVE,
        partner_token: Secret = Secret(""),  # noqa: B008  # a constant
        *,
        patience: Patience | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        contact: str = "",
    ) -> None:
        """``base_url`` is scheme and host; without it the live API is asked."""
        self._partner_token = partner_token
        self._patience = patience or Patience()
        self._http = ShopHttp(
            base_url,
            partner_token,
            connect_seconds=connect_seconds,
            read_seconds=read_seconds,
            contact=contact,
        )

    @property
    def address(self) -> str:
        """Host and port."""
        return self._http.address

    def partner_token_works(self) -> bool:
        """Asked of the order statuses, which need no shop's token (section 2.1)."""
        try:
            return bool(self.open(NO_TOKEN).order_statuses())
        except StopShop:
            return False

    def open(self, token: Secret) -> "MijnwebwinkelShop":
        """The API of the shop whose token this is; nothing is asked yet."""
        return MijnwebwinkelShop(self._http, token, self._partner_token, self._patience)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


class MijnwebwinkelShop:
    """One shop (port ``Shop``); one request at a time."""

    def __init__(
        self, http: ShopHttp, token: Secret, partner_token: Secret, patience: Patience
    ) -> None:
        self._http = http
        self._token = token
        self._partner_token = partner_token
        self._patience = patience
        self._token_works = False

    def store(self) -> Store:
        """Whose token this is; anything but a store with an id is no proof (section 14, row 1)."""
        return self._patiently(self._store)

    def order_statuses(self) -> tuple[OrderStatus, ...]:
        """The statuses with their Dutch texts; never none, every shop has some."""
        return self._read("/v1/orderstatuses", {}, _from(_some_statuses))

    def orders_page(self, sweep: Sweep, offset: int = 0, *, known: bytes = b"") -> OrdersPage:
        """A page of at most 100 orders by ascending number; the next one starts 90 further.

        ``start_date`` is asked for a day early, since the vendor does not say whether it is
        inclusive (section 14, row 5): a day more may be given, none less.
        """

        def read(body: bytes) -> OrdersPage:
            digest = blake2b(body, digest_size=8).digest()
            if digest == known:
                return OrdersPage((), None, digest, unchanged=True)
            orders = tuple(fetched_order(value, raw) for value, raw in _elements(body))
            return OrdersPage(orders, offset + STEP if len(orders) >= LIMIT else None, digest)

        return self._read("/v1/orders", _query(sweep, offset), read)

    def count(self, sweep: Sweep) -> int:
        """How many orders the shop says a sweep would give; with the same early start date."""
        return self._read("/v1/orders/count", _filters(sweep), _from(count_from_json))

    def order(self, number: str) -> FetchedOrder | UnreadableOrder | None:
        """One order by number; ``None`` when the shop does not know it."""
        if not number:
            return None
        path = f"/v1/orders/{quote(number, safe='')}"
        return self._read(path, {}, _one_order, missing=lambda: None)

    def payments(self, number: str) -> tuple[Payment, ...]:
        """The payments of an order with their mutations; none when the shop knows of none."""
        path = f"/v1/orders/{quote(number, safe='')}/payments"
        read = _from(payments_from_json)
        return self._read(path, {"embed": "mutations"}, read, missing=lambda: ())

    def payment_methods(self) -> tuple[tuple[str, str, str], ...]:
        """The shop's (gateway, method, display name)."""
        return self._read("/v1/payment/stores/me/gateways", {}, _from(payment_methods_from_json))

    # ------------------------------------------------------------------ one call, patiently

    def _read[T](
        self,
        path: str,
        query: Mapping[str, str],
        read: Callable[[bytes], T],
        *,
        missing: Callable[[], T] | None = None,
    ) -> T:
        """What ``read`` makes of the body; ``missing`` gives what a 404 means, if it may be one.

        An odd answer may be the vendor's way to refuse a token: ``/store`` tells (row 1).
        """
        try:
            found = self._patiently(lambda: self._once(path, query, read))
        except _Odd as odd:
            why, gone = str(odd), missing if odd.missing else None
        else:
            self._token_works = True
            return found
        if gone and self._token_works:
            return gone()
        self.store()
        if gone:
            return gone()
        raise RetryLater(why, code="shop_answer")

    def _patiently[T](self, once: Callable[[], T]) -> T:
        """``once``, again after a while when that may help, within the budget."""
        patience = self._patience
        start, tries = patience.clock(), 0
        while True:
            try:
                return once()
            except RetryLater as later:
                wait = self._wait(later, tries)
                if wait is None or patience.clock() - start + wait > patience.budget:
                    raise
            patience.sleep(wait)
            tries += 1

    def _wait(self, later: RetryLater, tries: int) -> float | None:
        """Seconds until the next try, ``None`` when that was the last."""
        busy = later.code == "shop_throttled"
        waits = self._patience.busy_waits if busy else self._patience.waits
        if tries >= len(waits):
            return None
        return waits[tries] if later.after is None else float(later.after)

    def _once[T](self, path: str, query: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        answer = self._get(path, query)
        said = meaning(answer.status)
        if said is Meaning.GIVEN:
            try:
                return read(answer.body)
            except exact_json.NotJson:
                raise RetryLater(f"{path}: no JSON", code="shop_answer") from None
            except _NoData as other:
                said = error_in(other.value) or Meaning.DOUBTFUL
        if said in (Meaning.DOUBTFUL, Meaning.NOT_THERE):
            raise _Odd(self._told(path, answer), missing=said is Meaning.NOT_THERE)
        raise self._failure(path, answer, said)

    def _store(self) -> Store:
        path = "/v1/store"
        answer = self._get(path, {})
        value = json_or_none(answer.body)
        said = meaning(answer.status)
        if said is Meaning.GIVEN:
            store = _store_with_id(value)
            if store is not None:
                self._token_works = True
                return store
            said = error_in(value) or said
        doubtful = said in (Meaning.DOUBTFUL, Meaning.NOT_THERE)
        if doubtful and isinstance(value, dict):
            said = Meaning.REFUSED
        raise self._failure(path, answer, said)

    def _failure(self, path: str, answer: Answer, said: Meaning) -> RetryLater | StopShop:
        if said is Meaning.REFUSED:
            return StopShop(self._told(path, answer), code="token_refused")
        if said in (Meaning.BUSY, Meaning.FAILING):
            busy = said is Meaning.BUSY
            return RetryLater(
                self._told(path, answer),
                code="shop_throttled" if busy else "shop_unreachable",
                after=retry_after(answer, self._patience.now()),
            )
        return RetryLater(f"{self._told(path, answer)}: no data", code="shop_answer")

    def _get(self, path: str, query: Mapping[str, str]) -> Answer:
        return self._http.get(self._token, path, {**query, **ALWAYS})

    def _told(self, path: str, answer: Answer) -> str:
        return f"{path} answered {told(answer, (self._token, self._partner_token))}"


def _query(sweep: Sweep, offset: int) -> dict[str, str]:
    return {"limit": str(LIMIT), "offset": str(offset), "ordering": "asc"} | _filters(sweep)


def _filters(sweep: Sweep) -> dict[str, str]:
    query: dict[str, str] = {}
    if sweep.start_date is not None:
        query["start_date"] = earlier(sweep.start_date, timedelta(days=1)).isoformat()
    if sweep.status_changed_since is not None:
        since = sweep.status_changed_since.replace(microsecond=0, tzinfo=None)
        query["status_changed_start_date"] = since.isoformat(sep=" ")
    if sweep.archived is not None:
        query["archived"] = str(int(sweep.archived))
    return query


def _elements(body: bytes) -> list[tuple[Any, bytes]]:
    try:
        return exact_json.elements(body)
    except exact_json.NotAList as other:
        raise _NoData(other.value) from None


def _one_order(body: bytes) -> FetchedOrder | UnreadableOrder:
    value = exact_json.loads(body)
    if not isinstance(value, dict) or not ("number" in value or "uuid" in value):
        raise _NoData(value)
    return fetched_order(value, body)


def _some_statuses(value: Any) -> tuple[OrderStatus, ...]:
    statuses = statuses_from_json(value)
    if not statuses:
        raise UnreadableData("orderstatuses", "is leeg")
    return statuses


def _from[T](parse: Callable[[Any], T]) -> Callable[[bytes], T]:
    """A reader of bodies from a reader of JSON values."""

    def read(body: bytes) -> T:
        value = exact_json.loads(body)
        try:
            return parse(value)
        except UnreadableData:
            raise _NoData(value) from None

    return read


def _store_with_id(value: Any) -> Store | None:
    """Only a store that says who it is proves anything."""
    try:
        store = store_from_json(value)
    except UnreadableData:
        return None
    return store if store.id else None
