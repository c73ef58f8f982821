"""When something is not as it should be: one sentence about it, and one way on."""

TEXTS = {
    "home": ("Naar het overzicht", "Go to the overview"),
    "not_found": ("Deze pagina is er niet", "This page does not exist"),
    "not_found_why": (
        "Het adres klopt niet, of wat hier stond hoort niet bij uw account.",
        "The address is wrong, or what was here does not belong to your account.",
    ),
    "method": ("Dit kan zo niet", "This cannot be done this way"),
    "method_why": (
        "Open de pagina opnieuw en gebruik de knop die er staat.",
        "Open the page again and use the button that is there.",
    ),
    "forbidden": ("Dit mag niet", "This is not allowed"),
    "not_allowed": (
        "Alleen de eigenaar van het account kan dit wijzigen.",
        "Only the owner of the account can change this.",
    ),
    "stale": (
        "Dit formulier is verlopen. Ga terug, ververs de pagina en verstuur het opnieuw.",
        "This form has expired. Go back, refresh the page and send it again.",
    ),
    "later": ("Even niet bereikbaar", "Not reachable for a moment"),
    "later_why": (
        "Iets waar deze pagina op wacht antwoordt nu niet. Probeer het over een minuut nog eens.",
        "Something that this page waits for does not answer now. Try again in a minute.",
    ),
    "fault": ("Er ging iets mis bij ons", "Something went wrong on our side"),
    "fault_why": (
        "De beheerder kan het terugvinden onder nummer {reference}. Uw bestellingen zijn veilig.",
        "The operator can find it under number {reference}. Your orders are safe.",
    ),
}
