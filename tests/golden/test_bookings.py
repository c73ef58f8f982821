"""Every golden case: what the rules say (by hand), and the booking as it was last reviewed."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from workbench.golden import ROOT, GoldenCase, booking_text, golden_cases
from workbench.preview import answer

CASES = list(golden_cases())
CENT = Decimal("0.01")
LOUDNESS = ["note", "notice", "warning", "error"]
KEYS = {
    *("rules", "why", "decision", "reason", "concept", "vattype", "countrycode", "loudest"),
    *("lines", "total", "vat", "customer", "invoice", "says", "warnings", "lines_any_order"),
}

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_there_are_enough_cases() -> None:
    """The rules' examples, the example orders and the messy ones are all here."""
    assert len(CASES) >= 200


@each_case
def test_expected_booking(case: GoldenCase) -> None:
    """The outcome is what the rules say, derived by hand from the rules alone."""
    expected = case.expected
    assert set(expected) <= KEYS, "unknown expectation"
    assert _disagreements(expected, answer(case.document())) == []


@each_case
def test_booking_as_reviewed(case: GoldenCase) -> None:
    """The booking reads as it was last reviewed (`make golden` rewrites it)."""
    assert booking_text(case) == case.booking_file.read_text("utf-8")


def test_defaults_are_used() -> None:
    """A case folder holds nothing but its own files, and the defaults exist."""
    allowed = {
        *("order.json", "expected.json", "booking.txt"),
        *("settings.json", "environment.json", "store.json"),
    }
    assert (ROOT / "defaults" / "environment.json").exists()
    for case in CASES:
        assert {file.name for file in case.folder.iterdir()} <= allowed


# ------------------------------------------------------------------------------- comparing


def _disagreements(expected: dict[str, Any], answered: dict[str, Any]) -> list[str]:
    """Every expectation that does not hold, as a sentence; keys not expected are free."""
    found = []
    if answered["decision"] != expected["decision"]:
        said = [message["text"] for message in answered["messages"]]
        return [f"decision {answered['decision']} ({answered['reason']}): {said}"]
    if "reason" in expected and answered["reason"] != expected["reason"]:
        found.append(f"reason {answered['reason']}")
    if expected["decision"] == "book":
        found += _about_invoice(expected, answered["invoice"]["customer"])
    return found + _about_messages(expected, answered["messages"])


def _about_invoice(expected: dict[str, Any], customer: dict[str, Any]) -> list[str]:
    invoice = customer["invoice"]
    found = _fields("customer", expected.get("customer", {}), customer)
    found += _fields("invoice", expected.get("invoice", {}), invoice)
    head = {name: expected[name] for name in ("concept", "vattype") if name in expected}
    found += _fields("invoice", head, invoice)
    if "countrycode" in expected and customer["countrycode"] != expected["countrycode"]:
        found.append(f"countrycode {customer['countrycode']}")
    margin = invoice["vattype"] == "5"
    if "total" in expected and _total(invoice, margin=margin) != Decimal(expected["total"]):
        found.append(f"total {_total(invoice, margin=margin)}, expected {expected['total']}")
    if "vat" in expected:
        found += _about_vat(expected["vat"], invoice["line"])
    return found + _about_lines(expected, invoice["line"])


def _fields(place: str, expected: dict[str, Any], given: dict[str, Any]) -> list[str]:
    found = []
    for name, value in expected.items():
        allowed = value if isinstance(value, list) else [value]
        if given.get(name) not in allowed:
            found.append(f"{place}.{name} is {given.get(name)!r}, expected {value!r}")
    return found


def _about_lines(expected: dict[str, Any], lines: list[dict[str, str]]) -> list[str]:
    wanted = expected.get("lines")
    if wanted is None:
        return []
    if len(wanted) != len(lines):
        return [f"{len(lines)} lines instead of {len(wanted)}: {lines}"]
    if expected.get("lines_any_order"):
        wanted = sorted(wanted, key=_by_price)
        lines = sorted(lines, key=_by_price)
    pairs = enumerate(zip(wanted, lines, strict=True), start=1)
    return [text for index, (want, line) in pairs for text in _about_line(index, want, line)]


def _by_price(line: dict[str, str]) -> tuple[Decimal, Decimal]:
    return Decimal(line["vatrate"]), Decimal(line["unitprice"])


def _about_line(index: int, want: dict[str, Any], line: dict[str, str]) -> list[str]:
    numbers = {"unitprice", "vatrate", "quantity", "costprice"}
    found = []
    for name, value in want.items():
        given: Any = line.get(name)
        if name in numbers and given is not None and value is not None:
            same = Decimal(given) == Decimal(value) or _signs_swapped(name, want, line)
        else:
            same = given == value
        if not same:
            found.append(f"line {index} {name} is {given!r}, expected {value!r}")
    return found


def _signs_swapped(name: str, want: dict[str, Any], line: dict[str, str]) -> bool:
    # R110: the minus of a credit may sit on the quantity or on the price.
    if name not in ("unitprice", "quantity") or "unitprice" not in want or "quantity" not in want:
        return False
    swapped = Decimal(line["quantity"]) < 0
    return swapped and Decimal(line[name]) == -Decimal(want[name])


def _about_vat(expected: dict[str, str], lines: list[dict[str, str]]) -> list[str]:
    given: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        net = Decimal(line["unitprice"]) * Decimal(line["quantity"])
        rate = Decimal(line["vatrate"])
        given[rate] += net * max(rate, Decimal(0)) / 100
    wanted = {Decimal(rate): Decimal(vat) for rate, vat in expected.items()}
    rounded = {rate: vat.quantize(CENT, ROUND_HALF_UP) for rate, vat in given.items()}
    return [] if rounded == wanted else [f"VAT {rounded}, expected {wanted}"]


def _total(invoice: dict[str, Any], *, margin: bool) -> Decimal:
    """As Acumulus computes it (R79): four decimals of unit price, rounded once at the end."""
    total = Decimal(0)
    for line in invoice["line"]:
        amount = Decimal(line["unitprice"]) * Decimal(line["quantity"])
        rate = Decimal(0) if margin else max(Decimal(line["vatrate"]), Decimal(0))
        total += amount * (100 + rate) / 100
    return total.quantize(CENT, ROUND_HALF_UP)


def _about_messages(expected: dict[str, Any], messages: list[dict[str, str]]) -> list[str]:
    found = []
    told = [f"{message['severity']} {message['code']}" for message in messages]
    if "loudest" in expected:
        loudest = max((LOUDNESS.index(m["severity"]) for m in messages), default=0)
        given = LOUDNESS[loudest] if loudest else None
        allowed = expected["loudest"]
        if given not in (allowed if isinstance(allowed, list) else [allowed]):
            found.append(f"loudest message is {given}, expected {allowed}: {told}")
    warnings = sum(message["severity"] == "warning" for message in messages)
    if warnings < expected.get("warnings", 0):
        found.append(f"{warnings} warnings, expected {expected['warnings']}: {told}")
    if "says" in expected and not any(expected["says"] in m["text"] for m in messages):
        found.append(f"no message says {expected['says']!r}: {told}")
    return found
