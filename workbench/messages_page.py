"""The catalogue of reasons and messages -> docs/messages.md.

`python -m workbench.messages_page` rewrites the page; a test fails when it is stale.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from boekbrug.domain.messages import Severity
from boekbrug.domain.reasons import CatalogueEntry, Kind, catalogue

PAGE = Path(__file__).resolve().parent.parent / "docs" / "messages.md"
TITLES = {
    Kind.SKIP: "Skipped: nothing to do now",
    Kind.WAIT: "Waiting: tried again by itself",
    Kind.HOLD: "Held: a person is needed first",
    Kind.MESSAGE: "Found while booking",
}
LOUDEST_FIRST = [Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.NOTE]


def messages_page() -> str:
    """The page as it should be now: per kind of code, loudest first, then by code."""
    lines = [
        "# Every reason and message",
        "",
        "Made by `python -m workbench.messages_page` from `boekbrug.domain.reasons`; do not edit.",
        "Names in braces are filled in with what the message is about. A *warning* also makes",
        "the invoice a concept, unless the owner chose otherwise; a *notice* leaves it final;",
        "a *note* is only kept with the order.",
    ]
    for kind, title in TITLES.items():
        lines += ["", f"## {title}", "", *_table(kind)]
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(messages_page(), "utf-8")
    return 0


def _table(kind: Kind) -> Iterator[str]:
    yield "| code | severity | told to the owner | rules |"
    yield "| --- | --- | --- | --- |"
    entries = [entry for entry in catalogue() if entry.kind is kind]
    for entry in sorted(entries, key=_loudest_first):
        rules = ", ".join(entry.rules)
        yield f"| `{entry.code}` | {entry.severity} | {_cell(entry)} | {rules} |"


def _loudest_first(entry: CatalogueEntry) -> tuple[int, str]:
    return LOUDEST_FIRST.index(entry.severity), entry.code


def _cell(entry: CatalogueEntry) -> str:
    return f"{entry.dutch} {entry.action}".strip().replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
