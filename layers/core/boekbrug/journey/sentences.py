"""A ledger row -> one sentence for the shop owner: what happened, or why not and what to do.

Dutch first, English beside it. The reasons of the conversion have their sentences in
``domain.reasons``; those of the journey are here.
"""

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from boekbrug.domain.reasons import catalogue, in_english
from boekbrug.journey.ports.ledger import LedgerRow

DUTCH, ENGLISH = "nl", "en"


class Words(NamedTuple):
    """The same in Dutch and in English."""

    dutch: str
    english: str

    def of(self, language: str) -> str:
        """English for who reads English, else Dutch."""
        return self.english if language == ENGLISH else self.dutch


_OUR_FAULT = Words(
    "Door een fout in Boekbrug is niets geboekt; de beheerder krijgt een melding.",
    "Nothing was booked because of a fault in Boekbrug; the operator is told.",
)

REASONS: Mapping[str, Words] = {
    # waits, and goes on by itself
    "administration_paused": Words(
        "Acumulus weigert de toegang tot deze administratie. Zodra die weer werkt, wordt de "
        "bestelling geboekt.",
        "Acumulus refuses access to this administration. The order is booked as soon as it works "
        "again.",
    ),
    "administration_removed": Words(
        "De administratie van deze winkel is ontkoppeld.",
        "The administration of this shop is not connected any more.",
    ),
    "credentials_refused": Words(
        "Acumulus weigerde de toegang toen deze bestelling aan de beurt was; er is niets geboekt. "
        "Zodra de toegang weer werkt, gebeurt dat alsnog.",
        "Acumulus refused access when it was this order's turn; nothing was booked. It will be as "
        "soon as the access works again.",
    ),
    "role_refused": Words(
        "De Acumulus-gebruiker mocht dit niet; er is niets geboekt. Zodra hij API-gebruiker is, "
        "gebeurt dat alsnog.",
        "The Acumulus user was not allowed to do this; nothing was booked. It will be as soon as "
        "the user is of the type API-gebruiker.",
    ),
    "trial_limit": Words(
        "Het proefcontract bij Acumulus is vol. Zodra er een betaald contract is, wordt de "
        "bestelling geboekt.",
        "The trial contract with Acumulus is full. The order is booked as soon as there is a paid "
        "contract.",
    ),
    "original_not_booked": Words(
        "Deze creditorder wacht tot de bestelling die zij crediteert, is geboekt.",
        "This credit order waits until the order it credits is booked.",
    ),
    "posting_stopped": Words(
        "Het boeken is voor iedereen even stilgezet. Daarna wordt de bestelling geboekt.",
        "Booking is stopped for everybody for a moment. After that the order is booked.",
    ),
    "shop_on_hold": Words(
        "De winkel staat op pauze. Daarna wordt de bestelling geboekt.",
        "The shop is paused. After that the order is booked.",
    ),
    "shop_moved": Words(
        "De winkel is intussen anders gekoppeld; de volgende ronde pakt de bestelling op.",
        "The shop was connected differently meanwhile; the next run takes the order up.",
    ),
    "retry": Words(
        "Deze bestelling wordt opnieuw opgehaald en beoordeeld.",
        "This order is fetched and judged again.",
    ),
    "absent": Words(
        "Deze bestelling staat niet in Acumulus en wordt opnieuw geboekt.",
        "This order is not in Acumulus and is booked again.",
    ),
    "resend": Words(
        "Deze bestelling wordt opnieuw geboekt; de oude boeking gaat daarna weg.",
        "This order is booked again; the old booking goes away after that.",
    ),
    # nothing to do
    "by_owner": Words(
        "Deze bestelling wordt niet geboekt: zo is met de hand besloten.",
        "This order is not booked: that was decided by hand.",
    ),
    "vanished": Words(
        "Mijnwebwinkel kent deze bestelling niet meer; zij wordt niet geboekt.",
        "Mijnwebwinkel does not know this order any more; it is not booked.",
    ),
    # needs a person
    "unreadable_order": Words(
        "Mijnwebwinkel gaf deze bestelling in een vorm die niet te lezen is.",
        "Mijnwebwinkel gave this order in a form that cannot be read.",
    ),
    "books_refused": Words(
        "Acumulus weigerde de factuur; er is niets geboekt.",
        "Acumulus refused the invoice; nothing was booked.",
    ),
    "books_not_found": Words(
        "Acumulus kent iets niet waar de factuur naar verwijst; er is niets geboekt.",
        "Acumulus does not know something the invoice refers to; nothing was booked.",
    ),
    "books_unknown_country": Words(
        "Acumulus kent het land van de klant niet; er is niets geboekt.",
        "Acumulus does not know the customer's country; nothing was booked.",
    ),
    "period_locked": Words(
        "De periode van deze factuur is in Acumulus afgesloten; er is niets geboekt. Zet de "
        "periode open en probeer opnieuw, of kies bij de instellingen dat zulke bestellingen op de "
        "dag van verzenden worden geboekt.",
        "The period of this invoice is locked in Acumulus; nothing was booked. Unlock it and try "
        "again, or choose in the settings that such orders are booked on the day of sending.",
    ),
    "books_wrong_url": _OUR_FAULT,
    "books_wrong_xml": _OUR_FAULT,
    "fault": _OUR_FAULT,
}

