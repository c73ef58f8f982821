"""`boekbrug orders`, `explain`, `run`, `notices`: what became of orders, and why."""

import json
import sys
from typing import Annotated, Any

import typer

from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Skip
from boekbrug.journey.connect_checks import title
from boekbrug.journey.explain import Explanation, explain
from boekbrug.journey.order_view import order_view
from boekbrug.journey.ports.ledger import STATES, LedgerRow
from boekbrug.journey.send_notices import send_notices
from workbench.plain import WrongUseError, find_shop, reach, say, screen
from workbench.preview_document import Case
from workbench.preview_page import page_text
from workbench.shop_commands import AsJson, ShopName
from workbench.table import Summary, amount, counts_line, table

MOST_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("orders")(orders_command)
    app.command("explain")(explain_command)
    app.command("run")(run_command)
    app.command("notices")(notices_command)


def orders_command(
    ctx: typer.Context,
    shop: ShopName,
    *,
    state: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these ({', '.join(STATES)}); may be repeated."),
    ] = None,
    last: Annotated[int, typer.Option(min=1, help="How many, the newest.")] = MOST_SHOWN,
    invoice: Annotated[
        str, typer.Option(metavar="NUMBER", help="One order beside its invoice, read live.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """The orders of a shop, and what became of them."""
    if invoice:
        if state or as_json:
            raise WrongUseError("--invoice shows one order as a page: without --state and --json.")
        _show_invoice(ctx, shop, invoice)
        return
    wrong = [one for one in state or () if one not in STATES]
    if wrong:
        raise WrongUseError(f"--state is one of {', '.join(STATES)}, not {wrong[0]}.")
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    rows = [row for row in stack.ledger.shop_rows(found.shop_id) if not state or row.state in state]
    summary = Summary(1, tuple(rows[-last:]))
    if as_json:
        document = [_as_json(row) for row in summary.rows]
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    if summary.rows:
        screen().print(table(summary, {found.shop_id: title(found.store)}))
    say(counts_line(Summary(1, tuple(rows)).counts))
    if len(rows) > last:
        say(f"the {last} newest are shown; --last shows more", style="dim")


def explain_command(
    ctx: typer.Context,
    shop: ShopName,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The order number.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Why an order is booked or not.

    Also one that was never fetched: then the shop is asked.
    """
    stack = reach(ctx).open()
    answer = explain(stack.explaining, find_shop(stack, shop), number)
    if as_json:
        print(json.dumps(_explained(answer), ensure_ascii=False, indent=2))
        return
    say(f"{answer.number}: {answer.state}" + (f" ({answer.reason})" if answer.reason else ""))
    say(answer.text)
    for remark in answer.remarks:
        say(remark, style="yellow")
    if answer.row is not None and answer.row.total is not None:
        say(f"{amount(answer.row.total, answer.row.currency)} of {answer.row.order_date}")
    for event in answer.timeline:
        told = " ".join(part for part in (event.code, event.text) if part)
        say(f"  {event.at:%Y-%m-%d %H:%M} UTC  {event.state:<8} {told}")


def _show_invoice(ctx: typer.Context, shop: str, number: str) -> None:
    """Order left, invoice right, as `boekbrug preview` shows it; and what became of it."""
    stack = reach(ctx).open()
    if stack.deciding is None:
        raise WrongUseError("This stack shows no invoices.")
    found = find_shop(stack, shop)
    view = order_view(stack.deciding, found, number)
    if view.order is not None:
        facts = view.facts or Facts(now=stack.connecting.clock.now(), store=found.store)
        case = Case(view.order, view.settings, facts)
        outcome = view.outcome or Skip(view.explanation.reason)
        print(page_text(case, outcome, like=sys.stdout), end="")
    for words in (view.missing, view.no_invoice):
        if words is not None:
            say(words.dutch, style="yellow")
    say(f"{view.explanation.number}: {view.explanation.text}")
    for remark in view.explanation.remarks:
        say(remark, style="yellow")


def run_command(ctx: typer.Context, shop: ShopName) -> None:
    """Fetch a shop now."""
    stack = reach(ctx).open()
    found = find_shop(stack, shop)
    if found.paused:
        raise WrongUseError(
            f"{title(found.store)} is stopped ({found.paused}): use `boekbrug shop resume` first."
        )
    stack.shops_queue.send([found.shop_id])
    say(f"{title(found.store)} is fetched now; `boekbrug orders` shows what comes of it.")


def notices_command(ctx: typer.Context) -> None:
    """Send what owners must hear now.

    As the nightly run does: mails that could not go out before, and what waits for them.
    """
    telling = reach(ctx).open().telling
    if telling is None:
        raise WrongUseError("This stack sends no mails.")
    done = send_notices(telling, nightly=True)
    say(f"Mails that went out: {done.mails}." if done.mails else "Nobody has to hear anything.")
    if done.failed:
        say(f"Accounts that could not be told now: {done.failed}.", style="yellow")


def _as_json(row: LedgerRow) -> dict[str, Any]:
    """An order that cannot be read has neither amount nor date."""
    return {
        "number": row.key.number,
        "state": row.state,
        "reason": row.reason or None,
        "total": None if row.total is None else f"{row.total:.2f}",
        "currency": row.currency,
        "date": None if row.total is None else row.order_date.isoformat(),
        "invoicenumber": row.invoicenumber or None,
        "entryid": row.entryid or None,
        "conceptid": row.conceptid or None,
    }


def _explained(answer: Explanation) -> dict[str, Any]:
    return {
        "number": answer.number,
        "state": answer.state,
        "reason": answer.reason or None,
        "text": answer.text,
        "remarks": list(answer.remarks),
        "order": _as_json(answer.row) if answer.row else None,
        "timeline": [
            {"at": one.at.isoformat(), "state": one.state, "code": one.code, "text": one.text}
            for one in answer.timeline
        ],
    }
