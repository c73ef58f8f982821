"""Every file in ``events/<function>/`` with the answer that stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from boekbrug.bootstrap import services
from boekbrug.errors import BoekbrugError
from tests.doors.conftest import Deployed

EVENTS = Path(__file__).parents[2] / "events"


def cases(function: str) -> list[Path]:
    """The sample events of a function; none at all would be a mistake."""
    found = sorted(p for p in (EVENTS / function).glob("*.json") if ".expected" not in p.name)
    assert len(found) >= 2, f"events/{function} holds too few cases"
    return found


def replay(deployed: Deployed, function: str, case: Path) -> None:
    """Call the door with the event; answer, states or error must be as expected."""
    expected = json.loads(case.with_suffix(".expected.json").read_text())
    event = _at_home(case.read_text(), deployed)
    if "error" in expected:
        with pytest.raises(BoekbrugError) as refused:
            deployed.stack.invoke(function, event)
        assert refused.value.code == expected["error"]
        return
    answer = deployed.stack.invoke(function, event)

    assert answer == expected["answer"]
    assert expected.get("states", {}).items() <= states(deployed).items()


def page_of(deployed: Deployed) -> dict[str, Any]:
    """An event that makes fetch_orders fetch the sample shop."""
    body = json.dumps({"shops": [deployed.shop.shops[0].id]})
    return {"Records": [{"messageId": "page", "body": body}]}


def states(deployed: Deployed) -> dict[str, str]:
    """The state of every order of the sample shop by number."""
    rows = services().ledger.shop_rows(deployed.shop.shops[0].id)
    return {row.key.number: row.state for row in rows}


def _at_home(text: str, deployed: Deployed) -> dict[str, Any]:
    """The ids of the account and administration that this test connected."""
    shop = services().tenants.shop(deployed.shop.shops[0].id)
    assert shop is not None
    event: dict[str, Any] = json.loads(
        text.replace("ADMINISTRATION", shop.administration_id).replace("ACCOUNT", shop.account_id)
    )
    return event
