"""The generated page of reasons and messages is fresh and complete."""

from boekbrug.domain.reasons import catalogue
from workbench.messages_page import PAGE, TITLES, messages_page


def test_the_page_is_fresh() -> None:
    """docs/messages.md is what `python -m workbench.messages_page` would write (R130)."""
    assert PAGE.read_text("utf-8") == messages_page(), "run `python -m workbench.messages_page`"


def test_every_code_is_on_the_page() -> None:
    """No kind of code is left out, and each code stands on the page once."""
    page = messages_page()
    assert {entry.kind for entry in catalogue()} <= set(TITLES)
    assert [page.count(f"| `{entry.code}` |") for entry in catalogue()] == [1] * len(catalogue())
