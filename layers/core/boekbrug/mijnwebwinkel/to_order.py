"""Shop payload -> our order, store, statuses, payments: pure, exact, or an error that says where.

JSON values come from ``exact_json.loads`` (or ``json.loads`` with ``parse_float=Decimal``); a
``float`` that a caller brings along is read by its shortest text.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from pydantic_core import SchemaValidator, ValidationError

from boekbrug.domain.order import Order, OrderStatus, Payment, PaymentMutation, Store
from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.mijnwebwinkel import exact_json, wire

_PROBLEMS = {
    "missing": "ontbreekt",
    "dataclass_type": "is geen object",
    "dict_type": "is geen object",
    "tuple_type": "is geen lijst",
}
_PARTS = [name for names in wire.MADE_OF.values() for name in names]
_NEVER = "0000-00-00"
_TOTAL = b'"total":'


class UnreadableData(BoekbrugError, ValueError):
    """When a payload cannot be read: ``field`` (remote name, dotted) and ``problem`` (Dutch).

    Neither ever holds a value of the payload.
    """

    code = "unreadable_order"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def read_order(raw: bytes) -> FetchedOrder | UnreadableOrder:
    """One order from its JSON bytes; never raises."""
    order = _read_at_once(raw)
    if order is not None:
        return FetchedOrder(order, raw)
    try:
        given = exact_json.loads(raw)
    except exact_json.NotJson:
        return UnreadableOrder("", "", "Deze bestelling is geen geldige JSON.", raw)
    return fetched_order(given, raw)


def _read_at_once(raw: bytes) -> Order | None:
    """An order of the usual shape; ``None`` for any other, which is read step by step."""
    if not _has_amounts_as_text(raw):
        return None
    try:
        values = wire.ORDER.validate_json(raw)
        return _order(values, _made(values))
    except (ValidationError, UnreadableData):
        return None


def _has_amounts_as_text(raw: bytes) -> bool:
    """A glance at the total: to try in vain would cost four times ``json.loads``."""
    at = raw.rfind(_TOTAL) + len(_TOTAL)
    return raw[at : at + 9].lstrip().startswith(b'"')


def fetched_order(given: Any, raw: bytes) -> FetchedOrder | UnreadableOrder:
    """One order from its JSON value, with the bytes it came from; never raises."""
    try:
        return FetchedOrder(order_from_json(given), raw)
    except UnreadableData as error:
        problem = f"Het veld {error.field} van deze bestelling {error.problem}."
        return UnreadableOrder(_name(given, "number"), _name(given, "uuid"), problem, raw)


def order_from_json(given: Any) -> Order:
    """The order; raises ``UnreadableData``. Amounts in the order's currency (section 5)."""
    if not isinstance(given, dict):
        raise UnreadableData("order", "is geen object")
    made = _made(given)
    return _order(_validated(wire.ORDER, given, "order"), made)


def _made(given: Mapping[str, Any]) -> dict[str, Any]:
    """What no single remote field holds (``wire.MADE_OF``)."""
    return {
        "placed_at": _placed_at(given),
        "status_changed_at": _status_changed_at(given),
        "is_test": _is_test(given),
    }


def _order(values: dict[str, Any], made: Mapping[str, Any]) -> Order:
    for name in _PARTS:
        del values[name]
    values |= made
    return Order(**values)


def store_from_json(given: Any) -> Store:
    """``GET /store``; ``id`` is empty when it is missing. Raises ``UnreadableData``."""
    return cast("Store", _validated(wire.STORE, given, "store"))


def statuses_from_json(given: Any) -> tuple[OrderStatus, ...]:
    """``GET /orderstatuses``; raises ``UnreadableData``."""
    return cast("tuple[OrderStatus, ...]", _validated(wire.STATUSES, given, "orderstatuses"))


def payments_from_json(given: Any) -> tuple[Payment, ...]:
    """``GET /orders/{n}/payments``, wrapped or not: cents become units (section 6).

    Refunds are positive amounts, whatever sign they came with. Raises ``UnreadableData``.
    """
    rows = _validated(wire.PAYMENTS, _unwrapped(given, "payments"), "payments")
    return tuple(_with_amounts(payment) for payment in rows)


