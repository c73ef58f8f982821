"""The client of VIES: what is asked, what counts as an answer, and what is left alone (R26)."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from boekbrug.vies.client import AGAIN_AFTER, ViesService
from workbench.standins import ViesStandIn

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
OWN = "NL123456789B01"


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def standin() -> Iterator[ViesStandIn]:
    with ViesStandIn() as running:
        yield running


type Opener = Callable[..., ViesService]


@pytest.fixture
def service(standin: ViesStandIn) -> Iterator[Opener]:
    """Opens clients of the stand-in, which are closed at the end."""
    opened: list[ViesService] = []

    def opener(seconds: Seconds | None = None) -> ViesService:
        url = f"{standin.url}/taxation_customs/vies/rest-api/"
        opened.append(ViesService(url, now=lambda: AT, seconds=seconds or Seconds()))
        return opened[-1]

    yield opener
    for one in opened:
        one.close()


def asked(standin: ViesStandIn) -> list[dict[str, Any]]:
    return [request.decoded for request in standin.requests]


def answering(body: bytes, status: int = 200) -> ViesService:
    """VIES that always gives this answer."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    return ViesService("https://vies.example", now=lambda: AT, transport=transport)


def test_the_number_and_who_asks_go_apart_from_their_prefix(
    standin: ViesStandIn, service: Opener
) -> None:
    """Greece is EL, and a number of our own that lacks its prefix gets it."""
    service().check("EL094259216", requester="123456789B01")

    assert asked(standin) == [
        {
            "countryCode": "EL",
            "vatNumber": "094259216",
            "requesterMemberStateCode": "NL",
            "requesterNumber": "123456789B01",
        }
    ]


@pytest.mark.parametrize("own", ["", "onbekend", "12"])
def test_an_own_number_without_a_right_form_is_not_sent(
    standin: ViesStandIn, service: Opener, own: str
) -> None:
    """The question is asked all the same."""
    check = service().check("BE0123456749", requester=own)

    assert check is not None
    assert asked(standin) == [{"countryCode": "BE", "vatNumber": "0123456749"}]


def test_who_is_not_accepted_asks_without_a_name(standin: ViesStandIn, service: Opener) -> None:
    """An own number that VIES does not know costs the proof, not the answer."""
    standin.switches.requester = "refused"
    check = service().check("BE0123456749", requester=OWN)

    assert check is not None
    assert (check.valid, check.consultation, len(standin.requests)) == (True, "", 2)


@pytest.mark.parametrize("form", ["wrapper_200", "wrapper_500", "valid_false"])
def test_a_member_state_that_is_away_never_makes_a_number_invalid(
    standin: ViesStandIn, service: Opener, form: Any
) -> None:
    """Whatever the form of the refusal; and that state is left alone for a minute, others not."""
    seconds = Seconds()
    standin.switches.state_away = form
    standin.faults.add("state_away", times=1)
    vies = service(seconds)

    assert vies.check("DE136695976") is None
    assert vies.check("DE136695976") is None
    assert vies.check("BE0123456749") is not None
    assert len(standin.requests) == 2
    seconds.at += AGAIN_AFTER
    assert vies.check("DE136695976") is not None


@pytest.mark.parametrize("fault", ["500", "503", "429", "html_200", "drop", "empty"])
def test_a_service_that_is_away_is_left_alone_as_a_whole(
    standin: ViesStandIn, service: Opener, fault: str
) -> None:
    """A batch of orders does not wait for it order by order."""
    standin.faults.add(fault, times=1)
    vies = service()

    assert vies.check("DE136695976") is None
    assert vies.check("BE0123456749") is None
    assert len(standin.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"valid": "true"}',
        b'{"valid": null}',
        b'{"valid": false, "userError": "IP_BLOCKED"}',
        b'{"valid": true, "errorWrappers": [{"error": "TIMEOUT"}]}',
        b'{"errorWrappers": [{}]}',
        b'{"errorWrappers": ["x"], "userError": "<b>x</b>"}',
    ],
)
def test_only_a_clear_yes_or_no_is_an_answer(body: bytes) -> None:
    """Anything else is no evidence, in either direction."""
    assert answering(body).check("BE0123456749") is None


@pytest.mark.parametrize("told", ["VALID", "INVALID", "", None])
def test_a_user_error_that_is_none(told: str | None) -> None:
    """VIES repeats yes and no in the field of its errors."""
    valid = told != "INVALID"
    body = json.dumps({"valid": valid, "userError": told, "requestIdentifier": None}).encode()
    check = answering(body).check("BE0123456749")

    assert check is not None
    assert (check.valid, check.consultation) == (valid, "")


def test_the_name_behind_a_number_is_not_kept_or_logged(
    standin: ViesStandIn, service: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the customer's name nor the number reaches a log."""
    caplog.set_level("DEBUG", logger="boekbrug")
    standin.faults.add("busy", nth=[2])
    vies = service()

    assert "STANDIN" not in repr(vies.check("BE0123456749", requester=OWN))
    vies.check("BE0123456749", requester=OWN)
    assert [record.__dict__["code"] for record in caplog.records] == ["MS_MAX_CONCURRENT_REQ"]
    assert "0123456749" not in str([record.__dict__ for record in caplog.records])
