"""The generated page of reasons and messages is fresh and complete."""

from boekbrug.domain.catalogue import Kind
from boekbrug.domain.reasons import catalogue
from boekbrug.journey.digests import OURS
from boekbrug.journey.sentences import REASONS
from workbench.messages_page import ON_THE_WAY, PAGE, TITLES, messages_page


def test_the_page_is_fresh() -> None:
    """docs/messages.md is what `python -m workbench.messages_page` would write (R130)."""
    assert PAGE.read_text("utf-8") == messages_page(), "run `python -m workbench.messages_page`"


def test_every_code_is_on_the_page() -> None:
    """No kind of code is left out, and each code of the rules stands on the page once."""
    page = messages_page()
    assert {entry.kind for entry in catalogue()} <= set(TITLES)
    assert [page.count(f"| `{entry.code}` |") for entry in catalogue()] == [1] * len(catalogue())


def test_every_reason_of_the_journey_is_on_the_page() -> None:
    """With its severity and rule; a fault of ours books nothing."""
    assert set(ON_THE_WAY) == set(REASONS)
    assert {ON_THE_WAY[code][0] for code in OURS} == {Kind.HOLD}
