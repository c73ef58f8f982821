"""The outside systems, played on this machine: Mijnwebwinkel (shop), Acumulus (books), VIES."""

from workbench.standins.books.standin import BooksStandIn
from workbench.standins.errors import StandInError
from workbench.standins.shop.standin import ShopStandIn
from workbench.standins.vies.standin import ViesStandIn

__all__ = ["BooksStandIn", "ShopStandIn", "StandInError", "ViesStandIn"]
