"""People, signed calls, what is kept, and the end of an account."""

TEXTS = {
    "title": ("Account en privacy", "Account and privacy"),
    "people": ("Wie mag inloggen", "Who may sign in"),
    "people_lead": (
        "Een *eigenaar* mag alles. Een *meelezer* (uw boekhouder) ziet alles en wijzigt niets.",
        (
            "An *owner* may do everything. A *reader* (your accountant) sees everything and changes "
            "nothing."
        ),
    ),
    "role": ("Rol", "Role"),
    "role_owner": ("eigenaar", "owner"),
    "role_reader": ("meelezer", "reader"),
    "role_owner_help": ("mag alles", "may do everything"),
    "role_reader_help": ("kijkt mee, wijzigt niets", "looks, changes nothing"),
    "mailed": ("krijgt de mails", "gets the mails"),
    "not_mailed": ("krijgt geen mails", "gets no mails"),
    "mails": ("Krijgt mail als er iets nodig is", "Is mailed when something is needed"),
    "change": ("Wijzigen", "Change"),
    "change_who": ("{email} wijzigen", "Change {email}"),
    "save": ("Bewaren", "Save"),
    "remove": ("Toegang intrekken", "Withdraw access"),
    "add": ("Iemand toevoegen", "Add somebody"),
    "email": ("E-mailadres", "E-mail address"),
    "add_button": ("Toevoegen", "Add"),
    "added_without_mail": (
        "{email} heeft toegang, maar de mail ging niet uit. Inloggen kan op {url}.",
        "{email} has access, but the mail did not go out. Signing in is at {url}.",
    ),
    "added": (
        "{email} heeft toegang en kreeg een mail met een link om in te loggen.",
        "{email} has access and got a mail with a link to sign in.",
    ),
    "changed": ("De wijziging voor {email} is bewaard.", "The change for {email} is kept."),
    "removed": ("{email} kan niet meer inloggen.", "{email} cannot sign in any more."),
    "no_address": (
        "Dit is geen e-mailadres. Vul één adres in, zoals naam@bedrijf.nl.",
        "This is no e-mail address. Fill in one address, such as name@company.com.",
    ),
    "known_already": (
        "Dit adres heeft al toegang; wijzig het in de lijst.",
        "This address has access already; change it in the list.",
    ),
    "too_many_people": (
        "Er zijn al 20 gebruikers. Trek eerst de toegang van iemand in.",
        "There are 20 users already. Withdraw somebody's access first.",
    ),
    "last_owner": (
        "Er moet een eigenaar blijven. Maak eerst iemand anders eigenaar.",
        "There must be an owner. Make somebody else an owner first.",
    ),
    "nobody_mailed": (
        "Iemand moet de mails krijgen als er iets stopt. Kies eerst wie.",
        "Somebody must get the mails when something stops. Choose who, first.",
    ),
    "no_role": ("Kies eigenaar of meelezer.", "Choose owner or reader."),
    "hook": ("Meteen laten ophalen", "Have orders fetched at once"),
    "hook_lead": (
        (
            "Boekbrug haalt elk uur op. Kan uw kassa of een ander programma een adres aanroepen, dan "
            "kan het Boekbrug meteen laten ophalen."
        ),
        (
            "Boekbrug fetches every hour. If your till or another program can call an address, it can "
            "have Boekbrug fetch at once."
        ),
    ),
    "hook_open": ("Adres en geheim maken", "Make address and secret"),
    "hook_title": ("Signaal van buiten", "Signal from outside"),
    "hook_what": (
        (
            "Een programma dat dit adres aanroept en de aanroep ondertekent, laat de winkel {shop} "
            "meteen ophalen. Zonder goede handtekening gebeurt er niets."
        ),
        (
            "A program that calls this address and signs the call has the shop {shop} fetched at "
            "once. Without a right signature nothing happens."
        ),
    ),
    "hook_make": ("Nieuw geheim maken", "Make a new secret"),
    "hook_ends": (
        "Er is al een geheim. Maakt u een nieuw, dan werkt het oude niet meer.",
        "There is a secret already. If you make a new one, the old one stops working.",
    ),
    "hook_once": (
        "Bewaar het geheim nu: het wordt hierna niet meer getoond.",
        "Keep the secret now: it is not shown again.",
    ),
    "hook_url": ("Adres", "Address"),
    "hook_secret": ("Geheim", "Secret"),
    "hook_example": ("Voorbeeld met curl", "Example with curl"),
    "hook_order": (
        "Met {body} als inhoud wordt alleen die bestelling opgehaald.",
        "With {body} as the body only that order is fetched.",
    ),
    "hook_signed": (
        (
            "De handtekening is HMAC-SHA256 van tijd, punt en inhoud, met het geheim. Zij geldt vijf "
            "minuten en één keer."
        ),
        (
            "The signature is HMAC-SHA256 of time, a dot and the body, under the secret. It is good "
            "for five minutes and once."
        ),
    ),
    "kept": ("Uw gegevens", "Your data"),
    "kept_lead": (
        (
            "Boekbrug bewaart uw instellingen en van elke bestelling het nummer, de datum, het bedrag "
            "en wat ermee gebeurde. Namen, adressen en e-mailadressen van uw klanten bewaart Boekbrug "
            "niet: die worden bij de winkel gelezen en aan Acumulus doorgegeven."
        ),
        (
            "Boekbrug keeps your settings, and of each order its number, date, amount and what became "
            "of it. It does not keep names, addresses or e-mail addresses of your customers: those "
            "are read from the shop and passed on to Acumulus."
        ),
    ),
    "export": ("Account en instellingen (JSON)", "Account and settings (JSON)"),
    "export_orders": ("Bestellingen van {shop}", "Orders of {shop}"),
    "year": ("Jaar", "Year"),
    "download": ("Downloaden", "Download"),
    "agreement": ("Verwerkersovereenkomst", "Processing agreement"),
    "agreement_lead": (
        "U bepaalt wat er met de gegevens van uw klanten gebeurt; Boekbrug verwerkt ze voor u.",
        "You decide what happens to your customers' data; Boekbrug processes them for you.",
    ),
    "agreement_1": ("Waarvoor", "What for"),
    "agreement_1_text": (
        (
            "Boekbrug leest bestellingen uit uw Mijnwebwinkel en zet ze als factuur in uw "
            "Acumulus-administratie. Voor iets anders worden de gegevens niet gebruikt."
        ),
        (
            "Boekbrug reads orders from your Mijnwebwinkel shop and puts them as invoices into your "
            "Acumulus administration. The data are used for nothing else."
        ),
    ),
    "agreement_2": ("Welke gegevens", "Which data"),
    "agreement_2_text": (
        (
            "Naam, bedrijf, adres, e-mailadres, telefoon en btw-nummer van wie bij u bestelt, en wat "
            "er besteld is. Zij gaan versleuteld door en zijn binnen een dag weer weg. Bewaard worden "
            "alleen nummer, datum, bedragen, btw en de kenmerken in Acumulus."
        ),
        (
            "Name, company, address, e-mail address, telephone and VAT number of who orders from you, "
            "and what was ordered. They pass through encrypted and are gone within a day. Only number, "
            "date, amounts, VAT and the ids in Acumulus are kept."
        ),
    ),
    "agreement_3": ("Wie erbij kan", "Who has access"),
    "agreement_3_text": (
        (
            "U en wie u hier toevoegt. De beheerder van deze dienst alleen als dat nodig is om een "
            "storing te verhelpen. De gegevens staan bij Amazon Web Services, in de regio die de beheerder "
            "koos; andere partijen zijn er niet bij, behalve Mijnwebwinkel en Acumulus zelf."
        ),
        (
            "You and whoever you add here. The operator of this service only when that is needed to "
            "mend a failure. The data are with Amazon Web Services, in the region the operator chose; nobody "
            "else is involved but Mijnwebwinkel and Acumulus themselves."
        ),
    ),
    "agreement_4": ("Beveiliging", "Security"),
    "agreement_4_text": (
        (
            "Tokens en wachtwoorden staan versleuteld en worden nergens getoond. Inloggen gaat met "
            "een link die één keer werkt. Wat er gebeurt staat in logboeken zonder klantgegevens."
        ),
        (
            "Tokens and passwords are stored encrypted and shown nowhere. Signing in takes a link that "
            "works once. What happens is logged without customer data."
        ),
    ),
    "agreement_5": ("Als er iets misgaat", "If something goes wrong"),
    "agreement_5_text": (
        (
            "Komen gegevens in verkeerde handen, dan hoort u dat zonder uitstel, met wat er "
            "gebeurde en wat u kunt doen."
        ),
        (
            "If data get into the wrong hands you hear of it without delay, with what happened "
            "and what you can do."
        ),
    ),
    "agreement_6": ("Einde", "The end"),
    "agreement_6_text": (
        (
            "U kunt uw account op elk moment opheffen. Tokens, wachtwoorden en gebruikers zijn dan "
            "meteen weg. Alleen welke bestellingen geboekt zijn blijft bewaard, zonder klantgegevens, "
            "zodat een winkel die terugkomt niet dubbel wordt geboekt."
        ),
        (
            "You can close your account at any moment. Tokens, passwords and users are gone at once. "
            "Only which orders were booked is kept, without customer data, so that a shop that comes "
            "back is not booked twice."
        ),
    ),
    "close": ("Account opheffen", "Close the account"),
    "close_lead": (
        "Stopt alles en verwijdert tokens, wachtwoorden en gebruikers.",
        "Stops everything and removes tokens, passwords and users.",
    ),
    "close_what": (
        (
            "Er wordt daarna niets meer opgehaald of geboekt. Verwijderd worden de toegang tot uw "
            "winkels en administraties, de koppelingen en alle gebruikers. *Dit kan niet ongedaan "
            "worden gemaakt.*"
        ),
        (
            "After that nothing is fetched or booked any more. The access to your shops and "
            "administrations, the connections and all users are removed. *This cannot be undone.*"
        ),
    ),
    "close_stays": (
        "Wat in Acumulus is geboekt blijft daar staan. U krijgt een mail als ontvangstbewijs.",
        "What was booked in Acumulus stays there. You get a mail as a receipt.",
    ),
    "close_shops": ("Deze winkels worden losgekoppeld", "These shops are disconnected"),
    "close_sure": ("Typ *{word}* om door te gaan", "Type *{word}* to go on"),
    "close_not_sure": (
        "Er is niets opgeheven. Typ het woord {word} om door te gaan.",
        "Nothing was closed. Type the word {word} to go on.",
    ),
    "close_button": ("Account definitief opheffen", "Close the account for good"),
    "closed": (
        "Uw account is opgeheven. Kenmerk: {number}.",
        "Your account is closed. Reference: {number}.",
    ),
    "closed_title": ("Account opgeheven", "Account closed"),
    "closed_what": (
        (
            "Het ontvangstbewijs is onderweg naar uw e-mailadres. Verwijder zelf nog het token in "
            "Mijnwebwinkel en de API-gebruiker in Acumulus."
        ),
        (
            "The receipt is on its way to your e-mail address. Please remove the token in "
            "Mijnwebwinkel and the API user in Acumulus yourself."
        ),
    ),
}
