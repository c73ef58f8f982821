"""The catalogue of texts: complete in both languages, and exactly what the pages use."""

import re
from pathlib import Path

import pytest

from boekbrug.portal import texts
from boekbrug.portal.texts import CATALOGUE, say

PORTAL = Path(texts.__file__).parents[1]
SOURCES = [
    path.read_text()
    for pattern in ("*.py", "pages/*.py", "templates/**/*.j2")
    for path in PORTAL.glob(pattern)
]
KEY = r"[a-z_]+\.[a-z0-9_]+"


def used() -> set[str]:
    """Keys that a page or template says as a whole."""
    whole = rf"""["']({KEY})["'](?!\s*~)"""
    return {key for text in SOURCES for key in re.findall(whole, text)}


def begun() -> set[str]:
    """Beginnings that a page or template completes: ``"common.nav_" ~ name``, ``f"states.{s}"``."""
    beginning = r"([a-z_]+\.[a-z0-9_]*)"
    patterns = (rf"""["']{beginning}["']\s*~""", rf"""f["']{beginning}\{{""")
    return {key for text in SOURCES for one in patterns for key in re.findall(one, text)}


def names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)[^}]*\}", text))


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_say_the_same(key: str) -> None:
    """Both are there, with the same values to fill in and as many stars."""
    dutch, english = CATALOGUE[key]

    assert dutch.strip()
    assert english.strip()
    assert names(dutch) == names(english)
    assert dutch.count("*") % 2 == english.count("*") % 2 == 0


@pytest.mark.parametrize("key", CATALOGUE)
def test_owners_are_addressed_politely(key: str) -> None:
    """With u, and without exclamation marks."""
    dutch, english = CATALOGUE[key]

    assert not re.search(r"\b(je|jij|jou|jouw)\b|!", dutch)
    assert "!" not in english


def test_every_text_that_is_used_is_there() -> None:
    """Of what looks like a key of one of our areas."""
    areas = {key.partition(".")[0] for key in CATALOGUE}
    asked = {key for key in used() if key.partition(".")[0] in areas}

    assert sorted(asked - set(CATALOGUE)) == []
    assert [one for one in begun() if not any(key.startswith(one) for key in CATALOGUE)] == []


def test_no_text_is_left_over() -> None:
    """Every text is said somewhere, as a whole or by its beginning."""
    beginnings = tuple(begun())

    assert [key for key in CATALOGUE if key not in used() and not key.startswith(beginnings)] == []


def test_a_text_is_filled_in() -> None:
    """In the language that is asked for."""
    assert say("nl", "common.signed_in_as", email="a@b.nl") == "Ingelogd als a@b.nl"
    assert say("en", "common.signed_in_as", email="a@b.nl") == "Signed in as a@b.nl"
