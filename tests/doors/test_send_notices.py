"""The door behind the two rules that tell owners."""

import json
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest

from boekbrug.bootstrap import services
from boekbrug.errors import BoekbrugError
from tests.doors.conftest import Deployed
from tests.doors.replay import cases, page_of, replay
from tests.support.embedded import Aws


@pytest.mark.embedded
@pytest.mark.parametrize("case", cases("send_notices"), ids=lambda path: path.stem)
def test_every_event_gets_its_answer(deployed: Deployed, case: Path) -> None:
    """Each sample event of send_notices is answered as the file beside it says."""
    replay(deployed, "send_notices", case)


@pytest.mark.embedded
def test_an_order_that_waits_is_mailed_once(deployed: Deployed) -> None:
    """From the ledger's index through SES, and remembered; no customer's name in it."""
    address = f"owner-{uuid4().hex}@example.com"
    _mailbox(deployed, address)
    deployed.stack.hour()
    _hold_one(deployed)

    answers = [deployed.stack.invoke("send_notices", {}) for _ in range(3)]

    assert [answer["mails"] for answer in answers] == [1, 0, 0]
    (mail,) = _mails_to(deployed.stack.aws, address)
    assert mail["Subject"].startswith("Actie nodig: 2 bestellingen")
    assert "Wat u doet" in mail["BodyText"]


@pytest.mark.embedded
def test_a_storage_that_is_away_is_tried_again(deployed: Deployed) -> None:
    """The schedule calls again after a failure."""
    deployed.stack.invoke("fetch_orders", page_of(deployed))
    services().ledger._table.name = "no-such-table"

    with pytest.raises(BoekbrugError):
        deployed.stack.invoke("send_notices", {})


def _hold_one(deployed: Deployed) -> None:
    """One of the booked orders becomes one that Acumulus refused."""
    from dataclasses import replace

    ledger = services().ledger
    row = next(iter(ledger.shop_rows(deployed.shop.shops[0].id)))
    ledger.record([(replace(row, state="held", reason="books_refused"), row)])


def _mailbox(deployed: Deployed, address: str) -> None:
    from dataclasses import replace

    client = deployed.stack.aws.client("sesv2")
    client.create_email_identity(EmailIdentity="boekbrug@example.com")
    client.put_account_details(
        MailType="TRANSACTIONAL", WebsiteURL="https://example.com", ProductionAccessEnabled=True
    )
    tenants = services().tenants
    (shop,) = tenants.all_shops()
    account = tenants.account(shop.account_id)
    assert account is not None
    tenants.put_account(replace(account, emails=(address,)))


def _mails_to(aws: Aws, address: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"{aws.endpoint}/_ministack/ses/messages", timeout=10) as answer:
        accounts = json.load(answer)["messages"]
    records = [record for records in accounts.values() for record in records]
    return [record for record in records if record["To"] == [address]]
