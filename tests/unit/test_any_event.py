"""Whatever event reaches a door: an answer or one of our errors, never another exception."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boekbrug import lambda_io
from boekbrug.errors import BoekbrugError, NeedsOperator
from boekbrug.journey.book_orders import book_orders
from boekbrug.journey.fetch_orders import fetch_orders
from boekbrug.journey.schedule_fetches import ScheduleServices, schedule_fetches
from boekbrug.lambda_io import Answer, each_page, scheduled, whole_batch
from boekbrug.queues.messages import NotOurMessage, parse_order_message, parse_shops_message
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json
from tests.support.stack import Context

TEXTS = st.text() | st.sampled_from(["\ud800", "\x00", "", "a" * 3000, "123456", "owner", STORE_ID])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
IDS = ("shop_id", "number", "uuid", "account_id", "administration_id")
PAYLOADS = ("correlation_id", "raw", "payments", "original")
ORDER_FIELDS = {
    "form": st.just("boekbrug.order.1") | JSON,
    **dict.fromkeys(IDS, TEXTS | JSON),
    **dict.fromkeys(PAYLOADS, TEXTS),
    "settings_version": st.integers() | JSON,
    "revision": st.integers() | JSON,
    "credit_status": st.booleans() | JSON,
    "by_request": st.booleans() | JSON,
}
ORDER_BODIES = st.fixed_dictionaries({}, optional=ORDER_FIELDS)
PAGE_BODIES = st.fixed_dictionaries({}, optional={"shops": st.lists(TEXTS) | JSON, "attempt": JSON})
BODIES = (ORDER_BODIES | PAGE_BODIES | JSON).map(json.dumps) | TEXTS
RECORDS = st.fixed_dictionaries({}, optional={"messageId": TEXTS | JSON, "body": BODIES | JSON})
EVENTS = (
    st.fixed_dictionaries({"Records": st.lists(RECORDS | JSON, max_size=3) | JSON})
    | st.fixed_dictionaries(
        {
            "Records": st.lists(
                st.fixed_dictionaries({"messageId": st.uuids().map(str), "body": BODIES}),
                max_size=4,
            )
        }
    )
    | JSON
)


@pytest.fixture(autouse=True)
def fresh_metrics(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The counts of a function, as the template sets them up."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Boekbrug")
    lambda_io.metrics.cache_clear()
    yield
    lambda_io.metrics.cache_clear()


def schedule_door(world: World, event: Any) -> Answer:
    return scheduled(
        event, lambda: schedule_fetches(ScheduleServices(world.tenants, world.shops_queue))
    )


def fetch_door(world: World, event: Any) -> Answer:
    return each_page(
        event,
        Context(),
        lambda page, left: fetch_orders(
            world.fetching, page.shop_ids, attempt=page.attempt, time_left=left
        ),
    )


def book_door(world: World, event: Any) -> Answer:
    return whole_batch(
        event,
        Context(),
        lambda messages, left: book_orders(world.booking, messages, time_left=left),
        hold=lambda _seconds: None,
        post_seconds=60,
    )


def a_world() -> World:
    world = World()
    world.shop().add(order_json("1001"))
    return world


@pytest.mark.parametrize("door", [schedule_door, fetch_door, book_door])
def test_any_event_gets_an_answer_or_our_error(door: Callable[[World, Any], Answer]) -> None:
    """Events of another kind, of nobody, or of somebody who means harm."""

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(EVENTS)
    def any_event(event: Any) -> None:
        with suppress(BoekbrugError):
            assert json.dumps(door(a_world(), event))

    any_event()


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(BODIES)
def test_any_body_is_read_or_refused_by_name(body: str) -> None:
    """A message is ours, or it is named as not ours: no other exception ever comes out."""
    read: list[object] = []
    for parse in (parse_order_message, parse_shops_message):
        with suppress(NotOurMessage):
            read.append(parse(body))

    assert len(read) <= 1


@pytest.mark.parametrize("record", [{}, {"body": "{}"}, {"messageId": "1"}, "text", None])
def test_a_record_without_its_parts_is_told(record: Any) -> None:
    """The event is refused as a whole: nothing of it could be handed back by name."""
    with pytest.raises(NeedsOperator) as refused:
        book_door(a_world(), {"Records": [record]})

    assert refused.value.code == "foreign_event"


@pytest.mark.parametrize("name", ["raw", "shop_id", "correlation_id"])
def test_half_a_character_is_not_ours(name: str) -> None:
    """No text of ours holds half a surrogate pair: such a message is parked."""
    fields = {
        **dict.fromkeys(IDS, "x"),
        **dict.fromkeys(PAYLOADS, ""),
        "form": "boekbrug.order.1",
        "settings_version": 1,
        "revision": 1,
        "credit_status": False,
    }
    with pytest.raises(NotOurMessage):
        parse_order_message(json.dumps(fields | {name: "\ud800"}))
