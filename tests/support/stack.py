"""Our functions in this process, on an AWS for tests, between the two stand-ins."""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.support.embedded import CREDENTIALS, REGION, Aws
from tests.support.stores import make_key, make_queue, make_table
from workbench.standins.books.standin import BooksStandIn
from workbench.standins.shop.standin import ShopStandIn

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbench" / "sample_orders"
SETTINGS = {"trigger_statuses": [2, 3, 6], "credit_statuses": [10, 11]}


@dataclass
class Context:
    """What Lambda hands to a handler."""

    aws_request_id: str = "request"
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:000000000000:function:function"
    milliseconds: int = 180_000

    def get_remaining_time_in_millis(self) -> int:
        """Time enough."""
        return self.milliseconds


def handler_of(function: str) -> Any:
    """The handler of ``functions/<function>/app.py``, loaded under a name of its own."""
    path = ROOT / "functions" / function / "app.py"
    name = f"functions.{function}.app"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        module: ModuleType = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name].lambda_handler


@dataclass
class Stack:
    """The deployed parts and how to call them."""

    aws: Aws
    environment: dict[str, str]

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Call a door as Lambda does."""
        os.environ["POWERTOOLS_SERVICE_NAME"] = function
        answer: dict[str, Any] = handler_of(function)(event, Context())
        return answer

    def connect(self, document: dict[str, Any]) -> list[Any]:
        """Connect shops by the use case that people use."""
        from boekbrug.bootstrap import services
        from boekbrug.journey.connect import ConnectServices, connect_file

        here = services()
        connecting = ConnectServices(
            tenants=here.tenants,
            sealer=here.sealer,
            shops=here.shops,
            administrations=here.administrations,
            clock=here.clock,
        )
        return connect_file(connecting, document, emails=("owner@example.com",))

    def received(self, name: str, limit: int = 10) -> list[dict[str, Any]]:
        """Messages of a queue as the records of an event, deleted from the queue."""
        url, client = self.environment[name], self.aws.client("sqs")
        answer = client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=limit, AttributeNames=["All"]
        )
        records = []
        for message in answer.get("Messages", []):
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            records.append({"messageId": message["MessageId"], "body": message["Body"]})
        return records

    def hour(self) -> None:
        """The hourly rule strikes, and every queue is worked through."""
        self.invoke("schedule_fetches", {})
        while pages := self.received("SHOPS_QUEUE_URL", 1):
            self.invoke("fetch_orders", {"Records": pages})
        while orders := self.received("ORDERS_QUEUE_URL"):
            answer = self.invoke("book_orders", {"Records": orders})
            if answer["batchItemFailures"]:
                raise AssertionError(json.dumps(answer))


@contextmanager
def stack_on(aws: Aws, shop_url: str, books_url: str, partner_token: str) -> Iterator[Stack]:
    """Tables, queues and key on an AWS, our functions wired to them by their environment."""
    from boekbrug import aws as our_aws
    from boekbrug.bootstrap import services

    environment = CREDENTIALS | {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "LEDGER_TABLE": make_table(aws, "LedgerTable"),
        "SETTINGS_TABLE": make_table(aws, "SettingsTable"),
        "SECRETS_KEY_ID": make_key(aws),
        "SHOPS_QUEUE_URL": make_queue(aws, "ShopsQueue"),
        "ORDERS_QUEUE_URL": make_queue(aws, "OrdersQueue"),
        "FOLLOW_UP_QUEUE_URL": make_queue(aws, "FollowUpQueue"),
        "SHOP_API_URL": shop_url,
        "BOOKS_API_URL": books_url,
        "PARTNER_TOKEN": partner_token,
        "BOOKS_TIMEOUT_SECONDS": "10",
        "BOOKS_REST_SECONDS": "0",  # as a test has no minutes
        "MAIL_FROM": "boekbrug@example.com",
        "POWERTOOLS_METRICS_NAMESPACE": "Boekbrug",
        "POWERTOOLS_SERVICE_NAME": "tests",
    }
    if aws.endpoint:
        environment["AWS_ENDPOINT_URL"] = aws.endpoint
    before = dict(os.environ)
    os.environ.update(environment)
    our_aws._clients.clear()  # clients of another endpoint
    services.cache_clear()
    try:
        yield Stack(aws, environment)
    finally:
        if services.cache_info().currsize:
            services().close()
        services.cache_clear()
        for client in our_aws._clients.values():  # as above
            client.close()
        our_aws._clients.clear()  # as above
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def both_standins() -> Iterator[tuple[ShopStandIn, BooksStandIn]]:
    """The sample shop and one contract, on free ports."""
    with ShopStandIn() as shop, BooksStandIn() as books:
        shop.load(SAMPLE)
        books.add_contract()
        yield shop, books


def sample_document(shop: ShopStandIn) -> dict[str, Any]:
    """What connects the sample shop to the sample contract."""
    return {
        "partner_token": shop.partner_token,
        "administrations": [
            {
                "contractcode": "123456",
                "username": "standin-user",
                "password": "standin-password",
                "shops": [{"token": shop.shops[0].token, "settings": SETTINGS}],
            }
        ],
    }
