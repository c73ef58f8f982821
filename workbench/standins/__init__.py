"""The two outside systems, played on this machine: Mijnwebwinkel (shop) and Acumulus (books)."""

from workbench.standins.books.standin import BooksStandIn
from workbench.standins.errors import StandInError
from workbench.standins.shop.standin import ShopStandIn

__all__ = ["BooksStandIn", "ShopStandIn", "StandInError"]
