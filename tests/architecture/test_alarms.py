"""Alarms on metrics of ours watch exactly what the functions print; nothing else is a metric."""

import ast
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from boekbrug import lambda_io
from boekbrug.journey.fetch_orders import FetchReport
from boekbrug.lambda_io import Event, each_page, visited
from tests.support.stack import Context
from tests.support.template import ROOT, of_type, written

NAMESPACE = written()["Globals"]["Function"]["Environment"]["Variables"][
    "POWERTOOLS_METRICS_NAMESPACE"
]
PAGE: Event = {"Records": [{"messageId": "1", "body": '{"shops": ["1"]}'}]}

type Watched = tuple[str, str, dict[str, str]]


def a_refused_partner_token() -> None:
    each_page(PAGE, Context(), lambda _page, _left: FetchReport(refused_us=["1"]))


def a_page_that_failed() -> None:
    visited({"requestContext": {}}, Context(), lambda: lambda _event, _ctx: {"statusCode": 500})


TROUBLE: dict[str, Callable[[], None]] = {
    "FetchOrdersFunction": a_refused_partner_token,
    "PortalFunction": a_page_that_failed,
}


@pytest.fixture(autouse=True)
def fresh_metrics() -> Iterator[None]:
    """They read their environment once."""
    lambda_io.metrics.cache_clear()
    yield
    lambda_io.metrics.cache_clear()


def ours() -> list[dict[str, Any]]:
    alarms = (one["Properties"] for one in of_type("AWS::CloudWatch::Alarm").values())
    return [alarm for alarm in alarms if alarm.get("Namespace") == NAMESPACE]


def watched(alarm: dict[str, Any]) -> Watched:
    dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions", ())}
    return alarm["Namespace"], alarm["MetricName"], dimensions


def printed(text: str) -> list[Watched]:
    """What CloudWatch makes of embedded metrics: another set of dimensions is another metric."""
    found: list[Watched] = []
    for line in text.splitlines():
        values = json.loads(line)
        for group in values.get("_aws", {}).get("CloudWatchMetrics", ()):
            (names,) = group["Dimensions"]
            dimensions = {name: values[name] for name in names}
            found += [(group["Namespace"], one["Name"], dimensions) for one in group["Metrics"]]
    return found


def test_our_alarms_watch_what_the_functions_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same namespace, name and dimensions: else an alarm stays silent for ever."""
    for function, make_trouble in TROUBLE.items():
        for name, value in environment(function).items():
            monkeypatch.setenv(name, str(value))  # a reference is no value yet
        lambda_io.metrics.cache_clear()
        make_trouble()
    metrics = printed(capsys.readouterr().out)

    assert sorted(map(repr, metrics)) == sorted(repr(watched(alarm)) for alarm in ours())
    assert metrics


def environment(function: str) -> dict[str, str]:
    template = written()
    variables = dict(template["Globals"]["Function"]["Environment"]["Variables"])
    own = template["Resources"][function]["Properties"]["Environment"]["Variables"]
    variables["POWERTOOLS_SERVICE_NAME"] = own["POWERTOOLS_SERVICE_NAME"]
    return variables


def test_only_what_an_alarm_reads_is_a_metric() -> None:
    """CloudWatch bills every name by the month; what a person reads stands in the log."""
    assert set(counted()) == {alarm["MetricName"] for alarm in ours()}


def counted() -> Iterator[str]:
    """The names that the package hands to ``count``; one that is made up as it runs is told."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / "layers/core/boekbrug").rglob("*.py"))
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.Call(func=ast.Name(id="count"), keywords=named):
                yield from (one.arg or "**" for one in named)
