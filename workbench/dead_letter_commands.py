"""`boekbrug dlq`: what the queues gave up."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from boekbrug.journey.ports.ledger import OrderKey
from boekbrug.queues.messages import parse_order_message
from workbench.dead_letters import ORDERS, QUEUES, DeadLetter, DeadLetters
from workbench.plain import WrongUseError, reach, rows_table, say, screen
from workbench.stack import Stack

Letter = Annotated[str, typer.Argument(metavar="ID", help="The beginning of its id.")]

letters = typer.Typer(no_args_is_help=True, help="Messages that the queues gave up.")


def register(app: typer.Typer) -> None:
    """Add the commands under `dlq` to the command line."""
    app.add_typer(letters, name="dlq")


@letters.command("list")
def list_command(ctx: typer.Context) -> None:
    """All dead letters of both queues.

    What is listed is hidden from other looks for half a minute.
    """
    stack = reach(ctx).open()
    found = _all(_dead(stack))
    rows = [
        (one.id[:8], one.queue, _moment(one.since), one.about, _now(stack, one)) for one in found
    ]
    columns = ("id", "queue", "sent", "about", "now")
    screen().print(rows_table(columns, rows) if rows else "There are no dead letters.")
    _release(_dead(stack), found)


@letters.command("show")
def show_command(
    ctx: typer.Context,
    letter: Letter,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="The whole message: names and addresses of a customer.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --raw: do not ask.")] = False,
) -> None:
    """One dead letter; without --raw nothing of the order itself."""
    asked = reach(ctx)
    stack = asked.open()
    dead = _dead(stack)
    found = _all(dead)
    _release(dead, found)
    one = _one(found, letter)
    for name, value in (
        ("id", one.id),
        ("queue", one.queue),
        ("sent", _moment(one.since)),
        ("received", f"{one.receives} times"),
        ("group", one.group or "-"),
        ("about", one.about),
        ("now", _now(stack, one)),
    ):
        say(f"{name:<10} {value}")
    if raw:
        warning = "What follows holds a customer's name and address. Do not keep or send it."
        say(warning, style="yellow")
        if not yes and not (asked.interactive and typer.confirm("Show it?", default=False)):
            raise WrongUseError("Not shown: confirm it, or say so with --yes.")
        print(one.body)


@letters.command("redrive")
def redrive_command(
    ctx: typer.Context,
    letter: Annotated[str, typer.Argument(metavar="[ID]", help="The beginning of its id.")] = "",
    *,
    queue: Annotated[str, typer.Option(help=f"All of this queue: {' or '.join(QUEUES)}.")] = "",
) -> None:
    """Send dead letters back to their queue; a second delivery books nothing twice."""
    if bool(letter) == bool(queue) or queue not in ("", *QUEUES):
        raise WrongUseError(f"Give an id, or a queue with --queue ({' or '.join(QUEUES)}).")
    dead = _dead(reach(ctx).open())
    found = _all(dead)
    chosen: list[DeadLetter] = []
    try:
        chosen += [_one(found, letter)] if letter else [o for o in found if o.queue == queue]
    finally:
        _release(dead, [one for one in found if one not in chosen])
    for one in chosen:
        dead.redrive(one)
        say(f"{one.id[:8]}: {one.about} is back on its queue.")
    if not chosen:
        say("There are no dead letters.")


def _dead(stack: Stack) -> DeadLetters:
    if stack.dead_letters is None:
        raise WrongUseError("This stack has no dead letters to look at.")
    return stack.dead_letters


def _all(dead: DeadLetters) -> list[DeadLetter]:
    return [letter for queue in QUEUES for letter in dead.look(queue)]


def _release(dead: DeadLetters, found: list[DeadLetter]) -> None:
    for one in found:
        dead.release(one)


def _one(found: list[DeadLetter], named: str) -> DeadLetter:
    matching = [one for one in found if one.id.startswith(named)]
    if len(matching) != 1:
        raise WrongUseError(
            f"{'More than one' if matching else 'No'} dead letter is called {named}."
        )
    return matching[0]


def _now(stack: Stack, letter: DeadLetter) -> str:
    """What the ledger says of the order by now."""
    if letter.queue != ORDERS or not letter.about.startswith("order "):
        return "-"
    key: OrderKey = parse_order_message(letter.body).key
    row = stack.ledger.rows([key]).get(key)
    return f"{row.state} {row.reason}".strip() if row else "not in the ledger"


def _moment(since: float) -> str:
    return f"{datetime.fromtimestamp(since, UTC):%Y-%m-%d %H:%M} UTC"
