"""OrdersQueue -> invoices in Acumulus, each order once."""

from boekbrug.bootstrap import services
from boekbrug.journey.book_orders import book_orders
from boekbrug.lambda_io import Answer, Context, Event, whole_batch


def lambda_handler(event: Event, context: Context) -> Answer:
    """Book a batch of orders; hand back the ones that are "not now"."""
    return whole_batch(
        event,
        context,
        lambda messages, time_left: book_orders(services().booking, messages, time_left=time_left),
        services().held_orders.hold,
        post_seconds=services().settings.books_timeout_seconds,
    )