def payment_methods_from_json(given: Any) -> tuple[tuple[str, str, str], ...]:
    """``GET /payment/stores/me/gateways``: (gateway, method, name to show). Wrapped or not."""
    gateways = _validated(wire.GATEWAYS, _unwrapped(given, "gateways"), "gateways")
    return tuple(
        (gateway["name"], method["name"], method["title"] or method["name"])
        for gateway in gateways
        for method in gateway["methods"]
    )


def count_from_json(given: Any) -> int:
    """``GET /orders/count``: a whole number, or its text. Raises ``UnreadableData``."""
    count = _unwrapped(given, "count")
    if isinstance(count, bool) or not str(count).isdecimal():
        raise UnreadableData("count", "is geen aantal")
    return int(count)


def _validated(shape: SchemaValidator, given: Any, what: str) -> Any:
    try:
        return shape.validate_python(given)
    except ValidationError as error:
        raise _unreadable(error, what) from None


def _unreadable(error: ValidationError, what: str) -> UnreadableData:
    """The error that lies deepest: of all shapes a value may have, it came closest to that one."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    places = [[str(p) for p in e["loc"] if not str(p).startswith(wire.CHOICE)] for e in found]
    deepest = max(range(len(found)), key=lambda n: len(places[n]))
    kind = found[deepest]["type"]
    problem = (
        found[deepest]["msg"] if kind == wire.PROBLEM else _PROBLEMS.get(kind, "is niet te lezen")
    )
    return UnreadableData(".".join(places[deepest]) or what, problem)


def _placed_at(given: Mapping[str, Any]) -> datetime:
    moment = _moment(given, "date", "time")
    if moment is None:
        raise UnreadableData("date", "ontbreekt")
    return moment


def _status_changed_at(given: Mapping[str, Any]) -> datetime | None:
    return _moment(given, "status_changed_date", "status_changed_time")


def _moment(given: Mapping[str, Any], day: str, clock: str) -> datetime | None:
    """The shop's local time; without a time the start of the day, without a date ``None``."""
    on, at = given.get(day), given.get(clock) or "00:00"
    if not on or on == _NEVER:
        return None
    if not isinstance(on, str) or len(on) != 10 or on[4] != "-" or on[7] != "-":
        raise UnreadableData(day, "is geen datum (jjjj-mm-dd)")
    try:
        moment = datetime.fromisoformat(f"{on}T{at}")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo:
        raise UnreadableData(f"{day}, {clock}", "is geen datum en tijd")
    return moment


def _is_test(given: Mapping[str, Any]) -> bool:
    """A test order says so, or has a number that is not all digits (R4)."""
    for flag in wire.MADE_OF["is_test"]:
        if given.get(flag) in (True, "1", "true"):
            return True
    number = str(given.get("number")).strip()
    return not (number.isascii() and number.isdigit())


def _name(given: Any, field: str) -> str:
    """The number or uuid of an order that is otherwise unreadable; empty when there is none."""
    value = given.get(field) if isinstance(given, dict) else None
    plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value).strip()[:64].encode("utf-8", "replace").decode() if plain else ""


def _unwrapped(given: Any, name: str) -> Any:
    return given[name] if isinstance(given, dict) and name in given else given


def _with_amounts(payment: Payment) -> Payment:
    """Every step with its amount: what it does not tell is that of the whole payment.

    The sign of a refund is not documented: its type says what it is (section 6).
    """
    if all(mutation.amount > 0 for mutation in payment.mutations):
        return payment
    mutations = tuple(
        PaymentMutation(m.type, _moved(m.type, m.amount or payment.amount), m.created_at)
        for m in payment.mutations
    )
    return Payment(
        payment.gateway,
        payment.method,
        payment.amount,
        payment.currency,
        payment.is_test,
        mutations,
    )


def _moved(kind: str, amount: Decimal) -> Decimal:
    return abs(amount) if kind == "refund" else amount
