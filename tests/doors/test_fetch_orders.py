"""The door behind the ShopsQueue."""

from pathlib import Path

import pytest

from tests.doors.conftest import Deployed
from tests.doors.replay import cases, page_of, replay, states


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("fetch_orders"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of fetch_orders is answered as the file beside it says."""
    replay(deployed, "fetch_orders", case)


@pytest.mark.embedded
def test_the_shop_is_only_read(deployed: Deployed) -> None:
    """Fetching asks the shop and never writes to it; every order gets a row."""
    page = page_of(deployed)
    deployed.stack.invoke("fetch_orders", page)

    assert {request.method for request in deployed.shop.journal.requests} == {"GET"}
    assert len(states(deployed)) == 26
