"""The hourly and the nightly rule -> mails to owners about what waits for them."""

from boekbrug.bootstrap import services
from boekbrug.journey.send_notices import send_notices
from boekbrug.lambda_io import Answer, Context, Event, told


def lambda_handler(event: Event, context: Context) -> Answer:
    """Tell everybody who has something to hear."""
    return told(
        event,
        context,
        lambda nightly, time_left: send_notices(
            services().telling, nightly=nightly, time_left=time_left
        ),
    )