_STATES: Mapping[str, Words] = {
    "queued": Words(
        "Deze bestelling staat klaar en wordt zo geboekt.",
        "This order is ready and is booked in a moment.",
    ),
    "posting": Words(
        "Deze bestelling gaat op dit moment naar Acumulus.",
        "This order is on its way to Acumulus right now.",
    ),
    "unclear": Words(
        "Deze bestelling is naar Acumulus gestuurd, maar er kwam geen duidelijk antwoord. Zij "
        "wordt niet vanzelf nog eens gestuurd; er wordt opgezocht of zij er staat.",
        "This order was sent to Acumulus, but no clear answer came. It is not sent again by "
        "itself; whether it is there is being looked up.",
    ),
}


def sentence(row: LedgerRow, language: str = DUTCH) -> str:
    """What a row means: what happened, or why not and what to do."""
    if row.state == "booked":
        return _booked(row, language)
    known = _STATES.get(row.state)
    return known.of(language) if known else reason_in_words(row.reason, row.detail, language)


def reason_in_words(reason: str, detail: str = "", language: str = DUTCH) -> str:
    """The sentence of a reason; ``detail`` is the one that was kept with the order."""
    own = REASONS.get(reason)
    if own is not None:
        told = own.of(language)
        return f"{told} ({said(detail, language)})" if detail and own != _OUR_FAULT else told
    if detail:
        return in_english(reason, detail) if language == ENGLISH else detail
    words = Words(
        f"Deze bestelling wordt nu niet geboekt: {reason or 'zonder reden'}.",
        f"This order is not booked now: {reason or 'without a reason'}.",
    )
    return cause_in_words(reason, language) or words.of(language)


def cause_in_words(reason: str, language: str = DUTCH) -> str:
    """What a reason means for every order that has it; empty when only each one's own detail can
    tell.
    """
    own = REASONS.get(reason)
    if own is not None:
        return own.of(language)
    known = next((entry for entry in catalogue() if entry.code == reason), None)
    if known is None or "{" in known.dutch:
        return ""
    return known.english if language == ENGLISH else known.text()


def _booked(row: LedgerRow, language: str) -> str:
    detail = _detail_of_booked(row, language)
    if row.reason == "by_hand":
        words = Words("Boekbrug boekt deze bestelling niet.", "Boekbrug does not book this order.")
    elif row.conceptid and not row.entryid:
        words = Words(
            f"Staat als concept in Acumulus (concept {row.conceptid}): kijk het na.",
            f"Is in Acumulus as a concept (concept {row.conceptid}): check it there.",
        )
    else:
        words = _as_invoice(row)
    parts = (
        words.of(language),
        _of_the_old(row).of(language),
        detail,
        _checked(row).of(language),
    )
    return " ".join(part for part in parts if part)


