"""`boekbrug`: the operator's command line; every command is another door to the same use cases."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from workbench import (
    connect_command,
    dead_letter_commands,
    decision_commands,
    order_commands,
    posting_command,
    shop_commands,
)
from workbench.plain import PlainGroup, Reach

OF_THEIR_OWN = {"preview": "workbench.preview", "local": "workbench.local"}
"""Commands that need no stack; their modules are large, so they load only when they are asked."""


OURS = (
    connect_command,
    shop_commands,
    order_commands,
    decision_commands,
    dead_letter_commands,
    posting_command,
)
WITH_A_STACK = frozenset(
    {
        *("connect", "shop", "orders", "explain", "run", "notices"),
        *("held", "retry", "skip", "resend", "resolve", "dlq", "posting"),
    }
)


def make_app(asked: Sequence[str] = ()) -> typer.Typer:
    """The command line with everything that these arguments may mean."""
    app = typer.Typer(
        name="boekbrug",
        cls=PlainGroup,
        help="Books the orders of Mijnwebwinkel shops into Acumulus.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # errors are sentences, without boxes
        pretty_exceptions_enable=False,
    )
    app.callback()(_globals)
    for commands in OURS:
        commands.register(app)
    named = [name for name in OF_THEIR_OWN if name in asked]
    for name in named or (OF_THEIR_OWN if _may_be_any(asked) else ()):
        import_module(OF_THEIR_OWN[name]).register(app)
    return app


def _may_be_any(asked: Sequence[str]) -> bool:
    """Help and mistyped commands show every command there is."""
    return not WITH_A_STACK.intersection(asked)


def _globals(
    ctx: typer.Context,
    *,
    stack: Annotated[
        str,
        typer.Option(
            envvar="BOEKBRUG_STACK",
            help="The deployed stack to work with; default: the environment's, else boekbrug.",
        ),
    ] = "",
    local: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Work with a local run instead: its --state folder."),
    ] = None,
) -> None:
    """Books the orders of Mijnwebwinkel shops into Acumulus."""
    if ctx.obj is None:
        ctx.obj = Reach(name=stack, local=local)
    ctx.call_on_close(ctx.obj.closing.close)


def main() -> None:
    """The command `boekbrug`."""
    make_app(sys.argv[1:])(prog_name="boekbrug")


if __name__ == "__main__":
    main()
