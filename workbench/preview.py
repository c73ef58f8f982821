"""`boekbrug preview`: JSON documents in, the exact Acumulus invoice of each order out.

Pure: no network, no clock, no AWS. The whole outside world is in the document (`environment`).
"""

import io
import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from boekbrug.acumulus.from_invoice import invoice_tree
from boekbrug.domain.convert import convert
from boekbrug.domain.eligibility import decide
from boekbrug.domain.invoice import Hold, Invoice, Skip
from workbench.preview_document import Case, DocumentError, read_case, read_json
from workbench.preview_page import page_text

ANSWERED, NOT_UNDERSTOOD = 0, 2


def preview(stdin: TextIO, stdout: TextIO, stderr: TextIO, *, jsonl: bool, as_json: bool) -> int:
    """Answer every document of ``stdin`` on ``stdout``, in the same order.

    Returns the exit status: 0 when every document was answered, 2 when one was not understood
    (then ``stderr`` names which one and which field, and the others are still answered).
    """
    status = ANSWERED
    readable = not (jsonl or as_json)
    indent = None if jsonl else 2
    for index, text in enumerate(_documents(stdin, jsonl=jsonl), start=1):
        name = f"document {index}" if jsonl else "document"
        try:
            case = _case(text)
            shown = _page(case, stdout) if readable else _json(_answered(case), indent)
        except DocumentError as error:
            status = NOT_UNDERSTOOD
            print(f"{name}: {error}", file=stderr)
            shown = "" if readable else _json(_refusal(error), indent)
        else:
            for key in case.unknown_keys:
                print(f"{name}: environment.{key} is onbekend en telt niet mee", file=stderr)
        stdout.write(shown)
    return status


def answer(document: Any) -> dict[str, Any]:
    """The answer to one document that was read as JSON; raises ``DocumentError``."""
    return _answered(read_case(document))


def outcome_of(case: Case) -> Invoice | Skip | Hold:
    """What would happen to this order: the very functions that decide when it is booked."""
    early = decide(case.order, case.settings, case.facts)
    return early or convert(case.order, case.settings, case.facts)


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


# ------------------------------------------------------------------------------- in


def _documents(stdin: TextIO, *, jsonl: bool) -> Iterator[str]:
    if not jsonl:
        yield stdin.read()
        return
    for line in stdin:
        if line.strip():
            yield line


def _case(text: str) -> Case:
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        raise DocumentError("document", "is geen UTF-8")
    return read_case(read_json(text))


# ------------------------------------------------------------------------------- out


def _answered(case: Case) -> dict[str, Any]:
    """The answer in the form of the preview interface."""
    try:
        outcome = outcome_of(case)
        invoice = _posted(outcome) if isinstance(outcome, Invoice) else None
    except Exception as error:
        # A fault of ours may not cost the answers to the other documents.
        raise DocumentError("order", _fault(error)) from error
    return {
        "decision": _decision(outcome),
        "reason": None if isinstance(outcome, Invoice) else outcome.reason,
        "order": case.order.number,
        "invoice": invoice,
        "messages": [
            {"code": found.code, "severity": str(found.severity), "text": found.text}
            for found in outcome.messages
        ],
    }


def _decision(outcome: Invoice | Skip | Hold) -> str:
    if isinstance(outcome, Invoice):
        return "book"
    return "skip" if isinstance(outcome, Skip) else "hold"


def _posted(invoice: Invoice) -> dict[str, Any]:
    tree: dict[str, Any] = _as_text(invoice_tree(invoice))
    return tree if "customer" in tree else {"customer": tree}


def _as_text(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _as_text(value) for name, value in node.items() if value is not None}
    if isinstance(node, list | tuple):
        return [_as_text(value) for value in node]
    return str(node)


def _page(case: Case, stdout: TextIO) -> str:
    try:
        return page_text(case, outcome_of(case), like=stdout)
    except Exception as error:
        raise DocumentError("order", _fault(error)) from error


def _fault(error: Exception) -> str:
    """Kind and place of an unexpected error; never its text, which may hold customer data."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"onverwachte fout ({type(error).__name__} in {Path(at.filename).name}:{at.lineno})"


def _refusal(error: DocumentError) -> dict[str, Any]:
    message = {"code": "input_not_understood", "severity": "error", "text": f"{error}."}
    return {"decision": "error", "messages": [message]}


def _json(document: Mapping[str, Any], indent: int | None) -> str:
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    if any("\ud800" <= letter <= "\udfff" for letter in text):  # half a pair is no UTF-8
        text = json.dumps(document, indent=indent)
    return text + "\n"
