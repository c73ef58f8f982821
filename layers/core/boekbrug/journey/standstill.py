"""A shop -> what holds up everything of it at the moment, and what to do about it."""

from dataclasses import dataclass

from boekbrug.journey.ports.tenants import (
    CHOSEN_PAUSES,
    NOT_STARTED,
    PAUSED_BY_HAND,
    Administration,
    ConnectedShop,
    Tenants,
)
from boekbrug.journey.sentences import Words
from boekbrug.journey.trials import TRIAL_LIMIT

STOPPED_FOR_ALL = "posting_stopped"
ROLE_REFUSED = "role_refused"


@dataclass(frozen=True, slots=True)
class Standstill:
    """One thing that holds up a shop; ``words`` say what, ``to_do`` one thing that ends it.

    ``code`` is the reason of the pause. ``chosen`` by a person: nothing is wrong.
    """

    code: str
    words: Words
    to_do: Words | None = None
    chosen: bool = False


def standstills(tenants: Tenants, shop: ConnectedShop) -> list[Standstill]:
    """What holds it up now, the nearest to the owner first."""
    administration = tenants.administration(shop.administration_id)
    found = [_of_shop(shop), _of_administration(administration), _of_all(tenants)]
    return [one for one in found if one is not None]


def _of_shop(shop: ConnectedShop) -> Standstill | None:
    words = _SHOP.get(shop.paused, _TOKEN) if shop.paused else None
    return _standstill(shop.paused, words)


def _of_administration(administration: Administration | None) -> Standstill | None:
    if administration is None:
        return _standstill("administration_removed", _GONE)
    code = administration.paused
    return _standstill(code, _ADMINISTRATION.get(code, _REFUSED) if code else None)


def _of_all(tenants: Tenants) -> Standstill | None:
    return None if tenants.posting_allowed() else _standstill(STOPPED_FOR_ALL, _ALL)


def _standstill(code: str, words: tuple[Words, Words | None] | None) -> Standstill | None:
    return Standstill(code, *words, chosen=code in CHOSEN_PAUSES) if words else None


_SHOP = {
    NOT_STARTED: (
        Words(
            "De winkel is gekoppeld maar nog niet aangezet: er wordt niets opgehaald en geboekt.",
            "The shop is connected but not switched on yet: nothing is fetched or booked.",
        ),
        Words(
            "Draai proef en zet de winkel aan.",
            "Do a trial run, then switch the shop on.",
        ),
    ),
    PAUSED_BY_HAND: (
        Words(
            "De winkel staat op pauze: er wordt niets opgehaald en geboekt.",
            "The shop is paused: nothing is fetched or booked.",
        ),
        Words(
            "Kies Hervatten; wat intussen binnenkwam, wordt ingehaald.",
            "Choose Resume; what came in meanwhile is caught up.",
        ),
    ),
}
_TOKEN = (
    Words(
        "Mijnwebwinkel weigert de token van deze winkel: er wordt niets opgehaald tot er een "
        "nieuwe is.",
        "Mijnwebwinkel refuses the token of this shop: nothing is fetched until there is a new "
        "one.",
    ),
    Words("Vul een nieuwe token in.", "Enter a new token."),
)
_ADMINISTRATION = {
    ROLE_REFUSED: (
        Words(
            "De gebruiker van Boekbrug mag in Acumulus niet boeken: er wordt niets geboekt tot hij "
            "API-gebruiker is.",
            "The user of Boekbrug may not book in Acumulus: nothing is booked until it is of the "
            "type API-gebruiker.",
        ),
        Words(
            "Maak hem in Acumulus API-gebruiker en vul de toegang opnieuw in.",
            "Make it an API-gebruiker in Acumulus and enter the access again.",
        ),
    ),
    TRIAL_LIMIT: (
        Words(
            "Het proefcontract bij Acumulus is vol: er wordt niets geboekt tot er een betaald "
            "contract is.",
            "The trial contract with Acumulus is full: nothing is booked until there is a paid "
            "contract.",
        ),
        Words(
            "Neem bij Acumulus een betaald contract en kies Hervatten.",
            "Take a paid contract with Acumulus and choose Resume.",
        ),
    ),
}
_REFUSED = (
    Words(
        "Acumulus weigert de toegang tot deze administratie: er wordt niets geboekt tot dat is "
        "hersteld.",
        "Acumulus refuses access to this administration: nothing is booked until that is mended.",
    ),
    Words("Vul de toegang tot Acumulus opnieuw in.", "Enter the access to Acumulus again."),
)
_GONE = (
    Words(
        "De administratie van deze winkel is ontkoppeld: er wordt niets geboekt.",
        "The administration of this shop is not connected any more: nothing is booked.",
    ),
    Words("Koppel de winkel opnieuw.", "Connect the shop again."),
)
_ALL = (
    Words(
        "Het boeken is voor iedereen even stilgezet.",
        "Booking is stopped for everybody for a moment.",
    ),
    None,
)

STANDSTILLS = {
    **_SHOP,
    "token_refused": _TOKEN,
    "credentials_refused": _REFUSED,
    **_ADMINISTRATION,
    "administration_removed": _GONE,
    STOPPED_FOR_ALL: _ALL,
}
"""Every cause with its words, for the page of messages."""
