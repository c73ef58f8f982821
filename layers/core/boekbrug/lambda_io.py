"""Lambda events -> typed messages; reports -> partial batch answers, logs and metrics."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from boekbrug.errors import NeedsOperator
from boekbrug.journey.book_orders import BookReport
from boekbrug.journey.fetch_orders import FetchReport
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.journey.schedule_fetches import Scheduled
from boekbrug.journey.send_notices import NoticesReport
from boekbrug.queues.messages import ShopsPage, parse_order_message, parse_shops_message

if TYPE_CHECKING:  # only follow_up needs it when it starts
    from boekbrug.journey.follow_up import FollowReport
    from boekbrug.journey.unclear_posts import LookedUp

type Event = dict[str, Any]
type Answer = dict[str, Any]
type TimeLeft = Callable[[], bool]


class Context(Protocol):
    """What we use of the Lambda context."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Record:
    """One queue record: its id for the partial batch answer, its body, and its receipt."""

    id: str
    body: str
    receipt: str = ""


@lru_cache(maxsize=1)
def logs() -> Logger:
    """Our loggers write structured lines; other libraries stay silent below WARNING.

    httpx would log whole URLs, which hold the shop tokens, at INFO.
    """
    logger = Logger()
    ours = logging.getLogger("boekbrug")
    ours.handlers, ours.propagate = logger.handlers, False
    ours.setLevel(logger.log_level)
    for noisy in ("httpx", "httpcore", "botocore", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return logger


@lru_cache(maxsize=1)
def metrics() -> Metrics:
    """What an alarm reads (EMF), and nothing else: CloudWatch bills each name by the month.

    Every other count is a field of a log line.
    """
    return Metrics()


def scheduled(event: Event, use_case: Callable[[], Scheduled]) -> Answer:
    """The hourly rule, or anybody's hand: no part of the event matters."""
    if isinstance(event, dict) and "Records" in event:
        raise NeedsOperator("schedule_fetches was called with queue records", code="foreign_event")
    done = use_case()
    logs().info("fetches scheduled", extra={"shops": done.shops, "pages": done.pages})
    return {"shops": done.shops, "pages": done.pages}


def told(
    event: Event, context: Context, use_case: Callable[[bool, TimeLeft], NoticesReport]
) -> Answer:
    """The hourly rule, or the nightly one, whose event says ``{"nightly": true}``."""
    if "Records" in event:
        raise NeedsOperator("send_notices was called with queue records", code="foreign_event")
    done = use_case(event.get("nightly") is True, _time_left(context, seconds=30))
    if done.mails or done.failed:
        logs().info("notices sent", extra={"mails": done.mails, "failed": done.failed})
    return {"mails": done.mails, "failed": done.failed}


def each_page(
    event: Event, context: Context, use_case: Callable[[ShopsPage, TimeLeft], FetchReport]
) -> Answer:
    """Pages of shops; a page whose storage failed goes back whole, a foreign message is parked."""
    return _each_page(event, context, use_case, _tell_fetched)


def _tell_fetched(report: FetchReport) -> None:
    count(PartnerTokenRefused=len(report.refused_us))
    told = _told(report)
    if any(told[name] for name in ("new", "failed", "stopped", "refused_us", "unfinished")):
        logs().info("shops fetched", extra={"report": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What following up can be called for."""

    nightly: Callable[[], Scheduled]
    page: "Callable[[ShopsPage, TimeLeft], FollowReport]"
    look_ups: "Callable[[TimeLeft], LookedUp]"


def followed(event: Event, context: Context, use_cases: Following) -> Answer:
    """Pages of the FollowUpQueue; ``{"look_ups": true}`` every few minutes; else the night begins.

    ``left`` posts need more time, ``unread`` ones an answer that did not come.
    """
    logs()  # before anything is logged: it structures our lines and silences httpx
    if not isinstance(event, dict):
        raise NeedsOperator("the event is no object", code="foreign_event")
    left = _time_left(context, seconds=60)
    if "Records" in event:
        return _each_page(event, context, use_cases.page, _tell_followed)
    if event.get("look_ups") is True:
        looked = use_cases.look_ups(left)  # each post has its line in the log
        done = sum(looked.states.values())
        return {"looked_up": done, "left": looked.left, "unread": looked.unread}
    begun = use_cases.nightly()
    logs().info("follow-ups scheduled", extra={"shops": begun.shops, "pages": begun.pages})
    return {"shops": begun.shops, "pages": begun.pages}


def _tell_followed(report: "FollowReport") -> None:
    if report.told or report.paid or report.failed:
        told = {"told": report.told, "paid": report.paid, "failed": report.failed}
        logs().info("shops followed", extra={"report": {"shops": report.shops} | told})


def _each_page[Report](
    event: Event,
    context: Context,
    use_case: Callable[[ShopsPage, TimeLeft], Report],
    tell: Callable[[Report], None],
) -> Answer:
    logs()  # before anything is logged: it structures our lines and silences httpx
    failed: list[str] = []
    for record in _records(event):
        page = _parse(record, parse_shops_message, failed)
        if page is None:
            continue
        try:
            report = use_case(page, _time_left(context, seconds=45))
        except Exception as broken:  # noqa: BLE001  # the page goes back; its kind and place are told
            _tell_fault(record, broken)
            failed.append(record.id)
            continue
        tell(report)
    return _answer(failed)


def whole_batch(
    event: Event,
    context: Context,
    use_case: Callable[[list[OrderMessage], TimeLeft], BookReport],
    hold: Callable[[Mapping[str, int]], None],
    *,
    post_seconds: int,
) -> Answer:
    """A batch of order messages; what goes back is named, so that the rest is not repeated.

    ``hold`` keeps that out of sight for some seconds, by receipt. Each order has a line of its own.
    """
    logs()  # before anything is logged: it structures our lines and silences httpx
    failed: list[str] = []
    records: dict[int, Record] = {}
    messages: list[OrderMessage] = []
    for record in _records(event):
        message = _parse(record, parse_order_message, failed)
        if message is not None:
            records[id(message)] = record
            messages.append(message)
    report = use_case(messages, _time_left(context, seconds=post_seconds + 15))
    back = [(records[id(message)], message.administration_id) for message in report.back]
    failed += [record.id for record, _ in back]
    pauses = {one.receipt: report.pauses[owner] for one, owner in back if one.receipt}
    if pauses:
        _held(hold, pauses)
    return _answer(failed)


def _held(hold: Callable[[Mapping[str, int]], None], pauses: Mapping[str, int]) -> None:
    """Else they come back when the queue's own time is over: late, and nothing is lost."""
    from boekbrug.errors import BoekbrugError  # noqa: PLC0415  # only when something goes back

    try:
        hold(pauses)
    except BoekbrugError as failed:
        logs().warning("not held", extra={"code": failed.code})


def visited(
    event: Event, context: Context, portal: Callable[[], Callable[[Event, Context], Answer]]
) -> Answer:
    """A request of a browser; what is none is a fault of whoever called."""
    logs()  # before anything is logged: it structures our lines and silences httpx
    if not isinstance(event, dict) or "requestContext" not in event:
        raise NeedsOperator("the portal was called without a request", code="foreign_event")
    answer = portal()(event, context)
    count(PagesFailed=int(answer["statusCode"] == 500))
    return answer


def _records(event: Event) -> list[Record]:
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list):
        raise NeedsOperator("the event holds no queue records", code="foreign_event")
    try:
        return [
            Record(
                str(record["messageId"]), str(record["body"]), str(record.get("receiptHandle", ""))
            )
            for record in records
        ]
    except (TypeError, KeyError):
        raise NeedsOperator("a record lacks its id or body", code="foreign_event") from None


def _parse[Parsed](
    record: Record, parse: Callable[[str], Parsed], failed: list[str]
) -> Parsed | None:
    """A message that is not ours goes back, and after a few receives to the dead letters."""
    try:
        return parse(record.body)
    except NeedsOperator as foreign:
        logs().error("message parked", extra={"message_id": record.id, "why": foreign.detail})
        failed.append(record.id)
        return None


def _time_left(context: Context, *, seconds: int) -> TimeLeft:
    return lambda: context.get_remaining_time_in_millis() > seconds * 1000


def _tell_fault(record: Record, broken: Exception) -> None:
    from boekbrug.errors import BoekbrugError, where  # noqa: PLC0415  # only when something broke

    why = broken.detail if isinstance(broken, BoekbrugError) else where(broken)
    logs().error("page goes back", extra={"message_id": record.id, "why": why})


def _told(report: FetchReport) -> Mapping[str, Any]:
    return {
        "shops": report.shops,
        "fetched": report.fetched,
        "new": report.fresh,
        "sent": report.sent,
        "failed": report.failed,
        "stopped": report.stopped,
        "refused_us": report.refused_us,
        "unfinished": report.unfinished,
    }


def count(**counts: int) -> None:
    """Metrics of this call; what is zero is left out."""
    found = {name: count for name, count in counts.items() if count}
    for name, count in found.items():
        metrics().add_metric(name=name, unit=MetricUnit.Count, value=count)
    if found:
        metrics().flush_metrics()


def _answer(failed: list[str]) -> Answer:
    return {"batchItemFailures": [{"itemIdentifier": record_id} for record_id in failed]}
