"""What the functions' own roles may not do: each call is made with the role's credentials."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from boekbrug.journey.ports.tenants import Secret
from tests.support.local_run import PARTNER_TOKEN, outside
from workbench import world as servers
from workbench.embedded_aws import REGION
from workbench.state_folder import state_folder
from workbench.world import World, open_world

pytestmark = [pytest.mark.embedded, pytest.mark.slow, pytest.mark.xdist_group("local_run")]


@dataclass(frozen=True)
class Role:
    """One function's role on the deployed stack."""

    world: World
    session: boto3.Session

    def client(self, service: str) -> Any:
        return self.session.client(service, endpoint_url=self.world.aws.endpoint)  # type: ignore[call-overload]  # any service

    def allowed(self, call: Callable[[Any], object], service: str) -> bool:
        """Whether the call gets past the check of the role, whatever comes of it then."""
        try:
            call(self.client(service))
        except ClientError as refused:
            return "AccessDenied" not in refused.response["Error"]["Code"]
        return True


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The deployed template, with roles enforced."""
    with outside() as both, pytest.MonkeyPatch.context() as patch:
        patch.setattr(boto3, "DEFAULT_SESSION", None)  # it keeps the credentials of other tests
        place = servers.Outside(
            shop_url=both.shop.url,
            books_url=both.books.url,
            vies_url="http://127.0.0.1:9",
            partner_token=Secret(PARTNER_TOKEN),
        )
        with (
            state_folder(tmp_path_factory.mktemp("roles") / "state") as folder,
            open_world(folder, place, lambda _: None, enforce_roles=True) as world,
        ):
            yield world


def role_of(world: World, function: str) -> Role:
    """The credentials that Lambda gives to the function."""
    about = world.aws.client("lambda").get_function_configuration(
        FunctionName=world.outputs[function]
    )
    given = world.aws.client("sts").assume_role(RoleArn=about["Role"], RoleSessionName="test")
    keys = given["Credentials"]
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION
    )
    return Role(world, session)


KEY = {"pk": {"S": "SHOP#x"}, "sk": {"S": "SHOP"}}
type Call = tuple[str, Callable[[Any, World], object]]


def send(queue: str) -> Call:
    return (
        "sqs",
        lambda sqs, world: sqs.send_message(
            QueueUrl=world.outputs[queue], MessageBody="{}", **_group(queue)
        ),
    )


def _group(queue: str) -> dict[str, str]:
    fifo = queue == "OrdersQueueUrl"
    return {"MessageGroupId": "x", "MessageDeduplicationId": "x"} if fifo else {}


def get(table: str) -> Call:
    return "dynamodb", lambda db, world: db.get_item(TableName=world.outputs[table], Key=KEY)


def put(table: str) -> Call:
    return "dynamodb", lambda db, world: db.put_item(TableName=world.outputs[table], Item=KEY)


def delete(table: str) -> Call:
    return "dynamodb", lambda db, world: db.delete_item(TableName=world.outputs[table], Key=KEY)


def scan(table: str) -> Call:
    return "dynamodb", lambda db, world: db.scan(TableName=world.outputs[table])


def update(table: str) -> Call:
    return (
        "dynamodb",
        lambda db, world: db.update_item(
            TableName=world.outputs[table],
            Key=KEY,
            UpdateExpression="SET #x = :x",
            ExpressionAttributeNames={"#x": "x"},
            ExpressionAttributeValues={":x": {"S": "x"}},
        ),
    )


def of_account() -> Call:
    """What `Tenants.account_shops` asks first; from sixteen shops on it asks the index too."""
    return (
        "dynamodb",
        lambda db, world: db.query(
            TableName=world.outputs[SETTINGS],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "ACCOUNT#x"}},
        ),
    )


def page_of_shops() -> Call:
    return (
        "dynamodb",
        lambda db, world: db.query(
            TableName=world.outputs[SETTINGS],
            IndexName="active-shops",
            KeyConditionExpression="active = :yes",
            ExpressionAttributeValues={":yes": {"S": "1"}},
        ),
    )


def insert(table: str) -> Call:
    return (
        "dynamodb",
        lambda db, world: db.batch_execute_statement(
            Statements=[
                {
                    "Statement": f'INSERT INTO "{world.outputs[table]}" VALUE '
                    "{'pk': ?, 'sk': ?}",
                    "Parameters": [{"S": "x"}, {"S": "x"}],
                }
            ]
        ),
    )


DECRYPT: Call = (
    "kms",
    lambda kms, world: kms.decrypt(KeyId=world.outputs["SecretsKeyId"], CiphertextBlob=b"x"),
)
NEW_KEY: Call = (
    "kms",
    lambda kms, world: kms.generate_data_key(
        KeyId=world.outputs["SecretsKeyId"], KeySpec="AES_256"
    ),
)
WRAPPED_KEY: Call = (
    "kms",
    lambda kms, world: kms.generate_data_key_without_plaintext(
        KeyId=world.outputs["SecretsKeyId"], KeySpec="AES_256"
    ),
)
LEDGER, SETTINGS = "LedgerTable", "SettingsTable"
ORDERS, SHOPS, FOLLOW_UPS = "OrdersQueueUrl", "ShopsQueueUrl", "FollowUpQueueUrl"

MAY = {
    # Which items it may put is in the template's test: the emulator does not look at the key.
    "ScheduleFetchesFunction": {"send shops": send(SHOPS), "remember the hour": put(LEDGER)},
    "FetchOrdersFunction": {
        "write new orders": insert(LEDGER),
        "read a page of shops": page_of_shops(),
        "send orders": send(ORDERS),
        "send shops": send(SHOPS),
        "keep the ledger": update(LEDGER),
        "read tenants": get(SETTINGS),
        "open secrets": DECRYPT,
    },
    "BookOrdersFunction": {
        "find an account's shops": of_account(),
        "read a page of shops": page_of_shops(),
        "keep the ledger": update(LEDGER),
        "read tenants": get(SETTINGS),
        "open secrets": DECRYPT,
    },
    "FollowUpFunction": {
        "write new orders": insert(LEDGER),
        "find an account's shops": of_account(),
        "read a page of shops": page_of_shops(),
        "send orders": send(ORDERS),
        "send pages of shops": send(FOLLOW_UPS),
        "keep the ledger": update(LEDGER),
        "read tenants": get(SETTINGS),
        "open secrets": DECRYPT,
    },
    "PortalFunction": {
        "write new orders": insert(LEDGER),
        "find an account's shops": of_account(),
        "read a page of shops": page_of_shops(),
        "send orders": send(ORDERS),
        "have shops fetched": send(SHOPS),
        "keep the ledger": update(LEDGER),
        "add a tenant": put(SETTINGS),
        "end a session": delete(SETTINGS),
        "open secrets": DECRYPT,
        "seal secrets": WRAPPED_KEY,
    },
}
MAY_NOT = {
    "ScheduleFetchesFunction": {
        "open secrets": DECRYPT,
        "read the ledger": get(LEDGER),
        "change the ledger": update(LEDGER),
        "forget a booking": delete(LEDGER),
        "read a tenant": get(SETTINGS),
        "change a tenant": update(SETTINGS),
        "send orders": send(ORDERS),
    },
    "FetchOrdersFunction": {
        "find an account's shops": of_account(),
        "forget a booking": delete(LEDGER),
        "read the whole ledger": scan(LEDGER),
        "add a tenant": put(SETTINGS),
        "remove a tenant": delete(SETTINGS),
        "make keys": NEW_KEY,
    },
    "BookOrdersFunction": {
        "write new orders": insert(LEDGER),
        "send orders": send(ORDERS),
        "send shops": send(SHOPS),
        "forget a booking": delete(LEDGER),
        "read the whole ledger": scan(LEDGER),
        "add a tenant": put(SETTINGS),
        "remove a tenant": delete(SETTINGS),
        "make keys": NEW_KEY,
    },
    "FollowUpFunction": {
        "have shops fetched": send(SHOPS),
        "forget a booking": delete(LEDGER),
        "read the whole ledger": scan(LEDGER),
        "add a tenant": put(SETTINGS),
        "remove a tenant": delete(SETTINGS),
        "make keys": NEW_KEY,
    },
    "PortalFunction": {
        "begin the night": send(FOLLOW_UPS),
        "read the whole ledger": scan(LEDGER),
        "read all tenants": scan(SETTINGS),
        "make keys": NEW_KEY,
    },
}


@pytest.mark.parametrize("function", MAY)
def test_a_role_allows_its_work_and_nothing_else(world: World, function: str) -> None:
    """Least privilege holds on the deployed template, not only on paper."""
    role = role_of(world, function)

    def tried(calls: dict[str, Call]) -> dict[str, bool]:
        return {
            what: role.allowed(lambda client, call=call: call(client, world), service)  # type: ignore[misc]  # a default binds it
            for what, (service, call) in calls.items()
        }

    assert tried(MAY[function]) == dict.fromkeys(MAY[function], True)
    assert tried(MAY_NOT[function]) == dict.fromkeys(MAY_NOT[function], False)
