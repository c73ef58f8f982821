"""Everything an owner can be told -> docs/messages.md: reasons, messages, findings, refusals.

`python -m workbench.messages_page` rewrites the page; a test fails when it is stale.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from boekbrug.domain.catalogue import CatalogueEntry, Kind
from boekbrug.domain.messages import Severity
from boekbrug.domain.reasons import catalogue
from boekbrug.journey.connect_texts import WORDINGS
from boekbrug.journey.decision_texts import TEXTS
from boekbrug.journey.sentences import REASONS
from boekbrug.journey.standstill import STANDSTILLS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "messages.md"
TITLES = {
    Kind.SKIP: "Skipped: nothing to do now",
    Kind.WAIT: "Waiting: tried again by itself",
    Kind.HOLD: "Held: a person is needed first",
    Kind.MESSAGE: "Found while booking",
    Kind.LATER: "Found after booking: told once, the booking stays as it is",
}
LOUDEST_FIRST = [Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.NOTE]

# What the journey decides by itself, with no rule of conversion behind the words.
ON_THE_WAY: Mapping[str, tuple[Kind, str]] = {
    "administration_paused": (Kind.WAIT, "R125"),
    "administration_removed": (Kind.WAIT, "R125"),
    "credentials_refused": (Kind.WAIT, "R125"),
    "role_refused": (Kind.WAIT, "R125"),
    "trial_limit": (Kind.WAIT, "R125"),
    "original_not_booked": (Kind.WAIT, "R112"),
    "posting_stopped": (Kind.WAIT, "R125"),
    "shop_moved": (Kind.WAIT, "R125"),
    "shop_on_hold": (Kind.WAIT, "R125"),
    "retry": (Kind.WAIT, "R10"),
    "absent": (Kind.WAIT, "R3"),
    "resend": (Kind.WAIT, "R124"),
    "by_owner": (Kind.SKIP, "R10"),
    "vanished": (Kind.SKIP, "R122"),
    "unreadable_order": (Kind.HOLD, "R13"),
    "books_refused": (Kind.HOLD, "R125"),
    "books_not_found": (Kind.HOLD, "R125"),
    "books_unknown_country": (Kind.HOLD, "R17"),
    "period_locked": (Kind.HOLD, "R98"),
    "books_wrong_url": (Kind.HOLD, "R129"),
    "books_wrong_xml": (Kind.HOLD, "R129"),
    "fault": (Kind.HOLD, "R129"),
}
_SEVERITIES = {Kind.WAIT: Severity.NOTE, Kind.SKIP: Severity.NOTE, Kind.HOLD: Severity.ERROR}


def messages_page() -> str:
    """The page as it should be now: per kind of code, loudest first, then by code."""
    lines = [
        "# Every reason and message",
        "",
        "Made by `python -m workbench.messages_page` from the code; do not edit.",
        "Names in braces are filled in with what the message is about. An *error* books nothing; a",
        "*warning* also makes the invoice a concept, unless the owner chose otherwise; a *notice*",
        "leaves it final; a *note* is only kept with the order. Everything has an English twin.",
    ]
    for kind, title in TITLES.items():
        lines += ["", f"## {title}", "", *_catalogue_table(kind)]
    lines += ["", "## Decided on the way: outages, access, and what a person chose", ""]
    lines += _on_the_way()
    lines += ["", "## A shop stands still", "", *_told(_standstills())]
    refused = {code: dutch for code, (dutch, _) in TEXTS.items()}
    lines += ["", "## A decision is refused", "", *_told(refused)]
    connecting = {code: wording.nl for code, wording in WORDINGS.items()}
    lines += ["", "## Connecting", "", *_told(connecting)]
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(messages_page(), "utf-8")
    return 0


def _catalogue_table(kind: Kind) -> Iterator[str]:
    entries = [entry for entry in catalogue() if entry.kind is kind]
    return _table(
        (entry.code, entry.severity, f"{entry.dutch} {entry.action}".strip(), entry.rules)
        for entry in sorted(entries, key=_loudest_first)
    )


def _on_the_way() -> Iterator[str]:
    def rows() -> Iterator[tuple[str, Severity, str, tuple[str, ...]]]:
        for code, (kind, rule) in ON_THE_WAY.items():
            yield code, _SEVERITIES[kind], REASONS[code].dutch, (rule,)

    return _table(sorted(rows(), key=lambda row: (LOUDEST_FIRST.index(row[1]), row[0])))


def _standstills() -> Mapping[str, str]:
    return {
        code: words.dutch + (f" {to_do.dutch}" if to_do else "")
        for code, (words, to_do) in STANDSTILLS.items()
    }


def _table(rows: Iterable[tuple[str, Severity, str, tuple[str, ...]]]) -> Iterator[str]:
    yield "| code | severity | told to the owner | rules |"
    yield "| --- | --- | --- | --- |"
    for code, severity, told, rules in rows:
        yield f"| `{code}` | {severity} | {_cell(told)} | {', '.join(rules)} |"


def _told(texts: Mapping[str, str]) -> Iterator[str]:
    yield "| code | told to the owner |"
    yield "| --- | --- |"
    for code, text in texts.items():
        yield f"| `{code}` | {_cell(text)} |"


def _loudest_first(entry: CatalogueEntry) -> tuple[int, str]:
    return LOUDEST_FIRST.index(entry.severity), entry.code


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
