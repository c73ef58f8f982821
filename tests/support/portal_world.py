"""The portal in memory, and browsers that ask it for pages as Lambda would be asked."""

import re
from base64 import b64decode
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from boekbrug.hooks.keys import MemoryHookKeys
from boekbrug.journey.account_care import CareServices
from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.connect_steps import StepServices
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.explain import ExplainServices
from boekbrug.journey.ports.tenants import OWNER, READER, Account, User
from boekbrug.journey.send_notices import NoticeServices
from boekbrug.journey.sign_in import SignInServices
from boekbrug.portal.door import Portal
from boekbrug.portal.request import FLASH, read_flash
from boekbrug.portal.visit import Flash
from boekbrug.settings.access import MemoryAccess
from boekbrug.settings.drafts import MemoryConnectDrafts
from boekbrug.settings.mail_memories import MemoryMailMemories
from tests.support.journey_world import ACCOUNT, World
from tests.support.stack import Context

LARGEST_PAGE = 100_000
HOST = "portal.example"
OWNERS, READERS, STRANGERS = "owner@example.com", "boekhouder@example.com", "ander@example.com"


@dataclass
class PortalWorld(World):
    """One connected shop of an owner with an accountant, and another account beside it."""

    access: MemoryAccess = field(default_factory=MemoryAccess)
    memories: MemoryMailMemories = field(default_factory=MemoryMailMemories)
    drafts: MemoryConnectDrafts = field(default_factory=MemoryConnectDrafts)
    portal_url: str = ""
    hook_url: str = "https://hook.example/"
    hook_keys: MemoryHookKeys = field(default_factory=MemoryHookKeys)
    open_to_all: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        users = (User(OWNERS, OWNER), User(READERS, READER))
        self.tenants.put_account(replace(ACCOUNT, users=users))
        self.tenants.put_account(Account(account_id="stranger", emails=(STRANGERS,)))
        self.shop()

    # ----------------------------------------------------------------- what the pages use

    @property
    def signing_in(self) -> SignInServices:
        return SignInServices(
            tenants=self.tenants,
            access=self.access,
            notices=self.notices,
            clock=self.clock,
            open_to_all=self.open_to_all,
        )

    @property
    def connecting(self) -> ConnectServices:
        return ConnectServices(
            tenants=self.tenants,
            sealer=self.sealer,
            shops=self.shops,
            administrations=self.books,
            clock=self.clock,
            notices=self.notices,
            shops_queue=self.shops_queue,
        )

    @property
    def connect_steps(self) -> StepServices:
        return StepServices(self.connecting, self.drafts, self.access)

    @property
    def deciding(self) -> DecisionServices:
        return DecisionServices(self.fetching, self.booking)

    @property
    def explaining(self) -> ExplainServices:
        return ExplainServices(
            tenants=self.tenants,
            ledger=self.ledger,
            sealer=self.sealer,
            shops=self.shops,
            clock=self.clock,
        )

    @property
    def telling(self) -> NoticeServices:
        return NoticeServices(
            tenants=self.tenants,
            ledger=self.ledger,
            findings=self.findings,
            notices=self.notices,
            memories=self.memories,
            clock=self.clock,
            operator="",
        )

    @property
    def caring(self) -> CareServices:
        return CareServices(
            tenants=self.tenants, ledger=self.ledger, notices=self.notices, clock=self.clock
        )

    # ----------------------------------------------------------------- browsers

    @cached_property
    def portal(self) -> Portal:
        return Portal(self)

    def browser(self, **about: Any) -> "Browser":
        """A browser that nobody signed in with."""
        return Browser(self, **about)

    @property
    def guest(self) -> "Browser":
        return self.browser()

    @cached_property
    def owner(self) -> "Browser":
        return self.browser().sign_in(OWNERS)

    @cached_property
    def reader(self) -> "Browser":
        return self.browser().sign_in(READERS)

    @cached_property
    def stranger(self) -> "Browser":
        return self.browser().sign_in(STRANGERS)

    def links(self) -> list[str]:
        """The paths of the links that were mailed, oldest first."""
        found = (
            re.search(r"https?://[^/]+(/inloggen/\S+)", mail.text) for mail in self.notices.sent
        )
        return [match[1] for match in found if match]


@dataclass(frozen=True)
class Seen:
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str
    browser: "Browser" = field(repr=False)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.text, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def flash(self) -> Flash | None:
        """What the next page will say."""
        set_now = dict(_pair(cookie) for cookie in self.cookies)
        return read_flash(set_now.get(FLASH, ""))

    def follow(self) -> "Seen":
        """The page that a redirect leads to."""
        assert self.status == 303, self.status
        return self.browser.get(self.location)

    def __contains__(self, text: str) -> bool:
        return text in unescape(self.text)


@dataclass
class Browser:
    """Keeps cookies, sends forms with the proof that the last page gave."""

    world: PortalWorld
    source: str = "192.0.2.1"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def get(self, path: str) -> Seen:
        return self._ask("GET", path)

    def head(self, path: str) -> Seen:
        return self._ask("HEAD", path)

    def post(self, path: str, form: dict[str, Any] | None = None, *, proof: bool = True) -> Seen:
        """Send a form; ``proof`` False leaves the CSRF token out."""
        if proof and not self.csrf:
            self.get("/inloggen")
        along = {"csrf": self.csrf} if proof else {}
        return self._ask("POST", path, urlencode(along | (form or {}), doseq=True))

    def sign_in(self, email: str) -> "Browser":
        """Through the real pages and the real mail."""
        self.get("/inloggen")
        assert self.post("/inloggen", {"email": email}).status == 200
        link = self.world.links()[-1]
        assert self.get(link).status == 200
        assert self.post(link).status == 303
        self.get("/overzicht")
        return self

    def _ask(self, method: str, path: str, body: str = "") -> Seen:
        answer = self.world.portal(self.event(method, path, body), Context())
        text = answer["body"] or ""
        if answer.get("isBase64Encoded"):
            text = b64decode(text).decode()
        if answer["headers"]["Content-Type"].startswith("text/html"):
            assert len(text.encode()) <= LARGEST_PAGE, f"{path} is too large for a slow phone"
        for cookie in answer["cookies"]:
            name, value = _pair(cookie)
            if "Max-Age=0" in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', text)
        self.csrf = found[1] if found else self.csrf
        return Seen(answer["statusCode"], answer["headers"], answer["cookies"], text, self)

    def event(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        """As a Function URL sends it."""
        parts = urlsplit(path)
        headers = {"host": HOST, "accept-language": "nl-NL"} | self.headers
        if method == "POST":
            headers["content-type"] = "application/x-www-form-urlencoded"
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "headers": headers,
            "requestContext": {
                "domainName": HOST,
                "stage": "$default",
                "http": {"method": method, "path": parts.path, "sourceIp": self.source},
            },
            "body": body,
            "isBase64Encoded": False,
        }


def _pair(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.partition(";")[0].partition("=")
    return name, value
