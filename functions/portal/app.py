"""A browser's request -> a page."""

from boekbrug.bootstrap import services
from boekbrug.lambda_io import Answer, Context, Event, visited


def lambda_handler(event: Event, context: Context) -> Answer:
    """Answer one request of an owner, or of somebody who wants to become one."""
    return visited(event, context, lambda: services().portal)
