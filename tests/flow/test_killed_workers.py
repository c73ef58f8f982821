"""Worker processes killed at any moment, with SIGKILL, while they fetch and book."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGKILL

import pytest

from tests.flow.flow_world import Flow, check_promise, running_flow
from tests.flow.worker import HIDDEN
from tests.support.embedded import Aws

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
LONGEST = 30  # seconds until a worker must have got somewhere
GROUPS = 2  # administrations: so many posts can be in flight in one worker
FETCH = ("fetch_orders", "SHOPS_QUEUE_URL", "1")
BOOK = ("book_orders", "ORDERS_QUEUE_URL", "10")


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A worker that is about to receive its first message."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.flow.worker", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


def killed_when(reached: Callable[[], bool], delay: float, *arguments: str) -> None:
    """A worker that is killed in the middle of its work, ``delay`` seconds after it got there."""
    with started(*arguments) as worker:
        until = time.monotonic() + LONGEST
        while not reached():
            assert time.monotonic() < until
            time.sleep(0.005)
        time.sleep(delay)  # the moment of the kill is what is tested
        worker.kill()
        worker.communicate()
    assert worker.returncode == -SIGKILL


def test_killed_workers_book_nothing_twice(embedded: Aws) -> None:
    """What was posting at the kill is unclear, one order for each; all others are booked once."""
    chance = Random(5)
    with running_flow(embedded, 24, seed=5) as flow:
        flow.books.latency = 0.05
        flow.stack.invoke("schedule_fetches", {})
        killed_when(lambda: bool(flow.shop.requests), chance.random() / 5, *FETCH)
        time.sleep(HIDDEN + 0.1)
        flow.drain("SHOPS_QUEUE_URL", "fetch_orders", 1)
        kills = 3
        for _ in range(kills):
            goal = len(flow.books.requests) + chance.randint(3, 7)
            killed_when(partial(posted, flow, goal), chance.random() / 10, *BOOK)
        states = caught_up(flow)

        assert 1 <= states["unclear"] <= kills * GROUPS
        assert states["booked"] > 40

        flow.looked_up()
        states = check_promise(flow, unclear_allowed=False)
        assert states["booked"] == sum(len(shop.for_sale) for shop in flow.shops)
        assert set(flow.books.most_posts_in_flight.values()) == {1}


def posted(flow: Flow, goal: int) -> bool:
    return len(flow.books.requests) >= goal


def caught_up(flow: Flow) -> Counter[str]:
    """An hour later, when whoever was posting is gone for certain."""
    time.sleep(HIDDEN + 0.1)  # the last batch of the last worker shows again
    flow.later(1)
    flow.hour()
    flow.hour()
    return check_promise(flow, unclear_allowed=True)
