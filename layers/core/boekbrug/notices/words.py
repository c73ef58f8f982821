"""What the mails say, in Dutch and English; ``*stars*`` mark what is clicked or must stand out.

Every mail has one cause and says: what is wrong, that nothing is lost, and what to do, in order.
``{names}`` are filled in: shop, site, company, contract, since. No customer data, no secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One mail in one language.

    ``step_portal`` is the last step when the portal's address is known, ``step_operator`` when it
    is not; ``button`` is the text of the link to the portal.
    """

    subject: str
    what: str
    calm: str
    steps: tuple[str, ...] = ()
    step_portal: str = ""
    step_operator: str = ""
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every mail of a language has around its words."""

    do: str
    since: str
    shop: str
    administration: str
    contract: str
    waiting: str
    once: str
    footer: str
    months: tuple[str, ...]
    moment: str


FRAMES: Mapping[str, Frame] = {
    "nl": Frame(
        do="Wat u doet",
        since="Sinds",
        shop="Winkel",
        administration="Administratie",
        contract="contract eindigend op {end}",
        waiting="Winkels die wachten",
        once="U krijgt hierover één mail, en nog één zodra het is opgelost.",
        footer="Boekbrug zet de bestellingen van uw Mijnwebwinkel in Acumulus. "
        "U krijgt deze mail omdat uw adres bij dit account hoort.",
        months=(
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ),
        moment="{day} {month} {year} om {time} uur",
    ),
    "en": Frame(
        do="What to do",
        since="Since",
        shop="Shop",
        administration="Administration",
        contract="contract ending in {end}",
        waiting="Shops that wait",
        once="You get one mail about this, and one more as soon as it is solved.",
        footer="Boekbrug puts the orders of your Mijnwebwinkel shop into Acumulus. "
        "You get this mail because your address belongs to this account.",
        months=(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        moment="{day} {month} {year}, {time}",
    ),
}

SHOP_PAUSED = "shop_paused"
SHOP_RESUMED = "shop_resumed"
ADMINISTRATION_PAUSED = "administration_paused"
ADMINISTRATION_ROLE = "administration_role"
ADMINISTRATION_TRIAL = "administration_trial"
ADMINISTRATION_RESUMED = "administration_resumed"

MAILS: Mapping[str, Mapping[str, Words]] = {
    SHOP_PAUSED: {
        "nl": Words(
            subject="Actie nodig: de token van {shop} werkt niet meer",
            what="Mijnwebwinkel weigert de token waarmee Boekbrug de bestellingen van *{shop}* "
            "ophaalt. Misschien is hij verlopen, uitgezet of verwijderd.",
            calm="*Er gaat niets verloren.* Boekbrug haalt voorlopig niets op. Zodra de token "
            "weer werkt, worden alle bestellingen van de tussentijd alsnog geboekt, elk één keer.",
            steps=(
                (
                    "Log in bij Mijnwebwinkel en ga naar *Instellingen › API*. Ziet u dat niet, "
                    "kijk dan bij *Instellingen › Add-ons & Modules › API*."
                ),
                (
                    "Staat de token van Boekbrug in de lijst, kijk dan of hij actief is en niet "
                    "verlopen. Staat hij er niet, klik dan op *‘token toevoegen’*, kies *Boekbrug* "
                    "als partner en klik op *‘opslaan’*."
                ),
                "Klik op *‘toon token’* en kopieer hem.",
            ),
            step_portal="Plak de token in Boekbrug, bij de winkel {shop}. U ziet meteen of hij "
            "werkt.",
            step_operator="Geef de token aan wie Boekbrug voor u beheert, liever niet per e-mail: "
            "een token is een sleutel.",
            button="Token invullen",
        ),
        "en": Words(
            subject="Action needed: the token of {shop} no longer works",
            what="Mijnwebwinkel refuses the token that Boekbrug fetches the orders of *{shop}* "
            "with. It may have expired, or been switched off or removed.",
            calm="*Nothing is lost.* Boekbrug fetches nothing for now. As soon as the token works "
            "again, all orders of the time between are booked after all, each one once.",
            steps=(
                (
                    "Log in to Mijnwebwinkel and go to *Settings › API* (Dutch: Instellingen › "
                    "API). If you do not see it, look under *Settings › Add-ons & Modules › API*."
                ),
                (
                    "If the token of Boekbrug is in the list, check that it is active and has not "
                    "expired. If it is not, click *‘add token’* (token toevoegen), choose "
                    "*Boekbrug* as partner and click *‘save’* (opslaan)."
                ),
                "Click *‘show token’* (toon token) and copy it.",
            ),
            step_portal="Paste the token in Boekbrug, at the shop {shop}. You see at once whether "
            "it works.",
            step_operator="Give the token to whoever runs Boekbrug for you, preferably not by "
            "mail: a token is a key.",
            button="Enter the token",
        ),
    },
    SHOP_RESUMED: {
        "nl": Words(
            subject="Opgelost: {shop} is weer verbonden",
            what="De token van *{shop}* werkt weer.",
            calm="Boekbrug haalt de bestellingen weer elk uur op. Wat intussen binnenkwam, wordt "
            "bij de eerste keer ingehaald. *U hoeft niets te doen.*",
            button="Naar Boekbrug",
        ),
        "en": Words(
            subject="Solved: {shop} is connected again",
            what="The token of *{shop}* works again.",
            calm="Boekbrug fetches the orders every hour again. What came in meanwhile is caught "
            "up the first time. *There is nothing you need to do.*",
            button="Go to Boekbrug",
        ),
    },
    ADMINISTRATION_PAUSED: {
        "nl": Words(
            subject="Actie nodig: Acumulus weigert de toegang tot {company}",
            what="Acumulus weigert de gebruiker waarmee Boekbrug in de administratie *{company}* "
            "boekt. Misschien is het wachtwoord gewijzigd, is de gebruiker verwijderd, of heeft "
            "hij een ander type gekregen.",
            calm="*Er gaat niets verloren.* Boekbrug boekt voorlopig niets in deze administratie. "
            "Zodra de toegang weer werkt, worden alle wachtende bestellingen alsnog geboekt, elk "
            "één keer.",
            steps=(
                "Log in op Acumulus en ga naar *Beheer › Gebruikers*.",
                (
                    "Kijk of de gebruiker van Boekbrug er staat en van het type *API-gebruiker* "
                    "is. Staat hij er niet, voeg dan een gebruiker van dat type toe."
                ),
                "Weet u het wachtwoord niet meer, geef deze gebruiker dan een nieuw wachtwoord.",
            ),
            step_portal="Vul contractcode, gebruikersnaam en wachtwoord in bij Boekbrug. U ziet "
            "meteen of ze werken.",
            step_operator="Geef contractcode, gebruikersnaam en wachtwoord aan wie Boekbrug voor u "
            "beheert, het wachtwoord liever niet per e-mail.",
            button="Toegang herstellen",
        ),
        "en": Words(
            subject="Action needed: Acumulus refuses access to {company}",
            what="Acumulus refuses the user that Boekbrug books into the administration "
            "*{company}* with. The password may have changed, or the user may have been removed "
            "or become one of another type.",
            calm="*Nothing is lost.* Boekbrug books nothing into this administration for now. As "
            "soon as access works again, all waiting orders are booked after all, each one once.",
            steps=(
                "Log in to Acumulus and go to *Management › Users* (Dutch: Beheer › Gebruikers).",
                (
                    "Check that the user of Boekbrug is there and of the type *API user* "
                    "(API-gebruiker). If it is not, add a user of that type."
                ),
                "If the password is no longer known, give this user a new one.",
            ),
            step_portal="Enter contract code, user name and password in Boekbrug. You see at once "
            "whether they work.",
            step_operator="Give contract code, user name and password to whoever runs Boekbrug for "
            "you, the password preferably not by mail.",
            button="Restore access",
        ),
    },
    ADMINISTRATION_ROLE: {
        "nl": Words(
            subject="Actie nodig: de gebruiker van Boekbrug mag te weinig in {company}",
            what="Acumulus laat de gebruiker van Boekbrug wel binnen in de administratie "
            "*{company}*, maar niet boeken: hij heeft een type met te weinig rechten.",
            calm="*Er gaat niets verloren.* Boekbrug boekt voorlopig niets in deze administratie. "
            "Daarna worden alle wachtende bestellingen alsnog geboekt, elk één keer.",
            steps=(
                "Log in op Acumulus en ga naar *Beheer › Gebruikers*.",
                (
                    "Open de gebruiker van Boekbrug, kies het type *API-gebruiker* en sla dit op. "
                    "Kan dat niet, voeg dan een gebruiker van dat type toe."
                ),
            ),
            step_portal="Open Boekbrug en vul daar contractcode, gebruikersnaam en wachtwoord nog "
            "eens in. U ziet meteen of ze werken.",
            step_operator="Laat wie Boekbrug voor u beheert weten dat het klaar is.",
            button="Toegang herstellen",
        ),
        "en": Words(
            subject="Action needed: the user of Boekbrug may do too little in {company}",
            what="Acumulus lets the user of Boekbrug into the administration *{company}*, but not "
            "book: its type has too few rights.",
            calm="*Nothing is lost.* Boekbrug books nothing into this administration for now. "
            "Afterwards all waiting orders are booked after all, each one once.",
            steps=(
                "Log in to Acumulus and go to *Management › Users* (Dutch: Beheer › Gebruikers).",
                (
                    "Open the user of Boekbrug, choose the type *API user* (API-gebruiker) and "
                    "save. If that cannot be done, add a user of that type."
                ),
            ),
            step_portal="Open Boekbrug and enter contract code, user name and password once more. "
            "You see at once whether they work.",
            step_operator="Let whoever runs Boekbrug for you know that it is done.",
            button="Restore access",
        ),
    },
    ADMINISTRATION_TRIAL: {
        "nl": Words(
            subject="Actie nodig: er passen geen bestellingen meer in {company}",
            what="De administratie *{company}* is een proefcontract bij Acumulus, en daar past "
            "niets meer in. Een proefcontract heeft een beperkt aantal boekingen; een deel daarvan "
            "houdt Boekbrug vrij, zodat u zelf ook nog kunt proberen.",
            calm="*Er gaat niets verloren.* Boekbrug haalt bestellingen op en laat ze wachten. "
            "Zodra er weer ruimte is, worden ze alsnog geboekt, elk één keer.",
            steps=(
                "Log in op Acumulus en zet het proefcontract om in een betaald contract.",
                "Meer hoeft u niet te doen: Boekbrug kijkt elke nacht of er weer ruimte is.",
            ),
            step_portal="Wilt u niet tot vannacht wachten, kies dan in Boekbrug *Hervatten*.",
            step_operator="Wilt u niet tot vannacht wachten, laat wie Boekbrug voor u beheert dan "
            "weten dat het klaar is.",
            button="Naar Boekbrug",
        ),
        "en": Words(
            subject="Action needed: no more orders fit into {company}",
            what="The administration *{company}* is a trial contract at Acumulus, and it is full. "
            "A trial has a limited number of bookings; Boekbrug keeps some of them free, so that "
            "you can try things yourself.",
            calm="*Nothing is lost.* Boekbrug fetches orders and lets them wait. As soon as there "
            "is room again, they are booked after all, each one once.",
            steps=(
                "Log in to Acumulus and turn the trial into a paid contract.",
                "There is nothing else to do: Boekbrug looks every night whether there is room.",
            ),
            step_portal="If you do not want to wait until tonight, choose *Resume* in Boekbrug.",
            step_operator="If you do not want to wait until tonight, let whoever runs Boekbrug for "
            "you know that it is done.",
            button="Go to Boekbrug",
        ),
    },
    ADMINISTRATION_RESUMED: {
        "nl": Words(
            subject="Opgelost: Acumulus geeft weer toegang tot {company}",
            what="De toegang tot de administratie *{company}* werkt weer.",
            calm="Boekbrug boekt weer, te beginnen met wat intussen wachtte. "
            "*U hoeft niets te doen.*",
            button="Naar Boekbrug",
        ),
        "en": Words(
            subject="Solved: Acumulus gives access to {company} again",
            what="Access to the administration *{company}* works again.",
            calm="Boekbrug books again, beginning with what waited meanwhile. "
            "*There is nothing you need to do.*",
            button="Go to Boekbrug",
        ),
    },
}
