"""The generated page of settings is fresh."""

from workbench.settings_page import PAGE, settings_page


def test_the_page_is_fresh() -> None:
    """docs/settings.md is what `python -m workbench.settings_page` would write."""
    assert PAGE.read_text("utf-8") == settings_page(), "run `python -m workbench.settings_page`"
