"""The door that signed calls come in by."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from boekbrug.bootstrap import services
from boekbrug.journey.receive_hook import Hook, new_hook, signature
from tests.doors.conftest import Deployed
from tests.doors.replay import EVENTS, cases, replay, states


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("receive_hook"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of receive_hook is answered as the file beside it says."""
    replay(deployed, "receive_hook", case)


@pytest.mark.embedded
def test_a_signed_call_books_an_order_within_the_minute(deployed: Deployed) -> None:
    """Through the queue, as every hour; the same call a second time is refused."""
    event = signed(deployed, b'{"order": "10021"}')

    answer, again = (deployed.stack.invoke("receive_hook", event) for _ in range(2))
    for queue, function in (
        ("SHOPS_QUEUE_URL", "fetch_orders"),
        ("ORDERS_QUEUE_URL", "book_orders"),
    ):
        deployed.stack.invoke(function, {"Records": deployed.stack.received(queue)})

    assert (answer["statusCode"], json.loads(answer["body"])) == (202, {"fetching": "10021"})
    assert (again["statusCode"], json.loads(again["body"])["error"]) == (409, "hook_repeated")
    assert states(deployed) == {"10021": "booked"}


@pytest.mark.embedded
def test_no_secret_is_logged(deployed: Deployed, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither of a call that is good nor of one that is not."""
    hook = a_hook(deployed)
    good = signed(deployed, b"", hook)
    bad = good | {"body": "{}"}
    for event in (good, bad):
        deployed.stack.invoke("receive_hook", event)

    out, err = capfd.readouterr()
    for secret in (hook.secret.text, good["headers"]["x-boekbrug-signature"]):
        assert secret not in out + err


def a_hook(deployed: Deployed) -> Hook:
    here = services()
    shop = here.tenants.shop(deployed.shop.shops[0].id)
    assert shop is not None
    return new_hook(here.tenants, here.hook_keys, shop)


def signed(deployed: Deployed, body: bytes, hook: Hook | None = None) -> dict[str, Any]:
    """An event as the function URL gives it, signed now."""
    hook = hook or a_hook(deployed)
    event: dict[str, Any] = json.loads((EVENTS / "receive_hook/not_signed.json").read_text())
    now = str(int(time.time()))
    headers = {
        "x-boekbrug-timestamp": now,
        "x-boekbrug-signature": signature(hook.secret, now, body),
    }
    return event | {"rawPath": f"/{hook.path}", "body": body.decode(), "headers": headers}
