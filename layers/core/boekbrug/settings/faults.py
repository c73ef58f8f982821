"""What can be wrong with a tenant's data, in the words of both stores."""

from boekbrug.errors import NeedsOperator, NeedsOwner


def belongs_to_another(what: str) -> NeedsOwner:
    """A shop or administration has one account: two would book the same orders twice."""
    return NeedsOwner(f"this {what} is connected by another account", code="connected_elsewhere")


def not_connected(shop_id: str) -> NeedsOwner:
    """The shop was removed meanwhile."""
    return NeedsOwner(f"shop {shop_id} is not connected", code="unknown_shop")


def no_such_settings(shop_id: str, version: int) -> NeedsOperator:
    """A ledger row or a shop names settings that were never saved."""
    return NeedsOperator(f"shop {shop_id} has no settings version {version}", code="no_settings")
