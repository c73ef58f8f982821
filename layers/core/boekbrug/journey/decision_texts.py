"""Why a person's decision about an order is refused: one sentence per code, Dutch and English."""

from collections.abc import Mapping

from boekbrug.errors import NeedsOwner

TEXTS: Mapping[str, tuple[str, str]] = {
    "decision_without_reason": (
        "Zeg er in een paar woorden bij waarom; dat wordt bewaard.",
        "Say in a few words why; it is kept with the order.",
    ),
    "unknown_order": (
        "Bestelling {number} is nog niet opgehaald.",
        "Order {number} was not fetched yet.",
    ),
    "decision_not_possible": (
        "Dit kan niet met bestelling {number}: zij {state}.",
        "This cannot be done with order {number}: it {state}.",
    ),
    "never_booked": (
        "Bestelling {number} wordt ook op verzoek niet geboekt: kijk waarom zij is overgeslagen.",
        "Order {number} is not booked on request either: see why it was skipped.",
    ),
    "perhaps_posted": (
        (
            "Bestelling {number} kan al in Acumulus staan, dus zij wordt niet zomaar opnieuw "
            "geprobeerd. Zoek daar op ‘{reference}’ en geef dan aan of de factuur er staat."
        ),
        (
            "Order {number} may be in Acumulus already, so it is not simply tried again. Search "
            "there for '{reference}', then say whether the invoice is there (resolve)."
        ),
    ),
    "decision_overtaken": (
        "Bestelling {number} is net door iets anders gewijzigd; kijk opnieuw en beslis dan.",
        "Order {number} was changed by something else just now; look again, then decide.",
    ),
    "posted_just_now": (
        "Bestelling {number} is pas net verstuurd; probeer het over een paar minuten weer.",
        "Order {number} was sent only just now; try again in a few minutes.",
    ),
    "administration_gone": (
        "De administratie van deze winkel is ontkoppeld.",
        "The administration of this shop is not connected any more.",
    ),
    "entry_unknown": (
        (
            "Acumulus kent die boeking niet, of zij ligt in de prullenbak. Geef het nummer van de "
            "boeking (entryid)."
        ),
        (
            "Acumulus does not know that booking, or it is in the bin. Give the number of the "
            "booking (entry id)."
        ),
    ),
    "entry_of_another_order": (
        (
            "Boeking {entry} heeft niet {reference} als omschrijving en hoort dus niet bij deze "
            "bestelling. Hebt u haar zelf geboekt, kies dan ‘met de hand geboekt’."
        ),
        (
            "Booking {entry} does not have {reference} as its description, so it is not of this "
            "order. If you booked it yourself, say that it was booked by hand."
        ),
    ),
    "absence_unproven": (
        "Of bestelling {number} in Acumulus staat, is nu niet te zien. Probeer het straks opnieuw.",
        "Whether order {number} is in Acumulus cannot be seen now. Try again later.",
    ),
    "entry_is_there": (
        "Bestelling {number} staat wel in Acumulus: boeking {entry}.",
        "Order {number} is in Acumulus after all: booking {entry}.",
    ),
    "not_in_shop": (
        "Mijnwebwinkel geeft bestelling {number} nu niet; er is niets veranderd in Acumulus.",
        "Mijnwebwinkel does not give order {number} now; nothing was changed in Acumulus.",
    ),
}


STANDS: Mapping[str, tuple[str, str]] = {
    "booked": ("is geboekt", "is booked"),
    "by_hand": ("is met de hand geboekt", "was booked by hand"),
    "held": ("wacht op een keuze", "waits for a choice"),
    "posting": ("gaat nu naar Acumulus", "is on its way to Acumulus"),
    "queued": ("wordt zo geboekt", "is booked in a moment"),
    "skipped": ("wordt niet geboekt", "is not booked"),
    "unclear": ("is misschien al geboekt", "may be booked already"),
    "waiting": ("wacht", "waits"),
}
"""How an order stands, after "zij" and "it"."""


class DecisionRefused(NeedsOwner):
    """When a decision does not fit the order as it is; nothing was changed."""

    def __init__(self, code: str, **values: str) -> None:
        stands = STANDS[values["state"]] if "state" in values else ("", "")
        self._texts = tuple(
            text.format(**values | {"state": words})
            for text, words in zip(TEXTS[code], stands, strict=True)
        )
        super().__init__(self._texts[0], code=code)

    def sentence(self, language: str = "nl") -> str:
        """Dutch for owners, English for the operator."""
        return self._texts[language == "en"]
