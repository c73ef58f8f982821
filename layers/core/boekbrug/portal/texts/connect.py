"""Connecting a shop: what to click where, and what was found."""

TEXTS = {
    "steps": ("Drie stappen", "Three steps"),
    "step_token": ("Winkel", "Shop"),
    "step_books": ("Administratie", "Administration"),
    "step_start": ("Begin", "Start"),
    "expired": (
        "Er staat niets meer klaar om te koppelen. Begin opnieuw met de token van uw winkel.",
        "Nothing is ready to be connected any more. Begin again with your shop's token.",
    ),
    "another_tab": (
        "U bent intussen met een andere winkel bezig. Kijk na of het de goede is.",
        "You have gone on with another shop meanwhile. Check that it is the right one.",
    ),
    "stopped": ("Het koppelen is gestopt. Er is niets bewaard.", "Stopped. Nothing was kept."),
    "busy": ("U was bezig met {shop}.", "You were connecting {shop}."),
    "go_on": ("Ga verder", "Go on"),
    # ---- the token
    "token_title": ("Uw winkel koppelen", "Connect your shop"),
    "token_lead": (
        "Met een token van Mijnwebwinkel kan Boekbrug de bestellingen van uw winkel lezen. Er wordt in uw winkel niets gewijzigd.",
        "With a token of Mijnwebwinkel, Boekbrug can read your shop's orders. Nothing is changed in your shop.",
    ),
    "token": ("Token", "Token"),
    "token_help": (
        "Plak hem hier; wat u plakt is niet te zien.",
        "Paste it here; what you paste does not show.",
    ),
    "token_button": ("Probeer deze token", "Try this token"),
    "token_missing": (
        "Plak hier de token van uw winkel.",
        "Paste the token of your shop here.",
    ),
    "token_how": ("Zo maakt u een token", "How to make a token"),
    "token_how_1": (
        "Open het beheer van uw winkel en ga naar *Instellingen › API*.",
        "Open your shop's back office and go to *Settings › API*.",
    ),
    "token_how_2": ("Kies *Token toevoegen*.", "Choose *Add new token*."),
    "token_how_3": (
        "Kies bij *Partner* Boekbrug, en laat de geldigheid op onbeperkt staan.",
        "Choose Boekbrug as *Partner*, and leave the validity unlimited.",
    ),
    "token_how_4": (
        "Zet de token op *actief* en sla hem op.",
        "Set the token to *active* and save it.",
    ),
    "token_how_5": (
        "Kies in de lijst *Toon token*, kopieer hem en plak hem op deze pagina.",
        "Choose *Show token* in the list, copy it and paste it on this page.",
    ),
    "token_safe": (
        "Staat API niet in het menu? Kijk dan bij Add-ons & modules. Mijnwebwinkel geeft toegang vanaf het pakket Premium. De token wordt versleuteld bewaard en nergens meer getoond.",
        "No API in the menu? Then look under Add-ons & modules. Mijnwebwinkel gives access from the Premium package on. The token is kept encrypted and shown nowhere again.",
    ),
    # ---- is this the shop?
    "shop_title": ("Is dit uw winkel?", "Is this your shop?"),
    "shop_name": ("Naam", "Name"),
    "shop_domain": ("Domein", "Domain"),
    "shop_country": ("Land", "Country"),
    "shop_currency": ("Valuta", "Currency"),
    "shop_yes": ("Ja, dit klopt", "Yes, this is right"),
    "shop_no": ("Nee, een andere token", "No, another token"),
    "stop": ("Stoppen met koppelen", "Stop connecting"),
    # ---- the contract
    "books_title": ("In welke administratie?", "Into which administration?"),
    "books_lead": (
        "Hier komen de facturen van {shop} terecht. De gegevens worden meteen geprobeerd.",
        "This is where the invoices of {shop} go. The access is tried at once.",
    ),
    "books_choose": ("Administratie", "Administration"),
    "books_contract": ("contract {code}", "contract {code}"),
    "books_another": ("Een ander Acumulus-contract", "Another Acumulus contract"),
    "books_button": ("Probeer en ga verder", "Try it and go on"),
    "contractcode": ("Contractcode", "Contract code"),
    "contractcode_help": (
        "Het nummer waarmee u ook zelf bij Acumulus inlogt.",
        "The number you sign in to Acumulus with yourself.",
    ),
    "missing_contractcode": ("Vul de contractcode in.", "Enter the contract code."),
    "user": ("Gebruikersnaam", "User name"),
    "user_help": ("Van de API-gebruiker, niet van uzelf.", "Of the API user, not your own."),
    "missing_gebruiker": (
        "Vul de naam van de API-gebruiker in.",
        "Enter the name of the API user.",
    ),
    "password": ("Wachtwoord", "Password"),
    "password_help": (
        "Van dezelfde gebruiker. Het wordt versleuteld bewaard en nergens meer getoond.",
        "Of the same user. It is kept encrypted and shown nowhere again.",
    ),
    "missing_wachtwoord": (
        "Vul het wachtwoord van de API-gebruiker in.",
        "Enter the password of the API user.",
    ),
    "books_how": ("Zo maakt u een API-gebruiker", "How to make an API user"),
    "books_how_1": (
        "Log in bij Acumulus en open onder *Beheer* de lijst van gebruikers.",
        "Sign in to Acumulus and open the list of users under *Beheer*.",
    ),
    "books_how_2": (
        "Voeg een gebruiker toe en kies als type *API-gebruiker*.",
        "Add a user and choose the type *API-gebruiker*.",
    ),
    "books_how_3": (
        "Geef hem een eigen naam en wachtwoord, bijvoorbeeld boekbrug, en sla op.",
        "Give it a name and password of its own, such as boekbrug, and save.",
    ),
    "books_how_4": (
        "Vul hier uw contractcode en die naam en dat wachtwoord in.",
        "Enter your contract code, that name and that password here.",
    ),
    "books_role": (
        "Een API-gebruiker kan boeken en nakijken wat er geboekt is, en verder niets. Een API-invoerder kan dat nakijken niet; een API-beheerder mag meer dan nodig is.",
        "An API user (API-gebruiker) can book and look up what was booked, and nothing else. An API-invoerder cannot look it up; an API-beheerder may do more than is needed.",
    ),
    # ---- the start
    "start_title": ("Vanaf waar boeken?", "Where to start booking?"),
    "start_which": ("Welke bestellingen", "Which orders"),
    "start_when": ("Vanaf wanneer", "From when on"),
    "start_where": ("Herkenbaar in Acumulus", "Recognisable in Acumulus"),
    "lists_missing": (
        "Niet alles waaruit u kunt kiezen is binnengekomen.",
        "Not everything you can choose from has come in.",
    ),
    "statuses_help": (
        "Kies de statussen die een bestelling heeft als zij de boeken in mag, meestal die van betaald en verzonden.",
        "Choose the statuses of an order that may go into the books, mostly those of paid and sent.",
    ),
    "start_help": (
        "Kies een begin na de laatste bestelling die al in Acumulus staat. Het begin van een btw-tijdvak is het overzichtelijkst.",
        "Choose a start after the last order that is in Acumulus already. The start of a VAT period is the clearest.",
    ),
    "begin": ("Begin bij", "Start at"),
    "begin_date": ("een datum", "a date"),
    "begin_number": ("een bestelnummer", "an order number"),
    "start_date": ("Datum", "Date"),
    "start_number": ("Bestelnummer", "Order number"),
    "start_number_help": (
        "De eerste bestelling die geboekt moet worden.",
        "The first order that is to be booked.",
    ),
    "coupling": (
        "Staat de eigen koppeling van Acumulus met deze winkel nog aan?",
        "Is Acumulus' own connection with this shop still on?",
    ),
    "coupling_help": (
        "Twee koppelingen boeken elke bestelling twee keer.",
        "Two connections book every order twice.",
    ),
    "coupling_is_off": (
        "Nee, die staat uit of heb ik nooit gebruikt",
        "No, it is off or I never used it",
    ),
    "coupling_is_on": ("Ja, die staat nog aan", "Yes, it is still on"),
    "coupling_on": (
        "Zet de koppeling in Acumulus eerst uit, en kies daarna hier Nee.",
        "Switch the connection off in Acumulus first, and then choose No here.",
    ),
    "coupling_missing": (
        "Kijk in Acumulus of de eigen koppeling uit staat, en kies dan Ja of Nee.",
        "Look in Acumulus whether its own connection is off, and then choose Yes or No.",
    ),
    "neighbours": (
        "Op deze administratie staat ook: {shops}. Met een eigen voorvoegsel en kostenplaats houdt u de winkels uit elkaar.",
        "This administration also has: {shops}. With a prefix and a cost centre of its own you can tell the shops apart.",
    ),
    "prefix_help": (
        "Komt voor het bestelnummer in de omschrijving, zoals WA in WA1042.",
        "Put before the order number in the description, as WA in WA1042.",
    ),
    "cost_center_help": (
        "Staat de goede er niet bij? Maak hem in Acumulus en haal de lijst later op bij de instellingen.",
        "Is the right one missing? Make it in Acumulus and fetch the list later in the settings.",
    ),
    "start_button": ("Tel wat er geboekt zou worden", "Count what would be booked"),
    # ---- a last look
    "look_title": ("Klopt dit?", "Is this right?"),
    "look_what": ("Dit zou geboekt worden", "This would be booked"),
    "orders": ("{count} bestellingen", "{count} orders"),
    "orders_one": ("1 bestelling", "1 order"),
    "at_least": ("Minstens", "At least"),
    "from_to": ("bestelling {first} tot en met {last}", "order {first} to {last}"),
    "counted_so_far": (
        "Er zijn {read} van de {listed} bestellingen sinds dat begin bekeken; de rest telt straks mee.",
        "{read} of the {listed} orders since that start were looked at; the rest counts later.",
    ),
    "nothing_to_book": (
        "Sinds dit begin heeft geen bestelling een van de gekozen statussen. Nieuwe worden wel geboekt.",
        "Since this start no order has one of the chosen statuses. New ones will be booked.",
    ),
    "all_before_one": (
        "De enige bestelling is van vóór dit begin. Kies een eerder begin als u die wilt boeken.",
        "The only order is from before this start. Choose an earlier start if you want it booked.",
    ),
    "all_before": (
        "Alle {count} bestellingen zijn van vóór dit begin. Kies een eerder begin als u die wilt boeken.",
        "All {count} orders are from before this start. Choose an earlier start if you want them booked.",
    ),
    "not_counted": (
        "Mijnwebwinkel geeft de bestellingen nu niet, dus er is niet geteld. Koppelen kan wel.",
        "Mijnwebwinkel does not give the orders now, so nothing was counted. You can still connect.",
    ),
    "look_statuses": ("Statussen", "Statuses"),
    "look_start": ("Begin", "Start"),
    "look_number": ("vanaf bestelling {number}", "from order {number} on"),
    "look_prefix": ("Voorvoegsel", "Prefix"),
    "look_prefix_example": (
        "{prefix}, zoals in {prefix}{number}",
        "{prefix}, as in {prefix}{number}",
    ),
    "look_cost_center": ("Kostenplaats", "Cost centre"),
    "change": ("Wijzig dit", "Change this"),
    "nothing_yet": (
        "Er wordt *nog niets geboekt*: eerst ziet u hoe elke bestelling in de boeken zou komen.",
        "*Nothing is booked yet*: first you see how each order would come into the books.",
    ),
    "connect_button": ("Koppel deze winkel", "Connect this shop"),
    "done": (
        "{shop} is gekoppeld. Kijk eerst hoe de bestellingen geboekt zouden worden, en zet de winkel dan aan.",
        "{shop} is connected. First see how the orders would be booked, and then switch the shop on.",
    ),
}
