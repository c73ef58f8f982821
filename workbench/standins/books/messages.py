"""Every error and warning of the books stand-in: its code, codetag and text in two languages.

Tags that start with SIM are ours, because the real ones are not known.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One error or warning; ``code`` starts with the number that clients may compare."""

    codetag: str
    code: str
    en: str
    nl: str

    @property
    def http(self) -> int:
        """The HTTP status that goes with it as an error."""
        number = int(self.code.split()[0])
        return number if number in {400, 401, 403, 404} else 400

    def text(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


def _table(*rows: tuple[str, str, str, str]) -> dict[str, Message]:
    return {row[0]: Message(*row) for row in rows}


_BAD, _NO, _GONE = "400 Bad Request", "403 Forbidden", "404 Not Found"

MESSAGES = _table(
    ("AF1001MCS", _NO, "The mandatory contract section is missing.", "Het contractdeel ontbreekt."),
    ("A8N403GCN", _NO, "Your role may not use this call.", "Uw rol mag deze aanroep niet doen."),
    ("XUPR7NEC8", "553", "This user role is deprecated for the API.", "Deze rol is verouderd."),
    ("CE005BVTC", "511", "Unknown vattype, 1 is used.", "Onbekend btw-type, 1 wordt gebruikt."),
    ("WW83E0ZZ", "400 Deprecated Request", "Use the cost centre's id.", "Gebruik het id."),
    ("BK07TG65N", _GONE, "Entry not found.", "Boekstuk niet gevonden."),
    ("P2XFELO12", _GONE, "Entry is in this state already.", "Boekstuk heeft deze status al."),
    ("XCM7ELO12", _BAD, "entrydeletestatus must be 0 or 1.", "entrydeletestatus is 0 of 1."),
    ("7CFBA8K", _BAD, "Invoice token not found.", "Factuurtoken niet gevonden."),
    ("AAB6C3AA", _BAD, "Invoice token not found.", "Factuurtoken niet gevonden."),
    ("AA69CBAA", _BAD, "Invalid token.", "Ongeldig token."),
    ("GK6FKHU52", _BAD, "invoicetype invalid, 0 is used.", "invoicetype ongeldig, 0 gebruikt."),
    ("DATE590ZW", _BAD, "paymentdate missing or invalid.", "paymentdate ontbreekt of is ongeldig."),
    ("FGY040XX", _BAD, "Concept not found.", "Concept niet gevonden."),
    ("FGYBSN048", _BAD, "Concept too old to be resolved.", "Concept te oud."),
    ("AA6A45AA", _BAD, "Invalid country code.", "Ongeldige landcode."),
    ("AAC37EAA", _BAD, "No threshold before 2021.", "Geen drempel voor 2021."),
    ("SIMXML", _BAD, "The XML cannot be read.", "De XML is onleesbaar."),
    ("SIMLOGIN", _NO, "Contract code, user or password wrong.", "Inloggegevens onjuist."),
    ("SIMLOCKEDOUT", _NO, "Too many wrong logins.", "Te vaak verkeerd ingelogd."),
    ("SIMNOINVOICE", _BAD, "No customer or invoice section.", "Klant of factuur ontbreekt."),
    ("SIMNOLINES", _BAD, "The invoice has no lines.", "De factuur heeft geen regels."),
    ("SIMDECIMAL", _BAD, "A line has an unreadable number.", "Een regel heeft een fout getal."),
    ("SIMNOPRICE", _BAD, "A line has no unitprice.", "Een regel heeft geen unitprice."),
    ("SIMNORATE", _BAD, "A line has no vatrate.", "Een regel heeft geen vatrate."),
    ("SIMFREE6", _BAD, "VAT free is not possible here.", "Btw-vrij kan hier niet."),
    ("SIMVATTYPE", _BAD, "Lines or customer do not fit vattype.", "Btw-type past niet."),
    ("SIMNUMBER", _BAD, "number must be digits only.", "number mag alleen cijfers zijn."),
    ("SIMNUMBERUSED", _BAD, "This number exists already.", "Dit nummer bestaat al."),
    ("SIMISSUEDATE", _BAD, "issuedate invalid.", "issuedate ongeldig."),
    ("SIMPAYDATE", _BAD, "paymentdate invalid.", "paymentdate ongeldig."),
    ("SIMPAYSTATUS", _BAD, "paymentstatus must be 1 or 2.", "paymentstatus is 1 of 2."),
    ("SIMLOCKED", _BAD, "The booking period is locked.", "De boekperiode is afgesloten."),
    ("SIMQUOTA", _BAD, "No bookings left in this contract.", "Geen boekingen meer over."),
    ("SIMQUOTA403", _NO, "No bookings left in this contract.", "Geen boekingen meer over."),
    ("SIMACCOUNT", _BAD, "Unknown accountnumber, first used.", "Onbekende rekening."),
    ("SIMCOSTCENTER", _BAD, "Unknown costcenter, first used.", "Onbekende kostenplaats."),
    ("SIMTEMPLATE", _BAD, "Unknown template, first used.", "Onbekend sjabloon."),
    ("SIMCONTACT", _GONE, "Contact not found.", "Relatie niet gevonden."),
    (
        "SIMEMAIL",
        _BAD,
        "No usable address: nothing mailed.",
        "Geen bruikbaar adres: niets gemaild.",
    ),
    ("SIMDATE", _BAD, "vatdate invalid.", "vatdate ongeldig."),
    ("SIMREFUSED", _BAD, "The call was refused.", "De aanroep is geweigerd."),
    ("SIMEXCEPTION", "500 Exception", "Exception, contact support.", "Fout, neem contact op."),
)


class Refused(Exception):
    """When a call is refused; ``extra`` is echoed at the top of the answer."""

    def __init__(self, codetag: str, http: int | None = None, **extra: str) -> None:
        super().__init__(codetag)
        self.message = MESSAGES[codetag]
        self.http = http
        self.extra = extra
