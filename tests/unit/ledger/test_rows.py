"""Rows and memories as items: exact, small, and nothing in them that is not needed."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.journey.ports.ledger import BOOKED, POSTING, STATES, LedgerRow, OrderKey, ShopMemory
from boekbrug.ledger.rows import (
    ATTRIBUTES,
    event_values,
    memory_item,
    read_events,
    read_memory,
    read_row,
    row_key,
    row_values,
)
from boekbrug.ledger.timeline import event_of
from tests.support.ledger_rows import NOW, a_full_row, a_row

TEXTS = st.text(max_size=30)
MONEY = st.decimals(allow_nan=False, allow_infinity=False, places=6)
MOMENTS = st.datetimes(timezones=st.just(UTC))
KEYS = st.builds(OrderKey, st.uuids().map(str), st.text(min_size=1, max_size=16), TEXTS)
ROWS = st.builds(
    LedgerRow,
    key=KEYS,
    state=st.sampled_from(STATES),
    reason=TEXTS,
    detail=TEXTS,
    messages=st.lists(TEXTS, max_size=4).map(tuple),
    order_date=st.dates(),
    total=st.none() | MONEY,
    currency=st.sampled_from(["EUR", "SEK", ""]),
    fingerprint=TEXTS,
    settings_version=st.integers(0, 10**6),
    converter=TEXTS,
    revision=st.integers(1, 10**9),
    attempts=st.integers(0, 10**6),
    owner=TEXTS,
    posting_at=st.none() | MOMENTS,
    entryid=TEXTS,
    posted_total=st.none() | MONEY,
    order_vat=st.dictionaries(TEXTS, MONEY, max_size=4),
    credit=st.booleans(),
    vat=st.dictionaries(TEXTS, MONEY, max_size=4),
    seen_at=st.none() | MOMENTS,
    changed_at=st.none() | MOMENTS,
)


def an_item(row: LedgerRow) -> dict[str, Any]:
    return row_key(row.key) | row_values(row) | event_values(row)


def size_of(item: dict[str, Any]) -> int:
    """Bytes as DynamoDB counts them, rounded up a little (names, values, list and map overhead)."""
    return sum(len(name) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "L":
        return 3 + sum(1 + _value_size(one) for one in content)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value_size(one) for name, one in content.items())
    return len(content.encode() if isinstance(content, str) else content)


@given(ROWS)
def test_any_row_comes_back_exactly(row: LedgerRow) -> None:
    """Whatever shops and Acumulus put in it."""
    assert read_row(an_item(row)) == row
    assert str(read_row(an_item(row)).total) == str(row.total)


@given(ROWS)
def test_any_event_comes_back_exactly(row: LedgerRow) -> None:
    """Texts with control characters included."""
    codes = replace(row, reason=row.reason.replace("\x1f", ""))

    assert read_events(an_item(codes)) == [event_of(codes)]


@given(
    st.frozensets(st.binary(min_size=8, max_size=8)),
    st.none() | st.dates(),
    st.none() | st.datetimes(),
    st.none() | MOMENTS,
    st.booleans(),
)
def test_any_memory_comes_back_exactly(
    settled: frozenset[bytes], window: Any, watermark: Any, success: Any, watching: bool
) -> None:
    """It decides what fetching skips, so nothing may be lost in it."""
    memory = ShopMemory(
        settled=settled,
        window_from=window,
        watermark=watermark,
        settings_version=3,
        watching=watching,
        offset=200,
        page=b"\x01" * 8,
        last_success=success,
    )

    assert read_memory(memory_item("shop-1", memory)) == memory


def test_a_digest_of_another_size_is_refused() -> None:
    """Digests lie side by side: one of another size would shift all that follow."""
    with pytest.raises(ValueError, match="8 bytes"):
        memory_item("shop-1", ShopMemory(settled=frozenset({b"12345678", b"1234"})))


def test_an_ordinary_booked_row_stays_below_one_kilobyte() -> None:
    """A write costs one unit per started KB: seen, posted and booked, with two rates."""
    seen = a_row(revision=1)
    posting = replace(seen, state=POSTING, owner="f" * 32, posting_at=NOW, revision=2, attempts=1)
    booked = replace(
        posting,
        state=BOOKED,
        revision=3,
        converter="1.2.3+20260302",
        fingerprint="f" * 32,
        reference="Bestelling WINKEL100042",
        entryid="123456789",
        contactid="123456789",
        invoicenumber="2026-000042",
        posted_total=Decimal("12345.67"),
        order_vat={"21": Decimal("1234.56"), "9": Decimal("123.45")},
        vat={"21": Decimal("1234.56"), "9": Decimal("123.45")},
        payment_status="captured",
        changed_at=NOW + timedelta(seconds=1),
    )
    item = an_item(booked) | event_values(seen) | event_values(posting)

    assert len(read_events(item)) == 3
    assert size_of(item) < 800


def test_a_memory_of_a_busy_shop_is_one_read_unit() -> None:
    """Four hundred settled orders fit in the 4 KB of one unit."""
    settled = frozenset(index.to_bytes(8) for index in range(400))
    memory = ShopMemory(settled=settled, window_from=NOW.date(), settings_version=12)

    assert size_of(memory_item("efa97179-9a07-5079-8513-7db74e67501b", memory)) < 4096


def test_what_has_its_default_is_not_stored() -> None:
    """An order that was only seen is a third of a row that was booked."""
    assert set(row_values(a_row(revision=1))) == {
        "st",
        "od",
        "to",
        "fp",
        "sv",
        "ci",
        "se",
        "ch",
        "rv",
    }
    assert set(row_values(replace(a_full_row(), revision=1))) == set(ATTRIBUTES)


def test_every_field_of_a_row_is_stored() -> None:
    """A field that is added to the row must get an attribute."""
    # all but the key, and the one of the index
    assert len(ATTRIBUTES) == len(set(ATTRIBUTES)) == len(fields(LedgerRow)) - 1 + 1


def test_every_attribute_is_explained() -> None:
    """docs/data.md names each attribute of a row."""
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text()

    assert [name for name in ATTRIBUTES if f"| `{name}` |" not in page] == []


def test_a_moment_without_offset_is_refused() -> None:
    """A local time taken for UTC would end leases hours too early."""
    with pytest.raises(TypeError):
        row_values(a_row(changed_at=datetime(2026, 3, 2)))  # noqa: DTZ001  # the mistake itself
