"""A stop or its end -> a mail: subject, plain text and HTML from the same words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from boekbrug.domain.days import AMSTERDAM
from boekbrug.journey.ports.tenants import Account, Administration, ConnectedShop
from boekbrug.notices.words import (
    ADMINISTRATION_PAUSED,
    ADMINISTRATION_ROLE,
    FRAMES,
    MAILS,
    SHOP_PAUSED,
    Frame,
    Words,
)

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
OVERVIEW = "/overzicht"
_PAGES = {
    SHOP_PAUSED: "/instellingen/token",
    ADMINISTRATION_PAUSED: "/instellingen/acumulus",
    ADMINISTRATION_ROLE: "/instellingen/acumulus",
}
_STARRED = re.compile(r"\*(.+?)\*")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to send; ``html`` and ``text`` say the same."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str


def about_shop(name: str, account: Account, shop: ConnectedShop, *, portal_url: str = "") -> Mail:
    """The mail ``name`` (of ``words``) about one shop."""
    title = _title(shop)
    frame = _frame(account)
    facts = [(frame.shop, title if title == shop.store.domain else _with_site(shop))]
    facts += _since(frame, shop.paused_at)
    there = link(portal_url, page_about(name), shop.shop_id)
    return _mail(name, account, {"shop": title}, facts, there)


def about_administration(
    name: str,
    account: Account,
    administration: Administration,
    shops: Sequence[ConnectedShop],
    *,
    portal_url: str = "",
) -> Mail:
    """The mail ``name`` about an administration and the shops that are booked into it."""
    frame = _frame(account)
    contract = frame.contract.format(end=administration.contractcode[-2:])
    company = administration.company_name or contract
    facts = [(frame.administration, ", ".join(dict.fromkeys((company, contract))))]
    if shops and administration.paused:
        facts.append((frame.waiting, ", ".join(_title(shop) for shop in shops)))
    facts += _since(frame, administration.paused_at)
    there = link(portal_url, page_about(name), shops[0].shop_id if shops else "")
    return _mail(name, account, {"company": company}, facts, there)


def page_about(name: str) -> str:
    """The page of the portal where what the mail ``name`` asks for is done."""
    return _PAGES.get(name, OVERVIEW)


def link(portal_url: str, page: str, shop_id: str = "") -> str:
    """Where a mail leads: a page of the portal, of one shop; nowhere without a portal."""
    if not portal_url:
        return ""
    query = urlencode({"winkel": shop_id}) if shop_id else ""
    joined = "&" if "?" in page else "?"
    return f"{portal_url.rstrip('/')}{page}{joined if query else ''}{query}"


def _mail(
    name: str,
    account: Account,
    values: Mapping[str, str],
    facts: Sequence[tuple[str, str]],
    portal_url: str,
) -> Mail:
    words = MAILS[name]["en" if account.language == "en" else "nl"]
    filled = _Filled(values)
    subject = " ".join(filled(words.subject).replace("*", "").split())
    page = {
        "language": "en" if account.language == "en" else "nl",
        "subject": subject,
        "what": filled(words.what),
        "calm": filled(words.calm),
        "steps": [filled(step) for step in _steps(words, portal_url)],
        "button": words.button,
        "portal_url": portal_url,
        "facts": facts,
        "frame": _frame(account),
    }
    return rendered("mail", account.emails, page | {"asks": bool(words.steps)})


def rendered(template: str, to: tuple[str, ...], page: Mapping[str, Any]) -> Mail:
    """A page of words in both forms; ``page`` has at least subject, language, frame and asks."""
    environment = _environment()
    return Mail(
        to=to,
        subject=page["subject"],
        text=environment.get_template(f"{template}.txt.j2").render(page),
        html=environment.get_template(f"{template}.html.j2").render(page),
    )


class _Filled:
    """Fills ``{names}`` in; stars that come with a value are no marks of ours."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: value.replace("*", "∗") for name, value in values.items()}

    def __call__(self, text: str) -> str:
        return text.format_map(self._values)


def _steps(words: Words, portal_url: str) -> Sequence[str]:
    last = words.step_portal if portal_url else words.step_operator
    return (*words.steps, last) if last else words.steps


def _frame(account: Account) -> Frame:
    return FRAMES["en" if account.language == "en" else "nl"]


def _title(shop: ConnectedShop) -> str:
    return shop.store.name or shop.store.domain or shop.shop_id


def _with_site(shop: ConnectedShop) -> str:
    return ", ".join(part for part in (_title(shop), shop.store.domain) if part)


def _since(frame: Frame, at: datetime | None) -> list[tuple[str, str]]:
    """When it stopped, in the owner's own time."""
    if at is None:
        return []
    return [(frame.since, moment(frame, at))]


def moment(frame: Frame, at: datetime) -> str:
    """A moment in the owner's own time and words."""
    local = at.astimezone(AMSTERDAM)
    return frame.moment.format(
        day=local.day,
        month=frame.months[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
    )


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import (  # noqa: PLC0415  # only a process with something to tell loads it
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )
    from markupsafe import Markup, escape  # noqa: PLC0415  # as jinja2

    def strong(text: str) -> Markup:
        marked: str = _STARRED.sub(r"<strong>\1</strong>", str(escape(text)))
        return Markup(marked)  # noqa: S704  # escaped one line up; only our own stars became tags

    def plain(text: str, width: int = 72, indent: int = 0) -> str:
        return fill(
            _STARRED.sub(r"\1", text).replace("€ ", "€\N{NO-BREAK SPACE}"),
            width,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"strong": strong, "plain": plain}
    return environment
