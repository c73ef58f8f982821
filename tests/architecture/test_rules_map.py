"""The generated page that maps rules to code and tests is fresh, and no rule is unproven."""

from workbench.rules_map import PAGE, SUBJECTS, rules_page, rules_without_test


def test_every_rule_has_a_name() -> None:
    """R1 to R130, without a hole."""
    assert list(SUBJECTS) == list(range(1, 131))


def test_every_rule_is_named_by_a_test() -> None:
    """Each rule is named by at least one test or golden case."""
    assert [f"R{rule}" for rule in rules_without_test()] == []


def test_the_page_is_fresh() -> None:
    """docs/rules.md is what `python -m workbench.rules_map` would write."""
    assert PAGE.read_text("utf-8") == rules_page(), "run `python -m workbench.rules_map`"
