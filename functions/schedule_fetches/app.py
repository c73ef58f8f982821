"""The hourly rule -> pages of shops on the ShopsQueue."""

from boekbrug.bootstrap import services
from boekbrug.journey.hourly import hour_strikes
from boekbrug.lambda_io import Answer, Context, Event, scheduled


def lambda_handler(event: Event, context: Context) -> Answer:  # noqa: ARG001  # Lambda's signature
    """Put every active shop on the queue."""
    return scheduled(event, lambda: hour_strikes(services().hourly))
