"""Which orders are asked for, and what is remembered (R12; shop API, section 9)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from boekbrug.journey.ports.ledger import BOOKED, HELD, QUEUED, SKIPPED, WAITING, ShopMemory
from boekbrug.journey.sweep_plan import (
    Outcome,
    next_memory,
    plan,
    remembered,
    worth_remembering,
)

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
START = date(2026, 1, 1)


def outcome(day: int, state: str, mark: int = 0) -> Outcome:
    return Outcome(bytes([0, 0, 0, 0, 0, 0, day, mark]), date(2026, 3, day), state)


def after(outcomes: list[Outcome], memory: ShopMemory | None = None) -> ShopMemory:
    run = plan(memory, 1, START)
    return next_memory(memory, run, outcomes, settings_version=1, started=NOW)


def test_a_new_shop_is_read_from_its_start_date() -> None:
    """The first sweep covers everything since the merchant's start date."""
    run = plan(None, 1, START)

    assert run.first
    assert run.by_date.start_date == START
    assert run.by_status is None


def test_other_choices_make_the_memory_void() -> None:
    """After a change of settings everything since the start date is decided again."""
    memory = after([outcome(10, BOOKED)])

    assert plan(memory, 2, START).first


def test_the_window_starts_ten_days_before_the_newest_order() -> None:
    """A shop is followed at its own pace, so that no gap can open in a quiet time."""
    memory = after([outcome(2, BOOKED), outcome(15, BOOKED)])

    assert plan(memory, 1, START).by_date.start_date == date(2026, 3, 5)


def test_an_order_dated_in_the_future_does_not_move_the_window_beyond_today() -> None:
    """The window never starts later than ten days before today."""
    memory = after([Outcome(b"x" * 8, date(2027, 1, 1), BOOKED)])

    assert memory.window_from == date(2026, 3, 10)


def test_an_order_on_its_way_keeps_the_window_open() -> None:
    """Queued and waiting orders are read again until they are settled, however old they are."""
    memory = after([outcome(1, QUEUED), outcome(2, WAITING), outcome(19, BOOKED)])

    assert memory.window_from == date(2026, 2, 28)
    assert memory.settled == frozenset({outcome(19, BOOKED).mark})


@pytest.mark.parametrize("state", [BOOKED, QUEUED])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_no_date_is_too_odd_for_the_window(day: date, state: str) -> None:
    """The first and the last day there are leave a window that can be asked for."""
    memory = after([Outcome(b"x" * 8, day, state)])

    assert memory.window_from == (date.min if day == date.min else date(2026, 3, 10))


def test_only_a_shop_with_old_open_orders_needs_the_status_sweep() -> None:
    """An old skipped or held order can become bookable; an old booked one cannot."""
    quiet = after([outcome(1, BOOKED), outcome(19, SKIPPED)])
    watching = after([outcome(1, HELD), outcome(19, BOOKED)])

    assert plan(quiet, 1, START).by_status is None
    sweep = plan(watching, 1, START).by_status
    assert sweep is not None
    assert sweep.status_changed_since == datetime(2026, 3, 19, 11, 0)  # noqa: DTZ001  # shop time


def test_a_remembered_order_that_leaves_the_window_open_is_still_watched() -> None:
    """The memory knows which settled orders could still change, without their rows."""
    first = after([outcome(5, SKIPPED)])
    mark = outcome(5, SKIPPED).digest

    assert remembered(mark, first.settled) == SKIPPED
    second = after([outcome(5, remembered(mark, first.settled) or ""), outcome(19, BOOKED)], first)
    assert second.watching


def test_an_idle_shop_is_not_written() -> None:
    """When nothing changed, nothing is stored."""
    memory = after([outcome(5, SKIPPED), outcome(19, BOOKED)])
    again = next_memory(
        memory,
        plan(memory, 1, START),
        [outcome(5, SKIPPED), outcome(19, BOOKED)],
        settings_version=1,
        started=NOW + timedelta(hours=5),
    )

    assert not worth_remembering(memory, again)


def test_a_long_first_sweep_goes_on_where_it_stopped() -> None:
    """The start date, the watermark and the settled orders of the earlier part are kept."""
    run = plan(None, 1, START)
    part = next_memory(None, run, [outcome(1, BOOKED)], settings_version=1, started=NOW, offset=90)
    going_on = plan(part, 1, START)
    done = next_memory(
        part,
        going_on,
        [outcome(19, BOOKED)],
        settings_version=1,
        started=NOW + timedelta(minutes=5),
    )

    assert (going_on.offset, going_on.by_date.start_date) == (90, START)
    assert done.settled == {outcome(1, BOOKED).mark, outcome(19, BOOKED).mark}
    assert done.watermark == part.watermark
    assert done.offset == 0


def test_an_empty_shop_keeps_its_window() -> None:
    """A sweep without orders never narrows what the next sweep reads."""
    assert after([]).window_from == START
    memory = after([outcome(10, BOOKED)])
    assert after([], memory).window_from == memory.window_from
