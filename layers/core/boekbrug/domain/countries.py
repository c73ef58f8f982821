"""Country codes and names, the EU by date, and the places where VAT law differs from the map."""

import unicodedata
from datetime import date
from functools import lru_cache

ALIASES = {"EL": "GR", "UK": "GB"}
"""Codes that shops use beside ISO 3166 (R17)."""

EU = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
"""Member states; used when Acumulus' own answer is not there (R18)."""

UK_LEFT = date(2021, 1, 1)
"""From this day the United Kingdom is outside the EU VAT area, Northern Ireland in it for goods."""

VAT_COUNTRY = {"MC": "FR", "IM": "GB"}
"""Treated as the other country for VAT by treaty (R20)."""

TERRITORY_OF = {
    **dict.fromkeys(("GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM"), "FR"),
    "AX": "FI",
    "IC": "ES",
    "EA": "ES",
}
"""Codes of their own for parts of a member state that lie outside the EU VAT area (R19)."""

# Parts of a member state outside the EU VAT area, by postcode (R19).
_OUTSIDE = {
    "ES": ("35", "38", "51", "52"),
    "DE": ("78266", "27498"),
    "IT": ("23041", "22061"),
    "GR": ("63086", "63087"),
    "FR": ("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"),
    "FI": ("22",),
}
# Old postcodes that they share with neighbours, and the Swiss ones that two enclaves have too.
_OUTSIDE_BY_CITY = {
    ("IT", "23030", "livigno"),
    ("IT", "22060", "campione"),
    ("IT", "06911", "campione"),
    ("DE", "08238", "busingen"),
}

# Parts of a member state with VAT rates of their own, which the look-up does not know (R58).
_REGIONAL = {
    "PT": ("90", "91", "92", "93", "94", "95", "96", "97", "98", "99"),
    "AT": ("6691", "6991", "6992", "6993"),
    "FR": ("20",),
    "GR": ("811", "821", "831", "853", "854"),
}
_POSTCODE_DIGITS = {"AT": 4, "PT": 4}

_NAMES = {
    "NL": "nederland/netherlands/the netherlands/holland/pays-bas/niederlande/paises bajos",
    "BE": "belgie/belgique/belgium/belgien/belgica/belgio",
    "DE": "duitsland/deutschland/germany/allemagne/alemania/germania",
    "FR": "frankrijk/france/frankreich/francia",
    "LU": "luxemburg/luxembourg/luxemburgo",
    "GB": "verenigd koninkrijk/united kingdom/groot-brittannie/great britain/engeland/england"
    "/schotland/scotland/wales/vereinigtes konigreich/royaume-uni",
    "XI": "noord-ierland/northern ireland/nordirland",
    "IE": "ierland/ireland/irland/irlande",
    "ES": "spanje/espana/spain/spanien/espagne",
    "PT": "portugal",
    "IT": "italie/italia/italy/italien",
    "AT": "oostenrijk/osterreich/austria/autriche",
    "CH": "zwitserland/schweiz/suisse/switzerland/svizzera",
    "DK": "denemarken/danmark/denmark/danemark",
    "SE": "zweden/sverige/sweden/schweden/suede",
    "NO": "noorwegen/norge/norway/norwegen/norvege",
    "FI": "finland/suomi/finnland/finlande",
    "IS": "ijsland/island/iceland",
    "PL": "polen/polska/poland/pologne",
    "CZ": "tsjechie/czechia/ceska republika/czech republic/tschechien",
    "SK": "slowakije/slovensko/slovakia/slowakei",
    "HU": "hongarije/magyarorszag/hungary/ungarn",
    "SI": "slovenie/slovenija/slovenia/slowenien",
    "HR": "kroatie/hrvatska/croatia/kroatien",
    "RO": "roemenie/romania/rumanien",
    "BG": "bulgarije/bulgaria/bulgarien",
    "GR": "griekenland/ellada/greece/griechenland",
    "CY": "cyprus/kypros/zypern",
    "MT": "malta",
    "EE": "estland/eesti/estonia",
    "LV": "letland/latvija/latvia/lettland",
    "LT": "litouwen/lietuva/lithuania/litauen",
    "MC": "monaco",
    "US": "verenigde staten/united states/usa/vereinigte staten/etats-unis",
    "CA": "canada",
    "AU": "australie/australia",
    "JP": "japan",
    "TR": "turkije/turkey/turkiye",
    "AW": "aruba",
    "CW": "curacao",
    "SX": "sint maarten",
    "SR": "suriname",
    "BQ": "bonaire/saba/sint eustatius/caribisch nederland",
}


