"""What a page is given, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from boekbrug.journey.ports.tenants import OWNER, Account, Administration, ConnectedShop
from boekbrug.portal import csrf
from boekbrug.portal.services import PortalServices
from boekbrug.portal.texts import say

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie

DUTCH, ENGLISH = LANGUAGES = ("nl", "en")
SHOP = "winkel"
"""The name of the chosen shop in addresses and forms."""


class NotFound(Exception):
    """When there is no such page, or nothing of this account behind it."""


class NotAllowed(Exception):
    """When the visitor may not do this; ``why`` is a key of the texts."""

    def __init__(self, why: str = "errors.not_allowed") -> None:
        super().__init__(why)
        self.why = why


class NoShopYet(Exception):
    """When a page is about a shop and the account has none."""


# --------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True)
class Flash:
    """One sentence above the next page; ``kind`` is good, info, attention or bad."""

    kind: str
    text: str

    @staticmethod
    def good(text: str) -> "Flash":
        return Flash("good", text)

    @staticmethod
    def info(text: str) -> "Flash":
        return Flash("info", text)

    @staticmethod
    def bad(text: str) -> "Flash":
        return Flash("bad", text)


@dataclass(frozen=True, slots=True)
class Page:
    """A template with what it shows.

    ``errors`` are sentences by field (``""``: about the whole form); with any of them the status
    is 422 and what was typed is shown again. ``values`` are what fields hold at first.
    """

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """To another page of ours: a path, perhaps with a query. ``cookies`` are set along."""

    to: str
    flash: Flash | None = None
    cookies: Sequence["Cookie"] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep."""

    name: str
    content_type: str
    body: bytes


type Answer = Page | Redirect | Download


# --------------------------------------------------------------------------- the visit


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed: a form, or the query of an address."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """One value without the white space around it."""
        values = self.fields.get(name)
        return values[-1].strip() if values else default

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be there more than once."""
        return [value.strip() for value in self.fields.get(name, ())]

    def checked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.fields.get(name))

    def __contains__(self, name: object) -> bool:
        return name in self.fields


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A browser that asks for a page; nobody knows whose it is.

    ``browser`` is the secret that only this browser has: of its session, once it has one.
    ``leads_to`` is the page of ours that signing in leads to, ``source`` where the request came
    from.
    """

    services: PortalServices
    path: str
    query: Form
    form: Form
    language: str
    browser: str = field(repr=False)
    portal_url: str
    leads_to: str = "/"
    source: str = ""
    flash: Flash | None = None

    @property
    def csrf(self) -> str:
        """What every form of this page carries."""
        return csrf.token_for(self.browser)

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue in the visitor's language."""
        return say(self.language, key, **values)


@dataclass(frozen=True, kw_only=True)
class Visit(Guest):
    """A visit of somebody who signed in, with the account it is about."""

    account: Account
    email: str
    role: str

    @property
    def is_owner(self) -> bool:
        return self.role == OWNER

    @property
    def by(self) -> str:
        """Who is named with a choice that is kept."""
        return self.email

    @cached_property
    def shops(self) -> list[ConnectedShop]:
        """The shops of the account, by name."""
        found = self.services.tenants.account_shops(self.account.account_id)
        return sorted(found, key=lambda shop: (shop.store.name.lower(), shop.shop_id))

    @cached_property
    def shop(self) -> ConnectedShop:
        """The chosen shop, else the first; raises ``NotFound`` for what is not of the account."""
        if self.asked_shop:
            return self.shop_of(self.asked_shop)
        if not self.shops:
            raise NoShopYet
        if self.form.fields and len(self.shops) > 1:  # never the one that happens to be first
            raise NotAllowed("errors.stale")
        return self.shops[0]

    @property
    def asked_shop(self) -> str:
        """The id of the shop that the form or the address names; empty when it names none."""
        return self.form.text(SHOP) or self.query.text(SHOP)

    @property
    def about(self) -> str:
        """The same, or of the shop that this page turned out to be about: its forms name it.

        An account may get another first shop between a page and its form.
        """
        return self.asked_shop or (self.shop.shop_id if "shop" in vars(self) else "")

    def shop_of(self, shop_id: str) -> ConnectedShop:
        """A shop of the account, else ``NotFound``."""
        for shop in self.shops:
            if shop.shop_id == shop_id:
                return shop
        raise NotFound

    def administration(self, administration_id: str) -> Administration:
        """An administration of the account, else ``NotFound``."""
        found = self.services.tenants.administration(administration_id)
        if found is None or found.account_id != self.account.account_id:
            raise NotFound
        return found
