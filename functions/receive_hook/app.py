"""A signed call from outside -> this shop, or this order, is fetched now."""

from boekbrug.bootstrap import services
from boekbrug.hook_io import hooked
from boekbrug.journey.receive_hook import trigger
from boekbrug.lambda_io import Answer, Context, Event


def lambda_handler(event: Event, context: Context) -> Answer:  # noqa: ARG001  # Lambda's signature
    """Answer at once; the fetching is the queue's work."""
    return hooked(event, lambda call: trigger(services().hooks, call))
