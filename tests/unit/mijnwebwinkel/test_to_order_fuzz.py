"""Whatever the shop sends: an order without a float in it, or an error that names a field."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from boekbrug.domain.order import Order
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.mijnwebwinkel.to_order import (
    UnreadableData,
    order_from_json,
    payment_methods_from_json,
    payments_from_json,
    read_order,
    statuses_from_json,
    store_from_json,
)
from tests.support.orders import order_json

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters())
    | st.just("\ud83d")
    | st.sampled_from(["", "0", "12,50", "1e5", "21.00", "2026-03-02", "0000-00-00"])
)
KEYS = st.text(max_size=3) | st.sampled_from(["0", "1", "10", "amount", "rate", "country", "id"])
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path]
    for key, child in inner if isinstance(value, (dict, list)) else ():
        found += places(child, (*path, key)) if isinstance(child, (dict, list)) else [(*path, key)]
    return found


def planted(value: Any, path: tuple[Any, ...], seed: Any) -> Any:
    """The document with ``seed`` at ``path``."""
    if not path:
        return seed
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = planted(value[path[0]], path[1:], seed)
    return copy


def texts_in(value: object) -> list[str]:
    """Every text anywhere in a value of ours."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [t for field in fields(value) for t in texts_in(getattr(value, field.name))]
    return [t for part in value for t in texts_in(part)] if isinstance(value, tuple) else []


def read_or_error(read: Callable[[Any], object], document: Any) -> object:
    """What was read, or the one error that reading may raise."""
    try:
        return read(document)
    except UnreadableData as error:
        return error


def floats_in(value: object) -> list[float]:
    """Every float anywhere in a value of ours."""
    if isinstance(value, float):
        return [value]
    if is_dataclass(value):
        return [f for field in fields(value) for f in floats_in(getattr(value, field.name))]
    return [f for part in value for f in floats_in(part)] if isinstance(value, tuple) else []


@given(path=st.sampled_from(places(order_json())), seed=JSON)
def test_an_order_with_anything_anywhere_is_read_or_refused(
    path: tuple[Any, ...], seed: Any
) -> None:
    """One value of a good order replaced by any JSON: an order, or a typed error."""
    read = read_or_error(order_from_json, planted(order_json(), path, seed))

    assert isinstance(read, Order | UnreadableData)
    assert floats_in(read) == []
    assert all(text.encode() or not text for text in texts_in(read))
    assert isinstance(read, Order) or (read.field and read.problem)


@given(path=st.sampled_from(places(order_json())), seed=JSON)
def test_bytes_with_anything_anywhere_are_read_or_unreadable(
    path: tuple[Any, ...], seed: Any
) -> None:
    """The same through the bytes: never an exception, and an order that reads the same twice."""
    raw = json.dumps(planted(order_json(), path, seed)).encode()

    read = read_order(raw)

    assert isinstance(read, (FetchedOrder, UnreadableOrder))
    assert read_order(read.raw) == read


@given(raw=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    """Bytes that were never an order give an answer, too."""
    assert read_order(raw).raw == raw


@given(given_=JSON)
def test_the_other_payloads_are_read_or_refused(given_: Any) -> None:
    """Store, statuses, payments and gateways: a value of ours, or the same typed error."""
    for read in (
        store_from_json,
        statuses_from_json,
        payments_from_json,
        payment_methods_from_json,
    ):
        found = read_or_error(read, given_)

        assert floats_in(found) == []
        assert not isinstance(found, UnreadableData) or found.field
