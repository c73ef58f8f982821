"""Folders of order files into the shop stand-in."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import workbench
from tests.unit.standins.clients import TOKENS, order, shop_client
from workbench.standins import ShopStandIn, StandInError, raw_json

SAMPLES = Path(workbench.__path__[0]) / "sample_orders"
YEAR = timedelta(days=365)


def _write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def test_flat_files_are_orders(tmp_path: Path) -> None:
    """A file holds one order or a list; numbers keep their digits; other files are left alone."""
    folder = _write(
        tmp_path,
        {
            "b.json": '{"number": 2, "price": {"total": 29.90}}',
            "a.json": [order("1"), order("3")],
            "readme.txt": "no order",
        },
    )
    with ShopStandIn() as standin, shop_client(standin) as client:
        standin.load(folder)
        text = client.get("/v1/orders/2").text

        assert [each["number"] for each in client.get("/v1/orders").json()] == ["1", 2, "3"]
        assert '"total": 29.90' in text


def test_sample_layout_with_all_lists(tmp_path: Path) -> None:
    """The lists beside orders/ are served, wrapped or bare as they are in their files."""
    folder = _write(
        tmp_path,
        {
            "orders/1.json": order("1"),
            "store.json": {"id": "s-1", "name": "Winkel"},
            "orderstatuses.json": [{"status": 9, "description": "X", "credit_order": False}],
            "gateways.json": {"gateways": []},
            "store-gateways.json": {"gateways": [{"name": "sumup", "methods": []}]},
            "tax-policy-regions.json": {"regions": [{"regionCode": "BE"}]},
            "shipping-methods.json": [{"id": "1"}],
            "payments/1.json": {"payments": [{"id": "p", "price": 1}]},
        },
    )
    with ShopStandIn() as standin, shop_client(standin) as client:
        standin.load(folder)
        answers = {
            path: client.get(f"/v1/{path}").json()
            for path in (
                "store",
                "orderstatuses",
                "payment/gateways",
                "payment/stores/s-1/gateways",
                "tax-policy/regions",
                "shipping/methods",
                "orders/1/payments",
            )
        }

    assert answers == {
        "store": {"id": "s-1", "name": "Winkel"},
        "orderstatuses": [{"status": 9, "description": "X", "credit_order": False}],
        "payment/gateways": {"gateways": []},
        "payment/stores/s-1/gateways": {"gateways": [{"name": "sumup", "methods": []}]},
        "tax-policy/regions": {"regions": [{"regionCode": "BE"}]},
        "shipping/methods": [{"id": "1"}],
        "orders/1/payments": {"payments": [{"id": "p", "price": 1}]},
    }


def test_a_folder_loaded_twice_makes_two_shops(tmp_path: Path) -> None:
    """Two shops with overlapping numbers, each with a store id of its own."""
    folder = _write(tmp_path, {"orders/1.json": order("1"), "store.json": {"id": "s-1"}})
    standin = ShopStandIn()
    first, second = standin.load(folder), standin.load(folder, "other-token")

    assert first.id != second.id
    assert len(first.orders) == len(second.orders) == 1


def a_year_later(document: Any) -> bytes:
    return raw_json.dumps(document).replace(b"2026-03-", b"2027-03-")


def test_samples_can_be_of_any_days() -> None:
    """Orders and payments keep their distance and their time of day; nothing else is touched."""
    standin = ShopStandIn()
    kept = standin.load(SAMPLES, "one-token")
    recent = standin.load(SAMPLES, "other-token", newest=date(2027, 3, 25))  # a year later

    pairs = list(zip(kept.orders, recent.orders, strict=True))
    assert len(pairs) > 20
    for one, other in pairs:
        old, new = one.data, other.data
        assert date.fromisoformat(new["date"]) - date.fromisoformat(old["date"]) == YEAR
        assert raw_json.dumps(new) == a_year_later(old)
    assert raw_json.dumps(recent.payments) == a_year_later(kept.payments)


def test_the_samples_of_the_project_load() -> None:
    """The default of the command is a folder that can be read."""
    with ShopStandIn() as standin, shop_client(standin) as client:
        standin.load(SAMPLES)

        assert client.get("/v1/orders", limit=100, test=1).json()
        assert client.get("/v1/store").json()["id"] == standin.shop().id
        assert client.get("/v1/orders", tokens={**TOKENS, "token": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "holds no order files"),
        ({"orders/x.txt": ""}, "holds no order files"),
        ({"bad.json": '{"number": '}, "bad.json is not valid JSON: Expecting value: line 1"),
        ({"bad.json": '{"date": "2026-03-01"}'}, "bad.json is not an order: it has no order num"),
        ({"bad.json": "[1]"}, "bad.json is not an order"),
        ({"a.json": {"number": 1}, "b.json": {"number": "1"}}, "order 1 is in .*a.json and again"),
        ({"orders/1.json": {"number": 1}, "store.json": {}}, "store.json is not a store"),
        ({"orders/1.json": {"number": 1}, "gateways.json": {}}, "gateways.json holds no list"),
    ],
)
def test_an_unreadable_folder_is_one_sentence(
    tmp_path: Path, files: dict[str, Any], sentence: str
) -> None:
    """It names the file and what is wrong with it."""
    with pytest.raises(StandInError, match=sentence):
        ShopStandIn().load(_write(tmp_path, files))


def test_a_missing_folder_and_wrong_bytes(tmp_path: Path) -> None:
    """A folder that does not exist, and a file that is not UTF-8."""
    (tmp_path / "latin.json").write_bytes(b'{"number": "\xe9"}')

    with pytest.raises(StandInError, match="is not UTF-8 text"):
        ShopStandIn().load(tmp_path)
    with pytest.raises(StandInError, match="is not a folder"):
        ShopStandIn().load(tmp_path / "nothing")
