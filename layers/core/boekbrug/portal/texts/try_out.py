"""Trying out a shop before it is switched on."""

TEXTS = {
    "title": ("Proefdraaien", "Trial run"),
    "title_of": ("Proefdraaien met {shop}", "Trial run of {shop}"),
    "lead": (
        "Hier ziet u hoe elke bestelling in de boeken zou komen. Er wordt *niets geboekt*.",
        "Here you see how each order would come into the books. *Nothing is booked*.",
    ),
    "back": ("Terug naar proefdraaien", "Back to the trial run"),
    # ---- which orders
    "which": ("Waarmee wilt u proefdraaien?", "Which orders do you want to try?"),
    "again": ("Opnieuw proefdraaien", "Try again"),
    "period": ("Welke bestellingen", "Which orders"),
    "from_start": ("Vanaf uw begin: {day}", "From your start: {day}"),
    "from_start_number": (
        "Vanaf uw begin: {day}, bestelling {number}",
        "From your start: {day}, order {number}",
    ),
    "from_all": ("Alle bestellingen", "All orders"),
    "from_start_help": (
        "Dit wordt geboekt zodra u de winkel aanzet.",
        "This is booked once you switch the shop on.",
    ),
    "days_back": ("De laatste {n} dagen", "The last {n} days"),
    "days_back_help": (
        "Ook van voor uw begin, om er meer te zien.",
        "Also from before your start, to see more of them.",
    ),
    "start": ("Draai proef", "Start the trial run"),
    # ---- under way
    "busy": ("De bestellingen worden bekeken", "The orders are being looked at"),
    "progress": (
        "{looked} van de {of} bestellingen bekeken.",
        "{looked} of the {of} orders looked at.",
    ),
    "go_on": ("Ga verder", "Go on"),
    "no_answer": (
        "Er komt nu geen antwoord. Probeer het zo nog eens; wat al bekeken is, blijft staan.",
        "No answer comes now. Try again in a moment; what was looked at already is kept.",
    ),
    "shop_refuses": (
        "Mijnwebwinkel weigert de token van deze winkel. Vul bij de instellingen een nieuwe in.",
        "Mijnwebwinkel refuses the token of this shop. Enter a new one in the settings.",
    ),
    "books_refuse": (
        "Acumulus weigert de toegang. Vul die bij de instellingen opnieuw in.",
        "Acumulus refuses the access. Enter it again in the settings.",
    ),
    # ---- what was found
    "outdated": (
        "De instellingen zijn sindsdien gewijzigd. Draai opnieuw proef om te zien wat dat verandert.",
        "The settings were changed since then. Try again to see what that changes.",
    ),
    "would": ("Dit zou geboekt worden", "This would be booked"),
    "invoices": ("{n} facturen, {total}", "{n} invoices, {total}"),
    "invoices_one": ("1 factuur, {total}", "1 invoice, {total}"),
    "of_which_concept": ("waarvan {n} als concept", "of which {n} as a concept"),
    "looked_since": (
        "{n} bestellingen sinds {day} bekeken, op",
        "{n} orders since {day} were looked at, on",
    ),
    "looked": ("{n} bestellingen bekeken, op", "{n} orders were looked at, on"),
    "left_out": (
        "De {n} oudste zijn niet bekeken.",
        "The {n} oldest were not looked at.",
    ),
    "kind_booked": ("definitief", "final"),
    "kind_concept": ("concept", "concept"),
    "kind_held": ("wacht op u", "need you"),
    "kind_waiting": ("gaat later vanzelf", "later by itself"),
    "kind_skipped": ("niet te boeken", "not to be booked"),
    "kind_there": ("al geboekt", "booked already"),
    "list_all": ("Alle bekeken bestellingen", "All orders that were looked at"),
    "list_booked": ("Definitieve facturen", "Final invoices"),
    "list_concept": ("Concepten", "Concepts"),
    "list_held": ("Wacht op u", "Needs you"),
    "list_waiting": ("Gaat later vanzelf", "Later by itself"),
    "list_skipped": ("Niet te boeken", "Not to be booked"),
    "list_there": ("Al geboekt", "Booked already"),
    "list_differs": ("Facturen die afwijken", "Invoices that differ"),
    "orders": ("{n} bestellingen", "{n} orders"),
    "orders_one": ("1 bestelling", "1 order"),
    "all_of_them": ("Toon alle {n}", "Show all {n}"),
    "order": ("Bestelling {number}", "Order {number}"),
    "trial": ("proef", "trial"),
    "problems": ("Om naar te kijken", "To look at"),
    "problems_lead": (
        "Los dit op in de winkel of bij de instellingen, of laat het zo: een concept maakt u in Acumulus zelf definitief.",
        "Solve this in the shop or in the settings, or leave it: a concept is made final by yourself in Acumulus.",
    ),
    "not_booked": ("Niet te boeken", "Not to be booked"),
    "differing": ("Facturen die afwijken", "Invoices that differ"),
    "differing_lead": (
        "Het totaal van de factuur is hier niet op de cent dat van de bestelling.",
        "The total of these invoices is not to the cent that of the order.",
    ),
    "show_them": ("Toon ze", "Show them"),
    # ---- shop against invoices
    "compared": ("Winkel en facturen naast elkaar", "Shop and invoices side by side"),
    "compared_lead": (
        "Van de bestellingen die geboekt zouden worden, in euro.",
        "Of the orders that would be booked, in euro.",
    ),
    "to_the_cent": (
        "Elke factuur is op de cent gelijk aan de bestelling.",
        "Every invoice is to the cent what the order is.",
    ),
    "rate": ("Btw", "VAT"),
    "at_rate": ("Btw {rate}", "VAT {rate}"),
    "whole": ("Alles samen", "All together"),
    "shop_column": ("Winkel", "Shop"),
    "invoice_column": ("Facturen", "Invoices"),
    "difference": ("Verschil", "Difference"),
    "incl": ("incl.", "incl."),
    "vat": ("btw", "VAT"),
    # ---- a sample
    "sample": ("Laat Acumulus meekijken", "Let Acumulus have a look"),
    "sample_lead": (
        "Acumulus kijkt {n} facturen na in de teststand: ze worden gecontroleerd, niet bewaard.",
        "Acumulus checks {n} invoices in its test mode: they are checked, not stored.",
    ),
    "check": ("Kijk ze na", "Check them"),
    "check_again": ("Kijk ze nog eens na", "Check them again"),
    "fine": ("goed", "fine"),
    "refused": ("niet goed", "not fine"),
    # ---- on
    "to_on": ("Winkel aanzetten", "Switch the shop on"),
    "owner_switches_on": (
        "De eigenaar kan de winkel aanzetten.",
        "The owner can switch the shop on.",
    ),
    "on_title": ("{shop} aanzetten", "Switch {shop} on"),
    "from_when": ("Vanaf", "From"),
    "from_number": ("vanaf bestelling {number}", "from order {number} on"),
    "into": ("In de boeken van", "Into the books of"),
    "contract": ("contract {code}", "contract {code}"),
    "booked_now": ("Wordt nu geboekt", "Is booked now"),
    "needs_you": ("Wacht daarna op u", "Needs you after that"),
    "not_rehearsed": (
        "U hebt met deze instellingen nog niet vanaf uw begin proefgedraaid, dus hier staat geen aantal.",
        "You did no trial run from your start with these settings, so there is no number here.",
    ),
    "more_than_looked": (
        "Daarbij komen nog {n} oudere bestellingen die niet bekeken zijn.",
        "Besides, there are {n} older orders that were not looked at.",
    ),
    "trial_room": (
        "Uw proefcontract bij Acumulus heeft nog ruimte voor {n} facturen. De rest wacht tot er een betaald contract is.",
        "Your trial contract with Acumulus has room for {n} more invoices. The rest waits until there is a paid contract.",
    ),
    "on_means": (
        "De facturen komen in Acumulus te staan, en vanaf nu wordt elk uur geboekt wat er bij komt. Pauzeren kan altijd.",
        "The invoices will be in Acumulus, and from now on what comes in is booked every hour. You can always pause.",
    ),
    "on_button": ("Zet aan en boek", "Switch on and book"),
    "not_yet": ("Nog niet", "Not yet"),
    "is_on": (
        "{shop} staat aan. De bestellingen worden nu opgehaald en geboekt.",
        "{shop} is on. The orders are fetched and booked now.",
    ),
    "was_on": ("{shop} staat al aan.", "{shop} is on already."),
}
