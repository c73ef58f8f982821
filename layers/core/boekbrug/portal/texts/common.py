"""What stands on every page."""

TEXTS = {
    "skip": ("Naar de inhoud", "Skip to content"),
    "menu": ("Menu", "Menu"),
    "nav_overview": ("Overzicht", "Overview"),
    "nav_orders": ("Bestellingen", "Orders"),
    "nav_check": ("Controle", "Check"),
    "nav_settings": ("Instellingen", "Settings"),
    "nav_account": ("Account", "Account"),
    "shop": ("Winkel", "Shop"),
    "choose_shop": ("Kies", "Choose"),
    "language": ("Taal", "Language"),
    "signed_in_as": ("Ingelogd als {email}", "Signed in as {email}"),
    "reader": ("U kijkt mee; wijzigen kan de eigenaar.", "You can look; the owner can change."),
    "sign_out": ("Uitloggen", "Sign out"),
    "mend": ("Kijk dit na", "Please check this"),
    "optional": ("niet verplicht", "optional"),
    "previous": ("Vorige", "Previous"),
    "next": ("Volgende", "Next"),
    "pages": ("Bladeren", "Pages"),
    "moment": ("{day} {month} {year} om {time}", "{day} {month} {year} at {time}"),
    "day": ("{day} {month} {year}", "{day} {month} {year}"),
    "months": (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "January February March April May June July August September October November December",
    ),
}
