"""Where Boekbrug is deployed -> its stores and outside systems, ready for a command."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boekbrug.journey.connect import ConnectServices
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.explain import ExplainServices
from boekbrug.journey.patience import Patience
from boekbrug.journey.ports.ledger import Ledger
from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.send_notices import NoticeServices

if TYPE_CHECKING:
    from boekbrug.journey.sign_in import SignInServices
    from workbench.dead_letters import DeadLetters

FUNCTIONS = (
    "FetchOrdersFunction",
    "BookOrdersFunction",
    "ScheduleFetchesFunction",
    "SendNoticesFunction",
    "FollowUpFunction",
)


PATIENCE_SECONDS = 60  # that a person waits for an outside system which fails for a moment


class StackError(Exception):
    """When there is no stack to work with; one sentence for the person at the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What the commands work with."""

    connecting: ConnectServices
    ledger: Ledger
    shops_queue: ShopsQueue
    deciding: DecisionServices | None = None
    telling: NoticeServices | None = None
    dead_letters: "DeadLetters | None" = None
    signing_in: "SignInServices | None" = None

    @property
    def explaining(self) -> ExplainServices:
        """What explaining an order needs."""
        return ExplainServices(
            tenants=self.connecting.tenants,
            ledger=self.ledger,
            sealer=self.connecting.sealer,
            shops=self.connecting.shops,
            clock=self.connecting.clock,
        )


@contextmanager
def open_stack(name: str, local: Path | None) -> Iterator[Stack]:
    """The stack of that name, on AWS or, with ``local``, in the state folder of a local run.

    Without a name the environment may name the tables itself, as it does for the functions.
    Raises ``StackError``.
    """
    if local is None:
        yield _from_environment() if not name else _deployed(name)
        return
    with _local_aws(local):
        yield _deployed(name or "boekbrug")


def wired(environment: Mapping[str, str]) -> Stack:
    """A stack from the names that its functions have in their environment."""
    # Here, since commands without a stack need none of it, and boto3 alone is a quarter second.
    from boekbrug.bootstrap import Services, Settings
    from boekbrug.queues.sqs import SqsShopsQueue
    from workbench.dead_letters import FOLLOW_UPS, ORDERS, SHOPS, DeadLetters

    with _environment(environment):
        settings = Settings.from_environment()
    made = Services(settings)
    return Stack(
        connecting=replace(made.connecting, patience=Patience(seconds=PATIENCE_SECONDS)),
        ledger=made.ledger,
        shops_queue=SqsShopsQueue(settings.shops_queue_url),
        deciding=made.deciding,
        telling=made.telling,
        signing_in=made.signing_in,
        dead_letters=DeadLetters(
            {
                SHOPS: settings.shops_queue_url,
                ORDERS: settings.orders_queue_url,
                FOLLOW_UPS: settings.follow_up_queue_url,
            }
        ),
    )


def _from_environment() -> Stack:
    if not os.environ.get("SETTINGS_TABLE"):
        return _deployed("boekbrug")
    return wired(os.environ)


def _deployed(name: str) -> Stack:
    """What the functions of the stack have in their environment is what we use too."""
    merged: dict[str, str] = {}
    for function in _functions(name):
        merged |= (
            _asked("lambda", "get_function_configuration", FunctionName=function)
            .get("Environment", {})
            .get("Variables", {})
        )
    return wired(merged)


def _functions(name: str) -> list[str]:
    stacks = _asked("cloudformation", "describe_stacks", StackName=name)["Stacks"]
    outputs = {row["OutputKey"]: row["OutputValue"] for row in stacks[0].get("Outputs", [])}
    found = [outputs[key] for key in FUNCTIONS if key in outputs]
    if not found:
        raise StackError(f"The stack {name} is not one of Boekbrug: it has none of its functions.")
    return found


def _asked(service: str, call: str, **question: str) -> Any:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    config = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3})
    try:
        client = boto3.client(service, config=config)  # type: ignore[call-overload]  # any service
        return getattr(client, call)(**question)
    except ClientError as refused:
        told = refused.response.get("Error", {}).get("Message", "no reason given")
        what = next(iter(question.values()))
        raise StackError(f"AWS does not show {what}: {told}") from None
    except BotoCoreError as failed:
        raise StackError(
            f"AWS cannot be used: {str(failed).rstrip('.')}. "
            "For a local run, name its folder with --local."
        ) from None


# --------------------------------------------------------------------------- the local run


@contextmanager
def _local_aws(folder: Path) -> Iterator[None]:
    """The embedded AWS of a local run: the one that runs now, else started for this command."""
    from workbench.embedded_aws import EmbeddedAws, EmbeddedAwsError
    from workbench.state_folder import StateFolder, StateFolderError, state_folder

    if not StateFolder(folder).aws.is_dir():
        raise StackError(f"There is no state of a local run in {folder}.")
    running = _answering(StateFolder(folder).endpoint)
    if running:
        with _environment(_reaching(running)):
            yield
        return
    try:
        with (
            state_folder(folder) as held,
            EmbeddedAws(held) as aws,
            _environment(_reaching(aws.endpoint)),
        ):
            yield
    except (StateFolderError, EmbeddedAwsError) as failed:
        raise StackError(str(failed)) from None


def _answering(left: Path) -> str:
    """The address that a running local run left in its folder, when it answers there."""
    import httpx

    try:
        endpoint = left.read_text().strip()
        alive = httpx.get(f"{endpoint}/_ministack/health", timeout=5).is_success
    except (OSError, httpx.HTTPError, httpx.InvalidURL):
        return ""
    return endpoint if alive else ""


def _reaching(endpoint: str) -> dict[str, str]:
    """Nothing of the person's own AWS set-up is used for a local run."""
    from workbench.embedded_aws import ANY_CREDENTIALS, REGION

    return {name: "" for name in os.environ if name.startswith("AWS_")} | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ANY_CREDENTIALS[0],
        "AWS_SECRET_ACCESS_KEY": ANY_CREDENTIALS[1],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    """Some variables for a while; an empty value takes one away."""
    before = dict(os.environ)
    for name, value in changes.items():
        if value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
