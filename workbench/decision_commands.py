"""`boekbrug held`, `book`, `retry`, `skip`, `resend`, `resolve`: what a person decides."""

import getpass
from collections import Counter
from collections.abc import Callable
from typing import Annotated

import typer

from boekbrug.journey.connect_checks import title
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    DecisionServices,
    Said,
    book_anyway,
    booked_by_hand,
    do_not_book,
    resolve_absent,
    resolve_there,
    retry,
    retry_cause,
)
from boekbrug.journey.ports.ledger import HELD, UNCLEAR, LedgerRow
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.resend import Resent, resend
from boekbrug.journey.sentences import sentence
from workbench.plain import WrongUseError, find_shop, reach, rows_table, say, screen
from workbench.shop_commands import ShopName

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The order number.")]
Because = Annotated[
    str, typer.Option("--because", help="Why; kept with the order, so no customer data.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("held")(held_command)
    app.command("book")(book_command)
    app.command("retry")(retry_command)
    app.command("skip")(skip_command)
    app.command("resend")(resend_command)
    app.command("resolve")(resolve_command)


def held_command(
    ctx: typer.Context,
    shop: Annotated[str, typer.Argument(metavar="[SHOP]", help="Default: all shops.")] = "",
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Also what goes on by itself.")
    ] = False,
) -> None:
    """What waits for a person, by cause."""
    stack = reach(ctx).open()
    shop_id = find_shop(stack, shop).shop_id if shop else ""
    found = stack.ledger.open_rows(shop_id)
    rows = [row for row in found if waiting or row.state in (HELD, UNCLEAR)]
    if not rows:
        say("Nothing waits for a person.")
        return
    connected = stack.connecting.tenants.shops({row.key.shop_id for row in rows})
    names = {one.shop_id: title(one.store) for one in connected.values()}
    cells = [
        (
            row.key.number,
            names.get(row.key.shop_id, row.key.shop_id),
            row.state,
            row.reason,
            sentence(row),
        )
        for row in sorted(rows, key=lambda row: (row.reason, row.key.number.zfill(12)))
    ]
    screen().print(rows_table(("order", "shop", "state", "cause", "what it means"), cells))
    causes = Counter(row.reason or row.state for row in rows)
    say(", ".join(f"{cause} {count}" for cause, count in causes.most_common()))


def book_command(
    ctx: typer.Context, shop: ShopName, number: Number, *, because: Because = ""
) -> None:
    """Book an order that the settings leave out: its status, its date, its payment."""
    services, found, said = _open(ctx, shop, because)
    _tell(_refusing(lambda: book_anyway(services, found, number, said)))


def retry_command(
    ctx: typer.Context,
    shop: ShopName,
    number: Annotated[str, typer.Argument(metavar="[NUMBER]", help="The order number.")] = "",
    *,
    cause: Annotated[str, typer.Option(help="All orders that are held for this.")] = "",
    because: Because = "",
) -> None:
    """Fetch and judge an order again now, or all of a cause."""
    if bool(number) == bool(cause):
        raise WrongUseError("Give an order number, or a cause with --cause.")
    services, found, said = _open(ctx, shop, because)
    if number:
        _tell(_refusing(lambda: retry(services, found, number, said)))
        return
    rows = _refusing(lambda: retry_cause(services, found, cause, said))
    for row in rows:
        _tell(row)
    say(f"Orders tried again: {len(rows)}." if rows else f"No order is held for {cause}.")


def skip_command(
    ctx: typer.Context,
    shop: ShopName,
    number: Number,
    *,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="It was booked by hand.")] = False,
    invoice: Annotated[str, typer.Option(help="With --by-hand: its invoice number.")] = "",
    because: Because = "",
) -> None:
    """Never book an order, because it must not be or was booked by hand."""
    if invoice and not by_hand:
        raise WrongUseError("--invoice goes with --by-hand.")
    services, found, said = _open(ctx, shop, because)
    if by_hand:
        row = _refusing(
            lambda: booked_by_hand(services, found, number, said, invoicenumber=invoice)
        )
    else:
        row = _refusing(lambda: do_not_book(services, found, number, said))
    _tell(row)


def resend_command(
    ctx: typer.Context, shop: ShopName, number: Number, *, because: Because = ""
) -> None:
    """Book a booked order again as it is now.

    It goes the way of every order: the new invoice comes first, then the old entry goes to the bin.
    """
    services, found, said = _open(ctx, shop, because)
    result = _refusing(lambda: resend(services, found, number, said))
    _tell(result.row)
    say(_of_the_old(result))


def resolve_command(
    ctx: typer.Context,
    shop: ShopName,
    number: Number,
    *,
    entry: Annotated[str, typer.Option(help="It is in Acumulus: the number of the booking.")] = "",
    invoice: Annotated[str, typer.Option(help="It is in Acumulus: its invoice number.")] = "",
    absent: Annotated[bool, typer.Option("--absent", help="It is not in Acumulus.")] = False,
    because: Because = "",
) -> None:
    """Say what became of an unclear post; Acumulus is asked whether it is so."""
    if sum(map(bool, (entry, invoice, absent))) != 1:
        raise WrongUseError("Give one of --entry, --invoice and --absent.")
    services, found, said = _open(ctx, shop, because)
    if absent:
        row = _refusing(lambda: resolve_absent(services, found, number, said))
    else:
        row = _refusing(
            lambda: resolve_there(
                services, found, number, said, entryid=entry, invoicenumber=invoice
            )
        )
    _tell(row)


def _open(
    ctx: typer.Context, shop: str, because: str
) -> tuple[DecisionServices, ConnectedShop, Said]:
    stack = reach(ctx).open()
    if stack.deciding is None:
        raise WrongUseError("This stack takes no decisions.")
    return stack.deciding, find_shop(stack, shop), Said(because, getpass.getuser())


def _refusing[Result](decide: Callable[[], Result]) -> Result:
    try:
        return decide()
    except DecisionRefused as refused:
        hint = " (--because)" if refused.code == "decision_without_reason" else ""
        raise WrongUseError(f"{refused.sentence('en')}{hint}") from None


def _tell(row: LedgerRow) -> None:
    reason = f" ({row.reason})" if row.reason else ""
    say(f"{row.key.number}: {row.state}{reason}")
    say(f"  {sentence(row)}")


def _of_the_old(result: Resent) -> str:
    if result.binned:
        return f"The old booking {result.binned} is in Acumulus' bin."
    if result.why_not:
        return "No new invoice is made; the old one was not touched."
    if result.stays:
        return f"The old concept {result.stays} cannot be removed: delete it in Acumulus yourself."
    return "The old booking goes to Acumulus' bin as soon as the new one is there."
