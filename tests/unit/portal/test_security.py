"""What somebody who is not the owner may try, on every page there is."""

import logging
import re
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from boekbrug.errors import RetryLater
from boekbrug.portal.answers import HEADERS
from boekbrug.portal.area import Route
from boekbrug.portal.door import ROUTES, is_page_of_ours
from boekbrug.portal.visit import Form, NotFound, Visit
from boekbrug.settings.memory import MemoryTenants
from tests.support.portal_world import OWNERS, PortalWorld

POSTS = [route for route in ROUTES if route.method == "POST"]
PRIVATE = [route for route in ROUTES if not route.public]
OWNERS_ONLY = [route for route in ROUTES if route.owner]


def _path(route: Route) -> str:
    return re.sub(r"<\w+>", "x", route.path)


def _named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", POSTS, ids=_named)
def test_a_form_without_our_proof_is_refused(route: Route) -> None:
    """Without one, with a made-up one, with one of another browser, and from another site."""
    world = PortalWorld()
    for browser in (world.owner, world.guest) if route.public else (world.owner,):
        browser.get("/inloggen")
        own, foreign = browser.csrf, _proof_of_another(world)
        mails = len(world.notices.sent)
        for proof in ("", "00" * 64, own[:-2], foreign):
            assert browser.post(_path(route), {"csrf": proof}, proof=False).status == 403
        browser.headers["sec-fetch-site"] = "cross-site"
        assert browser.post(_path(route)).status == 403
        assert len(world.notices.sent) == mails


@pytest.mark.parametrize("route", PRIVATE, ids=_named)
def test_nothing_is_shown_or_done_without_signing_in(route: Route) -> None:
    """Everything but the sign-in leads there first."""
    world = PortalWorld()
    browser = world.guest
    answer = browser.get(_path(route)) if route.method == "GET" else browser.post(_path(route))

    assert answer.status == 303
    assert answer.location.startswith("/inloggen")
    assert answer.text == ""


@pytest.mark.parametrize("route", OWNERS_ONLY, ids=_named)
def test_a_reader_changes_nothing(route: Route) -> None:
    """He is told that the owner can."""
    reader = PortalWorld().reader
    answer = reader.get(_path(route)) if route.method == "GET" else reader.post(_path(route))

    assert answer.status == 403
    assert "Alleen de eigenaar" in answer


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/overzicht",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f/evil.example",
        "javascript:alert(1)",
        "/overzicht\r\nSet-Cookie: a=b",
        "/inloggen",
        "/bestaat-niet",
        "overzicht",
        "",
    ],
)
def test_signing_in_leads_to_pages_of_ours_only(wanted: str) -> None:
    """Anything else leads to the first page."""
    world = PortalWorld()
    assert not is_page_of_ours(wanted)
    world.guest.post("/inloggen", {"email": OWNERS, "verder": wanted})
    browser = world.browser()

    assert browser.post(world.links()[-1], {"verder": wanted}).location == "/"
    browser.get("/accounts")
    assert browser.post("/taal", {"taal": "en", "verder": wanted}).location == "/"


def test_every_answer_carries_the_headers() -> None:
    """Pages, redirects, refusals and files; nothing inline may run, nobody may frame us."""
    world = PortalWorld()
    answers = [
        world.owner.get("/overzicht"),
        world.guest.get("/overzicht"),
        world.guest.get("/bestaat-niet"),
        world.guest.post("/inloggen", proof=False),
        world.guest.get("/static/portal.00000000.css"),
        world.guest.get("/static/bestaat-niet.js"),
    ]

    assert [one.status for one in answers] == [200, 303, 404, 403, 200, 404]
    for one in answers:
        assert HEADERS.items() <= one.headers.items()
        assert "unsafe" not in one.headers["Content-Security-Policy"]
    assert world.guest.get("/static/../door.py").status == 404


def test_a_method_that_no_page_has_is_said() -> None:
    """With the methods that it has."""
    answer = PortalWorld().guest._ask("DELETE", "/inloggen")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, POST")


def test_what_a_visitor_typed_stays_text() -> None:
    """In the field, in the sentence, and in the flash that travels in a cookie."""
    world = PortalWorld()
    evil = '"><script>alert(1)</script>'
    page = world.guest.post("/inloggen", {"email": evil})

    assert "<script>alert" not in page.text
    assert evil in page  # as text


@pytest.mark.parametrize("told", ["nonsense", "[[1],2]", "[" * 9000, '["x","y"]', "{}", "12"])
def test_a_flash_that_is_not_ours_is_none(told: str) -> None:
    """A visitor may write what he likes into his own cookie."""
    written = urlsafe_b64encode(told.encode()).decode()
    for value in (written, written[1:], "é", ""):
        browser = PortalWorld().browser(cookies={"__Host-flash": value})
        page = browser.get("/inloggen")
        assert page.status == 200
        assert 'role="status"' not in page.text


def test_another_accounts_shop_is_not_there() -> None:
    """Neither chosen in the address nor in a form."""
    world = PortalWorld()
    (shop,) = world.tenants.all_shops()
    visit = _visit(world, {"winkel": shop.shop_id}, of="stranger")
    with pytest.raises(NotFound):
        _ = visit.shop
    with pytest.raises(NotFound):
        visit.administration(shop.administration_id)
    assert _visit(world, {"winkel": shop.shop_id}, of="owner").shop == shop


def test_pages_are_small() -> None:
    """A page with its style and script is far below what a slow phone minds."""
    world = PortalWorld()
    page = world.owner.get("/overzicht")
    files = [world.owner.get(path) for path in re.findall(r"/static/[\w.]+", page.text)]

    assert {one.status for one in files} == {200}
    assert len(page.text) < 20_000
    assert len(page.text) + sum(len(one.text) for one in files) < 100_000


# --------------------------------------------------------------------------- when things break


class Broken(MemoryTenants):
    """Settings that fail when the shops of an account are asked for."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault

    def account_shops(self, account_id: str) -> Any:
        raise self.fault


def test_a_busy_storage_is_said_in_a_sentence() -> None:
    """Also when the page that says so would need the storage itself."""
    world = PortalWorld(tenants=Broken(RetryLater("settings: busy", code="storage_busy")))

    for path in ("/overzicht", "/overzicht?winkel=x"):
        page = world.owner.get(path)
        assert page.status == 503
        assert "Probeer het over een minuut nog eens." in page


def test_a_fault_of_ours_tells_nothing_but_its_number(caplog: pytest.LogCaptureFixture) -> None:
    """The text of the fault may hold anything: neither the page nor the log shows it."""
    world = PortalWorld(tenants=Broken(KeyError("Jansen, Dorpsstraat 1")))
    with caplog.at_level(logging.DEBUG):
        page = world.owner.get("/overzicht")

    assert page.status == 500
    assert "nummer request" in page  # the request's id
    assert "Jansen" not in page.text + caplog.text
    whys = [vars(one)["why"] for one in caplog.records if one.message == "page failed"]
    assert whys
    assert all(why.startswith("KeyError at test_security.py:") for why in whys)


# --------------------------------------------------------------------------- parts


def _proof_of_another(world: PortalWorld) -> str:
    browser = world.browser()
    browser.sign_in("ander@example.com")
    return browser.csrf


def _visit(world: PortalWorld, query: dict[str, str], *, of: str) -> Any:
    account = world.tenants.account(of)
    assert account is not None
    return Visit(
        services=world,
        path="/",
        query=Form({name: [value] for name, value in query.items()}),
        form=Form(),
        language="nl",
        browser="b",
        portal_url="",
        account=account,
        email="a@example.com",
        role="owner",
    )
