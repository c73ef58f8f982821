"""The end of an account -> the receipt as a mail to everybody who was mailed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from boekbrug.journey.account_care import Receipt
from boekbrug.journey.ports.tenants import Account
from boekbrug.notices.mail import Mail, rendered
from boekbrug.notices.words import FRAMES, Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingWords:
    """The receipt in one language."""

    subject: str
    what: str
    calm: str
    number: str
    on: str
    shops: str
    administrations: str
    people: str
    none: str
    footer: str


WORDS: Mapping[str, ClosingWords] = {
    "nl": ClosingWords(
        subject="Uw account bij Boekbrug is opgeheven",
        what="Er wordt niets meer opgehaald of geboekt. *Verwijderd* zijn de toegang tot winkels "
        "en administraties (tokens en wachtwoorden), de koppelingen en de gebruikers.",
        calm="Wat in Acumulus is geboekt, blijft daar staan. Boekbrug *bewaart* alleen welke "
        "bestellingen zijn geboekt (nummer, datum, bedrag en factuurnummer, geen gegevens van "
        "klanten) met de instellingen daarbij: komt de winkel ooit terug, dan wordt niets dubbel "
        "geboekt. Verwijder zelf nog het token in Mijnwebwinkel en de API-gebruiker in Acumulus.",
        number="Kenmerk",
        on="Opgeheven op",
        shops="Winkels",
        administrations="Administraties",
        people="Gebruikers",
        none="geen",
        footer="Boekbrug zette de bestellingen van uw Mijnwebwinkel in Acumulus. "
        "Dit is de laatste mail: uw adres is verwijderd.",
    ),
    "en": ClosingWords(
        subject="Your account at Boekbrug is closed",
        what="Nothing is fetched or booked any more. *Removed* are the access to shops and "
        "administrations (tokens and passwords), the connections and the users.",
        calm="What was booked in Acumulus stays there. Boekbrug *keeps* only which orders were "
        "booked (number, date, amount and invoice number, no customer data) and the settings they "
        "were booked under: if the shop ever comes back, nothing is booked twice. Please remove "
        "the token in Mijnwebwinkel and the API user in Acumulus yourself.",
        number="Reference",
        on="Closed on",
        shops="Shops",
        administrations="Administrations",
        people="Users",
        none="none",
        footer="Boekbrug put the orders of your Mijnwebwinkel shop into Acumulus. "
        "This is the last mail: your address was removed.",
    ),
}


def closing_mail(account: Account, receipt: Receipt) -> Mail:
    """What was removed, by name, and what was not."""
    language = "en" if account.language == "en" else "nl"
    words, frame = WORDS[language], FRAMES[language]
    page = {
        "language": language,
        "subject": words.subject,
        "what": words.what,
        "calm": words.calm,
        "steps": (),
        "button": "",
        "portal_url": "",
        "facts": (
            (words.number, receipt.number),
            (words.on, _day(frame, receipt)),
            (words.shops, ", ".join(receipt.shops) or words.none),
            (words.administrations, ", ".join(receipt.administrations) or words.none),
            (words.people, ", ".join(receipt.people)),
        ),
        "frame": replace(frame, footer=words.footer),
        "asks": False,
    }
    return rendered("mail", account.emails, page)


def _day(frame: Frame, receipt: Receipt) -> str:
    return f"{receipt.on.day} {frame.months[receipt.on.month - 1]} {receipt.on.year}"
