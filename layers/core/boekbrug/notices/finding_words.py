"""What a digest says above what was found after booking; the sentences are in the catalogue.

Their orders are booked already, or they are about a shop as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseWords:
    """One cause in one language; ``asks`` when its reader has something to do.

    ``waits`` when its orders are not booked yet, ``details`` when each order's own sentence is
    shown too, ``over`` is what the closing mail says instead of ``head``.
    """

    head: str
    why: str = ""
    do: str = ""
    asks: bool = True
    waits: bool = True
    details: bool = False
    over: str = ""


def _found(dutch: str, english: str, *, asks: bool = True) -> Mapping[str, CauseWords]:
    return {
        "nl": CauseWords(head=dutch, asks=asks, waits=False, details=True),
        "en": CauseWords(head=english, asks=asks, waits=False, details=True),
    }


FINDINGS: Mapping[str, Mapping[str, CauseWords]] = {
    # the order in the shop
    "changed_after_booking": _found(
        "{orders} met een ander totaal dan geboekt", "{orders} with another total than was booked"
    ),
    "total_read_after_booking": _found(
        "{orders} waarvan het totaal nu te lezen is", "{orders} whose total can be read now"
    ),
    "details_changed_after_booking": _found(
        "{orders} met andere regels of btw dan geboekt",
        "{orders} with other lines or VAT than were booked",
    ),
    "refunded_after_booking": _found(
        "{orders} terugbetaald zonder creditorder", "{orders} refunded without a credit order"
    ),
    "credit_status_after_booking": _found(
        "{orders} retour zonder creditorder", "{orders} returned without a credit order"
    ),
    "cancelled_after_booking": _found(
        "{orders} geannuleerd na het boeken", "{orders} cancelled after booking"
    ),
    "payment_lost_after_booking": _found(
        "{orders} met een mislukte betaling", "{orders} whose payment failed"
    ),
    "vanished_after_booking": _found(
        "{orders} niet meer in Mijnwebwinkel", "{orders} no longer in Mijnwebwinkel"
    ),
    "vat_number_refused_after_booking": _found(
        "{orders} met een btw-nummer dat VIES niet kent",
        "{orders} with a VAT number that VIES does not know",
    ),
    # the entry in Acumulus
    "entry_differs": _found(
        "{orders} met een ander bedrag in Acumulus", "{orders} with another amount in Acumulus"
    ),
    "entry_vat_differs": _found(
        "{orders} met andere btw in Acumulus", "{orders} with other VAT in Acumulus"
    ),
    "deleted_in_books": _found(
        "{orders} verwijderd in Acumulus", "{orders} deleted in Acumulus", asks=False
    ),
    "concept_several": _found(
        "{orders} met een concept dat meer dan eens definitief is",
        "{orders} with a concept that was made final more than once",
    ),
    "concept_gone": _found(
        "{orders} waarvan het concept verdwenen is", "{orders} whose concept is gone"
    ),
    "old_concept_stays": _found(
        "{orders} met een oud concept in Acumulus", "{orders} with an old concept in Acumulus"
    ),
    "old_concept_final": _found("{orders} dubbel in Acumulus", "{orders} in Acumulus twice"),
    "old_entry_stays": _found(
        "{orders} met een oude boeking in Acumulus", "{orders} with an old booking in Acumulus"
    ),
    # the shop as a whole
    "list_empty": _found(
        "Geen bestellingen te zien in Mijnwebwinkel", "No orders to be seen in Mijnwebwinkel"
    ),
    "orders_missing": _found(
        "Bestellingen die Mijnwebwinkel niet laat zien",
        "Orders that Mijnwebwinkel does not show",
    ),
    "shop_silent": _found(
        "Langer geen bestellingen dan gewoonlijk", "No orders for longer than usual", asks=False
    ),
    "account_gone": _found(
        "Een rekening uit de instellingen bestaat niet meer in Acumulus",
        "An account of the settings is not in Acumulus any more",
    ),
    "cost_center_gone": _found(
        "Een kostenplaats uit de instellingen bestaat niet meer in Acumulus",
        "A cost centre of the settings is not in Acumulus any more",
    ),
    "template_gone": _found(
        "Een factuursjabloon uit de instellingen bestaat niet meer in Acumulus",
        "An invoice template of the settings is not in Acumulus any more",
    ),
    "trial_ending": _found(
        "Het proefcontract bij Acumulus is bijna vol", "The Acumulus trial is nearly full"
    ),
    "shop_away": {
        "nl": CauseWords(
            head="De winkel kan niet worden opgehaald",
            asks=False,
            waits=False,
            details=True,
            over="De winkel wordt weer opgehaald",
        ),
        "en": CauseWords(
            head="The shop cannot be fetched",
            asks=False,
            waits=False,
            details=True,
            over="The shop is fetched again",
        ),
    },
    "books_away": {
        "nl": CauseWords(
            head="Acumulus antwoordt niet",
            asks=False,
            waits=False,
            details=True,
            over="Acumulus antwoordt weer",
        ),
        "en": CauseWords(
            head="Acumulus does not answer",
            asks=False,
            waits=False,
            details=True,
            over="Acumulus answers again",
        ),
    },
}
