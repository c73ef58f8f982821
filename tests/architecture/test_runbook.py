"""Every stable code of the code base has a row in docs/runbook.md, and every alarm a chapter."""

import ast
import re
from collections.abc import Iterator

from boekbrug.acumulus.outcome import OUTCOMES
from boekbrug.domain.reasons import catalogue
from boekbrug.journey.after_booking import CONCEPT_FINAL, PAID_LATER
from boekbrug.journey.book_orders import RESTING
from boekbrug.journey.breaker import BOOKS_AWAY
from boekbrug.journey.connect_texts import WORDINGS
from boekbrug.journey.decision_texts import TEXTS
from boekbrug.journey.decisions import BY_HAND, FOUND
from boekbrug.journey.deep_sweep import GONE
from boekbrug.journey.look_up import ABSENT, ABSENT_ONCE, FOUND_AGAIN
from boekbrug.journey.replacing import RESEND_FAILED, RESENT
from boekbrug.journey.sentences import REASONS
from boekbrug.journey.triage import PERHAPS_POSTED
from boekbrug.notices.cause_words import CAUSES
from tests.support.template import ROOT, of_type

PAGE = (ROOT / "docs/runbook.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.replace(r"\|", "/").splitlines()
    if line.startswith("| `")
]


def raised() -> set[str]:
    """Codes that are given to an error, or that are its class's own."""
    package = ROOT / "layers/core/boekbrug"
    trees = (ast.parse(path.read_text("utf-8")) for path in package.rglob("*.py"))
    return {code for tree in trees for node in ast.walk(tree) for code in _codes(node)}


def _codes(node: ast.AST) -> Iterator[str]:
    match node:
        case (
            ast.keyword(arg="code" | "reason", value=ast.Constant(value=str(code)))
            | ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code)))
            | ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code)))
        ):
            yield code
        case ast.Call(func=ast.Name(id="set_aside"), args=[*_, ast.Constant(value=str(code))]):
            yield code


def known() -> set[str]:
    """Everything that may stand in a log line, a ledger row, a mail or on the screen."""
    codes = {entry.code for entry in catalogue()} | PERHAPS_POSTED
    codes |= {BY_HAND, FOUND, FOUND_AGAIN, ABSENT_ONCE, ABSENT, GONE, RESENT, RESEND_FAILED}
    codes |= {PAID_LATER, CONCEPT_FINAL, "concept", RESTING, BOOKS_AWAY}
    return codes | set(REASONS) | set(TEXTS) | set(WORDINGS) | set(OUTCOMES) | (raised() - {""})


def test_a_full_contract_is_nothing_that_holds_an_order() -> None:
    """It waits as `trial_limit`: no order ever has the other code, so nothing retries by it."""
    row = next(row for row in ROWS if row[0] == "`quota_exhausted`")
    assert "trial_limit" in row[2]
    assert "--cause quota_exhausted" not in PAGE
    assert "quota_exhausted" not in (ROOT / "docs/messages.md").read_text("utf-8")
    assert "quota_exhausted" not in {*REASONS, *CAUSES}


def test_every_code_has_its_row_in_the_runbook() -> None:
    """Whoever meets a code can look it up; and no row is about a code that is gone."""
    codes = {row[0].strip("`") for row in ROWS}

    assert sorted(known() - codes) == []
    assert sorted(codes - known()) == []


def test_a_code_has_one_row_and_every_row_says_all_four_things() -> None:
    """Code, what it means, what happens by itself, what to do."""
    codes = [row[0] for row in ROWS]

    assert sorted(codes) == sorted(set(codes))
    assert [row[0] for row in ROWS if len(row) != 4 or not all(row)] == []


def test_the_collection_finds_codes() -> None:
    """Of every kind: of a class, of a call, of a reason, of a table."""
    found = {"retry_later", "shop_list_stuck", "worker_lost", "books_no_answer", "fault"}

    assert found <= known()


def test_every_alarm_has_its_chapter() -> None:
    """The words in its description are a heading of the runbook."""
    headings = {line.lstrip("# ").casefold() for line in PAGE.splitlines() if line.startswith("#")}
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        named = re.search(r"\(runbook: (.+)\)", alarm["Properties"]["AlarmDescription"])
        assert named is not None
        assert named[1].casefold() in headings
