"""What other settings would change -> lines that a person reads: what, before, after."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from boekbrug.domain.invoice import InvoiceLine
from boekbrug.domain.reasons import in_english
from boekbrug.journey.what_if import Decision, Difference, Value
from boekbrug.portal.formats import money, short_day
from boekbrug.portal.settings_form import Fields
from boekbrug.portal.visit import ENGLISH

PICKED = {"account": "account", "cost_center": "cost_center", "template": "template_due"}
"""What differs -> a setting that picks from the same list."""


def in_words(difference: Difference, fields: Fields) -> tuple[str, str, str, str]:
    """What differs, how it was and would be (empty for what is not shown), and why."""
    what, before, after = difference.what, difference.before, difference.after
    return (
        fields.say(f"settings.differs_{what}"),
        _value(what, before, fields),
        _value(what, after, fields),
        _why(after, fields),
    )


def _why(value: Value, fields: Fields) -> str:
    if not isinstance(value, Decision):
        return ""
    english = fields.language == ENGLISH
    return in_english(value.code, value.text) if english else value.text


def _value(what: str, value: Value, fields: Fields) -> str:
    if what in PICKED:
        return fields.value_text(PICKED[what], value)
    if what in {"vattype", "paid"}:
        return fields.say(f"settings.{what}_{value}")
    if what == "date" and value is None:
        return fields.say("settings.is_issue_date_transfer_date")
    if isinstance(value, Decision):
        return fields.say(f"settings.decided_{value.state}")
    return _plain(value, fields)


def _plain(value: Value, fields: Fields) -> str:
    match value:
        case Decimal():
            return money(value, fields.language)
        case date():
            return short_day(value)
        case Mapping():
            vat = ((_rate(rate, fields), money(of, fields.language)) for rate, of in value.items())
            return ", ".join(f"{rate}: {amount}" for rate, amount in vat)
        case tuple():
            parts = (_line(one, fields) if isinstance(one, InvoiceLine) else one for one in value)
            return ", ".join(parts) or fields.say("settings.none")
        case _:
            return str(value or "")


def _rate(rate: str, fields: Fields) -> str:
    return fields.say("settings.vat_free") if rate == "-1" else f"{rate}%"


def _line(line: InvoiceLine, fields: Fields) -> str:
    return f"{line.product} ({_rate(f'{line.vatrate.normalize():f}', fields)})"
