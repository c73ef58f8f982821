"""The embedded AWS with our template on it, and the package's own adapters pointed at it."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from boekbrug.journey.ports.tenants import Secret, Tenants
from workbench.deploy import STACK, Built, build, deploy, machine
from workbench.embedded_aws import ANY_CREDENTIALS, REGION, EmbeddedAws
from workbench.portal_server import HOOKS
from workbench.stack import Stack, open_stack
from workbench.state_folder import StateFolder

MAIL_FROM = "boekbrug@boekbrug.example"
# One process on one machine: a few workers of each kind are enough, and each costs 100 MB.
CONCURRENCY = {"FetchConcurrency": "2", "BookConcurrency": "4", "FollowConcurrency": "2"}
# Somebody waits for the end of a run. A post may still arrive a minute after its answer was lost.
LOOK_UPS = {"LookUpPauseSeconds": "15", "LookUpAgainSeconds": "45"}
# For the same person: Acumulus is left alone for seconds, where a server would take half an hour.
RESTS = {"BooksRestSeconds": "1", "BooksRestMostSeconds": "20"}
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Where the outside systems answer, and our token at the first of them."""

    shop_url: str
    books_url: str
    vies_url: str
    partner_token: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The deployed stack: its names (``outputs`` of the template) and its adapters."""

    aws: EmbeddedAws
    outputs: Mapping[str, str]
    stack: Stack

    @property
    def tenants(self) -> Tenants:
        return self.stack.connecting.tenants


@contextmanager
def open_world(
    folder: StateFolder,
    outside: Outside,
    tell: Tell,
    *,
    portal_url: str = "",
    enforce_roles: bool = False,
) -> Iterator[World]:
    """Start the embedded AWS with its data in ``folder``, build and deploy; stop it at the end.

    ``portal_url`` is where the portal is shown, for the links in mails.
    Raises ``EmbeddedAwsError`` or ``DeployError`` with one sentence.
    """
    building = _Building()  # takes seconds the first time, so it goes on while AWS starts
    try:
        with EmbeddedAws(folder, enforce_roles=enforce_roles) as aws:
            tell(f"embedded AWS started, its data is in {folder.root}")
            built = building.result()
            parameters = (
                CONCURRENCY
                | LOOK_UPS
                | RESTS
                | {
                    "Architecture": machine(),
                    "ShopApiUrl": outside.shop_url,
                    "BooksApiUrl": outside.books_url,
                    "ViesUrl": outside.vies_url,
                    "PartnerToken": outside.partner_token.text,
                    "MailFrom": MAIL_FROM,
                    "PortalUrl": portal_url,
                    "HookUrl": f"{portal_url}{HOOKS}" if portal_url else "",
                }
            )
            outputs = deploy(aws, built, parameters, folder)
            tell("our template is built and deployed")
            _may_send(aws)
            aws.begin()
            with _reaching(aws), open_stack(STACK, None) as stack:
                yield World(aws=aws, outputs=outputs, stack=stack)
    finally:
        building.wait()


class _Building:
    """`sam build` in a thread; its error is raised where the result is needed."""

    def __init__(self) -> None:
        self._built: Built | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._built = build()
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for it
            self._error = error

    def wait(self) -> None:
        self._thread.join()

    def result(self) -> Built:
        self.wait()
        if self._built is None:
            raise self._error or RuntimeError("nothing was built")
        return self._built


def _may_send(aws: EmbeddedAws) -> None:
    """SES sends from verified addresses only; here verifying needs no mail to anybody."""
    mail = aws.client("sesv2")
    with suppress(mail.exceptions.AlreadyExistsException):
        mail.create_email_identity(EmailIdentity=MAIL_FROM)


@contextmanager
def _reaching(aws: EmbeddedAws) -> Iterator[None]:
    """The package's adapters ask the environment where AWS is, as they do in a function."""
    ours = {
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ANY_CREDENTIALS[0],
        "AWS_SECRET_ACCESS_KEY": ANY_CREDENTIALS[1],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    before = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("AWS_")}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)
        os.environ.update(before)
