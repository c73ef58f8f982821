"""The merchant's choices: one typed model with title, help and default per setting.

Names, values and defaults are the product's public vocabulary: settings store, portal, docs and
``boekbrug preview`` all use this model. Unknown keys are refused by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from boekbrug.domain.countries import EU, normalised
from boekbrug.errors import NeedsOwner

LONGEST_PREFIX = 12
"""With it a reference of a nine-digit order number still fits in 40 characters (R100)."""

_PREFIX_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-")


class SettingsProblem(NeedsOwner, ValueError):
    """When settings are not understood; ``problems`` holds one Dutch sentence per setting."""

    code = "settings_not_understood"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class SettingText:
    """What a person reads about a setting, in Dutch and in English."""

    title: str
    help: str
    title_en: str
    help_en: str


def _country(code: str) -> str:
    if not code:
        return ""
    known = normalised(code)
    if not known:
        raise ValueError("is geen landcode van twee letters, zoals NL")
    return known


def _home_country(code: str) -> str:
    if not code:
        raise ValueError("is geen landcode van twee letters, zoals NL")
    return _country(code)


def _warehouse(code: str) -> str:
    known = _country(code)
    if known and known not in EU:
        raise ValueError("is geen EU-land")
    return known


def _prefix(text: str) -> str:
    if len(text) > LONGEST_PREFIX or not _PREFIX_LETTERS.issuperset(text):
        raise ValueError(
            f"mag hoogstens {LONGEST_PREFIX} letters, cijfers, punten, streepjes en schuine "
            "strepen hebben, zonder spaties"
        )
    return text


def _email(text: str) -> str:
    name, at, host = text.partition("@")
    if text and (not name or not at or "." not in host or any(c.isspace() for c in text)):
        raise ValueError("is geen e-mailadres")
    return text


LEAST_RATE, MOST_RATE, RATE_DIGITS = Decimal("0.000001"), Decimal(100_000), 20
"""Euro for one unit of a currency: the rial is worth 0.00002, a bitcoin is no currency of shops."""


def _rates(rates: dict[str, Decimal]) -> dict[str, Decimal]:
    folded = {currency.strip().upper(): rate for currency, rate in rates.items()}
    for currency, rate in folded.items():
        if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
            raise ValueError(
                f"heeft een munt die niet bestaat ({currency}); verwacht zoiets als GBP"
            )
        if not rate.is_finite() or rate <= 0:
            raise ValueError(f"heeft voor {currency} een koers die niet groter is dan nul")
        if not LEAST_RATE <= rate <= MOST_RATE or len(rate.as_tuple().digits) > RATE_DIGITS:
            raise ValueError(f"heeft voor {currency} een koers die niet kan kloppen")
    return folded


def _percentage(value: object) -> object:
    if value == "":
        return value
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and 0 <= number <= 100):
        raise ValueError("moet een percentage van 0 tot en met 100 zijn, of leeg")
    return number


def _nothing(value: object) -> object:
    """A form field that is left empty, and Acumulus' 0, mean that nothing is chosen (R104)."""
    return None if value in ("", 0, "0") else value


def _no_empty_choices(value: object) -> object:
    """A payment method without an account of its own follows the shop's (R104)."""
    if not isinstance(value, Mapping):
        return value
    return {key: chosen for key, chosen in value.items() if chosen not in ("", 0, "0", None)}


def _text(title: str, help_: str, title_en: str, help_en: str) -> Any:
    return Field(
        title=title,
        description=help_,
        json_schema_extra={"title_en": title_en, "description_en": help_en},
    )


Id = Annotated[int | None, Field(gt=0), BeforeValidator(_nothing)]
Ids = Annotated[dict[str, Annotated[int, Field(gt=0)]], BeforeValidator(_no_empty_choices)]
Statuses = tuple[Annotated[int, Field(ge=0)], ...]
Country = Annotated[str, AfterValidator(_home_country)]
Warehouse = Annotated[str, AfterValidator(_warehouse)]
Email = Annotated[str, AfterValidator(_email)]
Prefix = Annotated[str, AfterValidator(_prefix)]
Rates = Annotated[dict[str, Decimal], AfterValidator(_rates)]
Percentage = Annotated[Decimal | Literal[""], BeforeValidator(_percentage)]
Day = Annotated[date | None, BeforeValidator(lambda day: None if day == "" else day)]


