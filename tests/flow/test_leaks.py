"""Everything a heavy, faulty run leaves behind: no secret and no customer in any of it."""

import json
import logging
import re
import traceback
import urllib.request
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from boekbrug import lambda_io
from boekbrug.bootstrap import services
from boekbrug.journey.decisions import Said
from boekbrug.journey.resend import resend
from tests.flow.flow_world import (
    PARTNER_TOKEN,
    PASSWORDS,
    Flow,
    customer_words,
    made_order,
    running_flow,
)
from tests.support.embedded import Aws
from tests.support.stores import everything_in

pytestmark = [pytest.mark.embedded, pytest.mark.slow]

KINDS = ("commit_then_502", "status_3", "commit_then_truncated", "429", "drop", "")
LIBRARIES = ("httpx", "httpcore", "urllib3")


class Everything(logging.Handler):
    """Keeps every record with all that hangs on it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.getMessage()} {record.__dict__!r}")


@pytest.fixture
def logged() -> Iterator[Everything]:
    """All loggers at their most talkative; only botocore keeps the level that our door gives it."""
    every, root = Everything(), logging.getLogger()
    lambda_io.logs()
    before = {name: logging.getLogger(name).level for name in (*LIBRARIES, "boekbrug")}
    talk()
    ours, level = logging.getLogger("boekbrug"), root.level
    root.setLevel(logging.DEBUG)
    for logger in (root, ours, lambda_io.logs()._logger):
        logger.addHandler(every)
    yield every
    for logger in (root, ours, lambda_io.logs()._logger):
        logger.removeHandler(every)
    root.setLevel(level)
    for name, was in before.items():
        logging.getLogger(name).setLevel(was)


def talk() -> None:
    """The libraries tell everything, though our own code asked them not to."""
    for name in (*LIBRARIES, "boekbrug"):
        logging.getLogger(name).setLevel(logging.DEBUG)


def spoilt_orders() -> list[dict[str, Any]]:
    """Orders that cannot be read, with a customer's words where they do not belong."""
    spoilt = []
    for number, field in enumerate(
        ("date", "uuid", "currency", "payment_status", "taxed"), start=1900
    ):
        order = made_order(Random(number), 0, number) | {"status": 3}
        spoilt.append(order | {field: " ".join(customer_words(order))})
    total = made_order(Random(1910), 0, 1910)
    return [*spoilt, total | {"price": {"total": total["debtor"]["name"]}}]


def heavy_run(flow: Flow) -> list[dict[str, Any]]:
    """Whatever can go wrong goes wrong; returns all orders of all shops."""
    first, second, third = flow.shops
    extra = spoilt_orders()
    for order in extra:
        flow.shop.add_order(order, first.shop_id)
    for index, order in enumerate(first.for_sale):
        kind = ("commit_then_502", "status_3", "commit_then_truncated", "429", "drop", "")[
            index % 6
        ]
        if kind:
            reference = f"{first.prefix}{order['number']}"
            flow.books.faults.add(kind, call="invoice_add", reference=reference, times=1)
    for kind in ("html_200", "truncated_json", "cut", "object", "500"):
        flow.shop.faults.add(kind, call="orders", scope=second.shop_id, times=1, retry_after="0")
    flow.books.lock_period("2099-12-31", third.contract)
    flow.hour()
    flow.books.lock_period("", third.contract)
    night(flow)
    flow.shop.set_token("inactive", second.shop_id)
    flow.books.set_password("something else", "123456")
    last = made_order(Random(7), 0, 1950) | {"status": 3}
    flow.shop.add_order(last, first.shop_id)
    flow.hour()
    flow.stack.aws.client("sqs").send_message(
        QueueUrl=flow.stack.environment["SHOPS_QUEUE_URL"], MessageBody="not ours"
    )
    flow.batch("SHOPS_QUEUE_URL", "fetch_orders", 1)
    return [
        *(o for shop in flow.shops for o in shop.orders),
        *extra,
        made_order(Random(7), 0, 1950),
    ]


