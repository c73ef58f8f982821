"""Facts about all templates: nothing inline, nothing unescaped."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from boekbrug.portal import render as rendering
from boekbrug.portal.formats import day, moment, money, short_day, strong

TEMPLATES = sorted(rendering.TEMPLATES.rglob("*.j2"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_nothing_is_inline_or_unescaped(template: Path) -> None:
    """The content security policy would refuse it, or escaping would be switched off."""
    text = template.read_text()

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
    assert not re.search(r"\|\s*safe|autoescape false|Markup", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_can_be_read(template: Path) -> None:
    """Also those that no test shows."""
    name = str(template.relative_to(rendering.TEMPLATES))

    assert rendering.environment().get_template(name)


def test_amounts_are_written_as_people_here_write_them() -> None:
    """Cents, thousands, a credit; in both languages, and other currencies by their code."""
    nbsp = "\N{NO-BREAK SPACE}"

    assert money(Decimal("1234.5"), "nl") == f"€{nbsp}1.234,50"
    assert money(Decimal("1234.5"), "en") == f"€{nbsp}1,234.50"
    assert money(Decimal("-35.85"), "nl") == f"€{nbsp}-35,85"
    assert money(Decimal(1747), "nl", "SEK") == f"SEK{nbsp}1.747,00"


def test_times_are_those_of_amsterdam() -> None:
    """A moment late in the evening (UTC) is the next day there."""
    late = datetime(2026, 3, 3, 23, 5, tzinfo=UTC)

    assert moment(late, "nl") == "4 maart 2026 om 00:05"
    assert moment(late, "en") == "4 March 2026 at 00:05"
    assert (day(late, "nl"), short_day(late)) == ("4 maart 2026", "04-03-2026")
    assert day(date(2026, 3, 3), "nl") == "3 maart 2026"


def test_stars_are_ours_and_nothing_else_is() -> None:
    """What came from outside stays text."""
    assert strong("*Let op*: <b>x</b>") == "<strong>Let op</strong>: &lt;b&gt;x&lt;/b&gt;"
