"""Tokens, writes and limits of the shop stand-in (Mijnwebwinkel API, sections 2 and 3.2)."""

import logging
from typing import Any

import pytest

from tests.unit.standins.clients import TOKENS, ShopClient, order
from workbench.standins import ShopStandIn, StandInError


@pytest.mark.parametrize(
    "tokens",
    [
        {**TOKENS, "token": "wrong"},
        {**TOKENS, "partner_token": "wrong"},
        {"token": TOKENS["token"]},
        {},
    ],
)
def test_wrong_tokens_are_refused(shopper: ShopClient, tokens: dict[str, str]) -> None:
    """Both tokens must be right."""
    answer = shopper.get("/v1/store", tokens=tokens)

    assert answer.status_code == 401
    assert list(answer.json()) == ["code", "message", "description"]


@pytest.mark.parametrize(
    ("form", "status", "keys"),
    [
        ("401_error", 401, {"code", "message", "description"}),
        ("403_error", 403, {"code", "message", "description"}),
        ("400_error", 400, {"code", "message", "description"}),
        ("401_problem", 401, {"type", "title", "detail", "status"}),
        ("404_problem", 404, {"type", "title", "detail", "status"}),
        ("200_error", 200, {"code", "message", "description"}),
    ],
)
def test_each_state_of_a_token_has_its_own_answer(
    shop: ShopStandIn, shopper: ShopClient, form: str, status: int, keys: set[str]
) -> None:
    """An expired token can be answered differently from an inactive one."""
    shop.switches.set({"refuse_expired": form, "refuse_inactive": "403_problem"})
    shop.set_token("expired")
    expired = shopper.get("/v1/store")
    shop.set_token("inactive")

    assert (status, keys) == (expired.status_code, set(expired.json()))
    assert shopper.get("/v1/store").status_code == 403
    shop.set_token("active")
    assert shopper.get("/v1/store").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_a_write_is_refused_and_remembered(
    shop: ShopStandIn, shopper: ShopClient, method: str
) -> None:
    """Nothing may ever be written to a shop; the violation names no token."""
    answer = shopper.http.request(method, "/v1/orders/1001", params=TOKENS)

    assert answer.status_code == 405
    assert [f"{method} /v1/orders/1001: the shop may only be read"] == shop.violations


def test_shops_do_not_see_each_other(shop: ShopStandIn, shopper: ShopClient) -> None:
    """A second shop has its own token, store and orders, even with the same numbers."""
    shop.add_shop("other-token", [order("1001", status=1)])
    other = {**TOKENS, "token": "other-token"}

    assert shopper.get("/v1/orders/1001", tokens=other).json()["status"] == 1
    assert shopper.get("/v1/orders/1001").json()["status"] == 3
    assert len({each.id for each in shop.shops}) == 2


def test_a_token_is_given_once(shop: ShopStandIn) -> None:
    """Two shops behind one token are a mistake in a test."""
    with pytest.raises(StandInError, match="already"):
        shop.add_shop(TOKENS["token"])


def test_too_many_requests_in_a_second(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The limit counts per shop and can say how long to wait."""
    shop.add_shop("other-token")
    shop.switches.set({"requests_per_second": 2, "rate_limit_retry_after": "7"})
    answers = [shopper.get("/v1/store") for _ in range(3)]
    other = shopper.get("/v1/store", tokens={**TOKENS, "token": "other-token"})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "7"
    assert other.status_code == 200


def test_every_request_is_remembered_with_its_query(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Tests can look at exactly what was sent."""
    shopper.get("/v1/orders", limit=5)
    seen = shop.requests[-1]

    assert (seen.call, seen.path, seen.status) == ("orders", "/v1/orders", 200)
    assert seen.query == {**TOKENS, "limit": "5"}


def test_no_token_in_logs_and_reprs(
    shop: ShopStandIn, shopper: ShopClient, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    """Neither the verbose log nor a repr in a failing test shows a token."""
    with caplog.at_level(logging.DEBUG, logger="workbench"):
        shopper.get("/v1/orders")
    output = "".join(capfd.readouterr())
    shown = f"{caplog.text}{output}{shop.requests}{shop.shops}{shop.violations}"

    assert "shop GET /v1/orders: 200" in caplog.text
    assert TOKENS["token"] not in shown
    assert TOKENS["partner_token"] not in shown


def test_unknown_paths_are_not_found(shopper: ShopClient) -> None:
    """A wrong path is a 404 with a problem."""
    assert shopper.get("/v1/nothing").json()["detail"] == "No such path."
