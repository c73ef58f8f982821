"""The door behind the Function URL."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from boekbrug.errors import BoekbrugError
from tests.doors.conftest import Deployed
from tests.doors.replay import cases

EVERYWHERE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("portal"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Status, where it leads, what it shows and which cookies it sets, as the file beside says."""
    expected = json.loads(case.with_suffix(".expected.json").read_text())
    event = json.loads(case.read_text())
    if "error" in expected:
        with pytest.raises(BoekbrugError) as refused:
            deployed.stack.invoke("portal", event)
        assert refused.value.code == expected["error"]
        return
    answer = deployed.stack.invoke("portal", event)

    assert answer["statusCode"] == expected["status"]
    assert answer["headers"].get("Location") == expected.get("location")
    assert [cookie.partition("=")[0] for cookie in answer["cookies"]] == expected["cookies"]
    assert EVERYWHERE.items() <= answer["headers"].items()
    assert "'unsafe" not in answer["headers"]["Content-Security-Policy"]
    assert [text for text in expected.get("shows", []) if text not in _text(answer)] == []


def _text(answer: dict[str, Any]) -> str:
    body: str = answer["body"] or ""
    return b64decode(body).decode() if answer["isBase64Encoded"] else body
