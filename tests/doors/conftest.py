"""The doors between the embedded AWS and the two stand-ins, with the sample shop connected."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.embedded import Aws
from tests.support.stack import Stack, both_standins, sample_document, stack_on
from workbench.standins.books.standin import BooksStandIn
from workbench.standins.shop.standin import ShopStandIn


@dataclass(frozen=True)
class Deployed:
    """A connected sample shop and everything around it."""

    stack: Stack
    shop: ShopStandIn
    books: BooksStandIn


@pytest.fixture
def deployed(embedded: Aws) -> Iterator[Deployed]:
    """Tables and queues of its own for every test."""
    with (
        both_standins() as (shop, books),
        stack_on(embedded, shop.url, books.url, shop.partner_token) as stack,
    ):
        stack.connect(sample_document(shop))
        yield Deployed(stack, shop, books)
