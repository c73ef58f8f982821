"""`boekbrug local`: the whole system on one machine, from shop to books."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import sleep
from typing import Annotated, Any

import httpx
import typer
from botocore.exceptions import BotoCoreError, ClientError

from boekbrug.errors import BoekbrugError, RetryLater
from boekbrug.journey.connect import ConnectRefused, ConnectServices, connect_file
from boekbrug.journey.connect_checks import title, try_token
from boekbrug.journey.ports.tenants import ConnectedShop, Secret
from boekbrug.journey.sign_in import send_link
from workbench.deploy import DeployError
from workbench.embedded_aws import EmbeddedAwsError
from workbench.mails import new_mails
from workbench.outside import TO_TRY, Given, outside
from workbench.plain import FAILED, FINE, WRONG_USE, WrongUseError, status_of
from workbench.portal_server import HOOKS, PortalServer, invoking
from workbench.resting import let_others_rest, wake
from workbench.screen import Screen
from workbench.standins import StandInError
from workbench.standins.shop.standin import SHOP_TOKEN
from workbench.state_folder import StateFolder, StateFolderError, state_folder
from workbench.table import Summary, amount, changes, counts_line, outcome, table
from workbench.watch import Done, Watch
from workbench.world import World, open_world

STOPPED = 130  # before the work was done
OWNER = "eigenaar@boekbrug.example"  # mails stay on this machine
LOOK_EVERY = 2.0  # seconds, while nothing happens


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command."""

    given: Given = field(default_factory=Given)
    state: Path = Path(".boekbrug")
    port: int = 8080
    once: bool = False
    follow_up: bool = False
    as_json: bool = False
    enforce_roles: bool = False


class Stopped(BaseException):
    """Ctrl-C or SIGTERM: stop everything that was started, and keep the state."""


def local(options: Options) -> int:
    """Run it; returns the exit status. Errors are told in one sentence on standard error."""
    screen = Screen(to_stderr=options.as_json)
    run = _Run(options, screen)
    try:
        with _stopping_on_signals():
            return run.whole()
    except Stopped:
        screen.step("stopped; the state is kept")
        return FINE if run.finished else STOPPED
    except WrongUseError as wrong:
        return _tell(str(wrong), WRONG_USE)
    except ConnectRefused as refused:
        where = f"{options.given.connect}: " if options.given.connect else ""
        return _tell(f"{where}{refused.sentence()}", status_of(refused))
    except (BotoCoreError, ClientError, httpx.TransportError, RetryLater) as failed:
        why = failed.detail if isinstance(failed, RetryLater) else type(failed).__name__
        log = StateFolder(options.state).aws_log
        return _tell(f"The embedded AWS does not answer as it should ({why}): see {log}.", FAILED)
    except (StateFolderError, EmbeddedAwsError, DeployError, StandInError, BoekbrugError) as failed:
        return _tell(str(failed), FAILED)