class ShopSettings(BaseModel):
    """The choices for one shop; a key that is left out has its default."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    home_country: Annotated[
        Country,
        _text(
            "Land van de administratie",
            "Het land waarvan uw Acumulus-administratie de btw aangeeft. Acumulus kent alleen "
            "Nederlandse btw; bij een ander land wordt elke factuur een concept.",
            "Country of the administration",
            "The country your Acumulus administration files VAT in. Acumulus knows Dutch VAT only; "
            "with another country every invoice becomes a concept.",
        ),
    ] = "NL"
    sells: Annotated[
        Literal["products", "services", "both"],
        _text(
            "Wat verkoopt u",
            "Goederen (products), diensten (services) of allebei (both). Buiten de EU hangt de btw "
            "ervan af.",
            "What do you sell",
            "Goods (products), services or both. Outside the EU the VAT depends on it.",
        ),
    ] = "products"
    service_skus: Annotated[
        tuple[str, ...],
        _text(
            "Artikelnummers van diensten",
            "Als u allebei verkoopt: welke artikelnummers diensten zijn. Een * staat voor alles, "
            "bijvoorbeeld CURSUS-*.",
            "SKUs of services",
            "If you sell both: which SKUs are services. A * stands for anything, as in COURSE-*.",
        ),
    ] = ()
    margin_skus: Annotated[
        tuple[str, ...],
        _text(
            "Artikelnummers van margegoederen",
            "Als u enkele margegoederen verkoopt: welke artikelnummers dat zijn. Een * staat voor "
            "alles, bijvoorbeeld TWH-*. Ze tellen alleen met een inkoopprijs.",
            "SKUs of margin goods",
            "If you sell some margin goods: which SKUs they have. A * stands for anything, as in "
            "USED-*. They count only with a purchase price.",
        ),
    ] = ()
    margin_goods: Annotated[
        Literal["none", "some", "only"],
        _text(
            "Margeregeling",
            "Verkoopt u tweedehands goederen onder de margeregeling: geen (none), enkele (some) of "
            "alleen maar (only).",
            "Margin scheme",
            "Do you sell second-hand goods under the margin scheme: none, some or only those.",
        ),
    ] = "none"
    eu_vat: Annotated[
        Literal["always", "from_threshold", "never"],
        _text(
            "Btw van andere EU-landen",
            "Berekent u particulieren in andere EU-landen de btw van hun land (OSS): altijd "
            "(always), vanaf de drempel (from_threshold) of nooit (never).",
            "VAT of other EU countries",
            "Do you charge consumers in other EU countries their own VAT (OSS): always, from the "
            "threshold, or never.",
        ),
    ] = "from_threshold"
    eu_threshold_percentage: Annotated[
        Percentage,
        _text(
            "Melden vanaf dit deel van de drempel",
            "Bij welk percentage van de drempel van 10.000 euro u een melding krijgt. Leeg is geen "
            "melding.",
            "Tell from this part of the threshold",
            "At what percentage of the threshold of 10,000 euro you are told. Empty is never.",
        ),
    ] = Decimal(95)
    zero_rate_means: Annotated[
        Literal["not_sold", "vat_free", "zero_rate"],
        _text(
            "Wat betekent 0% btw",
            "Mijnwebwinkel zegt niet waarom een regel 0% heeft: u verkoopt zo niets (not_sold), u "
            "bent vrijgesteld of doet mee aan de KOR (vat_free), of het is het nultarief "
            "(zero_rate).",
            "What does 0% VAT mean",
            "The shop does not say why a line has 0%: nothing is sold so (not_sold), you are "
            "exempt "
            "(vat_free), or it is the zero rate (zero_rate).",
        ),
    ] = "not_sold"
    domestic_reverse_charge: Annotated[
        bool,
        _text(
            "Binnenlandse verlegging",
            "Verlegt u btw naar Nederlandse bedrijven, bijvoorbeeld bij telefoons of in de bouw?",
            "Domestic reverse charge",
            "Do you reverse-charge VAT to Dutch businesses, for example for phones or in "
            "construction?",
        ),
    ] = False
    trigger_statuses: Annotated[
        Statuses,
        _text(
            "Boeken bij deze statussen",
            "Een bestelling wordt geboekt zodra zij een van deze statussen heeft. Zonder keuze "
            "wordt niets vanzelf geboekt.",
            "Book at these statuses",
            "An order is booked as soon as it has one of these statuses. Without a choice nothing "
            "is booked by itself.",
        ),
    ] = ()
    credit_statuses: Annotated[
        Statuses,
        _text(
            "Creditorders boeken bij deze statussen",
            "Zonder keuze gelden de statussen van gewone bestellingen. Is er ergens een status "
            "gekozen, dan telt ook elke status die Mijnwebwinkel als creditstatus kent.",
            "Book credit orders at these statuses",
            "Without a choice those of orders count. Once any status is chosen, every status the "
            "shop knows as credit counts too.",
        ),
    ] = ()
    paid_statuses: Annotated[
        Statuses,
        _text(
            "Deze statussen betekenen betaald",
            "Voor overboeking, contant en op rekening: Mijnwebwinkel weet dan niet dat er betaald "
            "is.",
            "These statuses mean paid",
            "For bank transfer, cash and on account: the shop does not know of the payment then.",
        ),
    ] = ()
    authorized_counts_as_paid: Annotated[
        bool,
        _text(
            "Gereserveerd is betaald",
            "Telt een gegarandeerde betaling achteraf (zoals Klarna) al als betaald?",
            "Authorized counts as paid",
            "Does a guaranteed payment after delivery (such as Klarna) count as paid already?",
        ),
    ] = False
    paid_only: Annotated[
        bool,
        _text(
            "Alleen betaalde bestellingen",
            "Wacht met boeken tot de bestelling betaald is.",
            "Paid orders only",
            "Wait with booking until the order is paid.",
        ),
    ] = False
    start_date: Annotated[
        Day,
        _text(
            "Begindatum",
            "Oudere bestellingen worden niet vanzelf geboekt. Kies liefst het begin van een "
            "btw-tijdvak.",
            "Start date",
            "Older orders are not booked by themselves. Best is the start of a VAT period.",
        ),
    ] = None
    start_number: Annotated[
        Id,
        _text(
            "Eerste bestelnummer op de begindatum",
            "Van de begindatum zelf worden bestellingen met een lager nummer niet vanzelf geboekt. "
            "Leeg: alle bestellingen van die dag.",
            "First order number on the start date",
            "Of the start date itself, orders with a lower number are not booked by themselves. "
            "Empty: all orders of that day.",
        ),
    ] = None
    send_credit_orders: Annotated[
        bool,
        _text(
            "Creditorders boeken",
            "Boek creditorders als creditfacturen.",
            "Book credit orders",
            "Book credit orders as credit invoices.",
        ),
    ] = True
    send_zero_total: Annotated[
        bool,
        _text(
            "Bestellingen van 0,00 boeken",
            "Boek ook bestellingen zonder bedrag, zodat er niets ontbreekt in de administratie.",
            "Book orders of 0.00",
            "Book orders without an amount too, so that nothing is missing in the books.",
        ),
    ] = True
    send_free_shipping: Annotated[
        bool,
        _text(
            "Gratis verzending tonen",
            "Zet ook verzendkosten van 0,00 op de factuur.",
            "Show free shipping",
            "Put shipping costs of 0.00 on the invoice too.",
        ),
    ] = True
    issue_date: Annotated[
        Literal["order_date", "payment_date", "transfer_date"],
        _text(
            "Factuurdatum",
            "De datum van de bestelling (order_date), van de betaling (payment_date) of van het "
            "boeken (transfer_date).",
            "Invoice date",
            "The date of the order, of the payment, or of the booking (transfer_date).",
        ),
    ] = "order_date"
    locked_period: Annotated[
        Literal["hold", "transfer_date"],
        _text(
            "Als de periode is afgesloten",
            "Valt de factuurdatum in een periode die in Acumulus is afgesloten: bewaren tot u de "
            "periode openzet (hold), of boeken op de dag van verzenden (transfer_date). De btw "
            "komt dan in dat tijdvak.",
            "When the period is locked",
            "When the invoice date lies in a period that is locked in Acumulus: hold the order "
            "until you unlock it, or book on the day of sending (transfer_date). Its VAT then "
            "falls in that day's period.",
        ),
    ] = "hold"
    concept: Annotated[
        Literal["auto", "always", "never"],
        _text(
            "Concept of definitief",
            "Vanzelf: alleen met een waarschuwing een concept (auto). Of altijd (always), of nooit "
            "(never).",
            "Concept or final",
            "By itself: a concept only with a warning (auto). Or always, or never.",
        ),
    ] = "auto"
    missing_amount: Annotated[
        Literal["warn", "add_line", "ignore"],
        _text(
            "Als de regels niet optellen tot het totaal",
            "Waarschuwen (warn), een correctieregel toevoegen en waarschuwen (add_line), of het "
            "verschil alleen melden (ignore).",
            "When the lines do not add up to the total",
            "Warn, add a correction line and warn (add_line), or only tell (ignore).",
        ),
    ] = "warn"
    fiscal_address: Annotated[
        Literal["auto", "invoice", "delivery"],
        _text(
            "Welk adres bepaalt de btw",
            "Vanzelf: het bezorgadres voor goederen, het factuuradres voor diensten (auto). Of "
            "altijd het factuuradres (invoice) of het bezorgadres (delivery).",
            "Which address decides about VAT",
            "By itself: the delivery address for goods, the invoice address for services (auto). "
            "Or always the invoice or the delivery address.",
        ),
    ] = "auto"
    send_private_customers: Annotated[
        bool,
        _text(
            "Particulieren als relatie bewaren",
            "Zonder dit komen particulieren op een algemene relatie, met alleen land en postcode.",
            "Keep private customers as contacts",
            "Without this private customers go to one generic contact, with country and postal "
            "code only.",
        ),
    ] = True
    generic_customer_email: Annotated[
        Email,
        _text(
            "E-mailadres van de algemene particulier",
            "Leeg: een adres met de domeinnaam van uw winkel, waar niets naartoe gaat.",
            "E-mail address of the generic private customer",
            "Empty: an address made from your shop's domain, to which nothing is sent.",
        ),
    ] = ""
    email_if_absent: Annotated[
        Email,
        _text(
            "E-mailadres voor bedrijven zonder adres",
            "Leeg: een adres met de domeinnaam van uw winkel, waar niets naartoe gaat.",
            "E-mail address for businesses without one",
            "Empty: an address made from your shop's domain, to which nothing is sent.",
        ),
    ] = ""
    overwrite_contacts: Annotated[
        bool,
        _text(
            "Relaties bijwerken",
            "Werk een bestaande relatie bij met de gegevens van de bestelling. Zet dit uit als u "
            "relaties in Acumulus zelf verbetert.",
            "Update contacts",
            "Update an existing contact with the order's details. Switch this off if you correct "
            "contacts in Acumulus yourself.",
        ),
    ] = True
    warehouse_country: Annotated[
        Warehouse,
        _text(
            "Land van het magazijn",
            "Alleen als uw goederen vanuit een ander EU-land vertrekken: de landcode, zoals DE.",
            "Country of the warehouse",
            "Only if your goods leave from another EU country: its code, such as DE.",
        ),
    ] = ""
    exchange_rates: Annotated[
        Rates,
        _text(
            "Wisselkoersen",
            "Hoeveel euro een eenheid van de munt waard is, bijvoorbeeld GBP 1,17.",
            "Exchange rates",
            "How many euro one unit of the currency is worth, for example GBP 1.17.",
        ),
    ] = {}
    vies_check: Annotated[
        bool,
        _text(
            "Btw-nummers controleren bij VIES",
            "Vraag de Europese dienst of een btw-nummer bestaat, en bewaar het antwoord.",
            "Check VAT numbers with VIES",
            "Ask the European service whether a VAT number exists, and keep its answer.",
        ),
    ] = False
    account: Annotated[
        Id,
        _text(
            "Rekening",
            "De rekening in Acumulus waarop betalingen binnenkomen. Leeg: de eerste.",
            "Account",
            "The account in Acumulus that receives payments. Empty: the first.",
        ),
    ] = None
    cost_center: Annotated[
        Id,
        _text(
            "Kostenplaats",
            "De kostenplaats in Acumulus van deze winkel. Leeg: de eerste.",
            "Cost centre",
            "The cost centre of this shop in Acumulus. Empty: the first.",
        ),
    ] = None
    template_due: Annotated[
        Id,
        _text(
            "Factuursjabloon",
            "Het sjabloon in Acumulus voor facturen die nog betaald moeten worden. Leeg: het "
            "eerste.",
            "Invoice template",
            "The template in Acumulus for invoices that are due. Empty: the first.",
        ),
    ] = None
    template_paid: Annotated[
        Id,
        _text(
            "Factuursjabloon voor betaalde facturen",
            "Leeg: hetzelfde sjabloon als voor onbetaalde facturen.",
            "Invoice template for paid invoices",
            "Empty: the same template as for due invoices.",
        ),
    ] = None
    accounts_by_payment: Annotated[
        Ids,
        _text(
            "Rekening per betaalmethode",
            "Een eigen rekening per methode, als mollie:ideal of als paypal.",
            "Account per payment method",
            "An account of its own per method, as mollie:ideal or as paypal.",
        ),
    ] = {}
    cost_centers_by_payment: Annotated[
        Ids,
        _text(
            "Kostenplaats per betaalmethode",
            "Een eigen kostenplaats per methode, als mollie:ideal of als paypal.",
            "Cost centre per payment method",
            "A cost centre of its own per method, as mollie:ideal or as paypal.",
        ),
    ] = {}
    order_prefix: Annotated[
        Prefix,
        _text(
            "Voorvoegsel van bestelnummers",
            "Komt voor het bestelnummer in de omschrijving, zodat twee winkels in een "
            "administratie "
            "uit elkaar te houden zijn.",
            "Prefix of order numbers",
            "Put before the order number in the description, so that two shops in one "
            "administration can be told apart.",
        ),
    ] = ""


def read_settings(given: Mapping[str, Any]) -> ShopSettings:
    """The settings from names and values; raises ``SettingsProblem`` that names every wrong one."""
    try:
        return ShopSettings.model_validate(dict(given))
    except ValidationError as error:
        raise SettingsProblem(problems(error)) from None


def problems(error: ValidationError) -> list[str]:
    """One Dutch sentence per wrong setting, each naming it; no other values than its own."""
    return list(dict.fromkeys(_sentence(dict(found)) for found in error.errors()))


def problem_of_each(error: ValidationError) -> dict[str, str]:
    """What is wrong with each setting, by name; Dutch, for whoever shows it beside the setting."""
    found = [dict(one) for one in reversed(error.errors())]
    return {str(one["loc"][0]): f"Dit {_problem(one)}." for one in found if one["loc"]}


def setting_texts() -> dict[str, SettingText]:
    """Title and help of every setting, in both languages, in the order of the settings page."""
    texts = {}
    for name, field in ShopSettings.model_fields.items():
        extra = field.json_schema_extra
        english = extra if isinstance(extra, dict) else {}
        texts[name] = SettingText(
            title=field.title or "",
            help=field.description or "",
            title_en=str(english.get("title_en", "")),
            help_en=str(english.get("description_en", "")),
        )
    return texts


def _sentence(found: Mapping[str, Any]) -> str:
    where = ".".join(map(str, found["loc"][:2])) or "settings"
    if found["type"] == "extra_forbidden":
        near = get_close_matches(where, ShopSettings.model_fields, n=1)
        hint = f"; bedoelt u {near[0]}?" if near else "."
        return f"De instelling {where} bestaat niet{hint}"
    return f"De instelling {where} {_problem(found)}."


def _problem(found: Mapping[str, Any]) -> str:
    """The end of a sentence about one setting."""
    kind, context = found["type"], found.get("ctx") or {}
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        allowed = str(context["expected"]).replace(" or ", " of ").replace("'", "")
        return f"kan alleen {allowed} zijn"
    return _PROBLEMS.get(kind, "heeft een waarde die niet kan")


_PROBLEMS = {
    "bool_parsing": "moet ja of nee zijn (true of false)",
    "bool_type": "moet ja of nee zijn (true of false)",
    "int_parsing": "moet een geheel getal zijn",
    "int_type": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn",
    "greater_than": "moet groter dan nul zijn",
    "greater_than_equal": "mag niet negatief zijn",
    "decimal_parsing": "moet een getal zijn, zoals 1.17",
    "decimal_type": "moet een getal zijn, zoals 1.17",
    "date_parsing": "moet een datum zijn (jjjj-mm-dd)",
    "date_from_datetime_parsing": "moet een datum zijn (jjjj-mm-dd)",
    "date_from_datetime_inexact": "moet een datum zijn (jjjj-mm-dd)",
    "date_type": "moet een datum zijn (jjjj-mm-dd)",
    "string_type": "moet een tekst zijn",
    "tuple_type": "moet een lijst zijn",
    "dict_type": "moet een lijst van namen met waarden zijn",
}
