"""A running stand-in of each kind, with a client."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.unit.standins.clients import (
    BooksClient,
    ShopClient,
    books_client,
    order,
    shop_client,
)
from workbench.standins import BooksStandIn, ShopStandIn
from workbench.standins.clock import AMSTERDAM

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=AMSTERDAM)


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    """One shop with orders 1001 to 1012 of 1 to 12 March, and a test order."""
    with ShopStandIn(now=lambda: NOW) as standin:
        days = range(1, 13)
        orders = [order(str(1000 + day), date=f"2026-03-{day:02d}") for day in days]
        standin.add_shop(orders=[*orders, order("T-1013")])
        yield standin


@pytest.fixture
def shopper(shop: ShopStandIn) -> Iterator[ShopClient]:
    with shop_client(shop) as client:
        yield client


@pytest.fixture
def books() -> Iterator[BooksStandIn]:
    """One contract with an API user."""
    with BooksStandIn(now=lambda: NOW) as standin:
        standin.add_contract()
        yield standin


@pytest.fixture
def booker(books: BooksStandIn) -> Iterator[BooksClient]:
    with books_client(books) as client:
        yield client
