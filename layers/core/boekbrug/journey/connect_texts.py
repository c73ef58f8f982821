"""What connecting says: a stable code, which part is wrong, and a sentence in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from boekbrug.errors import BoekbrugError


class Part(StrEnum):
    """Which of the things that were given a sentence is about."""

    TOKEN = "token"  # noqa: S105  # a name, not a secret
    PARTNER_TOKEN = "partner_token"  # noqa: S105  # as above
    CONTRACT = "contract"
    SETTINGS = "settings"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence, Dutch for owners and English for the operator; ``{names}`` are filled in."""

    part: Part
    nl: str
    en: str


WORDINGS: Mapping[str, Wording] = {
    # ---- the token of the shop
    "token_refused": Wording(
        Part.TOKEN,
        "Mijnwebwinkel weigert de token. Kopieer hem opnieuw via Instellingen › API › toon token, "
        "en kijk of hij actief en niet verlopen is.",
        "Mijnwebwinkel refuses the shop token: copy it again (Settings › API › show token) and "
        "check that it is active and not expired.",
    ),
    "partner_token_refused": Wording(
        Part.PARTNER_TOKEN,
        "Mijnwebwinkel weigert de toegang van Boekbrug zelf; uw token is niet de oorzaak. "
        "De beheerder van Boekbrug moet dit herstellen.",
        "Mijnwebwinkel refuses the partner token, the application's own; whether the shop token "
        "is right cannot be told before the partner token is.",
    ),
    "shop_unreachable": Wording(
        Part.TOKEN,
        "Mijnwebwinkel ({address}) antwoordt nu niet goed op de vraag van welke winkel de token "
        "is. Probeer het over een paar minuten opnieuw.",
        "Mijnwebwinkel at {address} gives no usable answer to which shop the token belongs to: "
        "check the address, or try again in a few minutes.",
    ),
    "store_without_id": Wording(
        Part.TOKEN,
        "Mijnwebwinkel noemt bij deze token geen winkel. Maak een nieuwe token aan.",
        "Mijnwebwinkel names no shop for this token: create a new one.",
    ),
    "token_of_another_shop": Wording(
        Part.TOKEN,
        "Deze token hoort bij de winkel {found}, niet bij {expected}.",
        "This token belongs to the shop {found}, not to {expected}.",
    ),
    "shop_of_another_account": Wording(
        Part.TOKEN,
        "De winkel {shop} is al gekoppeld aan een ander account.",
        "The shop {shop} is connected to another account already.",
    ),
    "shop_on_another_administration": Wording(
        Part.TOKEN,
        "De winkel {shop} is al gekoppeld aan een andere administratie. Ontkoppel hem daar eerst.",
        "The shop {shop} is connected to another administration already: remove it there first.",
    ),
    "shop_connected": Wording(
        Part.TOKEN,
        "De winkel {shop} is al gekoppeld. Een nieuwe token geeft u op bij zijn instellingen.",
        "The shop {shop} is connected already: give it a new token in its settings.",
    ),
    "shop_twice": Wording(
        Part.TOKEN,
        "De winkel {shop} staat hier twee keer.",
        "The shop {shop} is given twice.",
    ),
    # ---- the contract
    "contract_refused": Wording(
        Part.CONTRACT,
        "Acumulus weigert de combinatie van contractcode, gebruikersnaam en wachtwoord. "
        "Gebruik de gegevens van een gebruiker van het type API-gebruiker.",
        "Acumulus refuses this combination of contract code, user name and password: "
        "use those of a user of type API user.",
    ),
    "role_refused": Wording(
        Part.CONTRACT,
        "Acumulus kent deze gebruiker, maar hij mag te weinig. "
        "Geef hem het type API-gebruiker, of maak er een van dat type.",
        "Acumulus knows this user, but the user may do too little: "
        "give it the type API user, or create one of that type.",
    ),
    "still_trial": Wording(
        Part.CONTRACT,
        "Het contract bij Acumulus is nog een proefcontract ({left} boekingen over). Neem een "
        "betaald contract; is er anders weer ruimte, dan gaat het boeken vannacht vanzelf verder.",
        "The contract with Acumulus is still a trial ({left} bookings left). Take a paid contract; "
        "if there is room again otherwise, booking goes on by itself tonight.",
    ),
    "books_unreachable": Wording(
        Part.CONTRACT,
        "Acumulus ({address}) antwoordt nu niet goed op de vraag van wie het contract is. "
        "Probeer het over een paar minuten opnieuw.",
        "Acumulus at {address} gives no usable answer to whose contract this is: "
        "check the address, or try again in a few minutes.",
    ),
    "contract_of_another_account": Wording(
        Part.CONTRACT,
        "Dit Acumulus-contract is al gekoppeld aan een ander account.",
        "This Acumulus contract is connected to another account already.",
    ),
    "contract_twice": Wording(
        Part.CONTRACT,
        "Dit Acumulus-contract staat hier twee keer, met verschillende gegevens.",
        "This Acumulus contract is given twice, with different credentials.",
    ),
    "contract_of_another_administration": Wording(
        Part.CONTRACT,
        "Deze gegevens horen bij een ander contract dan deze administratie.",
        "These credentials belong to another contract than this administration.",
    ),
    # ---- the settings
    "unknown_status": Wording(
        Part.SETTINGS,
        "deze winkel kent geen orderstatus {value}. Wel: {known}.",
        "this shop has no order status {value}; it has {known}.",
    ),
    "unknown_choice": Wording(
        Part.SETTINGS,
        "deze Acumulus-administratie kent geen {kind_nl} {value}. Wel: {known}.",
        "this Acumulus administration has no {kind_en} {value}; it has {known}.",
    ),
    "choices_unreadable": Wording(
        Part.SETTINGS,
        "Acumulus geeft nu geen lijst waarin dit na te kijken is. "
        "Probeer het over een paar minuten opnieuw.",
        "Acumulus gives no list to check this against: try again in a few minutes.",
    ),
    "prefix_taken": Wording(
        Part.SETTINGS,
        '"{prefix}" is niet te onderscheiden van "{other}" van de winkel {shop} op '
        "dezelfde administratie. Kies een ander voorvoegsel.",
        '"{prefix}" cannot be told from "{other}" of the shop {shop} on the same '
        "administration: choose another prefix.",
    ),
    "start_unknown": Wording(
        Part.SETTINGS,
        "de winkel {shop} kent geen bestelling {number}.",
        "the shop {shop} has no order {number}.",
    ),
    "start_unread": Wording(
        Part.SETTINGS,
        "Mijnwebwinkel geeft bestelling {number} nu niet. Probeer het over een paar minuten "
        "opnieuw.",
        "Mijnwebwinkel does not give order {number} now: try again in a few minutes.",
    ),
    "changed_meanwhile": Wording(
        Part.SETTINGS,
        "Deze instellingen zijn intussen gewijzigd. Kijk na wat er nu staat en sla dan op.",
        "These settings were changed meanwhile: look at what they are now, and then save.",
    ),
    "settings_not_understood": Wording(Part.SETTINGS, "{problem_nl}", "{problem_en}."),
    # ---- the document itself
    "not_json": Wording(
        Part.DOCUMENT,
        "Dit is geen JSON: {problem}.",
        "This is not JSON: {problem}.",
    ),
    "not_understood": Wording(Part.DOCUMENT, "{problem}.", "{problem}."),
    "too_many_tries": Wording(
        Part.DOCUMENT,
        "Er is te vaak achter elkaar geprobeerd. Wacht een uur en probeer het dan opnieuw.",
        "There were too many tries in a row: wait an hour and then try again.",
    ),
    "unknown_shop": Wording(
        Part.DOCUMENT,
        "Er is geen gekoppelde winkel {shop}.",
        "There is no connected shop {shop}.",
    ),
    "unknown_administration": Wording(
        Part.DOCUMENT,
        "Er is geen gekoppelde administratie {administration}.",
        "There is no connected administration {administration}.",
    ),
    # ---- advice: stored all the same, and said
    "role_too_much": Wording(
        Part.CONTRACT,
        "De Acumulus-gebruiker is API-beheerder en mag meer dan nodig is. API-gebruiker volstaat.",
        "The Acumulus user is an API manager and may do more than is needed; API user is enough.",
    ),
    "role_too_little": Wording(
        Part.CONTRACT,
        "De Acumulus-gebruiker is API-invoerder: boeken kan, maar een verloren antwoord is niet "
        "terug te vinden en vraagt dan uw hulp. Maak er een API-gebruiker van.",
        "The Acumulus user is an API creator: booking works, but a lost answer cannot be looked "
        "up and will need a person. Make it an API user.",
    ),
    "role_deprecated": Wording(
        Part.CONTRACT,
        "De Acumulus-gebruiker heeft een rol die niet meer voor koppelingen bedoeld is. "
        "Maak een gebruiker van het type API-gebruiker.",
        "The Acumulus user has a role that is no longer meant for connections: "
        "create a user of type API user.",
    ),
    "role_unknown": Wording(
        Part.CONTRACT,
        "Acumulus noemt geen bekende rol van de gebruiker. API-gebruiker is de juiste.",
        "Acumulus names no role we know for the user; API user is the right one.",
    ),
    "entries_left": Wording(
        Part.CONTRACT,
        "Dit is een proefcontract: er kunnen nog {left} van {most} boekingen bij.",
        "This is a trial contract: {left} of {most} bookings are left.",
    ),
    "prefix_derived": Wording(
        Part.SETTINGS,
        'Er staan meer winkels op deze administratie: bestellingen van {shop} krijgen "{prefix}" '
        "voor hun nummer.",
        'More shops share this administration: orders of {shop} get "{prefix}" before their '
        "number.",
    ),
    "statuses_unchecked": Wording(
        Part.SETTINGS,
        "Mijnwebwinkel geeft nu geen lijst van orderstatussen: de gekozen statussen van {shop} "
        "zijn niet nagekeken.",
        "Mijnwebwinkel gives no list of order statuses: those chosen for {shop} were not checked.",
    ),
    "unknown_payment_method": Wording(
        Part.SETTINGS,
        'de winkel {shop} noemt geen betaalmethode "{value}".',
        'the shop {shop} names no payment method "{value}".',
    ),
    "started": Wording(
        Part.TOKEN,
        "{name} staat aan: vanaf nu worden de bestellingen geboekt.",
        "{name} is switched on: its orders are booked from now on.",
    ),
    "resumed": Wording(
        Part.CONTRACT,
        "{name} was gestopt en gaat weer verder; wat wachtte, wordt ingehaald.",
        "{name} was stopped and goes on again; whatever waited is caught up.",
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One filled-in sentence; ``where`` says which part of the input, as in ``shops[1]``."""

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def part(self) -> Part:
        """Which of the three it is about."""
        return WORDINGS[self.code].part

    @property
    def setting(self) -> str:
        """The setting it is about, as in ``accounts_by_payment.paypal``; empty for none."""
        return str(self.values.get("setting", ""))

    def sentence(self, language: str = "en") -> str:
        """One plain sentence, ``nl`` or ``en``; never holds a secret or customer data."""
        text = self._text(language)
        return "".join(f"{place}: " for place in (self.where, self.setting) if place) + text

    def told(self, language: str) -> str:
        """The sentence alone, for whoever shows it at the place that it is about."""
        text = self._text(language)
        return text[:1].upper() + text[1:]

    def _text(self, language: str) -> str:
        wording = WORDINGS[self.code]
        return (wording.nl if language == "nl" else wording.en).format_map(self.values)


class ConnectRefused(BoekbrugError):
    """When a token, a contract or settings are not right: nothing was stored."""

    code: ClassVar[str] = "connect_refused"

    def __init__(self, problem: str, /, *, where: str = "", **values: object) -> None:
        self.remark = Remark(problem, where, values)
        super().__init__(self.remark.sentence())

    def sentence(self, language: str = "en") -> str:
        """What is wrong, where, and what to do."""
        return self.remark.sentence(language)
