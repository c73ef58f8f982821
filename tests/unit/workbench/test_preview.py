"""`boekbrug preview`: documents in, answers out, and bad input named by document and field."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from workbench.golden import ROOT, GoldenCase, golden_cases
from workbench.preview import preview, register
from workbench.preview_document import DocumentError, read_case, read_json

Change = Callable[[dict[str, Any]], None]


def _document(**parts: dict[str, Any]) -> dict[str, Any]:
    document = GoldenCase(next(ROOT.glob("*nl-consumer-one-rate"))).document()
    for name, changes in parts.items():
        document[name] = {**document[name], **changes}
    return document


def _run(text: str, *, jsonl: bool = False, as_json: bool = False) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = preview(io.StringIO(text), stdout, stderr, jsonl=jsonl, as_json=as_json)
    return status, stdout.getvalue(), stderr.getvalue()


def _lines(*documents: object) -> str:
    return "".join(json.dumps(document) + "\n" for document in documents)


def test_one_document_as_json() -> None:
    """The answer has the five keys, and the invoice is the tree that is posted, all text."""
    status, out, err = _run(json.dumps(_document()), as_json=True)
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert list(answer) == ["decision", "reason", "order", "invoice", "messages"]
    assert (answer["decision"], answer["reason"], answer["order"]) == ("book", None, "10021")
    invoice = answer["invoice"]["customer"]["invoice"]
    assert isinstance(invoice["line"], list)
    assert {type(value) for line in invoice["line"] for value in line.values()} == {str}
    assert None not in answer["invoice"]["customer"].values()


def test_without_any_choice_no_example_order_is_sent() -> None:
    """All settings at their defaults: whatever the order, nothing is booked by itself (R1, R11)."""
    documents = [case.document() | {"settings": {}} for case in golden_cases()]
    _, out, _ = _run(_lines(*documents), jsonl=True)
    decisions = {json.loads(line)["decision"] for line in out.splitlines()}
    assert decisions == {"skip"}


def test_jsonl_keeps_the_order_and_answers_every_document() -> None:
    """A bad document in the middle gets an answer of its own; the others are answered too."""
    bad = _document()
    bad["order"]["price"]["total"] = "12,10"
    status, out, err = _run(_lines(_document(), bad, _document()), jsonl=True)
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 2
    assert [answer["decision"] for answer in answers] == ["book", "error", "book"]
    assert list(answers[1]) == ["decision", "messages"]
    assert answers[1]["messages"][0]["severity"] == "error"
    assert "price.total" in answers[1]["messages"][0]["text"]
    assert err.startswith("document 2: order.price.total")
    assert err.count("\n") == 1


def test_blank_lines_are_no_documents() -> None:
    """An empty line, such as the last one, is not answered."""
    status, out, _ = _run("\n" + _lines(_document()) + "\n\n", jsonl=True)
    assert (status, len(out.splitlines())) == (0, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: d["settings"].update(eu_vatt="always"), "settings.eu_vatt"),
        (lambda d: d["settings"].update(eu_vat="sometimes"), "settings.eu_vat"),
        (lambda d: d["settings"].update(trigger_statuses=["paid"]), "settings.trigger_statuses"),
        (lambda d: d["settings"].update(start_date="1 mei"), "settings.start_date"),
        (lambda d: d["settings"].update(exchange_rates={"GBP": "x"}), "settings.exchange_rates"),
        (lambda d: d["environment"].update(now="gisteren"), "environment.now"),
        (lambda d: d["environment"].update(vat_rates=[1]), "environment.vat_rates"),
        (lambda d: d["environment"]["vat_rates"].update(DE={}), "environment.vat_rates.DE"),
        (
            lambda d: d["environment"]["vat_rates"].update(DE=[{"from": "2019"}]),
            "environment.vat_rates.DE[0].from",
        ),
        (
            lambda d: d["environment"]["vat_rates"].update(
                DE=[{"from": None, "rates": [{"vatrate": "veel"}]}]
            ),
            "environment.vat_rates.DE[0].rates[0].vatrate",
        ),
        (lambda d: d["environment"].update(eu_threshold={"year": 2026}), "threshold.threshold"),
        (lambda d: d["environment"].update(order_statuses="alle"), "environment.order_statuses"),
        (lambda d: d["environment"].update(payments=[{"price": "x"}]), "environment.payments"),
        (lambda d: d["environment"].update(related_orders=[3]), "related_orders[0]"),
        (lambda d: d["environment"].update(already_sent=["1"]), "environment.already_sent"),
        (lambda d: d.update(settings=[1]), "settings"),
        (lambda d: d.update(order=None), "order"),
        (lambda d: d["order"].update(date="gisteren"), "order.date"),
    ],
)
def test_what_is_wrong_is_named(change: Change, field: str) -> None:
    """One sentence on standard error names the field; the answer says so too; status 2."""
    document = _document()
    change(document)
    status, out, err = _run(json.dumps(document), as_json=True)
    assert status == 2
    assert field in err
    assert err.count("\n") == 1
    assert json.loads(out)["decision"] == "error"


@pytest.mark.parametrize("text", ["", "{", "[]", "12", '{"order": {}}', "[" * 100_000, "\udcff"])
def test_no_document_at_all(text: str) -> None:
    """Whatever is not a document is refused in one sentence, without a traceback."""
    status, out, err = _run(text, as_json=True)
    assert (status, json.loads(out)["decision"]) == (2, "error")
    assert err.count("\n") == 1


def test_unknown_environment_keys_are_told() -> None:
    """A key of `environment` that means nothing is named, and does not stop the answer."""
    status, out, err = _run(json.dumps(_document(environment={"vat_rate": {}})), as_json=True)
    assert (status, json.loads(out)["decision"]) == (0, "book")
    assert "environment.vat_rate " in err


def test_every_part_may_be_missing_but_the_order() -> None:
    """Without settings no status is chosen, so nothing is sent by itself (R1)."""
    status, out, _ = _run(json.dumps({"order": _document()["order"]}), as_json=True)
    answer = json.loads(out)
    assert (status, answer["decision"], answer["reason"]) == (0, "skip", "status")
    assert answer["invoice"] is None


def test_numbers_are_never_floats() -> None:
    """A bare JSON number keeps its digits on the way to the order."""
    text = json.dumps(_document()).replace('"35.85"', "35.8500000001")
    order = read_case(read_json(text)).order
    assert str(order.total) == "35.8500000001"


def test_a_failed_look_up_is_no_empty_answer() -> None:
    """R55: null or a missing country is a failure, an empty list means no VAT data."""
    document = _document(environment={"vat_rates": {"DE": None, "AF": [], "el": []}})
    assert dict(read_case(document).facts.vat_rates) == {"AF": (), "GR": ()}


def test_without_a_clock_the_order_date_is_now() -> None:
    """Preview never reads the clock: two runs always give the same answer."""
    document = _document()
    del document["environment"]["now"]
    now = read_case(document).facts.now
    assert now.isoformat() == "2026-03-02T09:14:55+01:00"


@pytest.mark.parametrize("report", [None, {}, {"error": "timeout"}])
def test_a_failed_threshold_report_counts_as_unread(report: object) -> None:
    """R45: no report, an empty one and an error are the same: nothing is known."""
    document = _document(environment={"eu_threshold": report})
    assert read_case(document).facts.eu_threshold is None


def test_a_threshold_report_without_a_year_is_of_the_year_of_the_order() -> None:
    """Acumulus is asked for that year (R45)."""
    report = {"threshold": "10000", "nltaxed": "1200.00", "reached": "0"}
    case = read_case(_document(environment={"eu_threshold": report}))
    assert case.facts.eu_threshold is not None
    assert case.facts.eu_threshold.year == case.order.date.year


def test_related_orders_by_number_or_as_list() -> None:
    """R111: the originals of credit orders come as a list, or keyed by number."""
    original = _document()["order"]
    as_list = _document(environment={"related_orders": [original]})
    keyed = _document(environment={"related_orders": {"10021": original}})
    assert list(read_case(as_list).facts.originals) == ["10021"]
    assert read_case(as_list).facts == read_case(keyed).facts


def test_wrong_settings_are_named_together() -> None:
    """Every wrong setting is named at once, and the value of the first."""
    with pytest.raises(DocumentError) as refused:
        read_case(_document(settings={"eu_vat": "soms", "eu_vatt": 1}))
    text = str(refused.value)
    assert text.startswith('settings.eu_vat: "soms" kan niet. ')
    assert "De instelling eu_vat kan alleen always, from_threshold of never zijn." in text
    assert "De instelling eu_vatt bestaat niet; bedoelt u eu_vat?" in text


def test_text_that_is_no_utf8_on_the_way_out_is_escaped() -> None:
    """Half a surrogate pair in a text leaves as valid JSON, whatever becomes of it."""
    document = _document()
    document["order"]["orderlines"][0]["description"] = "kaart \ud83c"
    _, out, _ = _run(json.dumps(document), as_json=True)
    out.encode("utf-8")
    assert json.loads(out)["decision"] in {"book", "hold", "error"}


@pytest.mark.parametrize("columns", [80, 120])
def test_the_page_fits_and_shows_both_sides(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Order left, invoice right, totals per rate and messages, within the columns there are."""
    monkeypatch.setenv("COLUMNS", str(columns))
    status, out, _ = _run(json.dumps(_document()))
    assert status == 0
    assert max(map(len, out.splitlines())) <= columns
    head = out.splitlines()[2]
    assert head.index("BESTELLING") < head.index("FACTUUR")
    for text in ("Bestelling 10021", "definitief", "Totalen per tarief", "21%", "35,85", "6,22"):
        assert text in out
    assert "\x1b" not in out


