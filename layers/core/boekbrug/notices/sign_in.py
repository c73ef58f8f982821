"""An address that was typed on the sign-in page -> a mail with a link, or without one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from boekbrug.notices.mail import Mail, rendered
from boekbrug.notices.words import FRAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInWords:
    """Both mails in one language; the footer tells who typed the address."""

    subject: str
    what: str
    calm: str
    button: str
    no_account_subject: str
    no_account: str
    no_account_calm: str
    footer: str


WORDS: Mapping[str, SignInWords] = {
    "nl": SignInWords(
        subject="Inloggen bij Boekbrug",
        what="Met deze link logt u in bij Boekbrug.",
        calm="De link werkt *15 minuten* en *één keer*. Hebt u hier niet om gevraagd, dan hoeft u "
        "niets te doen: zonder deze mail komt niemand binnen.",
        button="Inloggen",
        no_account_subject="Geen account bij Boekbrug met dit adres",
        no_account="Iemand wilde met dit e-mailadres inloggen bij Boekbrug, maar er is geen "
        "account met dit adres.",
        no_account_calm="Was u dit, probeer dan een ander adres van uzelf, of vraag de eigenaar "
        "van het account u toe te voegen. Was u dit niet, dan hoeft u niets te doen.",
        footer="Boekbrug zet de bestellingen van een Mijnwebwinkel in Acumulus. "
        "U krijgt deze mail omdat dit adres op de inlogpagina is ingevuld.",
    ),
    "en": SignInWords(
        subject="Sign in to Boekbrug",
        what="This link signs you in to Boekbrug.",
        calm="The link works for *15 minutes* and *once*. If you did not ask for this, there is "
        "nothing you need to do: nobody gets in without this mail.",
        button="Sign in",
        no_account_subject="No account at Boekbrug with this address",
        no_account="Somebody wanted to sign in to Boekbrug with this e-mail address, but there is "
        "no account with this address.",
        no_account_calm="If it was you, try another address of yours, or ask the owner of the "
        "account to add you. If it was not, there is nothing you need to do.",
        footer="Boekbrug puts the orders of a Mijnwebwinkel shop into Acumulus. "
        "You get this mail because this address was entered on the sign-in page.",
    ),
}


def sign_in_mail(email: str, link: str, *, language: str) -> Mail:
    """The mail with the link; an empty link makes the mail that there is no account."""
    words = WORDS[language]
    page = {
        "language": language,
        "subject": words.subject if link else words.no_account_subject,
        "what": words.what if link else words.no_account,
        "calm": words.calm if link else words.no_account_calm,
        "steps": (),
        "button": words.button,
        "portal_url": link,
        "facts": (),
        "frame": replace(FRAMES[language], footer=words.footer),
        "asks": False,
    }
    return rendered("mail", (email,), page)
