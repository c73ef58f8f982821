"""The nightly rule and the FollowUpQueue -> every shop once more; unclear posts -> looked up."""

from boekbrug.bootstrap import services
from boekbrug.journey.follow_up import follow_page, look_up_open, schedule_follow_ups
from boekbrug.lambda_io import Answer, Context, Event, Following, followed


def lambda_handler(event: Event, context: Context) -> Answer:
    """Begin the night, follow a page of shops, or look for unclear posts."""
    return followed(
        event,
        context,
        Following(
            nightly=lambda: schedule_follow_ups(services().following),
            page=lambda page, left: follow_page(
                services().following, page.shop_ids, attempt=page.attempt, time_left=left
            ),
            look_ups=lambda left: look_up_open(services().following, left),
        ),
    )
