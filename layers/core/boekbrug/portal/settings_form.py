"""The typed settings <-> fields of a form: which kind of field, what it offers, what was typed."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from boekbrug.domain import settings as model
from boekbrug.domain.settings import ShopSettings, setting_texts
from boekbrug.journey import connect_document as english
from boekbrug.journey.ports.books import Choice
from boekbrug.journey.shop_choices import ShopChoices
from boekbrug.portal.visit import ENGLISH, Form

type Say = Callable[..., str]

LONGEST = 50_000
"""Characters of all settings of a shop together, as they are stored."""

STATUSES = frozenset({"trigger_statuses", "credit_statuses", "paid_statuses"})
PICKED = {
    "account": "accounts",
    "cost_center": "cost_centers",
    "template_due": "templates",
    "template_paid": "templates",
}
"""Setting -> the list of Acumulus that it picks from."""
BY_PAYMENT = {"accounts_by_payment": "accounts", "cost_centers_by_payment": "cost_centers"}
LINES = frozenset({"service_skus", "margin_skus"})
RATES = "exchange_rates"
NUMBERS = frozenset({"eu_threshold_percentage", "start_number"})
DATES = frozenset({"start_date"})
MAILS = frozenset({"generic_customer_email", "email_if_absent"})
REQUIRED = frozenset({"trigger_statuses", "start_date", "home_country"})
"""What the portal asks for although the model does not: without it nothing, or everything that
ever was, would be booked."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as a form shows it.

    ``choices`` are value, text and sometimes a small remark; by payment method: key, name and what
    that method can have.
    """

    name: str
    kind: str
    label: str
    help: str
    choices: Sequence[tuple[Any, ...]] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """How settings are shown in a language, with what there is to choose from."""

    language: str
    say: Say
    choices: ShopChoices

    def of(self, name: str, settings: ShopSettings) -> Field:
        """The field of a setting; what it holds now is offered even when it is gone from a list."""
        label, help_ = self.title(name), self._help(name)
        kind, choices = self._kind(name, settings)
        return Field(name, kind, label, help_, choices, name in REQUIRED)

    def title(self, name: str) -> str:
        """What the setting is called."""
        text = setting_texts()[name]
        return text.title_en if self.language == ENGLISH else text.title

    def _help(self, name: str) -> str:
        """Without the names in brackets that only a file or the command line needs."""
        text = setting_texts()[name]
        told = text.help_en if self.language == ENGLISH else text.help
        return re.sub(rf" \((?:{'|'.join(literals(name))})\)", "", told) if literals(name) else told

    def _kind(self, name: str, settings: ShopSettings) -> tuple[str, Sequence[tuple[Any, ...]]]:
        if name in STATUSES:
            return "checks", self.statuses(getattr(settings, name))
        if name in PICKED:
            return "choice", self.picked(name, getattr(settings, name), empty=self._empty(name))
        if name in BY_PAYMENT:
            return "by_payment", self._by_payment(name, settings)
        if literals(name):
            texts = ((one, self.say(f"settings.is_{name}_{one}")) for one in literals(name))
            return "radio", tuple(texts)
        return _plain_kind(name), ()

    # ----------------------------------------------------------------- lists

    def statuses(self, chosen: Sequence[int]) -> list[tuple[str, ...]]:
        """Every status with how many of the latest orders have it now."""
        listed = {status.id: status for status in self.choices.statuses or ()}
        offered = [(str(one.id), one.description, self._count(one.id)) for one in listed.values()]
        gone = [
            (str(one), self.say("settings.status_gone", id=one))
            for one in chosen
            if one not in listed
        ]
        return [*offered, *gone]

    def _count(self, status: int) -> str:
        if not self.choices.counted:
            return ""
        count = self.choices.counts.get(status, 0)
        return self.say("settings.status_count", count=count, of=self.choices.counted)

    def _empty(self, name: str) -> str:
        """What it means when nothing is picked."""
        return self.say("settings.like_due" if name == "template_paid" else "settings.choice_none")

    def picked(self, name: str, chosen: int | None, *, empty: str) -> list[tuple[str, ...]]:
        """The list of Acumulus that a setting picks from."""
        listed: Sequence[Choice] = getattr(self.choices, (PICKED | BY_PAYMENT)[name]) or ()
        offered = [(str(one.id), one.name or str(one.id)) for one in listed]
        if chosen is not None and chosen not in {one.id for one in listed}:
            offered.append((str(chosen), self.say("settings.choice_gone", id=chosen)))
        return [("", empty), *offered]

    def _by_payment(self, name: str, settings: ShopSettings) -> list[tuple[Any, ...]]:
        chosen, empty = getattr(settings, name), self.say("settings.like_shop")
        return [
            (key, method, self.picked(name, chosen.get(key), empty=empty))
            for key, method in self._methods(settings)
        ]

    def _methods(self, settings: ShopSettings) -> list[tuple[str, str]]:
        """Key and name of the shop's methods, and of what settings name besides.

        A key is spelled as the settings have it: upper and lower case are the same there.
        """
        listed = self.choices.payment_methods or ()
        rows = {f"{gateway}:{method}".lower(): name or method for gateway, method, name in listed}
        everywhere = {method.lower(): name or method for _, method, name in listed}
        spelled = {key.lower(): key for name in BY_PAYMENT for key in getattr(settings, name)}
        for folded, key in spelled.items():
            if folded in everywhere:
                rows[folded] = self.say("settings.method_anywhere", method=everywhere[folded])
            else:
                rows.setdefault(folded, self.say("settings.method_gone", method=key))
        return [(spelled.get(folded, folded), name) for folded, name in rows.items()]

    def value_text(self, name: str, value: Any) -> str:
        """A value as a person reads it, for what changed and what was before."""
        if name in STATUSES:
            known = {one.id: one.description for one in self.choices.statuses or ()}
            return ", ".join(known.get(one, str(one)) for one in value) or self.say("settings.none")
        if name in PICKED:
            return self._picked_text(name, value)
        if name in BY_PAYMENT:
            names = {
                f"{gateway}:{method}".lower(): shown or method
                for gateway, method, shown in self.choices.payment_methods or ()
            }
            told = (
                f"{names.get(key.lower(), key)}: {self._picked_text(name, chosen)}"
                for key, chosen in value.items()
            )
            return ", ".join(told) or self.say("settings.none")
        if literals(name):
            return self.say(f"settings.is_{name}_{value}")
        return self._plain_text(value)

    def _picked_text(self, name: str, value: int | None) -> str:
        listed: Sequence[Choice] = getattr(self.choices, (PICKED | BY_PAYMENT)[name]) or ()
        names = {one.id: one.name for one in listed}
        return names.get(value, str(value)) if value else self._empty(name)

    def _plain_text(self, value: Any) -> str:
        match value:
            case bool():
                return self.say("settings.yes" if value else "settings.no")
            case date():
                return f"{value:%d-%m-%Y}"
            case Mapping():
                told = [f"{key} {_number(rate, self.language)}" for key, rate in value.items()]
            case tuple():
                told = [str(one) for one in value]
            case Decimal():
                told = [_number(value, self.language)]
            case _:
                told = [str(value)] if value not in (None, "") else []
        return ", ".join(told) or self.say("settings.none")


def literals(name: str) -> tuple[str, ...]:
    """The words that a setting can be, when it can only be some."""
    kind = ShopSettings.model_fields[name].annotation
    return get_args(kind) if get_origin(kind) is Literal else ()


def _plain_kind(name: str) -> str:
    if ShopSettings.model_fields[name].annotation is bool:
        return "check"
    kinds = {LINES | {RATES}: "lines", NUMBERS: "number", DATES: "date", MAILS: "email"}
    return next((kind for names, kind in kinds.items() if name in names), "text")


# --------------------------------------------------------------------------- values


def values_of(settings: ShopSettings, names: Sequence[str], language: str) -> dict[str, object]:
    """What the fields hold before anything is typed."""
    values: dict[str, object] = {}
    for name in names:
        value = getattr(settings, name)
        if name in BY_PAYMENT:
            values |= {f"{name}.{key}": chosen for key, chosen in value.items()}
        else:
            values[name] = _shown(name, value, language)
    return values


def _shown(name: str, value: Any, language: str) -> object:
    if name in LINES:
        return "\n".join(value)
    if name == RATES:
        return "\n".join(f"{key} {_number(rate, language)}" for key, rate in value.items())
    if isinstance(value, Decimal):
        return _number(value, language)
    return value


def _number(value: Decimal, language: str) -> str:
    text = f"{value.normalize():f}"
    return text if language == ENGLISH else text.replace(".", ",")


def read_fields(form: Form, fields: Sequence[Field]) -> dict[str, Any]:
    """What was typed in these fields, as the model reads it."""
    return {field.name: _typed(form, field) for field in fields}


def _typed(form: Form, field: Field) -> object:
    name = field.name
    if name in STATUSES:
        return form.all(name)
    if name in BY_PAYMENT:
        return {key: form.text(f"{name}.{key}") for key, *_ in field.choices}
    if name in LINES:
        return [line.strip() for line in form.text(name).splitlines() if line.strip()]
    if name == RATES:
        return _rates(form.text(name))
    if ShopSettings.model_fields[name].annotation is bool:
        return form.checked(name)
    typed_text = form.text(name)
    return typed_text.replace(",", ".") if name in NUMBERS else typed_text


def _rates(typed: str) -> dict[str, str]:
    """``GBP 1,17`` a line; a sign between the two does no harm."""
    rates = {}
    for line in typed.splitlines():
        currency, _, rate = line.replace("=", " ").strip().partition(" ")
        if currency:
            rates[currency] = rate.strip().replace(",", ".")
    return rates


def settings_with(
    before: ShopSettings,
    typed: Mapping[str, Any],
    language: str,
    say: Say,
    *,
    required: Collection[str] = REQUIRED,
) -> tuple[ShopSettings, dict[str, str]]:
    """The settings with what was typed, and a sentence for each field that is not right."""
    errors = {
        name: say(f"settings.missing_{name}")
        for name in typed
        if name in required and not typed[name]
    }
    try:
        wanted = ShopSettings.model_validate(before.model_dump() | dict(typed))
    except ValidationError as refused:
        told = (english if language == ENGLISH else model).problem_of_each(refused)
        open_choices = {name: say("settings.choose_one") for name in told if literals(name)}
        return before, told | open_choices | errors
    if len(wanted.model_dump_json()) > LONGEST:
        errors[""] = say("settings.too_much")
    return wanted, errors
