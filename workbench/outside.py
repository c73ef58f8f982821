"""What lies outside: our stand-ins with sample data, or servers that somebody else runs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from boekbrug.journey.connect_document import ConnectDocument, read_document
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.tenants import Secret
from workbench.plain import WrongUseError
from workbench.screen import Screen
from workbench.standins import BooksStandIn, ShopStandIn, StandInError, ViesStandIn
from workbench.standins.books.standin import CONTRACTCODE, PASSWORD, USERNAME
from workbench.standins.shop.standin import PARTNER_TOKEN, SHOP_TOKEN
from workbench.standins.vies.standin import BASE
from workbench.state_folder import StateFolder
from workbench.world import Outside

SAMPLES = Path(__file__).parent / "sample_orders"
COMPANY = "Huis & Haard Voorbeeld BV"
REMEMBERED_REQUESTS = 1000
SAMPLE_CONNECTION: dict[str, Any] = {
    "partner_token": PARTNER_TOKEN,
    "administrations": [
        {
            "contractcode": CONTRACTCODE,
            "username": USERNAME,
            "password": PASSWORD,
            "shops": [
                {
                    "token": SHOP_TOKEN,
                    "settings": {
                        "trigger_statuses": [2, 3, 6],
                        "credit_statuses": [10, 11],
                        "accounts_by_payment": {
                            "mollie:ideal": 70001,
                            "paypal": 70003,
                            "pickup": 70002,
                        },
                        "cost_center": 48002,
                        "vies_check": True,
                    },
                }
            ],
        }
    ],
}
SPARE_TOKEN = "standin-tweede-token"  # noqa: S105  # of the stand-in
SPARE_STORE = {
    "name": "Tuin & Terras Voorbeeld",
    "primary_domain": "https://tuin-en-terras.example",
}
SPARE_CONTRACT = ("654321", "tweede-user", "tweede-password")
SPARE_COMPANY = "Tuin & Terras Voorbeeld BV"
TO_TRY = (
    f"to try connecting: a second sample shop has the token {SPARE_TOKEN}",
    "  and a second administration contract {}, user {}, password {}".format(*SPARE_CONTRACT),
)
"""Made-up data of the stand-ins: nothing of it is a secret."""


@dataclass(frozen=True, slots=True)
class Given:
    """The options that say what lies outside; ``None`` means: our own."""

    orders: Path | None = None
    shop_url: str | None = None
    books_url: str | None = None
    connect: Path | None = None

    def document(self) -> ConnectDocument:
        """What is to be connected, read and checked before anything is started.

        Raises ``WrongUseError`` for options that do not fit each other or a wrong file.
        """
        self._refuse_contradictions()
        if self.connect is None:
            return read_document(SAMPLE_CONNECTION)
        try:
            return read_document(self.connect.read_bytes())
        except OSError as error:
            raise WrongUseError(f"{self.connect} cannot be read: {error.strerror}.") from None
        except ConnectRefused as refused:
            raise WrongUseError(f"{self.connect}: {refused.sentence()}") from None

    def _refuse_contradictions(self) -> None:
        for name, url in (("--shop-url", self.shop_url), ("--books-url", self.books_url)):
            if url is not None and not _is_base(url):
                raise WrongUseError(f"{name} {url} is not the base of a server: http://host:port.")
            if url is not None and self.connect is None:
                raise WrongUseError(f"{name} needs --connect FILE: with which token and contract?")
        if self.shop_url is not None and self.orders is not None:
            raise WrongUseError("--orders is what our stand-in shop serves: leave out --shop-url.")


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port_is_one


@contextmanager
def outside(
    given: Given, document: ConnectDocument, folder: StateFolder, screen: Screen
) -> Iterator[Outside]:
    """Start the stand-ins that are wanted; they stop at the end."""
    with ExitStack() as running:
        shop_url = given.shop_url or _shop(given, document, folder, running, screen)
        books_url = given.books_url or _books(given, document, folder, running, screen)
        yield Outside(
            shop_url=shop_url,
            books_url=books_url,
            vies_url=os.environ.get("VIES_URL") or _vies(running, screen),
            partner_token=Secret(document.partner_token.get_secret_value()),
        )


def _shop(
    given: Given, document: ConnectDocument, folder: StateFolder, running: ExitStack, screen: Screen
) -> str:
    """Every token of the document opens a shop of its own with the same orders.

    Those of the second sample shop are of the last weeks before the first run: it is connected
    from this quarter on, and what is in the books keeps its date.
    """
    partner_token = document.partner_token.get_secret_value()
    shop = ShopStandIn(partner_token=partner_token, remember=REMEMBERED_REQUESTS)
    tokens = [each.token for one in document.administrations for each in one.shops]
    orders = 0
    for index, token in enumerate(tokens):
        samples = SAMPLES if index == 0 else SAMPLES / "orders"
        try:
            loaded = shop.load(given.orders or samples, token.get_secret_value())
        except StandInError as error:
            raise WrongUseError(f"{error}.") from None
        orders += len(list(loaded.orders))
    if given.connect is None:
        spare = shop.load(SAMPLES, SPARE_TOKEN, newest=folder.begun - timedelta(days=1))
        spare.store = spare.store | SPARE_STORE
    running.enter_context(shop)
    screen.step(f"Mijnwebwinkel is played by our stand-in at {shop.url}: {orders} orders")
    return shop.url


def _books(
    given: Given, document: ConnectDocument, folder: StateFolder, running: ExitStack, screen: Screen
) -> str:
    books = BooksStandIn(state=folder.books, remember=REMEMBERED_REQUESTS)
    for one in document.administrations:
        books.add_contract(
            one.contractcode, one.username, one.password.get_secret_value(), company=COMPANY
        )
    if given.connect is None:
        books.add_contract(*SPARE_CONTRACT, company=SPARE_COMPANY)
    running.enter_context(books)
    kept = len(books.entries())
    known = f", {kept} bookings from earlier runs" if kept else ""
    screen.step(f"Acumulus is played by our stand-in at {books.url}{known}")
    return books.url


def _vies(running: ExitStack, screen: Screen) -> str:
    """Every VAT number exists."""
    vies = running.enter_context(ViesStandIn(remember=REMEMBERED_REQUESTS))
    screen.step(f"VIES is played by our stand-in at {vies.url}: {vies.contents()}")
    return f"{vies.url}{BASE}"
