"""Every reason and every message code: severity, Dutch and English sentence, what to do, rules.

The only place where these sentences are, with ``reasons_later`` for what is found after a post;
docs/messages.md is generated from it (R126-R130).
Names in braces are filled in when a message is made; amounts are euro as the Dutch write them.
"""

import re
from functools import cache

from boekbrug.domain.catalogue import CatalogueEntry, Kind
from boekbrug.domain.messages import Message, Severity
from boekbrug.domain.reasons_later import LATER


def catalogue() -> tuple[CatalogueEntry, ...]:
    """All codes: skips, waits, holds, then messages from loud to quiet, then what comes later."""
    return tuple(_ENTRIES.values())


def message(code: str, **values: object) -> Message:
    """The message of a code; a code that is not in the catalogue is a mistake of ours."""
    entry = _ENTRIES[code]
    return Message(code, entry.severity, entry.text(**values))


def in_english(code: str, told: str) -> str:
    """The English of a Dutch sentence that ``message`` made, with the same names and amounts.

    A sentence that is not of this code stays as it is.
    """
    entry = _ENTRIES.get(code)
    found = _pattern(entry.text()).fullmatch(told) if entry else None
    return entry.english.format_map(found.groupdict()) if entry and found else told


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Matches what a text becomes once its names in braces are filled in."""
    named: set[str] = set()
    parts: list[str] = []
    for plain, name in re.findall(r"([^{]*)(?:{(\w+)})?", text):
        parts.append(re.escape(plain))
        if name:
            parts.append(f"(?P={name})" if name in named else f"(?P<{name}>.*)")
            named.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _skip(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(code, Kind.SKIP, Severity.NOTE, dutch, action, english, _rules(rules))


def _hold(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(code, Kind.HOLD, Severity.ERROR, dutch, action, english, _rules(rules))


def _wait(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(code, Kind.WAIT, Severity.ERROR, dutch, action, english, _rules(rules))


def _warning(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(
        code, Kind.MESSAGE, Severity.WARNING, dutch, action, english, _rules(rules)
    )


def _notice(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(
        code, Kind.MESSAGE, Severity.NOTICE, dutch, action, english, _rules(rules)
    )


def _note(code: str, rules: str, dutch: str, english: str) -> CatalogueEntry:
    return CatalogueEntry(code, Kind.MESSAGE, Severity.NOTE, dutch, "", english, _rules(rules))


def _rules(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ALL = (
    # ----------------------------------------------------------------- nothing to do now
    _skip(
        "test_order",
        "R4",
        "Dit is een testbestelling.",
        "Testbestellingen worden nooit geboekt.",
        "This is a test order; test orders are never booked.",
    ),
    _skip(
        "already_sent",
        "R2",
        "Deze bestelling staat al in Acumulus.",
        "U hoeft niets te doen.",
        "This order is in Acumulus already.",
    ),
    _skip(
        "status",
        "R1 R9",
        "De status van deze bestelling is niet gekozen om te boeken.",
        "Zet de bestelling in een gekozen status, of kies deze status bij de instellingen.",
        "The status of this order is not one of those chosen for booking.",
    ),
    _skip(
        "before_start_date",
        "R5",
        "Deze bestelling is van voor de gekozen begindatum ({start}).",
        "Boek haar met de hand als zij er toch bij hoort.",
        "This order is from before the chosen start date ({start}).",
    ),
    _skip(
        "before_start_number",
        "R5",
        "Deze bestelling komt voor het eerste bestelnummer dat geboekt wordt ({number}).",
        "Boek haar met de hand als zij er toch bij hoort.",
        "This order comes before the first order number to be booked ({number}).",
    ),
    _skip(
        "payment_failed",
        "R6",
        "De betaling van deze bestelling is mislukt of vervallen.",
        "Zodra er wel betaald is, wordt de bestelling geboekt.",
        "The payment of this order failed or lapsed.",
    ),
    _skip(
        "not_paid",
        "R6",
        "Deze bestelling is nog niet betaald, en u laat alleen betaalde bestellingen boeken.",
        "Zodra er betaald is, wordt de bestelling geboekt.",
        "This order is not paid yet, and only paid orders are to be booked.",
    ),
    _skip(
        "zero_amount",
        "R7",
        "Het totaal van deze bestelling is 0,00, en zulke bestellingen worden niet geboekt.",
        "Dit kunt u bij de instellingen wijzigen.",
        "The total of this order is 0.00, and such orders are not to be booked.",
    ),
    _skip(
        "credit_orders_off",
        "R11",
        "Dit is een creditorder, en creditorders worden niet geboekt.",
        "Dit kunt u bij de instellingen wijzigen.",
        "This is a credit order, and credit orders are not to be booked.",
    ),
    # ----------------------------------------------------------------- solves itself
    _wait(
        "vat_rates_missing",
        "R55",
        "De btw-tarieven van {country} konden niet bij Acumulus worden opgevraagd.",
        "U hoeft niets te doen: dit wordt vanzelf opnieuw geprobeerd.",
        "The VAT rates of {country} could not be read from Acumulus; this is tried again.",
    ),
    # ----------------------------------------------------------------- a person is needed
    _hold(
        "no_lines",
        "R8",
        "Deze bestelling heeft geen enkele regel en kan dus geen factuur worden.",
        "Controleer de bestelling in Mijnwebwinkel en maak zo nodig zelf een factuur.",
        "This order has no lines and cannot become an invoice.",
    ),
    _hold(
        "implausible_date",
        "R97",
        "Deze bestelling heeft een datum die niet kan kloppen: {day}.",
        "Controleer de datum in Mijnwebwinkel, of maak zelf een factuur.",
        "This order has a date that cannot be right: {day}.",
    ),
    _hold(
        "no_exchange_rate",
        "R118",
        "Deze bestelling is in {currency} en er is geen wisselkoers ingesteld.",
        "Vul bij de instellingen de koers van {currency} in euro in.",
        "This order is in {currency} and no exchange rate is set.",
    ),
    _hold(
        "unknown_tax_strategy",
        "R13",
        "De btw-behandeling die Mijnwebwinkel voor deze bestelling meldt, is onbekend.",
        "Maak de factuur zelf in Acumulus en meld dit aan ons.",
        "The shop reports an unknown tax strategy for this order.",
    ),
    # ----------------------------------------------------------------- concept: VAT type
    _warning(
        "administration_not_dutch",
        "R28",
        "De administratie is niet Nederlands ({country}); Acumulus rekent met Nederlandse btw.",
        "Controleer de btw en maak het concept zelf definitief.",
        "The administration is not Dutch ({country}); Acumulus assumes Dutch VAT.",
    ),
    _warning(
        "vat_number_missing",
        "R32",
        "De btw is verlegd, maar het btw-nummer van de klant ontbreekt.",
        "Vul het btw-nummer aan, of bereken de btw alsnog, en maak het concept definitief.",
        "VAT is reverse-charged but the customer's VAT number is missing.",
    ),
    _warning(
        "vat_number_invalid",
        "R26 R32",
        "De btw is verlegd, maar het btw-nummer van de klant heeft geen geldige vorm.",
        "Vraag de klant om het juiste btw-nummer en vul het aan.",
        "VAT is reverse-charged but the customer's VAT number is malformed.",
    ),
    _warning(
        "company_name_missing",
        "R24 R31",
        "De btw is verlegd, maar de bedrijfsnaam van de klant ontbreekt.",
        "Vul de bedrijfsnaam aan en maak het concept definitief.",
        "VAT is reverse-charged but the customer's company name is missing.",
    ),
    _warning(
        "vat_number_home",
        "R34",
        "De btw is verlegd op een btw-nummer van het land waaruit geleverd wordt.",
        "Vraag een btw-nummer van een ander EU-land, of bereken de btw alsnog.",
        "VAT is reverse-charged to a VAT number of the country of departure.",
    ),
    _warning(
        "vat_number_outside_eu",
        "R26 R34",
        "De btw is verlegd op een btw-nummer dat niet van een EU-land is.",
        "Vraag een btw-nummer van een EU-land, of bereken de btw alsnog.",
        "VAT is reverse-charged to a VAT number that is not of a member state.",
    ),
    _warning(
        "vies_invalid",
        "R26",
        "Het btw-nummer van de klant is volgens VIES ongeldig.",
        "Vraag de klant om het juiste btw-nummer, of bereken de btw alsnog.",
        "The customer's VAT number is invalid according to VIES.",
    ),
    _warning(
        "goods_stay_home",
        "R15 R33",
        "Er is 0% btw berekend, maar de goederen verlaten het land niet: er was btw verschuldigd.",
        "Corrigeer de btw in het concept.",
        "0% VAT was charged but the goods do not leave the country: VAT was due.",
    ),
    _warning(
        "reverse_charge_at_home",
        "R27 R33",
        "De btw is verlegd naar een klant in het eigen land: er was gewone btw verschuldigd.",
        "Corrigeer de btw in het concept.",
        "VAT is reverse-charged to a customer in the home country: ordinary VAT was due.",
    ),
    _warning(
        "zero_percent_at_home",
        "R35 R37",
        "Er is 0% btw voor export berekend aan een klant in het eigen land.",
        "Corrigeer de btw in het concept.",
        "0% VAT for export was charged to a customer in the home country.",
    ),
    _warning(
        "zero_percent_in_eu",
        "R20 R21 R37",
        "Er is 0% btw voor export berekend, maar {country} hoort voor de btw bij de EU.",
        "Corrigeer de btw in het concept.",
        "0% VAT for export was charged but {country} is EU VAT area.",
    ),
    _warning(
        "goods_and_services",
        "R36",
        "Deze bestelling van buiten de EU heeft goederen en diensten: dat zijn twee soorten "
        "facturen.",
        "Splits het concept in een factuur voor de goederen en een voor de diensten.",
        "This order from outside the EU has goods and services: two VAT types are needed.",
    ),
    _warning(
        "nature_unknown",
        "R29 R35 R36",
        "Van deze bestelling van buiten de EU is niet bekend of het goederen of diensten zijn.",
        "Geef bij de instellingen aan welke artikelen diensten zijn, en kies het juiste btw-type.",
        "It is unknown whether this order from outside the EU holds goods or services.",
    ),
    _warning(
        "export_with_vat_charged",
        "R19",
        "Dit adres ({country}) ligt buiten het btw-gebied van de EU: dit is export, er had "
        "geen btw "
        "berekend mogen worden.",
        "Corrigeer de btw in het concept of betaal de klant de btw terug.",
        "This address ({country}) lies outside the EU VAT area: VAT should not have been charged.",
    ),
    _warning(
        "rate_unfit",
        "R46 R50",
        'De regel "{line}" heeft {rate}% btw: dat tarief past niet bij btw-type {type}{where}.',
        "Controleer het tarief en het btw-type van het concept.",
        'The line "{line}" has {rate}% VAT, which does not fit VAT type {type}{where}.',
    ),
    _warning(
        "split_needed",
        "R46",
        "Deze bestelling heeft btw-tarieven van {one} en van {other} door elkaar.",
        "Splits het concept in een factuur per land.",
        "This order mixes VAT rates of {one} and of {other}: it must be split.",
    ),
    _warning(
        "regional_rate",
        "R58",
        'De regel "{line}" heeft {rate}% btw: een regionaal tarief dat Acumulus niet kent.',
        "Controleer het tarief en maak het concept zelf definitief.",
        'The line "{line}" has {rate}% VAT: a regional rate that Acumulus does not know.',
    ),
    _notice(
        "tax_region_elsewhere",
        "R39",
        "Mijnwebwinkel rekende met de btw van {region}, maar de bestelling gaat naar {country}.",
        "Controleer welk land klopt.",
        "The shop used the VAT of {region}, but the order goes to {country}.",
    ),
    _warning(
        "eu_vat_always",
        "R40",
        "U berekent altijd de btw van het land van de klant, maar hier is de btw van uw eigen land "
        "berekend.",
        "Controleer de btw-regio's in Mijnwebwinkel en het btw-type van het concept.",
        "Customers abroad are always charged their own VAT, but this order has home VAT.",
    ),
    _warning(
        "eu_vat_never",
        "R40",
        "U berekent nooit de btw van het land van de klant, maar hier is die wel berekend.",
        "Controleer de btw-regio's in Mijnwebwinkel en het btw-type van het concept.",
        "Customers abroad are never charged their own VAT, but this order has it.",
    ),
    _warning(
        "threshold_reached",
        "R45",
        "De drempel voor verkopen in de EU ({threshold} euro) is dit jaar al bereikt: de btw "
        "van het "
        "land van de klant was verschuldigd.",
        "Zet in Mijnwebwinkel de btw van het land van de klant aan en corrigeer het concept.",
        "The threshold for EU distance sales ({threshold} euro) has been reached this year.",
    ),
    _warning(
        "threshold_passed",
        "R45",
        "Met deze bestelling gaat u over de drempel voor verkopen in de EU: {percentage}% van "
        "{threshold} euro.",
        "Zet in Mijnwebwinkel de btw van het land van de klant aan en corrigeer het concept.",
        "This order passes the threshold for EU distance sales: {percentage}% of {threshold} euro.",
    ),
    _warning(
        "oss_business",
        "R48",
        "De btw van het land van de klant is berekend aan een bedrijf met een btw-nummer: dat "
        "hoort "
        "niet in de OSS-aangifte.",
        "Verleg de btw of laat het btw-nummer weg, en pas het concept aan.",
        "VAT of the customer's country was charged to a business with a VAT number; that does not "
        "belong in the OSS return.",
    ),
    _warning(
        "domestic_reverse_charge_off",
        "R44",
        "Aan een bedrijf in het eigen land is 0% btw berekend, en u past geen binnenlandse "
        "verlegging "
        "toe.",
        "Corrigeer de btw, of zet de binnenlandse verlegging aan bij de instellingen.",
        "A domestic business was charged 0% VAT and the domestic reverse charge is not "
        "switched on.",
    ),
    _warning(
        "zero_rate_not_sold",
        "R53",
        'De regel "{line}" van {amount} heeft 0% btw, en u verkoopt niets tegen 0%.',
        "Geef bij de instellingen aan wat 0% betekent, of corrigeer de btw in het concept.",
        'The line "{line}" of {amount} has 0% VAT and nothing is sold at 0%.',
    ),
    _warning(
        "vat_free_unfit",
        "R53 R60 R76",
        'De regel "{line}" is vrij van btw, en dat past niet bij btw-type {type}.',
        "Splits het concept in twee facturen of corrigeer de btw.",
        'The line "{line}" is VAT free, which does not fit VAT type {type}.',
    ),
    _warning(
        "margin_for_business",
        "R43",
        "Margegoederen en gewone goederen staan samen op een factuur voor een bedrijf; de btw "
        "op de "
        "gewone goederen mag dan niet getoond worden.",
        "Splits het concept in een margefactuur en een gewone factuur.",
        "Margin goods and normal goods are together on an invoice for a business.",
    ),
    _warning(
        "margin_reverse_charged",
        "R42",
        "De btw op margegoederen is verlegd, en dat kan niet onder de margeregeling.",
        "Kies in het concept de margeregeling of de verlegging.",
        "VAT on margin goods is reverse-charged, which the margin scheme does not allow.",
    ),
    # ----------------------------------------------------------------- concept: lines and totals
    _warning(
        "rate_unclear",
        "R54",
        'Het btw-tarief van de regel "{line}" ontbreekt of klopt niet met de bedragen.',
        "Controleer het tarief van deze regel in het concept.",
        'The VAT rate of the line "{line}" is missing or contradicts its amounts.',
    ),
    _warning(
        "mixed_pro_rata",
        "R66",
        'De btw van de regel "{line}" is onbekend en is verdeeld naar de bedragen van de '
        "artikelen.",
        "Controleer de verdeling in het concept.",
        'The VAT of the line "{line}" is unknown and was divided pro rata to the articles.',
    ),
    _warning(
        "amount_missing",
        "R81",
        "Er ontbreekt {amount} incl. btw{vat}: de bestelling is {order}, de regels samen zijn "
        "{lines}.",
        "Zoek het verschil op in de bestelling en vul het concept aan.",
        "{amount} incl. VAT is missing{vat}: the order is {order}, its lines add up to {lines}.",
    ),
    _warning(
        "amount_too_much",
        "R81",
        "Er staat {amount} incl. btw te veel op de regels{vat}: de bestelling is {order}, de "
        "regels "
        "samen zijn {lines}.",
        "Zoek het verschil op in de bestelling en corrigeer het concept.",
        "The lines hold {amount} incl. VAT too much{vat}: the order is {order}, its lines are "
        "{lines}.",
    ),
    _warning(
        "amount_corrected",
        "R81",
        "Er is een correctieregel van {amount} incl. btw toegevoegd{vat}: de bestelling is "
        "{order}, de "
        "regels samen zijn {lines}.",
        "Controleer de correctieregel in het concept.",
        "A correction line of {amount} incl. VAT was added{vat}: the order is {order}, its "
        "lines add "
        "up to {lines}.",
    ),
    _warning(
        "negative_total",
        "R109 R110",
        "Het totaal van deze bestelling is negatief ({amount}), maar zij is geen creditorder.",
        "Controleer waar de bestelling bij hoort en maak het concept definitief.",
        "The total of this order is negative ({amount}) but it is no credit order.",
    ),
    # ----------------------------------------------------------------- concept: customer, credit
    _warning(
        "email_missing_business",
        "R93",
        "Deze zakelijke klant heeft geen e-mailadres; er is een vervangend adres gebruikt.",
        "Vul het e-mailadres van de klant aan in Acumulus.",
        "This business customer has no e-mail address; a fallback address was used.",
    ),
    _warning(
        "refund_without_credit",
        "R103",
        "De betaling is terugbetaald, maar er is geen creditorder: de omzet staat te hoog.",
        "Maak een creditorder in Mijnwebwinkel, of verwijder het concept.",
        "The payment was refunded but there is no credit order: the revenue is too high.",
    ),
    _warning(
        "credit_zero",
        "R110",
        "Het totaal van deze creditorder is 0,00: het is niet te zien wat er gecrediteerd is.",
        "Controleer de regels van het concept.",
        "The total of this credit order is 0.00: what was credited cannot be seen.",
    ),
    _warning(
        "original_not_sent",
        "R114",
        "De bestelling waar deze creditorder bij hoort, staat niet in Acumulus.",
        "Controleer of de oorspronkelijke bestelling op een andere manier geboekt is.",
        "The order that this credit order belongs to is not in Acumulus.",
    ),
    _warning(
        "credit_exceeds_original",
        "R115",
        "Er is {credited} gecrediteerd op een bestelling van {original}.",
        "Controleer de creditorders van deze bestelling.",
        "{credited} was credited on an order of {original}.",
    ),
    # ----------------------------------------------------------------- told, stays final
    _notice(
        "country_from_order",
        "R16",
        "Het adres heeft geen land; {country} is uit de rest van de bestelling gehaald.",
        "Controleer het land van de klant in Acumulus.",
        "The address has no country; {country} was taken from the rest of the order.",
    ),
    _notice(
        "country_unknown",
        "R16",
        "De bestelling heeft geen land; {country} is aangenomen.",
        "Controleer het land van de klant in Acumulus.",
        "The order has no country; {country} was assumed.",
    ),
    _notice(
        "store_elsewhere",
        "R27",
        "De winkel staat in {store}, de administratie in {home}: de btw is opnieuw beoordeeld.",
        "Controleer of het land van de winkel in Mijnwebwinkel klopt.",
        "The store is in {store}, the administration in {home}: VAT was judged again.",
    ),
    _notice(
        "vat_number_unusable",
        "R26",
        "Het btw-nummer van de klant heeft geen geldige vorm en is weggelaten.",
        "Vraag de klant zo nodig om het juiste btw-nummer.",
        "The customer's VAT number is malformed and was left out.",
    ),
    _notice(
        "vat_number_check_digits",
        "R26",
        "De controlecijfers van het btw-nummer van de klant kloppen niet.",
        "Controleer het btw-nummer op de site van VIES.",
        "The check digits of the customer's VAT number are wrong.",
    ),
    _notice(
        "vies_not_checked",
        "R26",
        "Het btw-nummer van de klant kon nog niet bij VIES worden gecontroleerd.",
        "U hoeft niets te doen: dit wordt ’s nachts vanzelf opnieuw geprobeerd.",
        "The customer's VAT number could not be checked with VIES yet.",
    ),
    _notice(
        "vat_number_other_country",
        "R34",
        "Het btw-nummer van de klant is van {number}, de bestelling gaat naar {country}.",
        "Dat mag; controleer of het klopt.",
        "The customer's VAT number is of {number}, the order goes to {country}.",
    ),
    _notice(
        "northern_ireland_business",
        "R37",
        "Een bedrijf in Noord-Ierland geldt voor goederen als EU: geboekt als EU-levering.",
        "U hoeft niets te doen.",
        "A business in Northern Ireland counts as EU for goods: booked as an EU supply.",
    ),
    _notice(
        "reverse_charge_outside_eu",
        "R31 R35",
        "De btw is verlegd, maar {country} ligt buiten het btw-gebied van de EU: geboekt als "
        "export.",
        "Controleer de btw-regio's in Mijnwebwinkel.",
        "VAT is reverse-charged but {country} is outside the EU VAT area: booked as export.",
    ),
    _notice(
        "services_outside_eu_private",
        "R36",
        "Dit is een dienst voor een particulier buiten de EU zonder btw.",
        "Er kan Nederlandse btw verschuldigd zijn, behalve bij digitale diensten: controleer dat.",
        "This is a service without VAT for a private customer outside the EU; Dutch VAT may "
        "be due.",
    ),
    _notice(
        "export_with_vat",
        "R47",
        "Er is btw berekend aan een klant buiten de EU ({country}); export kan tegen 0%.",
        "Controleer de btw-regio's in Mijnwebwinkel.",
        "VAT was charged to a customer outside the EU ({country}); export could be 0%.",
    ),
    _notice(
        "uk_parcel",
        "R22",
        "Deze zending naar een Britse klant zonder btw-nummer is hooguit 135 pond waard.",
        "Over zulke zendingen bent u zelf Britse btw verschuldigd.",
        "This parcel to a British customer without a VAT number is worth GBP 135 at most: the "
        "seller owes UK VAT.",
    ),
    _notice(
        "tax_region_differs",
        "R39",
        "Mijnwebwinkel rekende met de btw van {region}, maar de tarieven zijn die van {country}.",
        "Controleer de btw-regio's in Mijnwebwinkel.",
        "The shop used the VAT of {region}, but the rates are those of {country}.",
    ),
    _notice(
        "threshold_near",
        "R45",
        "De drempel voor verkopen in de EU is bijna bereikt: {percentage}% van {threshold} euro.",
        "Bereid u voor op de btw van het land van de klant (OSS).",
        "The threshold for EU distance sales is nearly reached: {percentage}% of {threshold} euro.",
    ),
    _notice(
        "threshold_unknown",
        "R45",
        "De stand van de drempel voor verkopen in de EU is niet bekend.",
        "Controleer zelf of u de drempel van 10.000 euro al bereikt hebt.",
        "How far the threshold for EU distance sales is reached is not known.",
    ),
    _notice(
        "margin_cost_missing",
        "R41 R42",
        'Van het margeartikel "{line}" is geen inkoopprijs bekend; over de hele prijs is btw '
        "verschuldigd.",
        "Vul de inkoopprijs in Mijnwebwinkel in, of in de factuur.",
        'The margin article "{line}" has no purchase price; VAT is due on its whole price.',
    ),
    _notice(
        "rate_derived",
        "R54",
        'Het btw-tarief van de regel "{line}" is uit de bedragen afgeleid: {rate}%.',
        "U hoeft niets te doen.",
        'The VAT rate of the line "{line}" was derived from its amounts: {rate}%.',
    ),
    _notice(
        "mixed_split",
        "R66",
        'De regel "{line}" is verdeeld over de btw-tarieven van de bestelling.',
        "U hoeft niets te doen.",
        'The line "{line}" was divided over the VAT rates of the order.',
    ),
    _notice(
        "amount_ignored",
        "R81",
        "De regels wijken {amount} incl. btw af van het totaal van de bestelling{vat}: de "
        "bestelling "
        "is {order}, de regels samen zijn {lines}.",
        "U koos ervoor zulke verschillen te negeren.",
        "The lines differ by {amount} incl. VAT from the order's total{vat}: the order is {order}, "
        "its lines add up to {lines}.",
    ),
    _notice(
        "vat_differs",
        "R82",
        "De btw van {rate}% is {invoice} op de factuur en {order} volgens Mijnwebwinkel; het "
        "totaal "
        "klopt.",
        "U hoeft niets te doen: de opgave van Mijnwebwinkel is hier niet betrouwbaar.",
        "VAT at {rate}% is {invoice} on the invoice and {order} according to the shop; the "
        "total fits.",
    ),
    _notice(
        "email_missing_private",
        "R93",
        "Deze particuliere klant heeft geen e-mailadres; geboekt op de algemene particuliere "
        "klant.",
        "U hoeft niets te doen.",
        "This private customer has no e-mail address; booked on the generic private customer.",
    ),
    _notice(
        "issue_date_moved",
        "R98",
        "De periode van {day} is in Acumulus afgesloten; de factuur heeft de dag van verzenden als "
        "datum gekregen.",
        "Controleer in welk btw-tijdvak deze omzet hoort.",
        "The period of {day} is locked in Acumulus; the invoice got the day of sending as date.",
    ),
    _notice(
        "partial_refund",
        "R103",
        "Er is {amount} terugbetaald zonder creditorder: dat deel van de omzet staat te hoog.",
        "Maak een creditorder in Mijnwebwinkel, of verwerk de terugbetaling zelf in Acumulus.",
        "{amount} was refunded without a credit order: that part of the revenue is too high.",
    ),
    # ----------------------------------------------------------------- log only
    _note(
        "rounding_line",
        "R80",
        "Een afrondingsverschil van {amount} is als regel toegevoegd.",
        "A rounding difference of {amount} was added as a line.",
    ),
    _note(
        "currency_converted",
        "R117",
        "De bedragen zijn omgerekend van {currency}, koers {rate}.",
        "The amounts were converted from {currency} at {rate}.",
    ),
    _note(
        "line_type_unknown",
        "R61",
        'Het regeltype "{type}" is onbekend; de regel is geboekt naar bedrag en tarief.',
        'The line type "{type}" is unknown; the line was booked by amount and rate.',
    ),
)

_ENTRIES = {entry.code: entry for entry in (*_ALL, *LATER)}