def _checked(row: LedgerRow) -> Words:
    """The evidence of a VAT number (R26)."""
    check = row.vat_check
    if check is None:
        return Words("", "")
    proof = f" {check.consultation}" if check.consultation else ""
    day = f"{check.at:%d-%m-%Y}"
    return Words(
        f"VIES kent het btw-nummer van de klant{'' if check.valid else ' niet'} "
        f"({day}{', raadpleging' + proof if proof else ''}).",
        f"VIES {'knows' if check.valid else 'does not know'} the customer's VAT number "
        f"({day}{', consultation' + proof if proof else ''}).",
    )


def _of_the_old(row: LedgerRow) -> Words:
    """Of an order that was booked again (R124)."""
    old = row.replaces
    if old is not None and old.entryid:
        return Words(
            f"De oude boeking {old.entryid} gaat nog naar de prullenbak.",
            f"The old booking {old.entryid} still has to go to the bin.",
        )
    if old is not None:
        return Words(
            f"Het oude concept {old.conceptid} staat er nog: verwijder het in Acumulus.",
            f"The old concept {old.conceptid} is still there: remove it in Acumulus.",
        )
    if row.reason == "resent":
        return Words("De oude boeking ligt in de prullenbak.", "The old booking is in the bin.")
    return Words("", "")


def _as_invoice(row: LedgerRow) -> Words:
    number, entry, amount = row.invoicenumber, row.entryid, row.posted_total
    return Words(
        f"Geboekt in Acumulus{f' als factuur {number}' if number else ''}"
        f"{f' (boeking {entry})' if entry else ''}, "
        f"{'bedrag onbekend' if amount is None else euro(amount)}.",
        f"Booked in Acumulus{f' as invoice {number}' if number else ''}"
        f"{f' (booking {entry})' if entry else ''}, "
        f"{'amount unknown' if amount is None else euro(amount, ENGLISH)}.",
    )


def _detail_of_booked(row: LedgerRow, language: str) -> str:
    if language == ENGLISH and row.messages:
        told = in_english(row.messages[0], row.detail)
        return told if told != row.detail else said(row.detail, language)
    return said(row.detail, language)


_SAID: Mapping[str, str] = {
    "Toch boeken": "Book anyway",
    "Opnieuw proberen": "Try again",
    "Niet boeken": "Do not book",
    "Met de hand geboekt": "Booked by hand",
    "Gevonden in Acumulus": "Found in Acumulus",
    "Opnieuw boeken in plaats van boeking": "Book again instead of booking",
    "Opnieuw boeken in plaats van concept": "Book again instead of concept",
    "Opnieuw boeken lukte niet: ": "Booking again did not work: ",
}
"""What stands before a person's reason, as ``decisions.Said`` keeps it."""


def said(detail: str, language: str) -> str:
    """What a person decided, with the reason as it was typed, or why that did not work."""
    if language == ENGLISH:
        for dutch, english in _SAID.items():
            if detail.startswith(dutch):
                return english + _known_in_english(detail.removeprefix(dutch))
    return detail


def _known_in_english(told: str) -> str:
    """The English of a sentence of ours whose code was not kept; what a person typed stays."""
    found = (in_english(entry.code, told) for entry in catalogue())
    own = (
        words.english + told.removeprefix(words.dutch)
        for words in REASONS.values()
        if told.startswith(words.dutch)
    )
    return next((english for english in chain(own, found) if english != told), told)


def euro(amount: Decimal, language: str = DUTCH) -> str:
    """``€ 1.234,50``, in English ``€ 1,234.50``."""
    text = f"{amount:,.2f}"
    return "€ " + (text if language == ENGLISH else text.translate(str.maketrans(",.", ".,")))
