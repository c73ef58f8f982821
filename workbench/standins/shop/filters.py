"""The query of /v1/orders in, the orders it selects out (Mijnwebwinkel API, listing orders)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from workbench.standins.clock import AMSTERDAM
from workbench.standins.shop.order_records import OrderRecord
from workbench.standins.shop.switches import ShopSwitches

DAY, MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
Test = Callable[[OrderRecord], bool]


class BadQuery(Exception):
    """When a parameter has a value that the API cannot read; answered with a 400."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the selected orders is asked for."""

    limit: int
    offset: int
    descending: bool


def page_of(query: Mapping[str, str], switches: ShopSwitches) -> Page:
    limit = whole_number(query, "limit", switches.default_limit, lowest=1)
    if limit > switches.maximum_limit:
        if switches.limit_above_maximum == "error":
            raise BadQuery(f"limit must not be above {switches.maximum_limit}")
        limit = switches.maximum_limit
    ordering = query.get("ordering", "asc")
    if ordering not in {"asc", "desc"}:
        raise BadQuery("ordering must be asc or desc")
    return Page(limit, whole_number(query, "offset", 0, lowest=0), ordering == "desc")


def paged(orders: list[OrderRecord], page: Page, switches: ShopSwitches) -> list[OrderRecord]:
    """One page of the orders, which come in numeric order."""
    if switches.order_by == "text":
        orders = sorted(orders, key=lambda order: order.number)
    if page.descending:
        orders = orders[::-1]
    return orders[page.offset : page.offset + page.limit]


def selected(
    orders: Iterable[OrderRecord], query: Mapping[str, str], switches: ShopSwitches
) -> list[OrderRecord]:
    """The orders that pass every filter of the query."""
    tests = list(_tests(query, switches))
    return [order for order in orders if all(test(order) for test in tests)]


def boolean(query: Mapping[str, str], name: str, switches: ShopSwitches) -> bool | None:
    """A boolean parameter, None when it was left out; "php_cast" reads the text false as true."""
    text = query.get(name)
    if text is None:
        return None
    if switches.booleans == "php_cast":
        return text not in {"", "0"}
    if text.lower() not in {"1", "0", "true", "false", ""}:
        raise BadQuery(f"{name} must be a boolean")
    return text.lower() in {"1", "true"}


def whole_number(query: Mapping[str, str], name: str, default: int, *, lowest: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not text.isdecimal() or int(text) < lowest:
        raise BadQuery(f"{name} must be a whole number of at least {lowest}")
    return int(text)


def _tests(query: Mapping[str, str], switches: ShopSwitches) -> Iterator[Test]:
    if not boolean(query, "test", switches):
        yield lambda order: not order.is_test
    yield from _date_tests(query, switches)
    yield from _status_tests(query, switches)
    yield from _archive_tests(query, switches)
    yield from _debtor_tests(query)


def _date_tests(query: Mapping[str, str], switches: ShopSwitches) -> Iterator[Test]:
    """A hand-made order without a date passes: it must not be lost silently."""
    field = switches.date_filter
    if (first := _time(query, "start_date", DAY)) is not None:
        with_it = switches.start_date == "inclusive"
        yield (
            lambda order: (
                first < _day(order, field, _LAST) or (with_it and first == _day(order, field))
            )
        )
    if (last := _time(query, "end_date", DAY)) is not None:
        or_on_it = switches.end_date == "inclusive"
        yield (lambda order: _day(order, field) < last or (or_on_it and last == _day(order, field)))


_LAST = "9999-99-99"


def _day(order: OrderRecord, field: str, missing: str = "") -> str:
    return str(order.data.get(field) or missing)


def _status_tests(query: Mapping[str, str], switches: ShopSwitches) -> Iterator[Test]:
    if "status_id" in query:
        wanted = str(whole_number(query, "status_id", 0, lowest=0))
        yield lambda order: order.status == wanted
    if hidden := {str(status) for status in switches.hidden_statuses}:
        yield lambda order: order.status not in hidden
    if (first := _moment(query, "status_changed_start_date", switches)) is not None:
        yield lambda order: first <= changed(order, switches)
    if (last := _moment(query, "status_changed_end_date", switches)) is not None:
        yield lambda order: "" < changed(order, switches) <= last


def _moment(query: Mapping[str, str], name: str, switches: ShopSwitches) -> str | None:
    """A moment of the query as local time in Amsterdam, in which orders are stamped."""
    text = _time(query, name, MOMENT)
    if text is None or switches.filter_zone == "amsterdam":
        return text
    return f"{datetime.fromisoformat(f'{text}+00:00').astimezone(AMSTERDAM):{MOMENT}}"


def changed(order: OrderRecord, switches: ShopSwitches) -> str:
    """When the status last changed, "" for never: as filtered and as served."""
    moment = order.status_changed
    if switches.status_changed_on_new == "empty" and moment == order.placed:
        return ""
    return moment


def _archive_tests(query: Mapping[str, str], switches: ShopSwitches) -> Iterator[Test]:
    wanted = boolean(query, "archived", switches)
    if wanted is None and switches.archived_left_out == "hidden":
        wanted = False
    if wanted is not None:
        yield lambda order: order.archived is wanted


def _debtor_tests(query: Mapping[str, str]) -> Iterator[Test]:
    wanted = {
        name: query[f"debtor_{name}"] for name in ("email", "id") if f"debtor_{name}" in query
    }
    if wanted:
        yield lambda order: any(_debtor(order, name) == text for name, text in wanted.items())


def _debtor(order: OrderRecord, name: str) -> str | None:
    debtor = order.data.get("debtor")
    return str(debtor.get(name)) if isinstance(debtor, dict) else None


def _time(query: Mapping[str, str], name: str, form: str) -> str | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        # Written anew so that comparing texts is comparing times.
        return datetime.strptime(text, form).strftime(form)  # noqa: DTZ007 -- local times without zone, as the API has them
    except ValueError:
        example = "2026-03-31" if form == DAY else "2026-03-31 23:59:59"
        raise BadQuery(f"{name} must look like {example}") from None
