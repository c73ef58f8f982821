"""The hourly rule's door."""

from pathlib import Path

import pytest

from tests.doors.conftest import Deployed
from tests.doors.replay import cases, replay


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("schedule_fetches"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of schedule_fetches is answered as the file beside it says."""
    replay(deployed, "schedule_fetches", case)


@pytest.mark.embedded
def test_the_shop_is_on_the_queue(deployed: Deployed) -> None:
    """The page that is sent names the connected shop and holds no secret."""
    deployed.stack.invoke("schedule_fetches", {})
    (record,) = deployed.stack.received("SHOPS_QUEUE_URL")

    assert deployed.shop.shops[0].id in record["body"]
    assert deployed.shop.shops[0].token not in record["body"]
