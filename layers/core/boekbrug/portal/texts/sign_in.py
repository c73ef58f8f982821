"""Coming in and leaving."""

TEXTS = {
    "title": ("Inloggen", "Sign in"),
    "lead": (
        "Vul uw e-mailadres in. U krijgt een link waarmee u inlogt; een wachtwoord is er niet.",
        "Enter your e-mail address. You get a link that signs you in; there is no password.",
    ),
    "email": ("E-mailadres", "E-mail address"),
    "send": ("Stuur mij een link", "Send me a link"),
    "sent_title": ("Kijk in uw mail", "Check your mail"),
    "sent": (
        "Er is een mail gestuurd naar *{email}*. De link daarin werkt 15 minuten.",
        "A mail was sent to *{email}*. The link in it works for 15 minutes.",
    ),
    "sent_nothing": (
        "Niets gekregen? Kijk bij de ongewenste mail, of controleer het adres en probeer het nog eens.",
        "Nothing arrived? Look in the spam folder, or check the address and try again.",
    ),
    "again": ("Nieuwe link aanvragen", "Ask for a new link"),
    "confirm_title": ("Bevestig dat u het bent", "Confirm that it is you"),
    "confirm": ("U logt in als *{email}*.", "You sign in as *{email}*."),
    "confirm_button": ("Inloggen", "Sign in"),
    "refused_title": ("Deze link werkt niet meer", "This link no longer works"),
    "refused_no_address": (
        "Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl.",
        "This is no e-mail address. Write it as name@example.com.",
    ),
    "refused_too_many_links": (
        "Er zijn te veel links aangevraagd. Gebruik de laatste mail, of probeer het over een uur nog eens.",
        "Too many links were asked for. Use the latest mail, or try again in an hour.",
    ),
    "refused_mail_failed": (
        "De mail kon niet worden verstuurd. Probeer het over een minuut nog eens.",
        "The mail could not be sent. Try again in a minute.",
    ),
    "refused_link_unknown": (
        "De link is niet volledig of niet van ons. Vraag een nieuwe aan.",
        "The link is incomplete or not ours. Ask for a new one.",
    ),
    "refused_link_used": (
        "De link is al gebruikt: hij werkt één keer. Vraag een nieuwe aan.",
        "The link was used already: it works once. Ask for a new one.",
    ),
    "refused_link_old": (
        "De link is ouder dan 15 minuten. Vraag een nieuwe aan.",
        "The link is older than 15 minutes. Ask for a new one.",
    ),
    "needed": ("Log in om verder te gaan.", "Sign in to go on."),
    "signed_out": ("U bent uitgelogd.", "You are signed out."),
    "accounts_title": ("Kies een account", "Choose an account"),
    "accounts_lead": (
        "Met dit adres kunt u bij meer dan één account.",
        "With this address you can reach more than one account.",
    ),
    "no_shops": ("Nog geen winkel", "No shop yet"),
}
