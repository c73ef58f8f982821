"""Finding the stack: by its name, in the environment, in a local run's folder."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from boekbrug.domain.order import Store
from boekbrug.journey.ports.tenants import ConnectedShop
from tests.support.embedded import Aws
from tests.support.stores import make_key, make_queue, make_table
from workbench.embedded_aws import REGION
from workbench.stack import StackError, open_stack

pytestmark = pytest.mark.embedded


@pytest.fixture
def here(embedded: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """The embedded AWS is the one that the environment points at."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", embedded.endpoint)
    return embedded


@pytest.fixture
def names(here: Aws) -> dict[str, str]:
    """What the functions of a stack have in their environment; all of it exists."""
    return {
        "SETTINGS_TABLE": make_table(here, "SettingsTable"),
        "LEDGER_TABLE": make_table(here, "LedgerTable"),
        "SECRETS_KEY_ID": make_key(here),
        "SHOPS_QUEUE_URL": make_queue(here, "ShopsQueue"),
        "SHOP_API_URL": "http://127.0.0.1:9",
        "BOOKS_API_URL": "http://127.0.0.1:9",
        "PARTNER_TOKEN": "partner-token-000000",
    }


def deploy(aws: Aws, names: dict[str, str], output: str = "FetchOrdersFunction") -> str:
    """A stack with one function that has these names in its environment; returns its name."""
    stack = f"stack-{uuid4().hex[:8]}"
    function = {
        "Runtime": "python3.13",
        "Role": "arn:aws:iam::000000000000:role/any",
        "Handler": "index.handler",
        "Code": {"ZipFile": "def handler(event, context): pass"},
        "Environment": {"Variables": names},
    }
    template = {
        "Resources": {"Fetch": {"Type": "AWS::Lambda::Function", "Properties": function}},
        "Outputs": {output: {"Value": {"Ref": "Fetch"}}},
    }
    formation = aws.client("cloudformation")
    formation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    formation.get_waiter("stack_create_complete").wait(
        StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    return stack


def works(name: str) -> None:
    """The stack that opens under this name stores, reads and sends."""
    with open_stack(name, None) as stack:
        shop = ConnectedShop(
            shop_id="shop-1",
            account_id="acc-1",
            administration_id="adm-1",
            sealed_token="b1.sealed.token",
            store=Store("shop-1"),
        )
        stack.connecting.tenants.put_shop(shop)
        stack.shops_queue.send(["shop-1"])

        assert stack.connecting.tenants.all_shops() == [shop]
        assert list(stack.ledger.shop_rows("shop-1")) == []
        assert stack.explaining.tenants is stack.connecting.tenants


def test_a_stack_is_found_by_its_name(here: Aws, names: dict[str, str]) -> None:
    """What its functions have in their environment is what the commands use."""
    stack = deploy(here, names)
    before = dict(os.environ)

    works(stack)

    assert dict(os.environ) == before


def test_the_environment_may_name_everything(
    names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it does for the functions: then no stack is looked up."""
    for name, value in names.items():
        monkeypatch.setenv(name, value)

    works("")


@pytest.mark.usefixtures("here")
def test_a_stack_that_is_not_there_is_named() -> None:
    """One sentence with the name."""
    with pytest.raises(StackError, match="does not show nowhere"):
        works("nowhere")


def test_a_stack_of_something_else_is_refused(here: Aws, names: dict[str, str]) -> None:
    """It has none of our functions."""
    stack = deploy(here, names, output="OtherFunction")

    with pytest.raises(StackError, match=f"{stack} is not one of Boekbrug"):
        works(stack)


def test_aws_without_a_region_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is missing, and how to use a local run instead."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION")

    with pytest.raises(StackError, match="specify a region") as caught:
        works("boekbrug")

    assert "--local" in str(caught.value)


def test_a_folder_without_a_local_run_is_named(tmp_path: Path) -> None:
    """Nothing is started or made in it."""
    with pytest.raises(StackError, match="no state of a local run"), open_stack("", tmp_path):
        pytest.fail("there is nothing to open")

    assert list(tmp_path.iterdir()) == []


class LocalRun(Aws):
    """The same embedded AWS, in the region that local runs use."""

    def client(self, service: str, **_options: Any) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self.endpoint)


def test_a_running_local_run_is_joined(
    embedded: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It left its address in its folder; whatever AWS the person uses otherwise plays no part."""
    run = LocalRun("local run", embedded.endpoint)
    tables = {
        "SETTINGS_TABLE": make_table(run, "SettingsTable"),
        "LEDGER_TABLE": make_table(run, "LedgerTable"),
    }
    stack = deploy(run, tables)
    (tmp_path / "aws").mkdir()
    (tmp_path / "endpoint").write_text(embedded.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    with open_stack(stack, tmp_path) as opened:
        assert opened.connecting.tenants.all_shops() == []
