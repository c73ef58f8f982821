"""Shops on one administration -> prefixes that keep every order reference unique (R99, R100)."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from string import ascii_uppercase


def clash(one: str, other: str) -> bool:
    """Whether two shops could make the same reference, since order numbers are digits (R4).

    "A" and "A1" clash: order 142 of the first and 42 of the second are both "A142".
    """
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    rest = long.removeprefix(short)
    return long.startswith(short) and (not rest or rest.isdigit())


def derive(name: str, taken: Collection[str]) -> str:
    """A short prefix for a shop that needs one: its initials, else more of its name."""
    return next(
        prefix
        for prefix in _candidates(_letters(name))
        if not any(clash(prefix, other) for other in taken)
    )


def _letters(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return [word.upper() for word in re.findall(r"[A-Za-z]+", plain)]


def _candidates(words: list[str]) -> Iterator[str]:
    """Never ends, and never ends a prefix with a digit."""
    initials = "".join(word[0] for word in words)[:4]
    if len(initials) > 1:
        yield initials
    joined = "".join(words) or "W"
    for length in range(2, min(len(joined), 6) + 1):
        yield joined[:length]
    for letter in ascii_uppercase:
        yield joined[0] + letter
    number = 2
    while True:
        yield f"{joined[0]}{number}-"
        number += 1
