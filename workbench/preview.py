"""`boekbrug preview`: JSON documents in, the exact Acumulus invoice of each order out.

Pure: no network, no clock, no AWS. The whole outside world is in the document (`environment`).
"""

import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TextIO

import typer

from boekbrug.acumulus.from_invoice import invoice_tree
from boekbrug.domain.convert import convert
from boekbrug.domain.eligibility import decide
from boekbrug.domain.invoice import Hold, Invoice, Skip
from workbench.preview_document import Case, DocumentError, read_case, read_json
from workbench.preview_page import print_page

ANSWERED, NOT_UNDERSTOOD = 0, 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A case and what would happen to it."""

    case: Case
    outcome: Invoice | Skip | Hold

    @property
    def document(self) -> dict[str, Any]:
        """The answer in the form of the preview interface."""
        outcome = self.outcome
        booked = isinstance(outcome, Invoice)
        decision = "book" if booked else "skip" if isinstance(outcome, Skip) else "hold"
        return {
            "decision": decision,
            "reason": None if isinstance(outcome, Invoice) else outcome.reason,
            "order": self.case.order.number,
            "invoice": _posted(outcome) if isinstance(outcome, Invoice) else None,
            "messages": [
                {"code": found.code, "severity": str(found.severity), "text": found.text}
                for found in outcome.messages
            ],
        }


def outcome_of(case: Case) -> Invoice | Skip | Hold:
    """What would happen to this order: the very functions that decide when it is booked."""
    return decide(case.order, case.settings, case.facts) or convert(
        case.order, case.settings, case.facts
    )


def preview(stdin: TextIO, stdout: TextIO, stderr: TextIO, *, jsonl: bool, as_json: bool) -> int:
    """Answer every document of ``stdin`` on ``stdout``, in the same order.

    Returns the exit status: 0 when every document was answered, 2 when one was not understood
    (then ``stderr`` names which one and which field, and the others are still answered).
    """
    status = ANSWERED
    for index, text in enumerate(_documents(stdin, jsonl=jsonl), start=1):
        name = f"document {index}" if jsonl else "document"
        try:
            answered = _answered(text)
        except DocumentError as error:
            status = NOT_UNDERSTOOD
            print(f"{name}: {error}", file=stderr)
            if jsonl or as_json:
                _write(stdout, _refusal(error), jsonl=jsonl)
            continue
        for key in answered.case.unknown_keys:
            print(f"{name}: environment.{key} is onbekend en telt niet mee", file=stderr)
        if jsonl or as_json:
            _write(stdout, answered.document, jsonl=jsonl)
        else:
            print_page(stdout, answered.case, answered.outcome)
    return status


def register(app: typer.Typer) -> None:
    """Add the command `preview` to the command line."""

    @app.command("preview")
    def command(
        *,
        jsonl: Annotated[
            bool, typer.Option("--jsonl", help="One JSON document a line, in and out.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="The answer as JSON instead of a readable page.")
        ] = False,
    ) -> None:
        """Show the exact invoice of an order, and why (reads standard input)."""
        # UTF-8 whatever the terminal's locale says; broken bytes are reported, not guessed.
        stdin = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        raise typer.Exit(preview(stdin, sys.stdout, sys.stderr, jsonl=jsonl, as_json=as_json))


# ------------------------------------------------------------------------------- the parts


def _documents(stdin: TextIO, *, jsonl: bool) -> Iterator[str]:
    if not jsonl:
        yield stdin.read()
        return
    for line in stdin:
        if line.strip():
            yield line


def _answered(text: str) -> Answered:
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        raise DocumentError("document", "is geen UTF-8")
    case = read_case(read_json(text))
    return Answered(case, outcome_of(case))


def _posted(invoice: Invoice) -> dict[str, Any]:
    tree: dict[str, Any] = _as_text(invoice_tree(invoice))
    return tree if "customer" in tree else {"customer": tree}


def _as_text(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _as_text(value) for name, value in node.items() if value is not None}
    if isinstance(node, list | tuple):
        return [_as_text(value) for value in node]
    return str(node)


def _refusal(error: DocumentError) -> dict[str, Any]:
    message = {"code": "input_not_understood", "severity": "error", "text": f"{error}."}
    return {"decision": "error", "messages": [message]}


def _write(stdout: TextIO, document: Mapping[str, Any], *, jsonl: bool) -> None:
    indent = None if jsonl else 2
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # half a pair is no UTF-8
        text = json.dumps(document, indent=indent)
    print(text, file=stdout)
