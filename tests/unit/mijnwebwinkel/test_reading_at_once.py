"""Orders read straight from their bytes say the same as orders read value by value."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from boekbrug.journey.ports.shops import FetchedOrder
from boekbrug.mijnwebwinkel import exact_json, to_order, wire

SAMPLES = Path(__file__).parents[3] / "workbench" / "sample_orders" / "orders"
# All but the one whose amounts are bare numbers with a fraction, and the lists beside the orders.
USUAL = [p for p in sorted(SAMPLES.glob("[0-9]*.json")) if not p.stem.startswith("26-")]
HOLE = "@@"
INSTEAD = (
    *("null", "true", "false", "0", "-0", "0.0", "-0.0", "1", "1.0", "12.50", "1e2", "1E-7"),
    *("NaN", "Infinity", "123456789012345678901234567890", "0.12345678901234567890123"),
    *('""', '" "', '"0"', '"true"', '"1"', '"\\ud83d"', '"2026-03-02"', '"12:30"', '"\\u0000"'),
    *("[]", "{}", "[0]", "[0.0]", '{"0": 1.10}', '{"1": {}, "0": {"amount": 1.10}}', '["7", 8]'),
)


def sample(name: str) -> Any:
    """A sample order, as JSON values."""
    return json.loads(next(SAMPLES.glob(f"{name}-*.json")).read_text("utf-8"))


def with_holes(value: Any) -> Iterator[Any]:
    """The value as often as it has parts, each time with a hole in place of another one."""
    yield HOLE
    parts = list(value.items() if isinstance(value, dict) else ())
    parts += list(enumerate(value) if isinstance(value, list) else ())
    for key, part in parts:
        for holed in with_holes(part):
            changed = value.copy()
            changed[key] = holed
            yield changed


def by_value(raw: bytes) -> object:
    """The order, or the same failure, without the short way."""
    try:
        given = exact_json.loads(raw)
    except exact_json.NotJson:
        return None
    return to_order.fetched_order(given, raw)


@pytest.mark.parametrize("name", ["01", "06", "12", "26"])
def test_any_value_anywhere_is_read_the_same_both_ways(name: str) -> None:
    """Whatever stands in place of any part, bytes and values give the same order or problem."""
    read = 0
    for holed in with_holes(sample(name)):
        text = json.dumps(holed)
        for instead in INSTEAD:
            raw = text.replace(f'"{HOLE}"', instead).encode()
            found, expected = to_order.read_order(raw), by_value(raw)
            assert expected is None or found == expected, instead
            read += isinstance(found, FetchedOrder)
    assert read > 1000


def test_the_last_of_two_equal_names_counts_both_ways() -> None:
    """Two values for one field: the last one, as every JSON reader does."""
    text = json.dumps(sample("01"))
    raw = text.replace('"total": "35.85"', '"total": "1.00", "total": "2.00"')
    raw = raw.replace('"currency": "EUR"', '"currency": "USD", "currency": "SEK"')
    found = to_order.read_order(raw.encode())
    assert found == by_value(raw.encode())
    assert isinstance(found, FetchedOrder)
    assert (str(found.order.total), found.order.currency) == ("2.00", "SEK")


@pytest.mark.parametrize("path", USUAL, ids=lambda path: path.stem)
def test_the_short_way_is_taken(path: Path) -> None:
    """Orders with amounts as text are read at once; otherwise these tests compare nothing."""
    assert wire.ORDER.validate_json(path.read_bytes())
