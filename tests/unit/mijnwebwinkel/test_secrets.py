"""Tokens travel in the query: no log, error, traceback or response may ever show one."""

import logging
import traceback
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
import respx

from boekbrug import VERSION
from boekbrug.errors import BoekbrugError
from boekbrug.journey.ports.shops import Sweep
from boekbrug.journey.ports.tenants import Secret
from boekbrug.mijnwebwinkel.client import MijnwebwinkelShop, MijnwebwinkelShops, Patience
from boekbrug.mijnwebwinkel.transport import ShopHttp
from boekbrug.user_agent import user_agent
from workbench.standins.shop.standin import ShopStandIn

TOKEN, PARTNER = Secret("tok/en+Geheim 123"), Secret("partner=Geheim&456")
NEVER = [form for secret in (TOKEN, PARTNER) for form in (secret.text, quote(secret.text, safe=""))]
NEVER += ["tok%2Fen", "partner%3D"]
BASE = "http://shop.example"


@pytest.fixture
def http() -> Iterator[respx.MockRouter]:
    """The network, below everything of ours and of httpx."""
    with respx.mock(assert_all_called=False, using="httpcore") as router:
        yield router


@pytest.fixture
def shop(caplog: pytest.LogCaptureFixture) -> Iterator[MijnwebwinkelShop]:
    shops = MijnwebwinkelShops(BASE, PARTNER, patience=Patience(sleep=lambda _seconds: None))
    caplog.set_level(logging.DEBUG)
    yield shops.open(TOKEN)
    shops.close()


def error_of(shop: MijnwebwinkelShop) -> BoekbrugError | None:
    """What reading a page raises, if anything."""
    try:
        shop.orders_page(Sweep())
    except BoekbrugError as error:
        return error
    return None


def assert_clean(text: str) -> None:
    for form in NEVER:
        assert form not in text


def test_both_tokens_reach_the_server(http: respx.MockRouter, shop: MijnwebwinkelShop) -> None:
    """They are added last, in the query, escaped; the rest of the query stays as it is."""
    route = http.get(f"{BASE}/v1/orders").respond(json=[])

    shop.orders_page(Sweep(), 90)

    sent = route.calls.last.request.url.params
    assert (sent["token"], sent["partner_token"]) == (TOKEN.text, PARTNER.text)
    assert (sent["limit"], sent["offset"], sent["ordering"]) == ("100", "90", "asc")
    assert (sent["format"], sent["language"]) == ("json", "nl_NL")


def test_without_a_partner_token_none_is_sent(http: respx.MockRouter) -> None:
    """An empty token would be a wrong one."""
    route = http.get(f"{BASE}/v1/orders").respond(json=[])

    MijnwebwinkelShops(BASE).open(TOKEN).orders_page(Sweep())

    assert "partner_token" not in route.calls.last.request.url.params


