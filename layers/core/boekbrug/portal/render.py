"""A page -> HTML."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from boekbrug.portal import csrf
from boekbrug.portal.formats import FILTERS
from boekbrug.portal.static_files import asset
from boekbrug.portal.visit import SHOP, Guest, Page, Visit

TEMPLATES = Path(__file__).parent / "templates"


def render(page: Page, visit: Guest, *, nav: str = "") -> str:
    """What the visitor sees."""
    template = environment().get_template(page.template)
    return template.render(
        dict(page.context)
        | {
            "visit": visit,
            "signed_in": isinstance(visit, Visit),
            "nav": nav,
            "t": visit.say,
            "url": lambda path, **query: url(visit, path, **query),
            "errors": page.errors,
            "value_of": lambda name: (_values_of(page, visit, name) or [""])[-1],
            "values_of": lambda name: _values_of(page, visit, name),
            "csrf_field": csrf.FIELD,
        }
    )


def _values_of(page: Page, visit: Guest, name: str) -> list[str]:
    """What a field holds: what was typed when the page is shown again, else its first value."""
    if page.errors:
        return (visit.form if visit.form.fields else visit.query).all(name)
    value = page.values.get(name)
    if value is None or value is False:
        return []
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [str(one) for one in several]


def url(visit: Guest, path: str, **query: object) -> str:
    """An address of ours; with several shops it says which one it is about."""
    if isinstance(visit, Visit) and len(visit.shops) > 1 and SHOP not in query:
        query[SHOP] = visit.asked_shop
    asked = {name: value for name, value in query.items() if value not in {None, ""}}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


@cache
def environment() -> Environment:
    """Escapes everything, and refuses what is not there."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    shared: dict[str, Any] = {"asset": asset}
    made.globals.update(shared)
    return made
