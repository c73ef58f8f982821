"""`python -m workbench.standins shop|books|vies`: run one stand-in until Ctrl-C."""

import argparse
import json
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.standins.base import StandIn
from workbench.standins.books.standin import CONTRACTCODE, PASSWORD, USERNAME, BooksStandIn
from workbench.standins.connect_file import read_connect
from workbench.standins.errors import StandInError
from workbench.standins.http_server import HOST
from workbench.standins.shop.standin import PARTNER_TOKEN, SHOP_TOKEN, ShopStandIn
from workbench.standins.vies.standin import ViesStandIn

WRONG_USE = 2
_SAMPLES = Path(__file__).parents[1] / "sample_orders"
_REMEMBERED = 10_000  # requests; a stand-in that runs for days must not grow without end


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 after Ctrl-C or SIGTERM, 2 for wrong input, told in one sentence."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING, format="%(message)s"
    )
    try:
        standin = options.make(options)
        for text in options.switch:
            standin.switches.set(_switch(text))
        with standin:
            _announce(standin)
            _wait_for_the_end()
    except StandInError as failure:
        print(f"error: {failure}", file=sys.stderr)
        return WRONG_USE
    return 0


def _announce(standin: StandIn) -> None:
    print(f"The {standin.name} stand-in listens at {standin.url}: {standin.contents()}.")
    print(f"Look into it and steer it at {standin.url}/_standin/. Ctrl-C stops it.", flush=True)


def _wait_for_the_end() -> None:
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    end.wait()


def _make_shop(options: argparse.Namespace) -> StandIn:
    partner_token, tokens = options.partner_token, [options.token]
    if options.connect:
        connect = read_connect(options.connect)
        partner_token, tokens = connect.partner_token, connect.shop_tokens
    standin = ShopStandIn(partner_token=partner_token, **_common(options))
    folders = options.orders or [_SAMPLES]
    if len(folders) > 1 and len(folders) != len(tokens):
        raise StandInError(f"{len(folders)} folders of orders do not fit {len(tokens)} shops")
    for index, token in enumerate(tokens):
        standin.load(folders[min(index, len(folders) - 1)], token)
    return standin


def _make_books(options: argparse.Namespace) -> StandIn:
    standin = BooksStandIn(state=options.state, **_common(options))
    if options.connect:
        for login in read_connect(options.connect).logins:
            standin.add_contract(login.contractcode, login.username, login.password)
    else:
        standin.add_contract(options.contractcode, options.username, options.password, options.role)
    return standin


def _make_vies(options: argparse.Namespace) -> StandIn:
    standin = ViesStandIn(**_common(options))
    for number in options.invalid:
        standin.set_number(number, valid=False)
    return standin


def _common(options: argparse.Namespace) -> dict[str, Any]:
    return {"port": options.port, "latency": options.latency, "remember": _REMEMBERED}


def _switch(text: str) -> dict[str, Any]:
    name, is_given, value = text.partition("=")
    if not is_given:
        raise StandInError(f"--switch takes NAME=VALUE, not {text!r}")
    try:
        return {name: json.loads(value)}
    except ValueError:
        return {name: value}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.standins",
        description="Plays Mijnwebwinkel (shop), Acumulus (books) or VIES (vies) on this machine, "
        f"for trying out and testing. It listens on {HOST} only. See docs/standins.md.",
    )
    commands = parser.add_subparsers(required=True, metavar="shop|books|vies")
    _add_shop(commands.add_parser("shop", help="Mijnwebwinkel: serves order files"))
    _add_books(commands.add_parser("books", help="Acumulus: books invoices and remembers them"))
    _add_vies(commands.add_parser("vies", help="VIES: says which VAT numbers exist"))
    return parser


def _add_shop(command: argparse.ArgumentParser) -> None:
    command.set_defaults(make=_make_shop)
    _add_common(command, port=8081)
    _add_connect(command)
    command.add_argument(
        "--orders",
        type=Path,
        metavar="DIR",
        action="append",
        help="order files (*.json), or a folder like the sample orders; once for all shops or "
        "once per shop (default: the sample orders of the project)",
    )
    command.add_argument("--token", default=SHOP_TOKEN, help="of the shop (default: %(default)s)")
    command.add_argument(
        "--partner-token", default=PARTNER_TOKEN, help="of the application (default: %(default)s)"
    )


def _add_books(command: argparse.ArgumentParser) -> None:
    command.set_defaults(make=_make_books)
    _add_common(command, port=8082)
    _add_connect(command)
    command.add_argument(
        "--state", type=Path, metavar="FILE", help="keeps bookings over a restart (default: none)"
    )
    command.add_argument("--contractcode", default=CONTRACTCODE, help="default: %(default)s")
    command.add_argument("--username", default=USERNAME, help="default: %(default)s")
    command.add_argument("--password", default=PASSWORD, help="default: %(default)s")
    command.add_argument(
        "--role", type=int, default=5, help="4 API manager, 5 API user (default), 6 API creator"
    )


def _add_vies(command: argparse.ArgumentParser) -> None:
    command.set_defaults(make=_make_vies)
    _add_common(command, port=8083)
    command.add_argument(
        "--invalid",
        action="append",
        default=[],
        metavar="NUMBER",
        help="a VAT number with its prefix that does not exist; can be repeated",
    )


def _add_connect(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--connect",
        type=Path,
        metavar="FILE",
        help="takes tokens and logins from a connect file of `boekbrug local` instead",
    )


def _add_common(command: argparse.ArgumentParser, port: int) -> None:
    command.add_argument(
        "--port", type=int, default=port, help="0 for any free port (default: %(default)s)"
    )
    command.add_argument(
        "--latency", type=float, default=0.0, metavar="SECONDS", help="added to every answer"
    )
    command.add_argument(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="sets an open point of the real system, see docs/standins.md; can be repeated",
    )
    command.add_argument(
        "--verbose", action="store_true", help="one line per request, without its query"
    )


if __name__ == "__main__":
    sys.exit(main())
