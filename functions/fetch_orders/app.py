"""ShopsQueue -> what is new in each shop, in the ledger and on the OrdersQueue."""

from boekbrug.bootstrap import services
from boekbrug.journey.fetch_orders import fetch_orders
from boekbrug.lambda_io import Answer, Context, Event, each_page


def lambda_handler(event: Event, context: Context) -> Answer:
    """Fetch each page of shops; hand back the pages that must come again."""
    return each_page(
        event,
        context,
        lambda page, time_left: fetch_orders(
            services().fetching,
            page.shop_ids,
            attempt=page.attempt,
            numbers=page.numbers,
            time_left=time_left,
        ),
    )
