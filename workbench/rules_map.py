"""Code and tests -> docs/rules.md: which rule is worked out where, and which test proves it.

A rule counts as named where `R<number>` (or a range such as R41-R43) stands in a docstring, a
comment or a golden case. `python -m workbench.rules_map` rewrites the page.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
CODE = ("layers/core/boekbrug", "functions", "workbench")
TESTS = ("tests",)
NAMED = re.compile(r"\bR(\d{1,3})\b(?:\s?(?:-|–|\.\.)\s?R?(\d{1,3})\b)?")

# Our own short name of each rule; the numbers are what code, tests and messages refer to.
SUBJECTS = {
    1: "only orders in a chosen status",
    2: "each order once",
    3: "two runs at the same time",
    4: "test orders never",
    5: "start date",
    6: "payment state gate",
    7: "orders of zero euro",
    8: "orders without lines",
    9: "cancelled orders",
    10: "sending by hand",
    11: "credit orders have their own switch and statuses",
    12: "finding changes",
    13: "missing fields, strategy of old orders",
    14: "which address decides",
    15: "collected in the shop",
    16: "where the country comes from",
    17: "country codes normalised",
    18: "EU by date",
    19: "territories outside the EU VAT area",
    20: "Monaco and the Isle of Man",
    21: "Northern Ireland",
    22: "United Kingdom, parcels up to GBP 135",
    23: "other countries outside the EU",
    24: "who is a business",
    25: "VAT numbers normalised",
    26: "VAT numbers checked, VIES",
    27: "shop region against administration",
    28: "administration outside the Netherlands",
    29: "goods or services",
    30: "margin scheme goes first",
    31: "reverse charge in the EU: type 3",
    32: "reverse charge without a valid number",
    33: "reverse charge while the goods stay",
    34: "VAT number of another country",
    35: "export of goods: type 4",
    36: "services outside the EU",
    37: "zero percent inside the EU",
    38: "ordinary VAT at home: type 1",
    39: "ordinary VAT elsewhere in the EU: type 6 or 1",
    40: "the setting for EU VAT as a check",
    41: "which goods are margin goods",
    42: "margin lines",
    43: "margin and ordinary goods together",
    44: "domestic reverse charge on request: type 2",
    45: "threshold for distance sales",
    46: "every line fits the type",
    47: "Dutch VAT to outside the EU",
    48: "OSS is for consumers",
    49: "warehouse in another country",
    50: "no type fits",
    51: "all reasons at once",
    52: "the rate leads, amounts check it",
    53: "what zero percent means",
    54: "rate from the amounts",
    55: "rates from Acumulus, Dutch fallback",
    56: "rates of the tax date",
    57: "rates with decimals",
    58: "regional rates",
    59: "lines of zero euro",
    60: "rate 0 on types 2, 3 and 4",
    61: "a line per order line and rate",
    62: "price per unit",
    63: "two sources, one total",
    64: "large quantities",
    65: "mixed lines split as given",
    66: "mixed lines without rates",
    67: "product text",
    68: "item number",
    69: "default texts",
    70: "nature",
    71: "cost price on margin invoices only",
    72: "rate of shipping and payment costs",
    73: "free lines",
    74: "discounts",
    75: "gift cards used to pay",
    76: "gift cards sold",
    77: "custom lines, deposits",
    78: "bundles",
    79: "total to the cent",
    80: "rounding line",
    81: "an amount is missing",
    82: "VAT compared with the order",
    83: "compared again after sending",
    84: "numbers as sent",
    85: "contact type",
    86: "private or business contact",
    87: "customer's own id",
    88: "names",
    89: "address",
    90: "country name",
    91: "VAT number, phone and bank account",
    92: "e-mail address",
    93: "no e-mail address",
    94: "overwriting contacts",
    95: "private customers left out",
    96: "company without VAT number",
    97: "issue date",
    98: "locked period",
    99: "invoice number",
    100: "description and texts",
    101: "payment status",
    102: "payment date",
    103: "refunded without credit order",
    104: "account and cost centre",
    105: "template",
    106: "concept or final",
    107: "PDF by mail",
    108: "who is sending",
    109: "what a credit order is",
    110: "signs of a credit",
    111: "treated as the original",
    112: "reference and date of a credit",
    113: "payment status of a credit",
    114: "original never sent",
    115: "partial credits",
    116: "no threshold for credits",
    117: "another currency",
    118: "no rate, no invoice",
    119: "paid later",
    120: "concept made final",
    121: "paid, then refunded",
    122: "changed after sending",
    123: "entry deleted in Acumulus",
    124: "sent again on purpose",
    125: "failures that pass",
    126: "when something is mailed",
    127: "what is in the mail",
    128: "test mode",
    129: "unexpected errors",
    130: "stable codes",
}


def rules_page() -> str:
    """The page as it should be now."""
    code, tests, cases = _named_in(CODE), _named_in(TESTS), _cases()
    lines = [
        "# Conversion rules: where each one is worked out and proven",
        "",
        "Made by `python -m workbench.rules_map` from the rule numbers in code, tests and golden",
        "cases; do not edit. Golden cases are the numbers of the folders in `tests/golden/`.",
        "",
        "| rule | about | code | tests | golden cases |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule, subject in SUBJECTS.items():
        places = (_files(code[rule]), _files(tests[rule]), " ".join(sorted(cases[rule])))
        lines.append(f"| R{rule} | {subject} | " + " | ".join(places) + " |")
    return "\n".join([*lines, ""])


def rules_without_test() -> list[int]:
    """The rules that no test and no golden case names."""
    tests, cases = _named_in(TESTS), _cases()
    return [rule for rule in SUBJECTS if not tests[rule] and not cases[rule]]


def main() -> int:
    """Write the page; returns 1 when a rule has no test yet (and says which)."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(rules_page(), "utf-8")
    missing = rules_without_test()
    if missing:
        print("rules without a test: " + " ".join(f"R{rule}" for rule in missing))
    return 1 if missing else 0


def _named_in(folders: tuple[str, ...]) -> dict[int, set[Path]]:
    found: dict[int, set[Path]] = defaultdict(set)
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            if file.name in {"rules_map.py", "test_rules_map.py"}:
                continue  # they name every rule and prove none
            for rule in _rules_in(file.read_text("utf-8")):
                found[rule].add(file.relative_to(ROOT))
    return found


def _cases() -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for file in (ROOT / "tests" / "golden").glob("*/expected.json"):
        for name in json.loads(file.read_text("utf-8"))["rules"]:
            for rule in _rules_in(name):
                found[rule].add(file.parent.name.split("-")[0])
    return found


def _rules_in(text: str) -> Iterator[int]:
    for first, last in NAMED.findall(text):
        start, end = int(first), int(last or first)
        yield from range(start, end + 1) if start <= end <= max(SUBJECTS) else [start]


def _files(files: set[Path]) -> str:
    return "<br>".join(f"`{file.as_posix()}`" for file in sorted(files))


if __name__ == "__main__":
    sys.exit(main())
