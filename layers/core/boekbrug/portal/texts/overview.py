"""The first page."""

TEXTS = {
    "title": ("Overzicht", "Overview"),
    "shops": ("Uw winkels", "Your shops"),
    "no_shop": (
        "Er is nog geen winkel gekoppeld.",
        "No shop is connected yet.",
    ),
}
