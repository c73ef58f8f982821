"""What a digest says of each cause, in Dutch and English: what, why, and one thing to do.

``{orders}`` is "3 bestellingen"; a cause that is not here tells what was kept with its orders.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from boekbrug.notices.finding_words import FINDINGS, CauseWords

_OUR_FAULT = {
    "nl": CauseWords(
        head="{orders} nog niet geboekt door een fout van ons",
        why="Er is niets in Acumulus terechtgekomen.",
        do="niets; de beheerder is op de hoogte, en daarna wordt alsnog geboekt.",
        asks=False,
    ),
    "en": CauseWords(
        head="{orders} not booked yet because of a fault of ours",
        why="Nothing arrived in Acumulus.",
        do="nothing; the operator knows, and afterwards they are booked after all.",
        asks=False,
    ),
}

OTHERWISE: Mapping[str, CauseWords] = {
    "nl": CauseWords(
        head="{orders} met een vraag",
        do="kies per bestelling: opnieuw proberen, niet boeken, of met de hand geboekt.",
        details=True,
    ),
    "en": CauseWords(
        head="{orders} with a question",
        do="choose for each order: try again, do not book, or booked by hand.",
        details=True,
    ),
}

CAUSES: Mapping[str, Mapping[str, CauseWords]] = {
    **FINDINGS,
    "no_lines": {
        "nl": CauseWords(
            head="{orders} zonder regels",
            why="Zonder regels kan een bestelling geen factuur worden.",
            do="vul de bestelling in Mijnwebwinkel aan, of kies *niet boeken*.",
        ),
        "en": CauseWords(
            head="{orders} without lines",
            why="Without lines an order cannot become an invoice.",
            do="complete the order in Mijnwebwinkel, or choose *do not book*.",
        ),
    },
    "implausible_date": {
        "nl": CauseWords(
            head="{orders} met een datum die niet kan kloppen",
            why="De datum ligt voor het jaar 2000 of in de toekomst, en bepaalt btw en boekjaar.",
            do="controleer de datum in Mijnwebwinkel, of maak zelf een factuur.",
        ),
        "en": CauseWords(
            head="{orders} with a date that cannot be right",
            why="The date lies before 2000 or in the future; it decides VAT and financial year.",
            do="check the date in Mijnwebwinkel, or make the invoice yourself.",
        ),
    },
    "no_exchange_rate": {
        "nl": CauseWords(
            head="{orders} in een vreemde munt",
            why="Acumulus boekt in euro, en er is voor deze munt geen wisselkoers ingesteld.",
            do="vul bij de instellingen van de winkel de koers in.",
        ),
        "en": CauseWords(
            head="{orders} in a foreign currency",
            why="Acumulus books in euro, and no exchange rate is set for this currency.",
            do="set the rate in the settings of the shop.",
        ),
    },
    "unknown_tax_strategy": {
        "nl": CauseWords(
            head="{orders} met een btw-behandeling die wij niet kennen",
            why="Mijnwebwinkel noemt iets nieuws; wij raden niet wat het betekent.",
            do="maak de factuur zelf in Acumulus en kies *met de hand geboekt*.",
        ),
        "en": CauseWords(
            head="{orders} with a VAT treatment we do not know",
            why="Mijnwebwinkel reports something new; we do not guess what it means.",
            do="make the invoice in Acumulus yourself and choose *booked by hand*.",
        ),
    },
    "unreadable_order": {
        "nl": CauseWords(
            head="{orders} in een vorm die niet te lezen is",
            why="Mijnwebwinkel gaf iets anders dan een bestelling zoals wij die kennen.",
            do="maak de factuur zelf in Acumulus en kies *met de hand geboekt*.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} that cannot be read",
            why="Mijnwebwinkel gave something else than an order as we know it.",
            do="make the invoice in Acumulus yourself and choose *booked by hand*.",
            details=True,
        ),
    },
    "books_refused": {
        "nl": CauseWords(
            head="{orders} door Acumulus geweigerd",
            why="Er is niets geboekt.",
            do="kijk de bestelling na in Mijnwebwinkel en kies *opnieuw proberen*, of boek haar "
            "zelf.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} refused by Acumulus",
            why="Nothing was booked.",
            do="check the order in Mijnwebwinkel and choose *try again*, or book it yourself.",
            details=True,
        ),
    },
    "books_not_found": {
        "nl": CauseWords(
            head="{orders} die naar iets verwijzen dat Acumulus niet kent",
            why="Een rekening, kostenplaats of factuursjabloon uit de instellingen is misschien "
            "verwijderd. Er is niets geboekt.",
            do="kies bij de instellingen van de winkel opnieuw uit de lijsten.",
        ),
        "en": CauseWords(
            head="{orders} that refer to something Acumulus does not know",
            why="An account, cost centre or invoice template of the settings may have been "
            "removed. Nothing was booked.",
            do="choose again from the lists in the settings of the shop.",
        ),
    },
    "books_unknown_country": {
        "nl": CauseWords(
            head="{orders} naar een land dat Acumulus niet kent",
            why="Er is niets geboekt.",
            do="verbeter het land van de klant in Mijnwebwinkel.",
        ),
        "en": CauseWords(
            head="{orders} to a country Acumulus does not know",
            why="Nothing was booked.",
            do="correct the customer's country in Mijnwebwinkel.",
        ),
    },
    "period_locked": {
        "nl": CauseWords(
            head="{orders} in een afgesloten periode",
            why="De factuurdatum valt in een periode die in Acumulus is afgesloten. Er is niets "
            "geboekt.",
            do="zet de periode in Acumulus open en kies *opnieuw proberen*, of kies bij de "
            "instellingen dat zulke bestellingen op de dag van verzenden worden geboekt.",
        ),
        "en": CauseWords(
            head="{orders} in a locked period",
            why="The invoice date lies in a period that is locked in Acumulus. Nothing was booked.",
            do="unlock the period in Acumulus and choose *try again*, or let the settings book "
            "such orders on the day of sending.",
        ),
    },
    "unclear": {
        "nl": CauseWords(
            head="{orders} zonder duidelijk antwoord van Acumulus",
            why="De factuur is verstuurd, maar niet te zeggen is of zij is geboekt. Er wordt niets "
            "nog eens gestuurd.",
            do="zoek in Acumulus op *Bestelling* met het nummer, en geef aan of de factuur er "
            "staat.",
        ),
        "en": CauseWords(
            head="{orders} without a clear answer of Acumulus",
            why="The invoice was sent, but whether it was booked cannot be told. Nothing is sent "
            "again.",
            do="search Acumulus for *Bestelling* with the number, and say whether the invoice is "
            "there.",
        ),
    },
    "original_not_booked": {
        "nl": CauseWords(
            head="{orders}: creditorders die op hun bestelling wachten",
            why="Een creditfactuur komt pas na de factuur die zij crediteert.",
            do="los eerst op waarom die bestelling niet geboekt is.",
        ),
        "en": CauseWords(
            head="{orders}: credit orders that wait for their order",
            why="A credit invoice comes after the invoice it credits.",
            do="first solve why that order was not booked.",
        ),
    },
    "vat_rates_missing": {
        "nl": CauseWords(
            head="{orders} wachten op btw-tarieven",
            why="Acumulus geeft de tarieven van het land van de klant nu niet.",
            do="niets; dit wordt vanzelf opnieuw geprobeerd.",
            asks=False,
        ),
        "en": CauseWords(
            head="{orders} waiting for VAT rates",
            why="Acumulus does not give the rates of the customer's country now.",
            do="nothing; this is tried again by itself.",
            asks=False,
        ),
    },
    "posted_twice": {
        "nl": CauseWords(
            head="{orders} dubbel in Acumulus",
            do="haal er in Acumulus een weg, en geef aan welke boeking blijft.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} in Acumulus twice",
            do="remove one of them in Acumulus, and say which booking stays.",
            details=True,
        ),
    },
    "found_in_bin": {
        "nl": CauseWords(
            head="{orders} in de prullenbak van Acumulus",
            do="geef aan of de factuur er staat, of kies *niet boeken*.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} in the bin of Acumulus",
            do="say whether the invoice is there, or choose *do not book*.",
            details=True,
        ),
    },
    "unclear_concept": {
        "nl": CauseWords(
            head="{orders} misschien als concept in Acumulus",
            why="Er kwam geen duidelijk antwoord, en concepten zijn niet op te zoeken.",
            do="kijk bij de concepten in Acumulus, en geef aan of het er staat.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} perhaps in Acumulus as a concept",
            why="No clear answer came, and concepts cannot be looked up.",
            do="look among the concepts in Acumulus, and say whether it is there.",
            details=True,
        ),
    },
    "look_up_failed": {
        "nl": CauseWords(
            head="{orders} misschien in Acumulus",
            why="Er kwam geen duidelijk antwoord, en opzoeken lukte niet.",
            do="zoek in Acumulus, en geef aan of de factuur er staat.",
            details=True,
        ),
        "en": CauseWords(
            head="{orders} perhaps in Acumulus",
            why="No clear answer came, and looking it up did not work.",
            do="search in Acumulus, and say whether the invoice is there.",
            details=True,
        ),
    },
    "fault": _OUR_FAULT,
    "books_wrong_url": _OUR_FAULT,
    "books_wrong_xml": _OUR_FAULT,
}


def cause_words(code: str, language: str) -> CauseWords:
    """The words of a cause; codes that came unclear for another reason share those of unclear."""
    known = CAUSES.get(code)
    return known[language] if known else OTHERWISE[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWords:
    """What stands around the causes."""

    one: str
    many: str
    waits: str
    wait: str
    for_information: str
    to_check: str
    to_know: str
    and_more: str
    solved: str
    noticed: str
    concepts: tuple[str, str]
    remarks: tuple[str, str]
    result: str
    solved_one: str
    solved_many: str
    lead: str
    calm: str
    often: str
    do: str
    button: str
    without_portal: str
    remarks_head: str
    concept: str
    invoice: str
    summary_head: str
    states: Mapping[str, str]
    nothing_to_do: str
    more: str
    and_: str


DIGEST: Mapping[str, DigestWords] = {
    "nl": DigestWords(
        one="1 bestelling",
        many="{n} bestellingen",
        waits="Actie nodig: {orders} wacht op een keuze",
        wait="Actie nodig: {orders} wachten op een keuze",
        for_information="Nog niet geboekt: {orders}",
        to_check="Ter controle: {head}",
        to_know="Ter informatie: {head}",
        and_more="{head}, en meer",
        solved="Opgelost: {head}",
        noticed="Dit viel ons op. Boekbrug verandert er zelf niets aan.",
        concepts=("Ter controle: 1 concept in Acumulus", "Ter controle: {n} concepten in Acumulus"),
        remarks=("Geboekt met een opmerking: {n}", "Geboekt met een opmerking: {n}"),
        result="Acumulus: {booked} gelukt, {concept} concept",
        solved_one="Opgelost: {orders} wacht niet meer",
        solved_many="Opgelost: {orders} wachten niet meer",
        lead="Boekbrug kan deze bestellingen pas boeken als u iets kiest of verbetert.",
        calm="*Er gaat niets verloren.* De rest van uw bestellingen wordt gewoon geboekt.",
        often="U hoort hier hooguit één keer per dag over zolang er bestellingen bijkomen, daarna "
        "één keer per week, en nog één keer zodra het is opgelost.",
        do="Wat u doet",
        button="Naar de bestellingen",
        without_portal="Laat wie Boekbrug voor u beheert weten wat u kiest.",
        remarks_head="Geboekt met een opmerking",
        concept="concept",
        invoice="factuur",
        summary_head="Sinds {since}",
        states={
            "booked": "{n} geboekt",
            "concept": "{n} als concept",
            "skipped": "{n} niet te boeken",
            "waiting": "{n} wachten",
            "held": "{n} wachten op u",
            "queued": "{n} onderweg",
            "posting": "{n} onderweg",
            "unclear": "{n} onduidelijk",
        },
        nothing_to_do="*U hoeft niets te doen.*",
        more="en nog {n}",
        and_="en",
    ),
    "en": DigestWords(
        one="1 order",
        many="{n} orders",
        waits="Action needed: {orders} waits for a choice",
        wait="Action needed: {orders} wait for a choice",
        for_information="Not booked yet: {orders}",
        to_check="To check: {head}",
        to_know="For your information: {head}",
        and_more="{head}, and more",
        solved="Solved: {head}",
        noticed="We noticed this. Boekbrug changes nothing about it by itself.",
        concepts=("To check: 1 concept in Acumulus", "To check: {n} concepts in Acumulus"),
        remarks=("Booked with a remark: {n}", "Booked with a remark: {n}"),
        result="Acumulus: {booked} booked, {concept} concept",
        solved_one="Solved: {orders} waits no longer",
        solved_many="Solved: {orders} wait no longer",
        lead="Boekbrug can book these orders only after you choose or correct something.",
        calm="*Nothing is lost.* The rest of your orders is booked as usual.",
        often="You hear of this at most once a day as long as orders join it, then once a week, "
        "and once more as soon as it is solved.",
        do="What to do",
        button="Go to the orders",
        without_portal="Tell whoever runs Boekbrug for you what you choose.",
        remarks_head="Booked with a remark",
        concept="concept",
        invoice="invoice",
        summary_head="Since {since}",
        states={
            "booked": "{n} booked",
            "concept": "{n} as concept",
            "skipped": "{n} not to be booked",
            "waiting": "{n} waiting",
            "held": "{n} waiting for you",
            "queued": "{n} under way",
            "posting": "{n} under way",
            "unclear": "{n} unclear",
        },
        nothing_to_do="*There is nothing you need to do.*",
        more="and {n} more",
        and_="and",
    ),
}
