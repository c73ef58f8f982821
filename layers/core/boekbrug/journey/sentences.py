"""A ledger row -> one Dutch sentence for the shop owner: what happened, or why not and what to do.

The reasons of the conversion have theirs in ``domain.reasons``; those of the journey are here.
"""

from collections.abc import Mapping
from decimal import Decimal

from boekbrug.domain.reasons import catalogue
from boekbrug.journey.ports import LedgerRow

_OUR_FAULT = "Door een fout in Boekbrug is niets geboekt; de beheerder krijgt een melding."

REASONS: Mapping[str, str] = {
    # waits, and goes on by itself
    "administration_paused": "Acumulus weigert de toegang tot deze administratie. Zodra die weer "
    "werkt, wordt de bestelling geboekt.",
    "administration_removed": "De administratie van deze winkel is ontkoppeld.",
    "credentials_refused": "Acumulus weigerde de toegang toen deze bestelling aan de beurt was; "
    "er is niets geboekt. Zodra de toegang weer werkt, gebeurt dat alsnog.",
    "role_refused": "De Acumulus-gebruiker mocht dit niet; er is niets geboekt. Zodra hij "
    "API-gebruiker is, gebeurt dat alsnog.",
    "original_not_booked": "Deze creditorder wacht tot de bestelling die zij crediteert, "
    "is geboekt.",
    "posting_stopped": "Het boeken is voor iedereen even stilgezet. Daarna wordt de bestelling "
    "geboekt.",
    "shop_moved": "De winkel is intussen anders gekoppeld; de volgende ronde pakt de "
    "bestelling op.",
    "retry": "Deze bestelling wordt opnieuw opgehaald en beoordeeld.",
    "resend": "Deze bestelling wordt opnieuw geboekt; de oude boeking gaat daarna weg.",
    # decided by a person
    "by_owner": "Deze bestelling wordt niet geboekt: zo is met de hand besloten.",
    # needs a person
    "unreadable_order": "Mijnwebwinkel gaf deze bestelling in een vorm die niet te lezen is.",
    "books_refused": "Acumulus weigerde de factuur; er is niets geboekt.",
    "books_not_found": "Acumulus kent iets niet waar de factuur naar verwijst; er is niets "
    "geboekt.",
    "books_unknown_country": "Acumulus kent het land van de klant niet; er is niets geboekt.",
    "period_locked": "De periode van deze factuur is in Acumulus afgesloten; er is niets geboekt. "
    "Zet de periode open en probeer opnieuw, of kies bij de instellingen dat zulke bestellingen op "
    "de dag van verzenden worden geboekt.",
    "quota_exhausted": "Dit Acumulus-contract heeft geen boekingen meer over; er is niets geboekt.",
    "books_wrong_url": _OUR_FAULT,
    "books_wrong_xml": _OUR_FAULT,
    "fault": _OUR_FAULT,
}


def sentence(row: LedgerRow) -> str:
    """What a row means, in Dutch: what happened, or why not and what to do."""
    match row.state:
        case "booked":
            return _booked(row)
        case "queued":
            return "Deze bestelling staat klaar en wordt zo geboekt."
        case "posting":
            return "Deze bestelling gaat op dit moment naar Acumulus."
        case "unclear":
            return (
                "Deze bestelling is naar Acumulus gestuurd, maar er kwam geen duidelijk antwoord. "
                "Zij wordt niet vanzelf nog eens gestuurd; er wordt opgezocht of zij er staat."
            )
        case _:
            return reason_in_words(row.reason, row.detail)


def reason_in_words(reason: str, detail: str = "") -> str:
    """The sentence of a reason; ``detail`` is the one that was kept with the order."""
    own = REASONS.get(reason)
    if own is not None:
        return f"{own} ({detail})" if detail and own != _OUR_FAULT else own
    if detail:
        return detail
    known = next((entry for entry in catalogue() if entry.code == reason), None)
    if known is not None and "{" not in known.dutch:
        return known.text()
    return f"Deze bestelling wordt nu niet geboekt: {reason or 'zonder reden'}."


def _booked(row: LedgerRow) -> str:
    if row.reason == "by_hand":
        return f"Boekbrug boekt deze bestelling niet. {row.detail}"
    if row.conceptid and not row.entryid:
        text = f"Staat als concept in Acumulus (concept {row.conceptid}): kijk het na."
        return f"{text} {row.detail}" if row.detail else text
    number = f" als factuur {row.invoicenumber}" if row.invoicenumber else ""
    entry = f" (boeking {row.entryid})" if row.entryid else ""
    text = f"Geboekt in Acumulus{number}{entry}, {_euro(row.posted_total)}."
    return f"{text} {row.detail}" if row.detail else text


def _euro(amount: Decimal | None) -> str:
    if amount is None:
        return "bedrag onbekend"
    whole = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"€ {whole}"