# ISO 3166 by first letter, and what is used beside it: AN (until 2010), EA, IC, XI, XK (Kosovo).
_SECOND_LETTERS = {
    "A": "DEFGILMNOQRSTUWXZ",
    "B": "ABDEFGHIJLMNOQRSTVWYZ",
    "C": "ACDFGHIKLMNORUVWXYZ",
    "D": "EJKMOZ",
    "E": "ACEGHRST",
    "F": "IJKMOR",
    "G": "ABDEFGHILMNPQRSTUWY",
    "H": "KMNRTU",
    "I": "CDELMNOQRST",
    "J": "EMOP",
    "K": "EGHIMNPRWYZ",
    "L": "ABCIKRSTUVY",
    "M": "ACDEFGHKLMNOPQRSTUVWXYZ",
    "N": "ACEFGILOPRUZ",
    "O": "M",
    "P": "AEFGHKLMNRSTWY",
    "Q": "A",
    "R": "EOSUW",
    "S": "ABCDEGHIJKLMNORSTVXYZ",
    "T": "CDFGHJKLMNORTVWZ",
    "U": "AGMSYZ",
    "V": "ACEGINU",
    "W": "FS",
    "X": "IK",
    "Y": "ET",
    "Z": "AMW",
}
_CODES = frozenset(one + two for one, letters in _SECOND_LETTERS.items() for two in letters)

_CHANNEL_ISLANDS = {"JE": "JE", "GY": "GG"}
"""How their postcodes start, as the United Kingdom's do, and their own codes (R19)."""


@lru_cache(maxsize=1024)
def normalised(code: str) -> str:
    """Upper case without spaces, EL -> GR, UK -> GB; "" for what is no country's code (R17)."""
    code = code.strip().upper()
    code = ALIASES.get(code, code)
    return code if code in _CODES else ""


def with_islands(country: str, postcode: str) -> str:
    """Customers in Jersey and Guernsey may choose the United Kingdom: they are no part of it."""
    if country != "GB":
        return country
    return _CHANNEL_ISLANDS.get(postcode.strip()[:2].upper(), country)


def code_of_name(name: str) -> str:
    """The code of a country's localised name, or "" when it is not known (R16)."""
    return _codes_by_name().get(_folded(name), "")


def in_eu(country: str, on: date) -> bool:
    """Whether a country (MC as FR, see ``VAT_COUNTRY``) is EU VAT area by our own list (R18)."""
    return (
        country in EU or (on < UK_LEFT and country == "GB") or (on >= UK_LEFT and country == "XI")
    )


def outside_the_map(country: str, postcode: str, city: str) -> bool:
    """Whether this part of an EU member state lies outside the EU VAT area (R19)."""
    if country in TERRITORY_OF:
        return True
    starts = _OUTSIDE.get(country)
    if starts is None:
        return False
    digits = _digits(country, postcode)
    if digits.startswith(starts):
        return True
    return any(
        (country, digits) == (where, code) and _folded(city).startswith(place)
        for where, code, place in _OUTSIDE_BY_CITY
    )


def has_regional_rates(country: str, postcode: str) -> bool:
    """Whether this place has VAT rates of its own that the look-up does not list (R58)."""
    starts = _REGIONAL.get(country)
    return starts is not None and _digits(country, postcode).startswith(starts)


def is_northern_irish(country: str, postcode: str, on: date) -> bool:
    """Northern Ireland from 2021: code XI, or GB with a postcode that starts with BT (R21)."""
    if country == "XI":
        return on >= UK_LEFT
    if country != "GB" or on < UK_LEFT:
        return False
    compact = postcode.replace(" ", "").upper()
    return compact.startswith("BT") and compact[2:3].isdigit()


def _digits(country: str, postcode: str) -> str:
    """The digits of a postcode; a leading zero that a spreadsheet ate comes back."""
    digits = "".join(letter for letter in postcode if letter.isdigit())
    wanted = _POSTCODE_DIGITS.get(country, 5)
    return digits[:wanted] if country == "PT" else digits.zfill(wanted)


def _folded(text: str) -> str:
    """Lower case without accents and surplus spaces."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    return {name: code for code, names in _NAMES.items() for name in names.split("/")}
