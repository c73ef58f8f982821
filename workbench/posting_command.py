"""`boekbrug posting`: the switch that stops all posting to Acumulus at once."""

from typing import Annotated

import typer

from boekbrug.journey.resting import storming
from workbench.plain import WrongUseError, reach, say

STOP, START = "stop", "start"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("posting")(posting_command)


def posting_command(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="[stop|start]", help="Default: say how it stands.")
    ] = "",
) -> None:
    """Stop all posting to Acumulus, for every shop at once, or let it go on.

    Orders go on being fetched; what waits is booked by the first run after `start`.
    """
    if what not in ("", STOP, START):
        raise WrongUseError(f"posting is followed by {STOP}, {START} or nothing, not {what}.")
    tenants = reach(ctx).open().connecting.tenants
    if what:
        tenants.set_posting_allowed(allowed=what == START)
    switches = tenants.switches()
    if not switches.posting:
        say("Nothing is posted to Acumulus; `boekbrug posting start` lets it go on.")
        return
    say("Orders are posted to Acumulus.")
    if storming(switches) and switches.rest.since and switches.rest.until:
        say(
            f"It fails since {switches.rest.since:%Y-%m-%d %H:%M} UTC at several administrations; "
            f"it is tried again from {switches.rest.until:%H:%M:%S} on.",
            style="yellow",
        )
