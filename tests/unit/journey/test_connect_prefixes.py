"""Prefixes: two shops on one administration never make the same order reference."""

from hypothesis import given
from hypothesis import strategies as st

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.prefixes import clash, derive

PREFIXES = st.from_regex(r"[A-Z0-9-]{0,4}", fullmatch=True)
NUMBERS = st.from_regex(r"[1-9][0-9]{0,6}", fullmatch=True)


@given(PREFIXES, PREFIXES, NUMBERS, NUMBERS)
def test_prefixes_that_do_not_clash_never_meet(
    one: str, other: str, number: str, another: str
) -> None:
    """Whatever the order numbers are, the references differ."""
    assert clash(one, other) or f"{one}{number}" != f"{other}{another}"


@given(PREFIXES, st.from_regex(r"[0-9]{0,3}", fullmatch=True))
def test_a_prefix_clashes_with_itself_and_digits(prefix: str, digits: str) -> None:
    """Digits after a prefix could be the beginning of a number."""
    assert clash(prefix, prefix + digits)
    assert clash(prefix + digits, prefix)


@given(st.text(), st.lists(PREFIXES, max_size=30))
def test_a_derived_prefix_is_usable_and_free(name: str, taken: list[str]) -> None:
    """Any shop name gives a prefix that fits the reference and meets no other."""
    prefix = derive(name, taken)

    assert prefix
    assert ShopSettings(order_prefix=prefix).order_prefix == prefix
    assert not any(clash(prefix, other) for other in taken)


def test_many_shops_of_one_name_all_get_a_prefix() -> None:
    """The letters run out, the prefixes do not."""
    taken: list[str] = []
    for _ in range(100):
        taken.append(derive("Winkel", taken))

    assert len(set(taken)) == 100


def test_a_prefix_looks_like_the_shop() -> None:
    """Initials for several words, else the beginning of the name; accents are left off."""
    assert derive("Mokken & Meer", [""]) == "MM"
    assert derive("Élan", [""]) == "EL"
