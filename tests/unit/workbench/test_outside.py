"""Options and files that do not fit are refused in one sentence, before anything starts."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.local import Options, local
from workbench.outside import SAMPLE_CONNECTION, Given
from workbench.plain import WRONG_USE, WrongUseError

URL = "http://127.0.0.1:9"


def _file(folder: Path, content: Any) -> Path:
    file = folder / "connect.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_without_options_the_sample_shop_is_connected() -> None:
    """One administration with one shop."""
    document = Given().document()

    assert [len(one.shops) for one in document.administrations] == [1]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"shop_url": URL}, "--shop-url needs --connect FILE"),
        ({"books_url": URL}, "--books-url needs --connect FILE"),
        ({"shop_url": "127.0.0.1:9"}, "is not the base of a server"),
        ({"shop_url": "ftp://host"}, "is not the base of a server"),
        ({"shop_url": "http://host:port"}, "is not the base of a server"),
        ({"shop_url": "http://host/?a=b"}, "is not the base of a server"),
        ({"connect": Path("/nowhere/connect.json")}, "cannot be read: No such file"),
    ],
)
def test_contradictions_are_named(given: dict[str, Any], sentence: str) -> None:
    """Each by the option that is wrong."""
    with pytest.raises(WrongUseError, match=sentence):
        Given(**given).document()


def test_orders_are_for_our_stand_in_only(tmp_path: Path) -> None:
    """Another server serves its own."""
    given = Given(orders=tmp_path, shop_url=URL, connect=_file(tmp_path, SAMPLE_CONNECTION))

    with pytest.raises(WrongUseError, match="leave out --shop-url"):
        given.document()


def test_an_unknown_setting_is_named_with_its_place(tmp_path: Path) -> None:
    """And with the name that was probably meant."""
    document = json.loads(json.dumps(SAMPLE_CONNECTION))
    document["administrations"][0]["shops"][0]["settings"]["triger_statuses"] = [2]

    with pytest.raises(WrongUseError, match=r"shops\[0\].*triger_statuses.*trigger_statuses"):
        Given(connect=_file(tmp_path, document)).document()


def test_a_file_that_is_not_json_is_named_with_the_line(tmp_path: Path) -> None:
    """And without its content, which holds secrets."""
    file = _file(tmp_path, '{"partner_token": "very-secret",\n oops}')

    with pytest.raises(WrongUseError, match="line 2") as refused:
        Given(connect=file).document()
    assert "very-secret" not in str(refused.value)


@pytest.mark.parametrize("content", [None, "not json", '{"no": "number"}'])
def test_order_files_that_cannot_be_read_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """The folder or the file, in one sentence; nothing of AWS was started."""
    orders = tmp_path / "orders"
    orders.mkdir()
    if content is not None:
        (orders / "1042.json").write_text(content)
    options = Options(given=Given(orders=orders), state=tmp_path / "state", once=True)

    assert local(options) == WRONG_USE
    (sentence,) = capsys.readouterr().err.splitlines()
    assert str(orders if content is None else orders / "1042.json") in sentence
    assert not (tmp_path / "state" / "aws").exists()


def test_follow_up_goes_with_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise it would never end."""
    assert local(Options(state=tmp_path, follow_up=True)) == WRONG_USE
    assert "--once" in capsys.readouterr().err
