"""One name everywhere: folder, use case, events, function, service and test; doors are thin."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.template import ROOT, written

DOORS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
MOST_LINES = 30


def _logical(door: str) -> str:
    return "".join(word.title() for word in door.split("_")) + "Function"


def test_there_are_doors() -> None:
    """The checks below look at something."""
    assert {"schedule_fetches", "fetch_orders", "book_orders"} <= set(DOORS)


def test_every_function_of_the_template_has_a_door() -> None:
    """No function without a folder, and no folder without a function."""
    functions = {
        name
        for name, resource in written()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }

    assert {_logical(door) for door in DOORS} == functions


@pytest.mark.parametrize("door", DOORS)
def test_the_name_of_a_door_is_the_same_everywhere(door: str) -> None:
    """Use case, events, test, code folder, service name and log group carry the door's name."""
    properties = written()["Resources"][_logical(door)]["Properties"]

    package = ROOT / "layers/core/boekbrug"
    assert (package / "journey" / f"{door}.py").exists() or (package / door / "door.py").exists()
    assert list((ROOT / "events" / door).glob("*.json"))
    assert (ROOT / "tests/doors" / f"test_{door}.py").exists()
    assert properties["CodeUri"] == f"functions/{door}"
    assert properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == door
    logs = written()["Resources"][_logical(door).replace("Function", "Logs")]
    assert logs["Properties"]["LogGroupName"]["Fn::Sub"].endswith(f"/{door}")


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_thin(door: str) -> None:
    """At most thirty lines, one function, no environment, no client, no branch."""
    text = (ROOT / "functions" / door / "app.py").read_text()
    tree = ast.parse(text)
    kinds = [type(node) for node in ast.walk(tree)]

    assert len(text.splitlines()) <= MOST_LINES
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == [
        "lambda_handler"
    ]
    assert not {ast.If, ast.Try, ast.For, ast.While, ast.Match} & set(kinds)
    assert not re.search(r"\b(os|boto3|httpx)\b", text)


@pytest.mark.parametrize("door", DOORS)
def test_every_event_has_an_expected_answer(door: str) -> None:
    """Events come in pairs, and hold at least a good and a wrong one."""
    files = {path.name for path in (ROOT / "events" / door).glob("*.json")}
    events = {name for name in files if not name.endswith(".expected.json")}

    assert {name.replace(".json", ".expected.json") for name in events} == files - events
    assert len(events) >= 2


def test_folders_hold_no_packages_where_each_is_a_root_of_its_own() -> None:
    """Function folders have no __init__.py: each is zipped by itself."""
    assert list((ROOT / "functions").rglob("__init__.py")) == []


def test_the_package_reads_the_environment_in_one_place() -> None:
    """Only the wiring reads environment variables."""
    package = ROOT / "layers/core/boekbrug"
    readers = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    }

    assert readers == {"bootstrap.py"}


def test_commands_that_people_use_exist() -> None:
    """The README's commands are targets of the Makefile."""
    makefile = Path(ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    assert {"run", "test", "check", "fmt", "golden", "build", "deploy"} <= targets
