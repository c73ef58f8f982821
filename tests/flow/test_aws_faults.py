"""An AWS that throttles, fails and loses replies: the journey ends right, nothing comes double."""

import os
from contextlib import suppress

import pytest

from boekbrug import aws as our_aws
from boekbrug.bootstrap import services
from boekbrug.errors import BoekbrugError
from tests.flow.flow_world import check_promise, running_flow
from tests.support.aws_fault_proxy import BREAK, DELAY, DROP, LOSE, THROTTLE, Faults, fault_proxy
from tests.support.embedded import Aws

pytestmark = [pytest.mark.embedded, pytest.mark.slow]


def through(proxy: str) -> None:
    """From here on our functions reach AWS through the proxy, as new processes."""
    os.environ["AWS_ENDPOINT_URL"] = proxy
    for client in our_aws._clients.values():
        client.close()
    our_aws._clients.clear()
    services().close()
    services.cache_clear()


def test_our_own_lost_writes_are_recognised(embedded: Aws) -> None:
    """A conditional write that fails against itself is no failure: every order is booked."""
    writes = frozenset({"UpdateItem", "BatchExecuteStatement", "PutItem", "SendMessageBatch"})
    faults = Faults({LOSE: 0.15}, writes, seed=1)
    with running_flow(embedded, 14, seed=21) as flow, fault_proxy(embedded.endpoint, faults) as url:
        through(url)
        flow.hour()
        lost = faults.fired.copy()
        states = check_promise(flow, unclear_allowed=False)

        assert lost["lose UpdateItem"] >= 5
        assert states["booked"] > 28
        assert flow.crashes == []


def test_a_stormy_aws_loses_nothing(embedded: Aws) -> None:
    """Whatever fails between us and AWS: at most one invoice, and in the end every order."""
    faults = Faults({THROTTLE: 0.04, BREAK: 0.04, LOSE: 0.04, DROP: 0.04, DELAY: 0.02}, seed=2)
    with running_flow(embedded, 14, seed=22) as flow, fault_proxy(embedded.endpoint, faults) as url:
        through(url)
        for _ in range(2):
            with suppress(BoekbrugError):  # the hourly rule itself can meet the storm
                flow.hour()
        flow.later(1)
        with suppress(BoekbrugError):
            flow.stack.invoke("follow_up", {})
            flow.drain("FOLLOW_UP_QUEUE_URL", "follow_up", 1)
        faults.off()
        flow.later(2)
        for _ in range(2):
            flow.hour()
        states = check_promise(flow, unclear_allowed=True)
        assert len(faults.fired) > 10
        assert states["unclear"] <= 3

        flow.looked_up()
        states = check_promise(flow, unclear_allowed=False)
        assert states["booked"] == sum(len(shop.for_sale) for shop in flow.shops)
