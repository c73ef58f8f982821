"""What doors tell in the log: counts that nobody is woken for are fields, not metrics."""

import logging

import pytest

from boekbrug.hook_io import hooked
from boekbrug.journey.follow_up import FollowReport
from boekbrug.journey.receive_hook import HookNotSigned, Triggered
from boekbrug.journey.schedule_fetches import Scheduled
from boekbrug.journey.unclear_posts import LookedUp
from boekbrug.lambda_io import Answer, Following, followed, logs
from tests.support.fake_books import Fault
from tests.support.journey_world import World
from tests.support.orders import order_json
from tests.support.stack import Context


def follow(report: FollowReport) -> Answer:
    use_cases = Following(
        nightly=lambda: Scheduled(shops=0, pages=0),
        page=lambda _page, _left: report,
        look_ups=lambda _left: LookedUp(),
    )
    page = {"messageId": "1", "body": '{"shops": ["1", "2"]}'}
    return followed({"Records": [page]}, Context(), use_cases)


def told(caplog: pytest.LogCaptureFixture) -> dict[str, dict[str, object]]:
    """The fields of each line by its message."""
    return {line.message: vars(line) for line in caplog.records}


@pytest.mark.parametrize("library", ["httpx", "httpcore", "botocore", "urllib3"])
def test_libraries_are_silent_from_the_first_line_on(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They log whole addresses, which hold shop tokens, before any client of ours is made."""
    monkeypatch.setattr(logging.getLogger(library), "level", logging.DEBUG)
    logs.cache_clear()
    logs()

    assert logging.getLogger(library).level == logging.WARNING


def test_one_id_follows_an_order_from_the_shop_to_the_invoice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The id that was given when the order was seen is in the line of its post and its look-up."""
    caplog.set_level(logging.INFO)
    world = World()
    world.shop().add(order_json("1001"), order_json("1002"))
    world.administration().faults += [None, Fault.LOST_ANSWER]
    world.hour()
    world.look_up()
    steps = ["order decided", "order posted", "unclear post looked up"]
    lines = [line for line in caplog.records if line.message in steps]
    seen = {
        number: [
            (line.message, vars(line)["correlation_id"])
            for line in lines
            if vars(line)["order"] == number
        ]
        for number in ("1001", "1002")
    }
    ids = {number: row.correlation_id for number, row in world.rows().items()}

    assert seen["1001"] == [(step, ids["1001"]) for step in steps[:2]]
    assert seen["1002"] == [(step, ids["1002"]) for step in steps]
    assert len({*ids.values(), ""}) == 3


def test_a_page_that_was_followed_tells_what_was_found(caplog: pytest.LogCaptureFixture) -> None:
    """One line with the counts; none when there is nothing to tell."""
    follow(FollowReport(shops=2))
    assert caplog.records == []

    follow(FollowReport(shops=2, told=1, paid=3, failed=["2"]))
    assert [*told(caplog)] == ["shops followed"]
    counts = {"shops": 2, "told": 1, "paid": 3, "failed": ["2"]}
    assert told(caplog)["shops followed"]["report"] == counts


def test_a_call_that_is_refused_leaves_a_line_without_what_it_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The code only: anybody can call."""

    def refuse(_call: object) -> Triggered:
        raise HookNotSigned

    path = {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/hooks/shop/1"}
    answer = hooked(path | {"headers": {}, "body": "secret"}, refuse)

    assert answer["statusCode"] == 401
    assert [*told(caplog)] == ["call refused"]
    assert told(caplog)["call refused"]["code"] == "hook_not_signed"
    assert "secret" not in repr(told(caplog))
