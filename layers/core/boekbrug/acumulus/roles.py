"""The role of an Acumulus user -> what it may do for us, and what the owner should do about it.

Acumulus API, general_about: role 5 is the one to ask for; 1 to 3 are deprecated for the API.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """``usable``: orders can be booked with it. ``advice`` is Dutch, empty when all is well."""

    name: str
    usable: bool
    advice: str


_MAKE_API_USER = (
    "Maak in Acumulus onder Beheer een aparte gebruiker van het type API-gebruiker aan"
    " en vul de gegevens daarvan hier in."
)
_DEPRECATED = f"Deze gebruiker is bedoeld voor mensen, niet voor koppelingen. {_MAKE_API_USER}"

_ROLES = {
    1: Role("beheerder", usable=True, advice=_DEPRECATED),
    2: Role("gebruiker", usable=True, advice=_DEPRECATED),
    3: Role("invoerder", usable=False, advice=_DEPRECATED),
    4: Role(
        "API-beheerder",
        usable=True,
        advice=f"Deze gebruiker mag meer dan nodig is. {_MAKE_API_USER}",
    ),
    5: Role("API-gebruiker", usable=True, advice=""),
    6: Role(
        "API-invoerder",
        usable=False,
        advice=(
            "Deze gebruiker mag wel boeken, maar niets terugzoeken;"
            f" dan kan een verloren antwoord niet worden uitgezocht. {_MAKE_API_USER}"
        ),
    ),
}


def role(role_id: int | None) -> Role:
    """What a ``roleid`` means; an unknown one is not refused, since Acumulus decides per call."""
    known = _ROLES.get(role_id) if role_id is not None else None
    return known or Role(
        "onbekend", usable=True, advice=f"Wij kennen deze rol niet. {_MAKE_API_USER}"
    )