def _tell(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status


@contextmanager
def _stopping_on_signals() -> Iterator[None]:
    """The first signal raises ``Stopped``; further ones wait for the stop to end."""

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Run:
    """One run, from start to stop; ``finished`` once the hourly job was done and told."""

    def __init__(self, options: Options, screen: Screen) -> None:
        self._options = options
        self._screen = screen
        self._folder = StateFolder(options.state)
        self.finished = False

    def whole(self) -> int:
        options, screen = self._options, self._screen
        if options.follow_up and not options.once:
            raise WrongUseError("--follow-up goes with --once: it runs the nightly job once.")
        document = options.given.document()
        with ExitStack() as running:
            portal = None if options.once else running.enter_context(PortalServer(options.port))
            self._folder = running.enter_context(state_folder(options.state))
            place = running.enter_context(outside(options.given, document, self._folder, screen))
            world = running.enter_context(
                open_world(
                    self._folder,
                    place,
                    screen.step,
                    portal_url=f"http://127.0.0.1:{options.port}",
                    enforce_roles=options.enforce_roles,
                )
            )
            shops = self._connect(world, document)
            watch = Watch(world, [shop.shop_id for shop in shops], screen)
            with screen.working("fetching and booking"):
                done = watch.until_done(follow_up=options.follow_up)
            status = self._told(world, shops, done)
            self.finished = True
            if portal is not None:
                self._stay(world, watch, portal)
        return status

    def _connect(self, world: World, document: Any) -> list[ConnectedShop]:
        """Connect what is asked; earlier shops of the state take part when they still fit."""
        services = world.stack.connecting
        services = replace(  # the run itself fetches what it connects
            services,
            patience=replace(services.patience, tell=self._tell_wait),
            shops_queue=None,
        )
        wake(services, self._folder.resting)
        connected = self._connected(services, document)
        resting = let_others_rest(services, connected, self._folder.resting)
        for shop in resting:
            self._screen.step(f"left alone: {title(shop.store)}, which this run does not serve")
        rest = {shop.shop_id for shop in resting}
        shops = [shop for shop in world.tenants.all_shops() if shop.shop_id not in rest]
        for shop in shops:
            administration = world.tenants.administration(shop.administration_id)
            into = administration.company_name if administration else "?"
            self._screen.step(f"connected: {title(shop.store)} → {into}")
        return shops

    def _connected(self, services: ConnectServices, document: Any) -> list[ConnectedShop]:
        """The sample is connected once: what was chosen for it in the portal since then stays."""
        if self._options.given.connect is None:
            _, store = try_token(services.shops, Secret(SHOP_TOKEN))
            if known := services.tenants.shop(store.id):
                return [known]
        return connect_file(
            services,
            document,
            emails=(OWNER,),
            by="boekbrug local",
            tell=lambda remark: self._screen.warn(f"          {remark.sentence()}"),
        )

    def _tell_wait(self, why: RetryLater, seconds: float) -> None:
        self._screen.step(f"{why.detail}: asked again in {seconds:.0f} s")

    def _told(self, world: World, shops: list[ConnectedShop], done: Done) -> int:
        options, screen, summary = self._options, self._screen, done.summary
        screen.show()
        if not options.as_json:
            screen.show(table(summary, {shop.shop_id: title(shop.store) for shop in shops}))
            screen.show()
        screen.step(counts_line(summary.counts))
        self._tell_mails(world)
        for fault in done.faults:
            print(fault, file=sys.stderr)
        if options.as_json:
            print(json.dumps(summary.as_json(screen.seconds)), flush=True)
        return FAILED if done.faults or summary.counts["unclear"] or summary.underway else FINE

    def _tell_mails(self, world: World) -> None:
        for mail in new_mails(world.aws, self._folder.mails):
            self._screen.step(f"mail to {', '.join(mail.to)}: “{mail.subject}” ({mail.file})")
            if mail.link:
                self._screen.step(f"  to sign in: {mail.link}")

    def _stay(self, world: World, watch: Watch, portal: PortalServer) -> None:
        """Serve the portal and show what the hourly rule brings, until somebody stops us."""
        functions = world.aws.client("lambda")
        pages = invoking(functions, world.outputs["PortalFunction"])
        hooks = invoking(functions, world.outputs["ReceiveHookFunction"])
        with portal.serving({"/": pages, HOOKS: hooks}):
            self._screen.step(f"the portal is at {portal.url} (owner: {OWNER})")
            if world.stack.signing_in is not None:
                send_link(world.stack.signing_in, OWNER, portal_url=portal.url, language="nl")
            self._tell_mails(world)
            if self._options.given.connect is None:
                for line in TO_TRY:
                    self._screen.step(line)
            self._screen.step("the hourly schedule runs on; Ctrl-C stops it")
            self._watch(world, watch)

    def _watch(self, world: World, watch: Watch) -> None:
        screen = self._screen
        known = watch.summary()
        while world.aws.alive:
            sleep(LOOK_EVERY)
            going = (shop.shop_id for shop in world.tenants.all_shops() if not shop.paused)
            watch.take_in(going)  # those that were connected in the portal
            now: Summary = watch.summary()
            for row in changes(known.rows, now.rows):
                told = f"{row.key.number}  {amount(row.total, row.currency)}  {row.state}"
                screen.step(f"{told}  {outcome(row)}")
            known = now
            self._tell_mails(world)
        raise EmbeddedAwsError("The embedded AWS stopped by itself: see aws.log.")


def register(app: typer.Typer) -> None:
    """Add the command `local` to the command line."""

    @app.command("local")
    def command(
        *,
        orders: Annotated[
            Path | None, typer.Option(help="Order files (*.json) that the stand-in shop serves.")
        ] = None,
        shop_url: Annotated[
            str | None, typer.Option(help="Use this server instead of the stand-in Mijnwebwinkel.")
        ] = None,
        books_url: Annotated[
            str | None, typer.Option(help="Use this server instead of the stand-in Acumulus.")
        ] = None,
        connect: Annotated[
            Path | None, typer.Option(help="What to connect (JSON); default: the sample shop.")
        ] = None,
        state: Annotated[Path, typer.Option(help="Where the embedded AWS keeps its data.")] = Path(
            ".boekbrug"
        ),
        once: Annotated[
            bool, typer.Option("--once", help="Run the hourly job once, and stop.")
        ] = False,
        follow_up: Annotated[
            bool, typer.Option("--follow-up", help="With --once: the nightly job too.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="The summary as JSON; progress on standard error.")
        ] = False,
        port: Annotated[
            int, typer.Option(min=1, max=65535, help="The portal's port on 127.0.0.1.")
        ] = 8080,
        enforce_roles: Annotated[
            bool,
            typer.Option(
                "--enforce-roles", hidden=True, help="Functions may do what their roles allow only."
            ),
        ] = False,
    ) -> None:
        """Run the whole system on this machine: embedded AWS, our template, stand-ins."""
        given = Given(orders=orders, shop_url=shop_url, books_url=books_url, connect=connect)
        raise typer.Exit(
            local(
                Options(
                    given=given,
                    state=state,
                    port=port,
                    once=once,
                    follow_up=follow_up,
                    as_json=as_json,
                    enforce_roles=enforce_roles,
                )
            )
        )
