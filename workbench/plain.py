"""What commands share: the stack they work with, plain sentences for what goes wrong, questions."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_texts import ConnectRefused, Part, Remark
from boekbrug.journey.ports.tenants import ConnectedShop, Secret
from workbench.stack import Stack, StackError, open_stack

FINE, FAILED, WRONG_USE = 0, 1, 2
PLAIN_WIDTH = 140


class WrongUseError(Exception):
    """When options or answers do not fit; one plain sentence, exit status 2."""


class PlainGroup(TyperGroup):
    """Commands whose expected errors are one sentence on standard error, never a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; 2 for wrong use, 1 for what failed."""
        try:
            return super().invoke(ctx)
        except WrongUseError as wrong:
            _stop(str(wrong), WRONG_USE)
        except ConnectRefused as refused:
            _stop(refused.sentence(), status_of(refused))
        except BoekbrugError as failed:
            _stop(f"{failed.detail or failed.code} ({failed.code})", FAILED)
        except StackError as failed:
            _stop(str(failed), FAILED)


def status_of(refused: ConnectRefused) -> int:
    """What was given is wrong (2), or could not be tried now (1)."""
    code = refused.remark.code
    return FAILED if code.endswith(("_unreachable", "_unreadable")) else WRONG_USE


def _stop(sentence: str, status: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(status) from None


@dataclass(slots=True)
class Reach:
    """Which stack a command works with, opened when it is first needed.

    ``interactive`` says whether there is a person to ask, ``questions`` how many were asked.
    """

    name: str = ""
    local: Path | None = None
    stack: Stack | None = None
    interactive: bool = field(default_factory=lambda: sys.stdin.isatty())  # noqa: PLW0108  # stdin as it is when asked
    closing: ExitStack = field(default_factory=ExitStack)
    questions: int = 0

    def open(self) -> Stack:
        """The stack; raises ``StackError``."""
        if self.stack is None:
            self.stack = self.closing.enter_context(open_stack(self.name, self.local))
        return self.stack


def reach(ctx: typer.Context) -> Reach:
    """What the global options said."""
    found: Reach = ctx.obj
    return found


def find_shop(stack: Stack, named: str) -> ConnectedShop:
    """The shop by its id, the beginning of its id, its name or its domain."""
    tenants = stack.connecting.tenants
    exact = tenants.shop(named)
    if exact is not None:
        return exact
    wanted = named.casefold()
    shops = tenants.all_shops()
    matching = [shop for shop in shops if wanted in _names(shop)]
    matching = matching or [s for s in shops if len(wanted) > 3 and s.shop_id.startswith(wanted)]
    if len(matching) > 1:
        ids = ", ".join(shop.shop_id for shop in matching)
        raise WrongUseError(f"More than one shop is called {named}: say which id ({ids}).")
    if not matching:
        raise ConnectRefused("unknown_shop", shop=named)
    return matching[0]


def _names(shop: ConnectedShop) -> set[str]:
    domain = site(shop).casefold()
    return {shop.store.name.casefold(), domain, domain.removeprefix("www.")} - {""}


def site(shop: ConnectedShop) -> str:
    """The shop's domain, however the API writes it."""
    return shop.store.domain.removeprefix("https://").removeprefix("http://").rstrip("/")


# --------------------------------------------------------------------------- asking


def ask_secret(asked: Reach, what: str, *, variable: str, file: Path | None, option: str) -> Secret:
    """A secret from a file, the environment or a hidden question; never from the arguments."""
    if file is not None:
        return Secret(_read(file))
    given = os.environ.get(variable, "")
    if given:
        return Secret(given.strip())
    if not asked.interactive:
        raise WrongUseError(f"The {what} is missing: give it with {option} or ${variable}.")
    return Secret(question(asked, what.capitalize(), hidden=True))


def ask(asked: Reach, given: str, what: str, *, option: str) -> str:
    """An option, or the answer to a question when there is a person to ask."""
    if given:
        return given.strip()
    if not asked.interactive:
        raise WrongUseError(f"The {what} is missing: give it with {option}.")
    return question(asked, what.capitalize())


def question(asked: Reach, text: str, *, default: str | None = None, hidden: bool = False) -> str:
    """The answer of a person."""
    asked.questions += 1
    return str(
        typer.prompt(text, default=default, show_default=bool(default), hide_input=hidden)
    ).strip()


def again(asked: Reach, attempt: Callable[[], Any]) -> Any:
    """Try until what a person answers is right; a refusal of what nobody was asked is the end."""
    while True:
        before = asked.questions
        try:
            return attempt()
        except ConnectRefused as refused:
            if asked.questions == before or refused.remark.part is Part.PARTNER_TOKEN:
                raise
            print(refused.sentence(), file=sys.stderr)


def read_text(file: Path) -> str:
    """A file's text, or standard input for ``-``."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongUseError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WrongUseError(f"{file} is not UTF-8.") from None


def _read(file: Path) -> str:
    text = read_text(file).strip()
    if not text:
        raise WrongUseError(f"{file} is empty.")
    return text


# --------------------------------------------------------------------------- telling


def screen(*, to_stderr: bool = False) -> Console:
    """Where results go; in a pipe lines are not cut to the width of a terminal."""
    console = Console(stderr=to_stderr, highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def say(text: str, *, style: str = "") -> None:
    """One line of a result; names may hold anything, so nothing in it is markup."""
    screen().print(text, style=style, markup=False, soft_wrap=True)


def tell_remark(remark: Remark) -> None:
    """What is good to know, beside the result."""
    console = screen(to_stderr=True)
    console.print(remark.sentence(), style="yellow", markup=False, soft_wrap=True)


def rows_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table without a box; its first column is never cut, and nothing in it is markup."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
