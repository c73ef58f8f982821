"""Who asks: the product, its version, and whom to reach about its calls."""

from boekbrug import VERSION


def user_agent(contact: str = "") -> str:
    """``Boekbrug/0.1.0 (+boekbrug@example.com)``; without a contact only the product."""
    return f"Boekbrug/{VERSION} (+{contact})" if contact else f"Boekbrug/{VERSION}"
