"""VAT numbers: one form, checked against the pattern of their country (R25, R26)."""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.eu import vat as stdnum_vat
from stdnum.gb import vat as british_vat

from boekbrug.domain.countries import UK_LEFT

# What follows the country prefix (the structure that VIES publishes).
_PATTERNS = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]|\d{7}[A-Z]{2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{10}01",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
}
_COMPILED = {prefix: re.compile(pattern) for prefix, pattern in _PATTERNS.items()}
_PREFIX_OF = {"GR": "EL", "MC": "FR", "IM": "GB"}
_COUNTRY_OF = {"EL": "GR"}
_TYPED_AS = {"GR": "EL", "UK": "GB"}
_COUNTRIES_WITH_PATTERN = {_COUNTRY_OF.get(prefix, prefix) for prefix in _PATTERNS} | {*_PREFIX_OF}
_NOT_PART = re.compile(r"[^A-Z0-9+*]")
_WORDS = ("BTWNR", "BTW", "TVA", "VAT", "MWST", "USTID", "UID")


@dataclass(frozen=True, slots=True)
class VatNumber:
    """A VAT number as it is sent; ``country`` is the ISO code (GR for EL).

    ``plausible`` tells whether it fits the pattern of its country; the pattern decides (R26).
    """

    text: str
    country: str
    plausible: bool


def read_vat_number(typed: str, country: str) -> VatNumber | None:
    """What the customer typed -> the number, ``None`` when nothing was typed (R25).

    ``country`` (ISO code) is the one whose prefix is added when it is missing.
    """
    text = _NOT_PART.sub("", typed.upper())
    if not text:
        return None
    for candidate in _candidates(text):
        found = _with_prefix(candidate) or _without_prefix(candidate, country)
        if found is not None:
            return found
    return VatNumber(
        text, country, plausible=country not in _COUNTRIES_WITH_PATTERN and len(text) > 4
    )


def of_member_state(number: VatNumber, on: date, *, goods: bool) -> bool:
    """Whether the number counts as one of an EU member state on that day (R34, R37)."""
    if number.country == "GB":
        return on < UK_LEFT
    if number.country == "XI":
        return goods and on >= UK_LEFT
    return _PREFIX_OF.get(number.country, number.country) in _PATTERNS


def has_right_check_digits(number: VatNumber) -> bool:
    """Whether python-stdnum accepts the check digits too: a hint, some countries reuse old ones."""
    known = british_vat if number.country == "GB" else stdnum_vat
    return bool(known.is_valid(number.text))


def _candidates(text: str) -> list[str]:
    """As typed, and without a word like BTW before it."""
    return [text, *(text.removeprefix(word) for word in _WORDS if text.startswith(word))]


def _with_prefix(text: str) -> VatNumber | None:
    prefix = _TYPED_AS.get(text[:2], text[:2])
    pattern = _COMPILED.get(prefix)
    if pattern is None:
        return None
    rest = text[2:]
    if prefix == "BE" and len(rest) == 9:
        rest = f"0{rest}"  # numbers from before 2005
    return _number(prefix, rest) if pattern.fullmatch(rest) else None


def _without_prefix(text: str, country: str) -> VatNumber | None:
    prefix = _PREFIX_OF.get(country, country)
    return _with_prefix(prefix + text) if prefix in _COMPILED else None


def _number(prefix: str, rest: str) -> VatNumber:
    return VatNumber(prefix + rest, _COUNTRY_OF.get(prefix, prefix), plausible=True)
