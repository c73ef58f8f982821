"""The golden bookings: every case under tests/golden -> its booking as text an accountant can read.

`make golden` runs this module and rewrites every `booking.txt`; the difference is reviewed. What a
booking must be is not written here but by hand, in each case's `expected.json`.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.preview import outcome_of
from workbench.preview_document import Case, read_case
from workbench.preview_page import page_text

ROOT = Path(__file__).resolve().parent.parent / "tests" / "golden"
WIDTH = 100


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One folder: an order, what differs from the defaults, and what is expected of it."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name, e.g. ``064-nl-consumer-one-rate``."""
        return self.folder.name

    @property
    def booking_file(self) -> Path:
        """The booking as text, written by this module."""
        return self.folder / "booking.txt"

    @property
    def expected(self) -> dict[str, Any]:
        """What the rules say about this order, derived by hand."""
        expected: dict[str, Any] = _read(self.folder / "expected.json")
        return expected

    def document(self) -> dict[str, Any]:
        """The input of ``boekbrug preview``: the case laid over ``tests/golden/defaults``."""
        parts = {name: self._part(name) for name in ("settings", "store", "environment")}
        return {**parts, "order": _read(self.folder / "order.json")}

    def _part(self, name: str) -> dict[str, Any]:
        default: dict[str, Any] = _read(ROOT / "defaults" / f"{name}.json")
        own = self.folder / f"{name}.json"
        given: dict[str, Any] = _read(own) if own.exists() else {}
        merged = {**default, **given}
        if name == "environment":  # rates per country: null stands for a look-up that failed
            merged["vat_rates"] = {**default["vat_rates"], **given.get("vat_rates", {})}
        return merged


def golden_cases() -> Iterator[GoldenCase]:
    """Every case in the order of its number."""
    for order in sorted(ROOT.glob("*/order.json")):
        yield GoldenCase(order.parent)


def booking_text(golden: GoldenCase) -> str:
    """The page that ``boekbrug preview`` shows for this case, always 100 columns wide."""
    case: Case = read_case(golden.document())
    return page_text(case, outcome_of(case), width=WIDTH)


def main() -> int:
    """Rewrite every booking; says which ones changed."""
    changed = 0
    for golden in golden_cases():
        text = booking_text(golden)
        if not golden.booking_file.exists() or golden.booking_file.read_text("utf-8") != text:
            golden.booking_file.write_text(text, "utf-8")
            changed += 1
            print(golden.name)
    print(f"{changed} bookings changed; review them with `git diff tests/golden`")
    return 0


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"), parse_float=str)


if __name__ == "__main__":
    sys.exit(main())
