"""The first page: how a shop does."""

TEXTS = {
    "title": ("Overzicht", "Overview"),
    "of_shop": ("Overzicht van {shop}", "Overview of {shop}"),
    "no_shop": ("Er is nog geen winkel gekoppeld.", "No shop is connected yet."),
    "no_shop_why": (
        "Koppel uw winkel in drie stappen: de token van Mijnwebwinkel, uw administratie in Acumulus, en vanaf welke bestelling.",
        "Connect your shop in three steps: the token of Mijnwebwinkel, your administration in Acumulus, and from which order on.",
    ),
    "connect": ("Winkel koppelen", "Connect a shop"),
    "connect_another": ("Nog een winkel koppelen", "Connect another shop"),
    "light_good": ("Alles is goed", "All is well"),
    "light_attention": ("Er is iets om naar te kijken", "There is something to look at"),
    "light_bad": ("Er wordt nu niets geboekt", "Nothing is booked now"),
    "last_run": ("Laatste ronde", "Last run"),
    "next_run": ("Volgende ronde", "Next run"),
    "no_run_yet": ("nog niet geweest", "not yet"),
    "no_next_run": ("niet zolang de winkel stilstaat", "not while the shop stands still"),
    "unknown_run": ("binnenkort", "soon"),
    "around": ("rond {moment}", "around {moment}"),
    # ---- buttons
    "fetch": ("Nu ophalen", "Fetch now"),
    "fetching": (
        "De bestellingen worden nu opgehaald. Deze pagina loopt vanzelf mee.",
        "The orders are fetched now. This page follows by itself.",
    ),
    "refresh": ("Ververs", "Refresh"),
    "busy": ("Er wordt opgehaald en geboekt.", "Fetching and booking."),
    "stands_still": (
        "De winkel staat stil, dus er is niets opgehaald.",
        "The shop stands still, so nothing was fetched.",
    ),
    "pause": ("Pauze", "Pause"),
    "paused": (
        "De winkel staat op pauze. Er gaat niets verloren: na Hervatten wordt alles ingehaald.",
        "The shop is paused. Nothing is lost: after Resume everything is caught up.",
    ),
    "resume": ("Hervatten", "Resume"),
    # ---- what to do
    "to_token": ("Naar de token", "Go to the token"),
    "to_books": ("Naar de toegang tot Acumulus", "Go to the access to Acumulus"),
    "to_trial_run": ("Naar proefdraaien", "Go to the trial run"),
    "to_connect": ("Naar koppelen", "Go to connecting"),
    # ---- counts
    "counts": ("Bestellingen in het kort", "Orders in short"),
    "count_booked": ("geboekt in 7 dagen", "booked in 7 days"),
    "of_which_concept": ("waarvan {n} als concept", "of which {n} as a concept"),
    "count_needs_you": ("wacht op u", "needs you"),
    "count_waiting": ("gaat vanzelf verder", "goes on by itself"),
    "or_more": ("of meer", "or more"),
    # ---- findings
    "findings": ("Om naar te kijken", "To look at"),
    "findings_lead": (
        "Wat geboekt is, blijft zo. Wat hieronder staat, verdwijnt zodra het is opgelost.",
        "What is booked stays so. What is listed here goes away once it is solved.",
    ),
    "finding_order": ("Bestelling {number}", "Order {number}"),
    "finding_shop": ("De winkel", "The shop"),
    # ---- bookings
    "latest": ("Laatste boekingen", "Latest bookings"),
    "all_orders": ("Alle bestellingen", "All orders"),
    "none_yet": (
        "Er is nog niets geboekt. De eerste boekingen verschijnen hier vanzelf.",
        "Nothing was booked yet. The first bookings appear here by themselves.",
    ),
    "other_shops": ("Uw andere winkels", "Your other shops"),
    # ---- findings: a sentence of each kind
    "finding_changed_after_booking": (
        "De bestelling is na het boeken gewijzigd.",
        "The order was changed after it was booked.",
    ),
    "finding_refunded_after_booking": (
        "De betaling is terugbetaald, maar er is geen creditorder.",
        "The payment was refunded, but there is no credit order.",
    ),
    "finding_cancelled_after_booking": (
        "De bestelling ging na het boeken niet door.",
        "The order was cancelled after it was booked.",
    ),
    "finding_credit_status_after_booking": (
        "De bestelling kreeg na het boeken een status van creditorders.",
        "The order got a status of credit orders after it was booked.",
    ),
    "finding_vanished_after_booking": (
        "Mijnwebwinkel kent deze geboekte bestelling niet meer.",
        "Mijnwebwinkel does not know this booked order any more.",
    ),
    "finding_entry_differs": (
        "Acumulus heeft een ander bedrag dan de bestelling.",
        "Acumulus has another amount than the order.",
    ),
    "finding_deleted_in_books": (
        "De boeking is in Acumulus verwijderd.",
        "The booking was deleted in Acumulus.",
    ),
    "finding_concept_several": (
        "Het concept is meer dan eens definitief gemaakt.",
        "The concept was made final more than once.",
    ),
    "finding_concept_gone": (
        "Acumulus kent het concept niet meer.",
        "Acumulus does not know the concept any more.",
    ),
    "finding_list_empty": (
        "Mijnwebwinkel geeft deze winkel ineens zonder bestellingen.",
        "Mijnwebwinkel suddenly gives this shop without orders.",
    ),
    "finding_orders_missing": (
        "Mijnwebwinkel telt meer bestellingen dan het laat zien.",
        "Mijnwebwinkel counts more orders than it shows.",
    ),
    "finding_shop_silent": (
        "Er kwam langer dan gewoonlijk geen bestelling binnen.",
        "No order came in for longer than usual.",
    ),
    "finding_shop_away": (
        "De winkel kan al een tijd niet worden opgehaald.",
        "The shop could not be fetched for some time.",
    ),
    "finding_books_away": (
        "Acumulus antwoordt al een tijd niet.",
        "Acumulus has not answered for some time.",
    ),
    "finding_account_gone": (
        "Een rekening uit de instellingen is er niet meer in Acumulus.",
        "An account of the settings is no longer in Acumulus.",
    ),
    "finding_cost_center_gone": (
        "Een kostenplaats uit de instellingen is er niet meer in Acumulus.",
        "A cost centre of the settings is no longer in Acumulus.",
    ),
    "finding_template_gone": (
        "Een factuursjabloon uit de instellingen is er niet meer in Acumulus.",
        "An invoice template of the settings is no longer in Acumulus.",
    ),
    "finding_trial_ending": (
        "Het proefcontract bij Acumulus is bijna vol.",
        "The trial contract with Acumulus is nearly full.",
    ),
    "finding_other": ("Er is iets om naar te kijken.", "There is something to look at."),
}
