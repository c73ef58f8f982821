"""The settings of a shop, and everything that is changed about it later."""

TEXTS = {
    "none": ("geen", "none"),
    "yes": ("ja", "yes"),
    "no": ("nee", "no"),
    "status_count": (
        "{count} van de laatste {of} bestellingen",
        "{count} of the latest {of} orders",
    ),
    "status_gone": ("Status {id} (niet meer in de winkel)", "Status {id} (no longer in the shop)"),
    "choice_none": ("De eerste van Acumulus", "The first of Acumulus"),
    "choice_gone": ("Nummer {id} (niet in de lijst)", "Number {id} (not in the list)"),
    "method_gone": ("{key} (niet meer in de winkel)", "{key} (no longer in the shop)"),
    "lists_read": ("De lijsten zijn opnieuw opgehaald.", "The lists were fetched again."),
    "read_again": ("Haal de lijsten opnieuw op", "Fetch the lists again"),
    "missing_trigger_statuses": (
        "Kies minstens een status: zonder status wordt er niets geboekt.",
        "Choose at least one status: without any nothing is booked.",
    ),
    "missing_start_date": (
        "Kies een begindatum: zonder begin wordt alles geboekt wat er ooit besteld is.",
        "Choose a start date: without one everything that was ever ordered is booked.",
    ),
    "missing_home_country": (
        "Vul de landcode in, zoals NL.",
        "Enter the country code, such as NL.",
    ),
}
