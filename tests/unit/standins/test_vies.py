"""The stand-in for VIES answers as its public REST service does."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from workbench.standins import StandInError, ViesStandIn
from workbench.standins.clock import AMSTERDAM
from workbench.standins.vies.standin import PATH

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=AMSTERDAM)
OWN = {"requesterMemberStateCode": "NL", "requesterNumber": "123456789B01"}


@pytest.fixture
def vies() -> Iterator[ViesStandIn]:
    with ViesStandIn(now=lambda: NOW) as standin:
        yield standin


def ask(vies: ViesStandIn, state: str = "BE", number: str = "0123456749", **more: str) -> Any:
    return httpx.post(f"{vies.url}{PATH}", json={"countryCode": state, "vatNumber": number, **more})


def test_a_registered_number(vies: ViesStandIn) -> None:
    """Yes, when, and to whom it belongs; a consultation number for who says who asks."""
    plain, named = ask(vies).json(), ask(vies, **OWN).json()

    assert (plain["valid"], plain["requestIdentifier"]) == (True, "")
    assert plain["requestDate"] == "2026-03-10T11:00:00.000Z"
    assert named["requestIdentifier"].startswith("WAPI")


def test_a_number_that_is_not_registered(vies: ViesStandIn) -> None:
    """Listed, or by the switch all that are not listed."""
    vies.set_number("BE0123456749", valid=False)
    assert ask(vies).json()["valid"] is False
    vies.reset("data")
    vies.switches.unlisted = "invalid"
    assert ask(vies).json() | {"name": "---"} == ask(vies).json()


@pytest.mark.parametrize(("state", "number"), [("GB", "123456789"), ("GR", "1"), ("BE", "")])
def test_what_cannot_be_asked(vies: ViesStandIn, state: str, number: str) -> None:
    """Greece is EL here, and the United Kingdom has left."""
    answer = ask(vies, state, number)

    assert answer.status_code == 400
    assert answer.json()["errorWrappers"] == [{"error": "INVALID_INPUT"}]


@pytest.mark.parametrize(
    ("form", "status"), [("wrapper_200", 200), ("wrapper_500", 500), ("valid_false", 200)]
)
def test_a_member_state_that_is_away(vies: ViesStandIn, form: Any, status: int) -> None:
    """Three forms of the same; the last one is easily taken for a no."""
    vies.switches.state_away = form
    vies.faults.add("state_away", reference="DE136695976")
    answer = ask(vies, "DE", "136695976")

    assert answer.status_code == status
    assert "MS_UNAVAILABLE" in answer.text
    assert ask(vies).json()["valid"] is True


def test_other_paths_and_methods_are_no_part_of_it(vies: ViesStandIn) -> None:
    """Nor is a body that is no object."""
    assert httpx.get(f"{vies.url}{PATH}").status_code == 404
    assert httpx.post(f"{vies.url}/check-vat-number", json={}).status_code == 404
    assert httpx.post(f"{vies.url}{PATH}", content=b"[").status_code == 400


def test_changes_come_by_name(vies: ViesStandIn) -> None:
    """As over HTTP; a wrong one is a sentence."""
    assert vies.change(do="set_number", number="BE0123456749", valid=False) == "set_number"
    assert vies.state() == {"numbers": {"BE0123456749": False}}
    assert vies.contents() == "every VAT number is valid but 1"
    with pytest.raises(StandInError, match="set_number"):
        vies.change(do="set_number", valid=False)