ANSWERS = {
    "good": httpx.Response(200, json=[], headers={"link": f"<{BASE}/?token={TOKEN.text}>"}),
    "refused": httpx.Response(401, json={"message": f"Token {TOKEN.text} is not known"}),
    "echo": httpx.Response(400, text=f"GET /v1/orders?token={quote(TOKEN.text, safe='')}"),
    "redirect": httpx.Response(302, headers={"location": f"{BASE}/?token={TOKEN.text}"}),
    "failing": httpx.Response(500, json={"detail": f"partner {PARTNER.text}"}),
    "html": httpx.Response(200, html=f"<p>{TOKEN.text}</p>"),
    "unreachable": httpx.ConnectError("refused"),
    "slow": httpx.ReadTimeout("too slow"),
    "broken": httpx.RemoteProtocolError("peer closed connection"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_log_line_or_error_holds_a_token(
    http: respx.MockRouter,
    shop: MijnwebwinkelShop,
    answer: httpx.Response | Exception,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever the server answers, at any log level, with the whole chain of causes."""
    http.get(url__startswith=BASE).mock(
        **(
            {"return_value": answer}
            if isinstance(answer, httpx.Response)
            else {"side_effect": answer}
        )
    )
    error = error_of(shop)

    told = "".join(traceback.format_exception(error)) if error else ""
    assert_clean(told + repr(error) + caplog.text + "".join(capsys.readouterr()))
    assert error is None or error.__context__ is None or error.__suppress_context__
    assert (error is None) == (answer is ANSWERS["good"])


@pytest.mark.parametrize("turned_on", [False, True])
def test_no_log_line_of_a_real_connection_holds_a_token(
    turned_on: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Over a socket: the HTTP libraries are silent, and clean when someone turns their logs on."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.NOTSET, name)
    with ShopStandIn(partner_token=PARTNER.text) as standin:
        standin.add_shop(TOKEN.text, [])
        shops = MijnwebwinkelShops(standin.url, PARTNER)
        for name in ("httpx", "httpcore") if turned_on else ():
            caplog.set_level(logging.DEBUG, name)
        shop = shops.open(TOKEN)
        shop.orders_page(Sweep())
        standin.set_token("expired")
        error = error_of(shop)
        shops.close()

    assert error is not None
    loggers = {record.name.partition(".")[0] for record in caplog.records}
    assert loggers & {"httpx", "httpcore"} == ({"httpx", "httpcore"} if turned_on else set())
    assert_clean(caplog.text + "".join(traceback.format_exception(error)))


def test_no_repr_holds_a_token(shop: MijnwebwinkelShop) -> None:
    """Debuggers and error trackers print objects."""
    assert_clean(repr(shop) + repr(vars(shop)) + repr(TOKEN) + str(PARTNER))


def test_the_request_and_response_of_httpx_hold_no_token(http: respx.MockRouter) -> None:
    """What httpx's client, its hooks and its errors see is the address without tokens."""
    http.get(url__startswith=BASE).respond(200, json=[])
    seen: list[httpx.Response] = []
    shop_http = ShopHttp(BASE, PARTNER)
    shop_http._client.event_hooks = {"response": [seen.append]}

    shop_http.get(TOKEN, "/v1/orders", {"limit": "1"})

    (response,) = seen
    assert str(response.url) == f"{BASE}/v1/orders?limit=1"
    assert_clean(repr(vars(response)) + repr(vars(response.request)))


def test_an_answer_shows_neither_body_nor_headers(http: respx.MockRouter) -> None:
    """Customer data is in the body; headers may echo the address."""
    http.get(url__startswith=BASE).respond(200, text="Quirijn", headers={"x": "Testklant"})

    answer = ShopHttp(BASE, PARTNER).get(TOKEN, "/v1/store", {})

    assert repr(answer) == "Answer(status=200)"


def test_e_mail_addresses_in_an_error_are_not_repeated(
    http: respx.MockRouter, shop: MijnwebwinkelShop
) -> None:
    """A server's words are kept short, in one line and without addresses."""
    words = "Klant quirijn@example.com\nonbekend " + "x" * 500
    http.get(url__startswith=BASE).respond(403, json={"title": words})

    with pytest.raises(BoekbrugError) as caught:
        shop.store()

    assert str(caught.value).startswith("/v1/store answered 403 Klant … onbekend xxx")
    assert len(str(caught.value)) < 250


def test_a_cookie_of_one_shop_never_reaches_another(http: respx.MockRouter) -> None:
    """All shops share one client; a session cookie could show one shop's data to another."""
    route = http.get(url__startswith=BASE).respond(200, json=[], headers={"set-cookie": "s=1"})
    shops = MijnwebwinkelShops(BASE, PARTNER)

    for token in (TOKEN, Secret("another shop's token")):
        shops.open(token).orders_page(Sweep())

    assert all("cookie" not in call.request.headers for call in route.calls)


def test_a_redirect_is_not_followed(http: respx.MockRouter, shop: MijnwebwinkelShop) -> None:
    """It would carry the tokens to another address."""
    http.get(f"{BASE}/v1/orders").respond(
        301, headers={"location": "http://evil.example/v1/orders"}
    )
    http.get(f"{BASE}/v1/store").respond(json={"id": "s1"})
    evil = http.get(url__startswith="http://evil.example").respond(json=[])

    with pytest.raises(BoekbrugError):
        shop.orders_page(Sweep())
    assert not evil.called


def test_product_version_and_contact_are_told() -> None:
    """Whoever is asked can see by whom, and whom to reach; without a contact the product only."""
    assert user_agent("iemand@example.nl") == f"Boekbrug/{VERSION} (+iemand@example.nl)"
    assert user_agent() == f"Boekbrug/{VERSION}"


def test_the_product_is_told(http: respx.MockRouter, shop: MijnwebwinkelShop) -> None:
    """The vendor can see who asks."""
    route = http.get(f"{BASE}/v1/orders").respond(json=[])

    shop.orders_page(Sweep())

    assert route.calls.last.request.headers["user-agent"].startswith("Boekbrug/")
    assert {call.request.method for call in route.calls} == {"GET"}


@pytest.mark.parametrize(
    "address", ["", "shop.example", "ftp://shop.example", "http://", f"{BASE}?a=1"]
)
def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    """A wrong setting stops the start, not the hundredth shop."""
    with pytest.raises(ValueError, match="address of the shop API"):
        MijnwebwinkelShops(address)
