"""The codes of what is found after a post: by looking up, by the night, in the life of an invoice.

Part of the catalogue in ``boekbrug.domain.reasons``.
"""

from boekbrug.domain.catalogue import CatalogueEntry, Kind
from boekbrug.domain.messages import Severity


def _later(code: str, rules: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    """Something its owner hears of once."""
    named = tuple(rules.split())
    return CatalogueEntry(code, Kind.LATER, Severity.NOTICE, dutch, action, english, named)


def _hold(code: str, dutch: str, action: str, english: str) -> CatalogueEntry:
    """A post whose answer was lost, and that a person must look for (R3)."""
    return CatalogueEntry(code, Kind.HOLD, Severity.ERROR, dutch, action, english, ("R3",))


_CREDIT = "Maak in Mijnwebwinkel een creditorder; die wordt dan geboekt."

LATER = (
    # ----------------------------------------------------------------- a lost answer
    _hold(
        "posted_twice",
        "Deze bestelling staat dubbel in Acumulus, als factuur (en boeking) {entries}.",
        "Haal er daar een weg; Boekbrug verwijdert niets.",
        "This order is in Acumulus twice, as invoice (and booking) {entries}. Remove one of them "
        "there; Boekbrug removes nothing.",
    ),
    _hold(
        "found_in_bin",
        "De factuur van deze bestelling ligt in de prullenbak van Acumulus, als factuur (en "
        "boeking) {entries}.",
        "Zet haar terug en geef aan dat zij er staat, of geef aan dat zij er niet staat: dan wordt "
        "de bestelling opnieuw geboekt.",
        "The invoice of this order is in Acumulus' bin, as invoice (and booking) {entries}. Put "
        "it back and say that it is there, or say that it is not: then the order is booked again.",
    ),
    _hold(
        "unclear_concept",
        "Deze bestelling is als concept verstuurd en er kwam geen duidelijk antwoord.",
        "Zoek in Acumulus naar een concept van {amount} met omschrijving ‘{reference}’.",
        "This order was sent as a concept and no clear answer came. Look in Acumulus for a concept "
        "of {amount} with the description ‘{reference}’.",
    ),
    _hold(
        "look_up_failed",
        "Deze bestelling is verstuurd, er kwam geen duidelijk antwoord, en opzoeken lukte niet.",
        "Zoek in Acumulus naar een factuur van {amount} met omschrijving ‘{reference}’.",
        "This order was sent, no clear answer came, and looking it up did not work. Look in "
        "Acumulus for an invoice of {amount} with the description ‘{reference}’.",
    ),
    # ----------------------------------------------------------------- the order in the shop
    _later(
        "changed_after_booking",
        "R122",
        "Het totaal van deze bestelling was {was} toen zij geboekt werd, en is nu {now} (verschil "
        "{difference}).",
        "De factuur in Acumulus is niet aangepast: maak een creditorder of boek opnieuw.",
        "The total of this order was {was} when it was booked, and is {now} now (a difference of "
        "{difference}). The invoice in Acumulus was not changed.",
    ),
    _later(
        "total_read_after_booking",
        "R122",
        "Het totaal van deze bestelling was niet te lezen toen zij geboekt werd, en is nu {now}.",
        "Controleer of de factuur in Acumulus klopt.",
        "The total of this order could not be read when it was booked, and is {now} now.",
    ),
    _later(
        "details_changed_after_booking",
        "R122",
        "Regels, btw of land van deze bestelling zijn na het boeken gewijzigd; het totaal bleef "
        "{total}.",
        "De factuur in Acumulus is niet aangepast: maak een creditorder of boek opnieuw.",
        "Lines, VAT or country of this order were changed after it was booked; its total is still "
        "{total}. The invoice in Acumulus was not changed.",
    ),
    _later(
        "refunded_after_booking",
        "R103 R121",
        "De betaling ({amount}) is terugbetaald, maar er is geen creditorder: de omzet staat nog "
        "in Acumulus.",
        _CREDIT,
        "The payment ({amount}) was refunded but there is no credit order: the revenue is still in "
        "Acumulus.",
    ),
    _later(
        "credit_status_after_booking",
        "R122",
        "De bestelling staat nu op ‘{status}’, maar er is geen creditorder: de omzet staat nog in "
        "Acumulus.",
        _CREDIT,
        "The order is ‘{status}’ now but there is no credit order: the revenue is still in "
        "Acumulus.",
    ),
    _later(
        "cancelled_after_booking",
        "R122",
        "De bestelling staat nu op ‘{status}’; de factuur staat in Acumulus.",
        _CREDIT,
        "The order is ‘{status}’ now; its invoice is in Acumulus.",
    ),
    _later(
        "payment_lost_after_booking",
        "R122",
        "De betaling is na het boeken mislukt of ingetrokken; de factuur staat in Acumulus.",
        f"Gaat de verkoop niet door? {_CREDIT}",
        "The payment failed or was taken back after the booking; the invoice is in Acumulus.",
    ),
    _later(
        "vanished_after_booking",
        "R122",
        "Mijnwebwinkel kent deze bestelling ({amount}) niet meer; de factuur staat in Acumulus.",
        "Hoort zij daar niet, verwijder haar dan daar.",
        "Mijnwebwinkel does not know this order ({amount}) any more; its invoice is in Acumulus.",
    ),
    _later(
        "vat_number_refused_after_booking",
        "R26",
        "VIES kent het btw-nummer van de klant niet (gevraagd op {day}), en de btw is verlegd.",
        "Vraag de klant om het juiste btw-nummer, of crediteer de bestelling en bereken de btw "
        "alsnog.",
        "VIES does not know the customer's VAT number (asked on {day}), and VAT was "
        "reverse-charged.",
    ),
    # ----------------------------------------------------------------- the entry in Acumulus
    _later(
        "entry_differs",
        "R83",
        "Acumulus heeft {shown}, de bestelling is {posted}: een verschil van {difference}.",
        "Kijk de boeking na in Acumulus.",
        "Acumulus has {shown}, the order is {posted}: a difference of {difference}.",
    ),
    _later(
        "entry_vat_differs",
        "R83",
        "Zonder btw heeft Acumulus {shown} en is de bestelling {posted}: een verschil van "
        "{difference}.",
        "Kijk de btw van de boeking na in Acumulus.",
        "Without VAT Acumulus has {shown} and the order is {posted}: a difference of {difference}.",
    ),
    _later(
        "deleted_in_books",
        "R123",
        "Boeking {entry} is in Acumulus verwijderd.",
        "Boekbrug boekt de bestelling niet opnieuw.",
        "Booking {entry} was deleted in Acumulus; Boekbrug does not book the order again.",
    ),
    _later(
        "concept_several",
        "R120",
        "Het concept is meer dan eens definitief gemaakt: boekingen {entries}.",
        "Verwijder in Acumulus wat dubbel is.",
        "The concept was made final more than once: bookings {entries}.",
    ),
    _later(
        "concept_gone",
        "R120",
        "Acumulus kent concept {concept} niet meer.",
        "Is het verwijderd, dan is de bestelling niet geboekt: maak de factuur zelf of laat de "
        "bestelling opnieuw boeken.",
        "Acumulus does not know concept {concept} any more; when it was deleted, the order is not "
        "booked.",
    ),
    _later(
        "old_concept_stays",
        "R124",
        "De bestelling is opnieuw geboekt; het oude concept {concept} staat nog in Acumulus.",
        "Verwijder het daar: zelf kan Boekbrug dat niet.",
        "The order was booked again; the old concept {concept} is still in Acumulus. Remove it "
        "there: Boekbrug cannot.",
    ),
    _later(
        "old_concept_final",
        "R124",
        "De bestelling is opnieuw geboekt, en toch is het oude concept {concept} definitief "
        "gemaakt: boeking {entries}. Zij staat nu dubbel.",
        "Verwijder in Acumulus wat te veel is.",
        "The order was booked again, and yet the old concept {concept} was made final: booking "
        "{entries}. It is there twice now: remove in Acumulus what is too much.",
    ),
    _later(
        "old_entry_stays",
        "R124",
        "De bestelling is opnieuw geboekt, en de oude boeking {entry} is nog niet naar de "
        "prullenbak.",
        "Dat wordt steeds opnieuw geprobeerd; u kunt haar ook zelf in Acumulus weggooien.",
        "The order was booked again, and the old booking {entry} is not in the bin yet. That is "
        "tried again and again; you can also remove it in Acumulus yourself.",
    ),
    # ----------------------------------------------------------------- the shop as a whole
    _later(
        "list_empty",
        "R12",
        "Mijnwebwinkel geeft deze winkel ineens zonder bestellingen; er wordt niets geschrapt.",
        "Kijk in Mijnwebwinkel of alles er nog staat.",
        "Mijnwebwinkel suddenly gives no orders of this shop; nothing is struck out.",
    ),
    _later(
        "orders_missing",
        "R12",
        "Mijnwebwinkel telt meer bestellingen dan het laat zien: {count} meer.",
        "Staat er in Mijnwebwinkel een die hier ontbreekt, laat dat dan weten.",
        "Mijnwebwinkel counts more orders than it shows: {count} more.",
    ),
    _later(
        "shop_silent",
        "R12",
        "De laatste bestelling is van {day}; dat is langer geleden dan gewoonlijk.",
        "Is er in Mijnwebwinkel wel iets besteld, laat dat dan weten.",
        "The last order is of {day}; that is longer ago than usual.",
    ),
    _later(
        "account_gone",
        "R104",
        "De instellingen noemen rekening {ids}, en die heeft Acumulus niet (meer): betalingen "
        "komen dan ergens anders terecht.",
        "Kies opnieuw uit de lijst.",
        "The settings name account {ids}, which Acumulus does not have (any more): payments end up "
        "elsewhere.",
    ),
    _later(
        "cost_center_gone",
        "R104",
        "De instellingen noemen kostenplaats {ids}, en die heeft Acumulus niet (meer): facturen "
        "komen dan ergens anders terecht.",
        "Kies opnieuw uit de lijst.",
        "The settings name cost centre {ids}, which Acumulus does not have (any more): invoices "
        "end up elsewhere.",
    ),
    _later(
        "template_gone",
        "R105",
        "De instellingen noemen factuursjabloon {ids}, en dat heeft Acumulus niet (meer): facturen "
        "zien er dan anders uit.",
        "Kies opnieuw uit de lijst.",
        "The settings name invoice template {ids}, which Acumulus does not have (any more): "
        "invoices look different then.",
    ),
    _later(
        "books_away",
        "R125",
        "Acumulus antwoordt al meer dan vier uur niet. Bestellingen worden gewoon opgehaald en "
        "wachten; zodra Acumulus weer antwoordt, worden zij alsnog geboekt, elk één keer.",
        "U hoeft niets te doen.",
        "Acumulus has not answered for more than four hours. Orders are fetched as usual and wait; "
        "as soon as Acumulus answers again they are booked after all, each one once. There is "
        "nothing you need to do.",
    ),
    _later(
        "shop_away",
        "R125",
        "De bestellingen van deze winkel konden al meer dan vier uur niet worden opgehaald. Er "
        "gaat niets verloren: zodra het weer lukt, worden zij ingehaald.",
        "U hoeft niets te doen.",
        "The orders of this shop could not be fetched for more than four hours. Nothing is lost: "
        "they are caught up as soon as it works again. There is nothing you need to do.",
    ),
    _later(
        "trial_ending",
        "R126",
        "Het proefcontract bij Acumulus is bijna vol: er passen nog hooguit {left} bestellingen "
        "in.",
        "Neem op tijd een betaald contract; wat niet meer past, wacht tot dan en wordt daarna "
        "geboekt.",
        "The trial contract with Acumulus is nearly full: at most {left} more orders fit. Take a "
        "paid contract in time; what does not fit waits and is booked afterwards.",
    ),
)
