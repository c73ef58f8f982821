"""Amounts, days and moments as people here write them; the filters of the templates."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from boekbrug.domain.days import AMSTERDAM
from boekbrug.domain.reasons import in_english
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.sentences import ENGLISH
from boekbrug.portal.texts import say

_STARRED = re.compile(r"\*(.+?)\*")
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def money(amount: Decimal, language: str, currency: str = "EUR") -> str:
    """``€ 1.234,50`` in Dutch, ``€ 1,234.50`` in English; the space does not break."""
    number = f"{amount:,.2f}"
    if language != "en":
        number = number.translate(str.maketrans(",.", ".,"))
    return f"{_SIGNS.get(currency, currency)}\N{NO-BREAK SPACE}{number}"


def amount(value: Decimal, language: str) -> str:
    """``1.234,50``: for tables, where the heading says that it is euro."""
    return money(value, language).partition("\N{NO-BREAK SPACE}")[2]


def day(value: date, language: str) -> str:
    """``24 november 2026``; of a moment, the day it is in Amsterdam."""
    return say(language, "common.day", **_parts(value, language))


def moment(value: datetime, language: str) -> str:
    """``24 november 2026 om 13:05``, in Amsterdam."""
    parts = _parts(value, language)
    return say(language, "common.moment", **parts, time=f"{value.astimezone(AMSTERDAM):%H:%M}")


def short_day(value: date) -> str:
    """``24-11-2026``."""
    return f"{_local(value):%d-%m-%Y}"


def _parts(value: date, language: str) -> Mapping[str, object]:
    local = _local(value)
    month = say(language, "common.months").split()[local.month - 1]
    return {"day": local.day, "month": month, "year": local.year}


def _local(value: date) -> date:
    return value.astimezone(AMSTERDAM).date() if isinstance(value, datetime) else value


def rate(value: Decimal | None, language: str) -> str:
    """``21%``, ``25,5%``; ``vrij`` for VAT free (-1), a question mark for what nobody said."""
    if value is None:
        return "?"
    if value < 0:
        return say(language, "orders.exempt")
    number = f"{value.normalize():f}"
    return f"{number if language == 'en' else number.replace('.', ',')}%"


def unbroken(text: str) -> str:
    """A sentence whose amounts stay on one line."""
    return text.replace("€ ", "€\N{NO-BREAK SPACE}")


def strong(text: str) -> Markup:
    """Our own ``*stars*`` become strong; everything else is escaped."""
    marked: str = _STARRED.sub(r"<strong>\1</strong>", str(escape(text)))
    return Markup(marked)  # noqa: S704  # escaped one line up; only our own stars became tags


def _spoken(format_it: Callable[..., str]) -> Callable[..., str]:
    """A filter in the language of the page."""

    @pass_context
    def filtered(context: Context, value: Any, *more: Any) -> str:
        return format_it(value, context["visit"].language, *more)

    return filtered


def found(finding: Finding, language: str) -> str:
    """What a night found out, as a sentence."""
    english = language == ENGLISH
    return in_english(finding.code, finding.detail) if english else finding.detail


FILTERS: Mapping[str, Callable[..., str]] = {
    "amount": _spoken(amount),
    "euro": _spoken(money),
    "money": _spoken(money),
    "rate": _spoken(rate),
    "day": _spoken(day),
    "found": _spoken(found),
    "moment": _spoken(moment),
    "short_day": short_day,
    "state": _spoken(lambda state, language: say(language, f"states.{state}")),
    "strong": strong,
    "unbroken": unbroken,
}