def test_the_page_shows_an_error_on_standard_error_only() -> None:
    """The readable form prints nothing for a document it cannot read."""
    status, out, err = _run("{}")
    assert (status, out) == (2, "")
    assert err == "document: order: ontbreekt\n"


def test_the_page_takes_customer_text_literally() -> None:
    """Brackets in a text are no colours, and a word of markup changes nothing."""
    document = _document()
    document["order"]["orderlines"][0]["description"] = "Mok [bold]rood[/bold] [maat M]"
    _, out, _ = _run(json.dumps(document))
    assert "[bold]" in out.replace("\n", "")


def test_a_conversion_that_breaks_costs_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is reported for that document; the others are still answered."""

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("workbench.preview.decide", breaks)
    status, out, err = _run(_lines(_document(), _document()), jsonl=True)
    assert status == 2
    assert [json.loads(line)["decision"] for line in out.splitlines()] == ["error", "error"]
    assert "ZeroDivisionError" in err


def test_the_command() -> None:
    """The command reads standard input and hands on the exit status."""
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    text = _lines(_document(), {"order": {}})
    result = CliRunner().invoke(app, ["preview", "--jsonl"], input=text)
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2


def test_every_golden_case_passes_as_a_line() -> None:
    """All cases in one stream: as many answers, in the same order, all understood."""
    cases = list(golden_cases())
    status, out, err = _run(_lines(*(case.document() for case in cases)), jsonl=True)
    answers = [json.loads(line) for line in out.splitlines()]
    numbers = [str(case.document()["order"]["number"]) for case in cases]
    assert (status, err) == (0, "")
    assert [answer["order"] for answer in answers] == numbers