def night(flow: Flow) -> None:
    """An order that changed after booking, one that is booked again; look-ups; the owner's mail."""
    first = flow.shops[0]
    booked = [number for number, row in flow.rows(first).items() if row.state == "booked"]
    flow.shop.edit_order(booked[0], {"currency": "GBP"}, first.shop_id)
    connected = services().tenants.shop(first.shop_id)
    assert connected is not None
    resend(services().following.deciding, connected, booked[1], Said("btw hersteld", "kantoor"))
    flow.drain("ORDERS_QUEUE_URL", "book_orders", 10)
    flow.stack.invoke("follow_up", {})
    flow.drain("FOLLOW_UP_QUEUE_URL", "follow_up", 1)
    flow.stack.invoke("follow_up", {"look_ups": True})
    flow.stack.invoke("send_notices", {"nightly": True})
    lambda_io.count(PagesFailed=1)  # what is printed beside the log


def left_behind(flow: Flow, logged: Everything, printed: str) -> dict[str, str]:
    """By place: what a person could read afterwards."""
    environment, aws = flow.stack.environment, flow.stack.aws
    with urllib.request.urlopen(f"{aws.endpoint}/_ministack/ses/messages") as answer:
        mails = answer.read().decode()
    return {
        "logs": "\n".join(logged.lines),
        "printed": printed,
        "errors": "\n".join("".join(traceback.format_exception(e)) for e in flow.crashes),
        "ledger": repr(everything_in(aws, environment["LEDGER_TABLE"])),
        "settings": repr(everything_in(aws, environment["SETTINGS_TABLE"])),
        "mails": mails,
        "pages": json.dumps(flow.stack.received("SHOPS_QUEUE_URL")),
        "explained": "\n".join(
            repr(services().ledger.timeline(row.key))
            for shop in flow.shops
            for row in flow.rows(shop).values()
        ),
    }


def secrets_of(flow: Flow) -> list[str]:
    """What nobody may ever read: tokens, passwords, and the tokens of invoices."""
    return [
        PARTNER_TOKEN,
        *PASSWORDS.values(),
        *(shop.token for shop in flow.shops),
        *(entry.token for entry in flow.books.entries()),
    ]


def found_in(text: str, words: list[str]) -> list[str]:
    lowered = text.casefold()
    return sorted({word for word in words if word.casefold() in lowered})


def test_nothing_of_a_customer_and_no_secret_is_left_behind(
    embedded: Aws, logged: Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    """Logs at DEBUG, output, errors, both tables as they are, mails, queues and explanations."""
    mails = embedded.client("sesv2")
    mails.create_email_identity(EmailIdentity="boekbrug@example.com")
    mails.put_account_details(
        MailType="TRANSACTIONAL",
        WebsiteURL="https://boekbrug.example",
        ProductionAccessEnabled=True,
    )
    with running_flow(embedded, 20, seed=31) as flow:
        talk()
        orders = heavy_run(flow)
        written = capfd.readouterr()
        places = left_behind(flow, logged, written.out + written.err)
        private = [word for order in orders for word in customer_words(order)]

        for place, text in places.items():
            assert found_in(text, secrets_of(flow)) == [], place
            assert found_in(text, private) == [], place

        # The search itself works: everything that is looked at holds what may be there.
        assert found_in(json.dumps(orders), private) == sorted(set(private))
        assert len(secrets_of(flow)) > 20
        kept = {"1001", "unreadable_order", "period_locked", "changed_after_booking", "resent"}
        assert kept <= words_in(places["ledger"])
        assert "Winkel 2" in places["settings"]
        assert places["mails"].count("owner@example.com") >= 2
        assert "met een ander totaal dan geboekt" in places["mails"]
        assert {"httpx", "posted", "parked", "unclear"} <= words_in(places["logs"])
        assert "CloudWatchMetrics" in places["printed"]


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
