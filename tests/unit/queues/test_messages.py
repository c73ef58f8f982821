"""Bodies of queue messages: ours come back exactly, others are refused without repeating them."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.queues.messages import (
    LARGEST_BODY,
    NotOurMessage,
    ShopsPage,
    dedup_id,
    order_body,
    parse_order_message,
    parse_shops_message,
    shops_bodies,
)

MESSAGE = OrderMessage(
    key=OrderKey("shop-1", "1042", "uuid-1"),
    account_id="account-1",
    administration_id="admin-1",
    settings_version=2,
    correlation_id="0a1b2c",
    raw=b'{"name": "Quirijn Testklant"}',
    revision=4,
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
REFUSED_BY_SQS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 10**9), st.booleans())
def test_any_message_comes_back_exactly(
    raw: str, payments: str, number: str, revision: int, credit: bool
) -> None:
    """And holds no character that SQS refuses."""
    message = replace(
        MESSAGE,
        key=OrderKey("shop-1", number, "uuid"),
        raw=raw.encode(),
        payments=payments.encode(),
        revision=revision,
        credit_status=credit,
    )

    body = order_body(message)

    assert parse_order_message(body) == message
    assert not REFUSED_BY_SQS.search(body)


@pytest.mark.parametrize("letter", ["x", '"', "é", "\x01", "\U0001f600", "\uffff"])
def test_a_body_is_never_too_large(letter: str) -> None:
    """Measured as it is sent: escaped and encoded."""
    for size in (LARGEST_BODY // 12, LARGEST_BODY // 2, LARGEST_BODY * 2):
        large = (letter * size).encode()
        message = replace(MESSAGE, raw=large, original=large, payments=large)

        body = order_body(message)

        assert len(body.encode()) <= LARGEST_BODY
        assert parse_order_message(body).key == MESSAGE.key


def test_the_order_is_left_out_first() -> None:
    """It can be read again from the shop; its original and payments are kept while they fit."""
    large = b'"' + b"x" * (LARGEST_BODY - 5000) + b'"'
    message = replace(MESSAGE, raw=large, original=b"{}" * 4000, payments=b"[]")

    assert parse_order_message(order_body(message)) == replace(message, raw=b"")


def test_the_dedup_id_is_of_one_decision() -> None:
    """Another order, or another revision, is another message; its contents do not matter."""
    ids = {
        dedup_id(MESSAGE),
        dedup_id(replace(MESSAGE, revision=5)),
        dedup_id(replace(MESSAGE, key=OrderKey("shop-1", "1042", "uuid-2"))),
        dedup_id(replace(MESSAGE, key=OrderKey("shop-2", "1042", "uuid-1"))),
    }

    assert len(ids) == 4
    assert dedup_id(MESSAGE) == dedup_id(replace(MESSAGE, raw=b"", correlation_id="x"))
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in ids)


def changed(**changes: Any) -> str:
    fields = json.loads(order_body(MESSAGE)) | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "no JSON"),
        ("Quirijn Testklant", "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "form"),
        ("[" * 100_000, "no JSON"),
        ('{"Records": []}', "form"),
        (changed(form="boekbrug.order.9"), "form"),
        (changed(uuid=None), "uuid"),
        (changed(number=1042), "number"),
        (changed(revision="4"), "revision"),
        (changed(revision=True), "revision"),
        (changed(settings_version=1.5), "settings_version"),
        (changed(raw=["Quirijn Testklant"]), "raw"),
        (changed(credit_status=1), "credit_status"),
        (changed(by_request="yes"), "by_request"),
    ],
)
def test_other_messages_are_refused(body: str, told: str) -> None:
    """The error names what is wrong and repeats nothing: it may be a customer's name."""
    with pytest.raises(NotOurMessage, match=told) as refused:
        parse_order_message(body)

    assert refused.value.code == "not_our_message"
    assert "Testklant" not in refused.value.detail


def test_a_page_of_shops_can_be_written_by_hand() -> None:
    """The ids are enough."""
    assert parse_shops_message('{"shops": ["shop-1"]}') == ShopsPage(["shop-1"], 0)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "{}",
        '{"shops": []}',
        '{"shops": "shop-1"}',
        '{"shops": [1]}',
        '{"shops": [""]}',
        '{"shops": ["shop-1"], "attempt": "2"}',
        '{"shops": ["shop-1"], "attempt": null}',
    ],
)
def test_other_pages_are_refused(body: str) -> None:
    """Nothing is fetched on a guess."""
    with pytest.raises(NotOurMessage):
        parse_shops_message(body)


def test_pages_fit() -> None:
    """A thousand of the longest ids in a message."""
    bodies = shops_bodies([f"{index:036d}" for index in range(1001)], attempt=3)

    assert [len(parse_shops_message(body).shop_ids) for body in bodies] == [1000, 1]
    assert max(len(body) for body in bodies) < LARGEST_BODY


def test_a_message_shows_no_order_in_its_repr() -> None:
    """Logs and tracebacks hold no customer data."""
    assert "Testklant" not in repr(MESSAGE)
